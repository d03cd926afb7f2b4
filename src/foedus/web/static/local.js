// SPARQL without a server: the queries of the editor are answered in this browser, by a worker that Stop ends.

// What takes the place of yasqe.query(), with the same events. `address` is that of the graph as N-Quads, perhaps
// compressed, which is loaded with the first query; `told` is told what goes on, and `label` has the words for it.
export function asking(yasqe, address, label, told) {
  let worker;

  const end = () => {
    worker?.terminate();
    worker = undefined;
  };

  const answer = (query, signal) =>
    new Promise((resolve, reject) => {
      const fail = (problem) => {
        end();
        reject(new Error(problem));
      };
      signal.addEventListener("abort", () => {
        end();
        reject(signal.reason);
      });
      if (!worker) {
        told(label("loading"));
        worker = new Worker(new URL("local-worker.js", import.meta.url), { type: "module" });
        worker.postMessage({ address });
      }
      worker.onerror = () => fail(label("broken"));
      worker.onmessage = ({ data }) => {
        if (data.ready) told(label("running"));
        else if (data.refused) reject(new Error(label(data.refused)));
        else if (data.broken) fail(label("broken"));
        else if (data.unloaded) fail(data.unloaded);
        else if (data.problem) reject(new Error(data.problem));
        else resolve(data);
      };
      worker.postMessage({ query });
    });

  return async () => {
    yasqe.abortQuery();
    const begun = Date.now();
    const controller = new AbortController();
    yasqe.emit("query", { url: address }, controller);
    try {
      const { type, content, cut } = await answer(yasqe.getValue(), controller.signal);
      const headers = new Headers({ "Content-Type": type, ...(cut ? { "Foedus-Truncated": "true" } : {}) });
      const response = { ok: true, status: 200, statusText: "OK", type: "basic", headers, content };
      yasqe.emit("queryResponse", response, Date.now() - begun);
    } catch (problem) {
      if (!controller.signal.aborted) yasqe.emit("queryResponse", problem, Date.now() - begun);
    }
  };
}
