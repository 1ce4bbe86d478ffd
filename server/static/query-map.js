// A view of results with coordinates: points on an equirectangular map, drawn here, with outlines that this server holds.
import { boundsOf, frameOf, groundOf, readOutlines, scaleOf, viewOf } from "./query-ground.js";
import { controls, csvOf, html, icon, mostOf, roving, svg, textTable, wordsOf } from "./drawing.js";

const WKT = /^\s*(?:<[^>]*>\s*)?POINT\s*\(\s*(-?[\d.]+(?:[eE][-+]?\d+)?)\s+(-?[\d.]+(?:[eE][-+]?\d+)?)\s*\)\s*$/i;
const [NARROWEST, LOWEST, TALLEST] = [300, 300, 620]; // of the drawing, in pixels
const CLOSEST = 0.2; // degrees of latitude
const LABELS = 60; // more are not drawn; every mark still says its name when it is pointed at
const LETTER = 7; // of the width of a drawn letter

let outlines; // asked for once

export class MapView {
  priority = 5;
  label = "Map";
  helpReference = undefined;

  constructor(yasr) {
    this.yasr = yasr;
  }

  getIcon() {
    return icon("M8 14.5 C4.5 10 3.5 8 3.5 6 a4.5 4.5 0 0 1 9 0 C12.5 8 11.5 10 8 14.5 Z", "M8 4.5 a1.6 1.6 0 1 0 .01 0");
  }

  canHandleResults() {
    return pointsOf(this.yasr).length > 0;
  }

  download(filename) {
    return csvOf(this.yasr, filename);
  }

  async draw() {
    outlines ??= readOutlines();
    const world = await outlines;
    const width = Math.max(this.yasr.resultsEl.clientWidth, NARROWEST);
    const size = { width, height: Math.min(Math.max((width * 9) / 16, LOWEST), TALLEST) };
    this.yasr.resultsEl.append(figureOf(pointsOf(this.yasr), world, size));
  }
}

// What a mark's size says: the first whole number of the row, else one for the row itself.
function weightOf(row) {
  const counted = Object.values(row).find((term) => term.datatype?.endsWith("#integer"));
  return counted ? Math.max(Number(counted.value), 0) : 1;
}

// The places of the results: rows at one point are one mark.
function pointsOf(yasr) {
  const places = new Map();
  for (const row of yasr.results?.getBindings() ?? []) {
    const place = placeOf(row);
    if (!place) continue;
    const words = wordsOf(row, [`${place.column}Label`, "label", "placeLabel", "place", "name"], place.used);
    const key = `${place.long} ${place.lat}`;
    const point = places.get(key) ?? { ...place, weight: 0, words: [] };
    point.weight += weightOf(row);
    if (words && !point.words.includes(words)) point.words.push(words);
    places.set(key, point);
  }
  return [...places.values()];
}

function placeOf(row) {
  for (const [column, term] of Object.entries(row)) {
    const found = term.datatype?.endsWith("#wktLiteral") && WKT.exec(term.value);
    if (found) return valid(column, [column], Number(found[1]), Number(found[2]));
  }
  const long = row.long ?? row.lon ?? row.lng ?? row.longitude;
  const lat = row.lat ?? row.latitude;
  return long && lat ? valid("place", ["lat", "long", "lon", "lng", "latitude", "longitude"], Number(long.value), Number(lat.value)) : null;
}

function valid(column, used, long, lat) {
  return Math.abs(long) <= 180 && Math.abs(lat) <= 90 ? { column, used, long, lat } : null;
}

function figureOf(all, world, size) {
  // Large marks first, so that small ones lie on top of them.
  const points = all.sort((one, other) => other.weight - one.weight);
  const said = html("p", { class: "said-of-mark" });
  const place = html("div", {});
  let view = viewOf(points, mostOf, size);
  let chosen = null;
  const show = (point) => {
    chosen = point;
    said.textContent = `${textOf(point)} (${degrees(point)})`;
  };
  const redraw = (changed) => {
    view = { ...view, ...changed };
    const frame = frameOf(view, size);
    const shown = points.filter((point) => frame.holds(point));
    const outside = points.length - shown.length;
    place.replaceChildren(drawMap(shown, frame, world, show, redraw));
    said.textContent = `${shown.length} places${outside ? `, and ${outside} outside this part` : ""}; larger marks stand for more. Point at a mark, or go through them with the arrow keys.`;
  };
  const zoom = (factor) => () => {
    const centre = factor < 1 && chosen ? { lat: chosen.lat, long: chosen.long } : {};
    redraw({ ...centre, tall: Math.max(view.tall * factor, CLOSEST) });
  };
  const buttons = controls("Part of the map", { Closer: zoom(0.5), Wider: zoom(2), "All places": () => redraw(viewOf(points, boundsOf, size)) });
  redraw({});
  const rows = points.map((point) => [point.words.join("; "), degrees(point)]);
  return html("figure", { class: "drawing" }, buttons, place, said, textTable("Places of the results", ["What", "Where"], rows));
}

function drawMap(points, frame, world, show, redraw) {
  const field = svg("svg", { viewBox: `0 0 ${frame.width} ${frame.height}`, class: "map", role: "group", "aria-label": `Map of ${points.length} places` });
  const most = Math.max(1, ...points.map((point) => point.weight));
  const marks = points.map((point) => markOf(point, frame, most));
  const moved = svg("g", {}, groundOf(frame, world), svg("g", { role: "list", "aria-label": "Places" }, ...marks), placedLabels(points, frame, most));
  field.append(moved, scaleOf(frame));
  roving(marks, (at) => show(points[at]));
  dragged(field, moved, (x, y) => redraw({ long: frame.long - x / frame.scaleX, lat: frame.lat + y / frame.scaleY }));
  return field;
}

// The map follows the pointer, and is drawn anew where it is let go.
function dragged(field, moved, done) {
  field.addEventListener("pointerdown", (down) => {
    const ratio = field.viewBox.baseVal.width / field.getBoundingClientRect().width;
    const way = (event) => [(event.clientX - down.clientX) * ratio, (event.clientY - down.clientY) * ratio];
    const move = (event) => moved.setAttribute("transform", `translate(${way(event).join(" ")})`);
    const end = (event) => {
      field.removeEventListener("pointermove", move);
      const [x, y] = way(event);
      if (Math.hypot(x, y) > 4) done(x, y);
      else moved.removeAttribute("transform");
    };
    field.setPointerCapture(down.pointerId);
    field.addEventListener("pointermove", move);
    for (const name of ["pointerup", "pointercancel"]) field.addEventListener(name, end, { once: true });
  });
}

function textOf(point) {
  const more = point.words.length > 4 ? `; and ${point.words.length - 4} more` : "";
  return point.words.slice(0, 4).join("; ") + more;
}

function degrees({ lat, long }) {
  const part = (value, [plus, minus]) => `${Math.abs(value).toFixed(2)}° ${value < 0 ? minus : plus}`;
  return `${part(lat, "NS")}, ${part(long, "EW")}`;
}

function radius(point, most) {
  return 4 + 8 * Math.sqrt(point.weight / most); // the area says how much
}

function markOf(point, frame, most) {
  const circle = svg("circle", { cx: frame.x(point.long), cy: frame.y(point.lat), r: radius(point, most) });
  return svg("g", { class: "mark", role: "listitem", "aria-label": textOf(point) }, svg("title", {}, textOf(point)), circle);
}

// The first words of each mark, to the right of it or else to the left, above or below; left out where another label stands.
function placedLabels(points, frame, most) {
  const group = svg("g", { class: "labels", "aria-hidden": "true" });
  const taken = points.map((point) => {
    const [x, y, r] = [frame.x(point.long), frame.y(point.lat), radius(point, most)];
    return { left: x - r, right: x + r, top: y - r, bottom: y + r };
  });
  for (const point of points.slice(0, LABELS)) {
    const words = short(point.words[0] ?? "");
    const [x, y, r] = [frame.x(point.long), frame.y(point.lat), radius(point, most) + 4];
    const width = words.length * LETTER;
    const places = [[x + r, y + 4.5], [x - r - width, y + 4.5], [x - width / 2, y - r - 2], [x - width / 2, y + r + 12]];
    for (const [left, base] of places) {
      const box = { left, right: left + width, top: base - 12, bottom: base + 3 };
      const isInside = box.left > 0 && box.right < frame.width && box.top > 0 && box.bottom < frame.height;
      if (!words || !isInside || taken.some((other) => meet(box, other))) continue;
      taken.push(box);
      group.append(svg("text", { x: left + width / 2, y: base, "text-anchor": "middle" }, words));
      break;
    }
  }
  return group;
}

// A label names the place; what follows a colon says what is known of it.
function short(words) {
  const name = words.split(/[:;(]/)[0].trim();
  return name.length > 24 ? `${name.slice(0, 23)}…` : name;
}

function meet(one, other) {
  return one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
}
