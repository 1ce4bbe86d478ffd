// Puts YASGUI's editor and result view (https://github.com/rdfjs/Yasgui) in the place of the plain form, with two views of our own.
// One endpoint, this server: YASGUI's tabs and its field for other endpoints are left out, and so is all that asks other hosts.
import { html } from "./drawing.js";
import { MapView } from "./query-map.js";
import { TimelineView } from "./query-timeline.js";

const settings = JSON.parse(document.getElementById("settings").textContent);
const form = document.getElementById("plain");
const editor = document.getElementById("editor");
const results = document.getElementById("results");
const { Yasqe, Yasr } = window;
const LINES = [8, 20]; // of the editor, at least and at most

if (Yasqe && Yasr) start();
findQuestions();

function start() {
  const shared = new URLSearchParams(location.hash.slice(1));
  const view = shared.get("view") ?? settings.view;
  for (const element of [editor, results]) element.hidden = false;
  form.hidden = true;
  registerCompleters();
  Yasr.registerPlugin("map", MapView);
  Yasr.registerPlugin("timeline", TimelineView);
  // Without the quotes, brackets and datatypes around each value.
  Yasr.defaults.plugins.table.dynamicConfig = { compact: true, isEllipsed: false };

  const yasqe = new Yasqe(editor, {
    value: form.elements.query.value.trim(),
    // What was written by hand is kept in this browser; what an address says goes before it.
    persistenceId: settings.is_given || shared.has("query") ? null : "news-kg",
    requestConfig: {
      endpoint: new URL("/sparql", location.href).href,
      method: "POST",
      acceptHeaderSelect: "application/sparql-results+json",
      acceptHeaderGraph: "text/turtle",
    },
    autocompleters: ["prefixes", "variables", "kg-properties", "kg-classes"],
    prefixCcApi: null,
    consumeShareLink: null,
    createShareableLink: null, // see share
    showQueryButton: false, // the button above says what it does
    inputStyle: "contenteditable", // screen readers can go through the text
    extraKeys: { Tab: false, "Shift-Tab": false }, // Tab goes on to the next control, as everywhere (WCAG 2.1.2)
    editorHeight: `${Math.min(Math.max(form.elements.query.value.split("\n").length, LINES[0]), LINES[1]) * 1.35 + 2}em`,
  });
  yasqe.getInputField().setAttribute("aria-label", "SPARQL query");
  if (shared.has("query")) yasqe.setValue(shared.get("query"));

  const yasr = new Yasr(results, {
    persistenceId: null,
    prefixes: () => ({ ...settings.prefixes, ...yasqe.getPrefixesFromQuery() }),
    pluginOrder: ["table", "map", "timeline", "response"],
    defaultPlugin: Yasr.plugins[view] ? view : "table",
    errorRenderers: [problemOf],
  });
  yasr.headerEl.querySelector(".yasr_response_chip")?.setAttribute("role", "status");
  yasqe.on("query", () => showRunning(true));
  yasqe.on("queryAbort", () => showRunning(false));
  yasqe.on("queryResponse", (_, response, duration) => {
    showRunning(false);
    yasr.setResponse(response, duration);
  });
  yasr.on("drawn", () => queueMicrotask(() => tidyResults(yasr))); // YASR marks its buttons right after
  new MutationObserver(() => linksHere(results)).observe(results, { childList: true, subtree: true });
  document.getElementById("ask").addEventListener("click", () => (isRunning() ? yasqe.abortQuery() : ask(yasqe)));
  document.getElementById("share").addEventListener("click", () => share(yasqe, yasr));
  // Of what an address brings, only a query is sent by itself, never an update.
  const askGiven = () => yasqe.getQueryMode() === "query" && ask(yasqe);
  if (settings.is_given || shared.has("query")) askGiven();
  window.addEventListener("hashchange", () => {
    const query = new URLSearchParams(location.hash.slice(1)).get("query");
    if (query === null || query === yasqe.getValue()) return;
    yasqe.setValue(query);
    askGiven();
  });
}

function ask(yasqe) {
  yasqe.query().catch(() => {}); // shown by the result view
}

function isRunning() {
  return results.getAttribute("aria-busy") === "true";
}

function showRunning(isBusy) {
  results.setAttribute("aria-busy", String(isBusy));
  document.getElementById("ask").textContent = isBusy ? "Stop" : "Ask";
}

// The query goes after the #, so that a long one fits, and the server's log does not hold it.
async function share(yasqe, yasr) {
  const parts = new URLSearchParams({ query: yasqe.getValue(), view: yasr.getSelectedPluginName() });
  history.replaceState(null, "", `${location.pathname}#${parts}`);
  const isCopied = await navigator.clipboard?.writeText(location.href).then(() => true, () => false);
  document.getElementById("shared").textContent = isCopied ? "The link is copied." : "The address of this page is the link now.";
}

// YASGUI would ask prefix.cc and Linked Open Vocabularies; the prefixes and terms of this graph come with the page.
function registerCompleters() {
  Yasqe.defaults.autocompleters = [];
  const unkept = { persistenceId: () => "", bulk: true }; // not in the browser's storage: the page brings them
  Yasqe.forkAutocompleter("property", { ...unkept, name: "kg-properties", get: settings.properties }, false);
  Yasqe.forkAutocompleter("class", { ...unkept, name: "kg-classes", get: settings.classes }, false);
  const known = Object.entries(settings.prefixes).map(([prefix, namespace]) => `${prefix}: <${namespace}>`);
  Object.assign(Yasqe.Autocompleters.prefixes, { ...unkept, get: known });
}

// The server says what was wrong and what to do (RFC 9457).
async function problemOf(error) {
  try {
    const { title, detail } = JSON.parse(error.text);
    return html("div", { role: "alert" }, html("p", {}, html("strong", {}, title)), html("pre", {}, detail ?? ""));
  } catch {
    return html("div", { role: "alert" }, html("p", {}, error.text || "The server could not be reached."));
  }
}

// What YASR leaves unsaid: names of its controls, which view is shown.
function tidyResults(yasr) {
  for (const button of yasr.headerEl.querySelectorAll(".yasr_btnGroup button")) {
    button.setAttribute("aria-pressed", String(button.classList.contains("selected")));
    button.disabled = button.classList.contains("disabled");
  }
  for (const [select, name] of [[".tableFilter", "Filter the rows"], [".tableSizer", "Rows on a page"]]) {
    yasr.rootEl.querySelector(select)?.setAttribute("aria-label", name);
  }
}

// IRIs of the graph are answered by this server.
function linksHere(element) {
  for (const link of element.querySelectorAll("a.iri")) {
    const iri = link.getAttribute("href");
    if (iri.startsWith(settings.base) && iri !== settings.base) link.setAttribute("href", `/id/${iri.slice(settings.base.length)}`);
    else if (iri.startsWith(settings.prefixes.kg)) link.setAttribute("href", `/ontology#${iri.slice(settings.prefixes.kg.length)}`);
  }
}

function findQuestions() {
  const field = document.getElementById("find");
  const nav = field.closest("nav");
  field.parentElement.hidden = false;
  if (matchMedia("(max-width: 60rem)").matches) nav.querySelector("details").open = false;
  field.addEventListener("input", () => {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const item of nav.querySelectorAll("li")) {
      const text = `${item.textContent} ${item.firstElementChild.title}`.toLowerCase();
      item.hidden = !words.every((word) => text.includes(word));
    }
    for (const list of nav.querySelectorAll("ul")) {
      const isEmpty = !list.querySelector("li:not([hidden])");
      list.hidden = isEmpty;
      list.previousElementSibling.hidden = isEmpty;
    }
  });
  nav.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
}
