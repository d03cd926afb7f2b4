// The SPARQL editor: Yasqe, with Yasr for the answers, in place of the form inside <div id="editor">.
//
// Attributes of the div: data-endpoint, or data-dataset, a file with the graph (see local.js); data-queries and
// data-terms, where the saved questions and the names to be completed are; data-language, that of the questions;
// data-things and data-pages, if things have pages here: an IRI that starts with the one is linked to the other, its
// rest and .html; data-label-NAME for each label below. Nothing is kept in the browser and no other server is asked.
// Without the libraries in vendor/ the form stays.

const LABELS = {
  choose: "Saved questions",
  chosen: "Choose a question …",
  query: "Query",
  run: "Run",
  stop: "Stop",
  link: "Link to this query",
  keys: "Ctrl+Enter runs the query, Ctrl+Space completes a name, Escape leaves the editor.",
  complete: "Ctrl+Space completes the name",
  invalid: "Not SPARQL. Expected:",
  running: "Running …",
  stopped: "Stopped.",
  failed: "The query failed.",
  found: "Rows: {count} ({seconds} s)",
  answered: "Answered ({seconds} s)",
  truncated: "The answer is cut: there is more.",
  results: "Results",
  table: "Table",
  raw: "Raw",
  download: "Download",
  all: "Show all",
  compact: "Simple",
  cut: "One line a cell",
  filter: "Filter",
  size: "Rows a page",
  every: "All",
  shown: "_START_ to _END_ of _TOTAL_",
  empty: "No rows",
  yes: "Yes",
  no: "No",
  loading: "Loading the graph …",
  service: "SERVICE is refused: a query here asks this graph alone.",
  update: "Only queries are answered here, no updates.",
  broken: "The browser could not answer it; it may be out of memory. Narrow the query.",
};
const root = document.getElementById("editor");
const label = (name) => root.dataset["label" + name[0].toUpperCase() + name.slice(1)] ?? LABELS[name];
const labelled = (name, values) => label(name).replace(/{(\w+)}/g, (_, key) => values[key]);

function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

function library(name) {
  return new Promise((resolve, reject) => {
    const src = new URL(`vendor/${name}`, import.meta.url).href;
    document.head.append(element("script", { src, onload: resolve, onerror: reject }));
  });
}

async function json(address, otherwise) {
  try {
    const response = await fetch(address);
    return response.ok ? await response.json() : otherwise;
  } catch {
    return otherwise;
  }
}

// What is offered while typing: prefixes, declared once used, and the classes and properties of the graph, found by the
// start of their IRI or by any part of their name or label.
function completers(Yasqe, { prefixes, classes, properties }) {
  const namespaces = Object.entries(prefixes).sort((a, b) => b[1].length - a[1].length);
  const short = (iri) => {
    const found = namespaces.find(([, start]) => iri.startsWith(start) && /^[\w-]*$/.test(iri.slice(start.length)));
    return found ? `${found[0]}:${iri.slice(found[1].length)}` : `<${iri}>`;
  };
  const builtIn = { ...Yasqe.Autocompleters };
  const offer = (name, terms) => {
    const told = new Map(terms.map((term) => [short(term.iri), term]));
    Yasqe.forkAutocompleter(name, {
      name,
      get: (_, token) => {
        const typed = (token.autocompletionString ?? "").toLowerCase();
        const word = typed.split(/[/#:]/).at(-1);
        const words = ({ iri, label = "" }) => `${iri.split(/[/#]/).at(-1)} ${label}`.toLowerCase();
        const found = terms.filter((term) => term.iri.toLowerCase().startsWith(typed) || words(term).includes(word));
        const rank = (term) => (words(term).startsWith(word) ? 0 : 1);
        return found.sort((a, b) => rank(a) - rank(b)).map((term) => term.iri);
      },
      preProcessToken: (yasqe, token) => {
        const { preProcessToken } = builtIn[name];
        const { ch } = yasqe.getDoc().getCursor(); // where nothing is typed yet, the space before it stays
        return token.string.trim() ? preProcessToken(yasqe, token) : { ...token, from: { ch }, to: { ch } };
      },
      postProcessSuggestion: (_, __, iri) => short(iri),
      postprocessHints: (_, hints) =>
        hints.map((hint) => {
          const { label, count } = told.get(hint.text) ?? {};
          const more = [label, count].filter((part) => part !== undefined && part !== "").join(", ");
          return { ...hint, displayText: more ? `${hint.text}  ${more}` : hint.text };
        }),
    });
  };
  Yasqe.defaults.autocompleters = ["prefixes", "class", "property", "variables"];
  const lines = Object.entries(prefixes).map(([name, namespace]) => `${name}: <${namespace}>`).sort();
  Yasqe.forkAutocompleter("prefixes", { name: "prefixes", persistenceId: null, get: lines });
  offer("class", classes);
  offer("property", properties);
}

// Yasr's ways to show an answer, with our labels and without its links to its own manual.
function views(Yasr) {
  const { table: Table, response: Response, boolean: Truth } = Yasr.plugins;
  const { things, pages } = root.dataset;
  const download = (made) => made && { ...made, title: label("download") };
  Object.assign(Table.defaults.tableConfig.language, {
    info: label("shown"),
    infoEmpty: "",
    infoFiltered: "",
    emptyTable: label("empty"),
    zeroRecords: label("empty"),
  });
  Yasr.registerPlugin(
    "table",
    class extends Table {
      label = label("table");
      helpReference = undefined;
      drawControls() {
        super.drawControls();
        const [compact, cut] = this.tableControls.querySelectorAll(".switch .label");
        compact.textContent = label("compact");
        cut.textContent = label("cut");
        this.tableFilterField.placeholder = label("filter");
        this.tableFilterField.setAttribute("aria-label", label("filter"));
        this.tableControls.querySelector(".pageSizerLabel").textContent = `${label("size")} `;
        this.tableSizeField.setAttribute("aria-label", label("size"));
        this.tableSizeField.lastChild.textContent = label("every");
      }
      getUriLinkFromBinding(binding, prefixes) {
        const link = super.getUriLinkFromBinding(binding, prefixes);
        return things && binding.value.startsWith(things)
          ? link.replace(/ target="[^"]*"/, "").replace(/href="([^"]*)"/, (_, iri) => `href="${iri.replace(things, pages)}.html"`)
          : link;
      }
      // What is sorted and searched is the value itself: Yasr would have it read as HTML.
      getColumns() {
        const bare = (render) => (data, type, ...more) => {
          if (!data || type === "display") return render(data, type, ...more);
          return type === "filter" ? data.value.replaceAll("&", "&amp;").replaceAll("<", "&lt;") : data.value;
        };
        const [numbers, ...columns] = super.getColumns();
        return [{ ...numbers, title: "#" }, ...columns.map((column) => ({ ...column, render: bare(column.render) }))];
      }
      download(name) {
        return download(super.download(name));
      }
    },
  );
  Yasr.registerPlugin(
    "response",
    class extends Response {
      label = label("raw");
      helpReference = undefined;
      draw(config) {
        super.draw(config);
        this.cm.getInputField().setAttribute("aria-label", label("raw"));
      }
      showLess(set) {
        super.showLess(set);
        const [all, file] = this.overLay.querySelectorAll("button");
        all.title = all.textContent = label("all");
        file.title = file.firstChild.textContent = label("download");
      }
      download(name) {
        return download(super.download(name));
      }
    },
  );
  Yasr.registerPlugin(
    "boolean",
    class extends Truth {
      draw() {
        super.draw();
        this.yasr.resultsEl.querySelector("span:last-child").textContent = label(
          this.yasr.results.getBoolean() ? "yes" : "no",
        );
      }
    },
  );
}

function chooser(saved, load) {
  const { language } = root.dataset;
  const queries = saved.filter((query) => !query.asksOthers);
  const select = element("select", { id: "editor-choose" }, element("option", { value: "" }, label("chosen")));
  for (const [group, members] of Map.groupBy(queries, (query) => query.group[language])) {
    const options = members.map((query) => element("option", { value: query.slug }, query[language]?.question ?? query.question));
    select.append(element("optgroup", { label: group }, ...options));
  }
  select.addEventListener("change", () => {
    const query = queries.find(({ slug }) => slug === select.value);
    if (query) load(query.text);
  });
  const name = element("label", { htmlFor: select.id }, label("choose"));
  return element("p", { hidden: !queries.length }, name, " ", select);
}

async function start(form) {
  const { endpoint, dataset, queries, terms } = root.dataset;
  const [saved, names] = await Promise.all([
    json(queries, []),
    json(terms, { prefixes: {}, classes: [], properties: [] }),
    library("yasgui.min.js"),
  ]);
  const { Yasqe, Yasr } = window;
  completers(Yasqe, names);
  views(Yasr);

  const run = element("button", { type: "button", className: "editor-run" }, label("run"));
  const link = element("a", {}, label("link"));
  const keys = element("p", { id: "editor-keys", className: "editor-keys" }, label("keys"));
  const status = element("p", { className: "editor-status", role: "status" });
  const text = new URLSearchParams(location.search).get("query") ?? form.querySelector("[name=query]").value;
  const place = element("div", { className: "editor" }, chooser(saved, (query) => yasqe.setValue(query)));
  form.before(place);
  const yasqe = new Yasqe(place, {
    value: text,
    inputStyle: "contenteditable",
    extraKeys: { Esc: () => run.focus() },
    persistenceId: null,
    consumeShareLink: null,
    createShareableLink: null,
    showQueryButton: false,
    resizeable: false,
    editorHeight: "auto",
    requestConfig: {
      endpoint: new URL(endpoint ?? dataset, location.href).href,
      queryArgument: "query",
      acceptHeaderGraph: "text/turtle,application/n-triples;q=0.9,*/*;q=0.5",
    },
  });
  const field = yasqe.getInputField();
  for (const [name, value] of Object.entries({
    role: "textbox",
    "aria-multiline": "true",
    "aria-label": label("query"),
    "aria-describedby": keys.id,
  })) {
    field.setAttribute(name, value);
  }
  place.append(keys, element("p", { className: "editor-do" }, run, " ", link), status);
  const notify = yasqe.showNotification;
  yasqe.showNotification = (key) => notify(key, label("complete"));
  yasqe.rootEl.addEventListener("mouseover", ({ target }) => {
    const first = target.closest(".parseErrorIcon")?.querySelector(".yasqe_tooltip")?.firstChild;
    if (first?.data) first.data = first.data.replace("This line is invalid. Expected:", label("invalid"));
  });

  const prefixes = Object.fromEntries(Object.entries(names.prefixes).sort((a, b) => b[1].length - a[1].length));
  const yasr = new Yasr(element("section", { ariaLabel: label("results") }), {
    persistenceId: null,
    prefixes,
    errorRenderers: [
      async ({ text }) => element("div", { role: "alert" }, label("failed"), element("pre", {}, text ?? "")),
    ],
  });
  const results = yasr.rootEl.parentNode;
  results.hidden = true; // until there are some
  place.append(results);
  yasr.updateResponseInfo = () => {};
  yasr.fillFallbackBox = () => {};
  yasr.rootEl.querySelector(".yasr_external_ref_btn").remove();
  yasr.rootEl.querySelector(".yasr_downloadIcon").ariaLabel = label("download");
  yasr.rootEl.querySelectorAll(".yasr_btnGroup button").forEach((button) => button.removeAttribute("aria-label"));

  let request;
  const relink = () => {
    const address = new URL(location.href);
    address.searchParams.set("query", yasqe.getValue());
    link.href = address.href;
  };
  const idle = (said) => {
    request = undefined;
    run.textContent = label("run");
    status.textContent = said;
  };
  yasqe.on("change", relink);
  relink();
  run.addEventListener("click", () => (request ? yasqe.abortQuery() : yasqe.query().catch(() => {})));
  yasqe.on("query", (_, sent) => {
    request = sent;
    run.textContent = label("stop");
    status.textContent = label("running");
  });
  if (!endpoint) {
    const { asking } = await import("./local.js");
    yasqe.query = asking(yasqe, new URL(dataset, location.href).href, label, (said) => (status.textContent = said));
  }
  yasqe.on("queryAbort", () => idle(label("stopped")));
  yasqe.on("queryResponse", (_, response, duration) => {
    if (response.name === "AbortError") return;
    if (!(response instanceof Error)) response.content ||= "\n"; // Yasr takes an empty body for no response
    results.hidden = false;
    root.nextElementSibling.hidden = true; // the answer that the page came with
    yasr.setResponse(response, duration);
    const count = yasr.results.getBindings()?.length;
    const values = { count, seconds: duration / 1000 };
    const said = response instanceof Error ? "" : labelled(count === undefined ? "answered" : "found", values);
    idle(response.headers?.has("Foedus-Truncated") ? `${said}. ${label("truncated")}` : said);
  });
  form.remove();
  yasqe.refresh();
}

if (root) {
  start(root.querySelector("form")).catch((problem) => {
    root.querySelector(".editor")?.remove();
    console.warn("The editor was not started:", problem);
  });
}
