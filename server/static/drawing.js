// What the map and the time line share: SVG elements, the words of a result's row, and the table that says the same in text.

const SVG = "http://www.w3.org/2000/svg";

export function svg(name, attributes = {}, ...children) {
  return filled(document.createElementNS(SVG, name), attributes, children);
}

export function html(name, attributes = {}, ...children) {
  return filled(document.createElement(name), attributes, children);
}

function filled(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

// The icon of a view's button: paths on a field of 16 by 16.
export function icon(...paths) {
  const drawn = svg("svg", { viewBox: "0 0 16 16", "aria-hidden": "true", fill: "none", stroke: "currentColor", "stroke-width": 1.5 });
  drawn.append(...paths.map((path) => svg("path", { d: path })));
  return html("div", { class: "svgImg" }, drawn);
}

// A row in words: the value of the first column there is, else all that is no IRI and was not used to place the mark.
export function wordsOf(row, columns, used) {
  for (const column of columns) if (row[column]) return row[column].value;
  const rest = Object.keys(row).filter((column) => !used.includes(column));
  const plain = rest.filter((column) => row[column].type !== "uri");
  return (plain.length ? plain : rest).slice(0, 3).map((column) => row[column].value).join(", ");
}

// The same as the drawing in text, for whoever does not see it; the row of a mark is found by its number.
export function textTable(title, heads, rows) {
  const head = html("tr", {}, ...heads.map((name) => html("th", { scope: "col" }, name)));
  const body = rows.map((cells) => html("tr", {}, ...cells.map((cell) => html("td", {}, cell))));
  const table = html("table", {}, html("caption", {}, title), html("thead", {}, head), html("tbody", {}, ...body));
  const scrolled = html("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": title }, table);
  return html("details", { class: "in-words" }, html("summary", {}, "The same in words"), scrolled);
}

// The buttons of a drawing, each of which redraws it.
export function controls(name, actions) {
  const buttons = Object.entries(actions).map(([words, act]) => {
    const button = html("button", { type: "button" }, words);
    button.addEventListener("click", act);
    return button;
  });
  return html("div", { class: "controls", role: "group", "aria-label": name }, ...buttons);
}

// Where most of the values lie, if that is a small part of where all lie: one far outlier must not press the rest together.
export function mostOf(values, share = 0.12) {
  const sorted = [...values].sort((one, other) => one - other);
  const cut = Math.floor(sorted.length * share);
  const [first, last] = [sorted[0], sorted.at(-1)];
  const [low, high] = [sorted[cut], sorted[sorted.length - 1 - cut]];
  return high - low < (last - first) / 3 ? [low, high] : [first, last];
}

// Every view gives the rows as CSV, as YASR's table does.
export function csvOf(yasr, filename) {
  return { getData: () => yasr.results?.asCsv() ?? "", contentType: "text/csv", title: "Download the rows as CSV", filename: `${filename ?? "answer"}.csv` };
}

// One tab stop for all marks, arrow keys between them: a drawing of a thousand marks must not be a thousand stops.
export function roving(marks, show) {
  marks.forEach((mark, at) => {
    mark.setAttribute("tabindex", at ? "-1" : "0");
    mark.addEventListener("focus", () => show(at));
    mark.addEventListener("mouseenter", () => show(at));
    mark.addEventListener("keydown", (event) => {
      const to = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: marks.length - 1 }[event.key];
      if (to === undefined || !marks[to]) return;
      event.preventDefault();
      mark.setAttribute("tabindex", "-1");
      marks[to].setAttribute("tabindex", "0");
      marks[to].focus();
    });
  });
}
