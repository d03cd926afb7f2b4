// Loads the graph into Oxigraph and answers queries, one after another: see local.js.

import init, { Store } from "./vendor/oxigraph/web.js";

// What a name, a string, a comment or an IRI holds is no word of the query.
const TOKENS = new RegExp(
  [
    /#[^\n\r]*/,
    /<[^\s<>"{}|^`\\]*>/,
    /"""(?:[^"\\]|\\.|""?(?!"))*"""/,
    /'''(?:[^'\\]|\\.|''?(?!'))*'''/,
    /"(?:[^"\\\n\r]|\\.)*"/,
    /'(?:[^'\\\n\r]|\\.)*'/,
    /[?$@][\p{L}\p{N}_-]+/,
    /[\p{L}\p{N}_.-]*:[\p{L}\p{N}_:%.\\-]*/,
    /(?<word>[A-Za-z]+)/,
  ]
    .map(({ source }) => source)
    .join("|"),
  "gsu",
);
const MOST = 10000; // rows or triples that are given: a page is slow with more
const LONG = 1000000; // characters of an answer that may have more
const FORMATS = {
  SELECT: ["json", "application/sparql-results+json"],
  ASK: ["json", "application/sparql-results+json"],
  CONSTRUCT: ["ttl", "text/turtle"],
  DESCRIBE: ["ttl", "text/turtle"],
};
const UPDATES = ["ADD", "CLEAR", "COPY", "CREATE", "DELETE", "DROP", "INSERT", "LOAD", "MOVE", "WITH"];

async function bytes(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address}: ${response.status} ${response.statusText}`);
  const found = new Uint8Array(await response.arrayBuffer());
  if (found[0] !== 0x1f || found[1] !== 0x8b) return found; // the browser has it decompressed already
  const stream = new Blob([found]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

// The default graph is the union of the named ones, in which each triple stands once.
async function load(address) {
  const [graph] = await Promise.all([bytes(address), init()]);
  const store = new Store();
  store.load(graph, { format: "application/n-quads", lenient: true, no_transaction: true });
  store.update("INSERT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }");
  return store;
}

function rows(content) {
  const found = JSON.parse(content);
  const { bindings } = found.results;
  if (bindings.length <= MOST) return { content };
  found.results.bindings = bindings.slice(0, MOST);
  return { content: JSON.stringify(found), cut: true };
}

function triples(content) {
  const lines = content.split("\n").filter(Boolean);
  return { type: "application/n-triples", content: `${lines.slice(0, MOST).join("\n")}\n`, cut: lines.length > MOST };
}

function answer(store, query) {
  const words = [...query.matchAll(TOKENS)].flatMap(({ groups }) => groups.word?.toUpperCase() ?? []);
  const kind = words.find((word) => word in FORMATS || UPDATES.includes(word)) ?? "SELECT";
  if (!(kind in FORMATS)) return { refused: "update" };
  if (words.includes("SERVICE")) return { refused: "service" };
  const [format, type] = FORMATS[kind];
  try {
    const content = store.query(query, { results_format: format });
    if (content.length < LONG) return { type, content };
    return format === "json" ? { type, ...rows(content) } : triples(store.query(query, { results_format: "nt" }));
  } catch (problem) {
    const broken = problem instanceof WebAssembly.RuntimeError || problem instanceof RangeError;
    return broken ? { broken } : { problem: problem.message ?? String(problem) };
  }
}

let loading;
onmessage = async ({ data }) => {
  if (data.address) {
    loading = load(data.address);
    loading.catch(() => {}); // told with the query
    return;
  }
  let store;
  try {
    store = await loading;
  } catch (problem) {
    postMessage({ unloaded: problem.message ?? String(problem) });
    return;
  }
  postMessage({ ready: true });
  postMessage(answer(store, data.query));
};
