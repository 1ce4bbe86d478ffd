// A view of results with times: a mark or a bar for each row on an axis of days, as many lanes as the rows need.
import { controls, csvOf, html, icon, mostOf, roving, svg, textTable, wordsOf } from "./drawing.js";

const TIMES = ["dateTime", "date"].map((name) => `http://www.w3.org/2001/XMLSchema#${name}`);
const STARTS = ["start", "from", "earliest", "begin", "published", "time", "date", "day"];
const ENDS = ["end", "until", "latest", "to"];
const LABELS = ["label", "title", "name", "words", "event", "what"];
const NARROWEST = 300; // pixels
const [TOP, LANE, BAR, BOTTOM] = [32, 24, 18, 12];
const MOST = 300; // marks; the rest is counted, and stands in the table
const LETTER = 6.6; // of the width of a drawn letter
const MINUTE = 60_000, HOUR = 60 * MINUTE, DAY = 24 * HOUR;
// How far apart the lines of the axis may stand, and what is written at them.
const TICKS = [[HOUR, "hour"], [3 * HOUR, "hour"], [6 * HOUR, "hour"], [12 * HOUR, "hour"], [DAY, "day"], [2 * DAY, "day"], [7 * DAY, "day"],
  [14 * DAY, "day"], [30.44 * DAY, "month"], [91.3 * DAY, "month"], [365.25 * DAY, "year"], [1826 * DAY, "year"], [3652.5 * DAY, "year"]];

export class TimelineView {
  priority = 4;
  label = "Timeline";
  helpReference = undefined;

  constructor(yasr) {
    this.yasr = yasr;
  }

  getIcon() {
    return icon("M1 12.5 H15", "M3 3.5 H9", "M6.5 8 H13.5", "M3 11 V14 M8 11 V14 M13 11 V14");
  }

  canHandleResults() {
    return columnsOf(this.yasr) !== null;
  }

  download(filename) {
    return csvOf(this.yasr, filename);
  }

  draw() {
    this.yasr.resultsEl.append(figureOf(spansOf(this.yasr, columnsOf(this.yasr)), Math.max(this.yasr.resultsEl.clientWidth, NARROWEST)));
  }
}

// The columns that say when: the best known names first, else the first with times in it.
function columnsOf(yasr) {
  const rows = yasr.results?.getBindings() ?? [];
  const timed = (yasr.results?.getVariables() ?? []).filter((column) => rows.some((row) => momentOf(row[column]) !== null));
  if (!timed.length) return null;
  const end = ENDS.find((name) => timed.includes(name));
  const start = STARTS.find((name) => timed.includes(name)) ?? timed.find((name) => name !== end) ?? end;
  return { start, end: end === start ? undefined : end };
}

function momentOf(term) {
  if (!term || !TIMES.includes(term.datatype)) return null;
  // A date has no clock and a dateTime may lack a zone: both are read as UTC, as all times of this graph are.
  const hasZone = /(?:Z|[-+]\d\d:\d\d)$/.test(term.value);
  const text = term.datatype === TIMES[1] ? `${term.value.slice(0, 10)}T00:00:00Z` : hasZone ? term.value : `${term.value}Z`;
  const moment = Date.parse(text);
  return Number.isNaN(moment) ? null : moment;
}

function spansOf(yasr, { start, end }) {
  const spans = [];
  for (const row of yasr.results.getBindings()) {
    const from = momentOf(row[start]);
    if (from === null) continue;
    const until = end ? momentOf(row[end]) : null;
    // A date without an end is the whole day.
    const isDay = row[start].datatype === TIMES[1];
    spans.push({ from, until: Math.max(until ?? (isDay ? from + DAY - 1000 : from), from), words: wordsOf(row, LABELS, [start, end]) });
  }
  return spans.sort((one, other) => one.from - other.from || one.until - other.until);
}

function figureOf(spans, width) {
  const said = html("p", { class: "said-of-mark" });
  const place = html("div", { class: "tall" });
  const whole = [spans[0].from, Math.max(...spans.map((span) => span.until))];
  let [from, until] = widened(mostOf(spans.flatMap((span) => [span.from, span.until])));
  let chosen = null;
  const show = (span) => {
    chosen = (span.from + span.until) / 2;
    said.textContent = `${when(span)}: ${span.words}`;
  };
  const redraw = (range) => {
    [from, until] = range;
    const inside = spans.filter((span) => span.until >= from && span.from <= until);
    const shown = inside.slice(0, MOST);
    place.replaceChildren(drawTimeline(shown, { from, until, width }, show));
    const [left, outside] = [inside.length - shown.length, spans.length - inside.length];
    const more = `${left ? `, ${left} more stand in the table` : ""}${outside ? `, and ${outside} before or after` : ""}`;
    said.textContent = `${shown.length} results${more}; times in UTC. Point at a mark, or go through them with the arrow keys.`;
  };
  const zoom = (factor) => () => {
    const half = Math.max(((until - from) / 2) * factor, HOUR);
    const isChosen = factor < 1 && chosen >= from && chosen <= until;
    const middle = isChosen ? chosen : (from + until) / 2;
    redraw([middle - half, middle + half]);
  };
  const shift = (share) => () => redraw([from + (until - from) * share, until + (until - from) * share]);
  const actions = { Earlier: shift(-0.5), Later: shift(0.5), Closer: zoom(0.5), Wider: zoom(2), "All times": () => redraw(widened(whole)) };
  redraw([from, until]);
  const rows = spans.map((span) => [when(span), span.words]);
  return html("figure", { class: "drawing" }, controls("Part of the time line", actions), place, said, textTable("Results in order of time", ["When (UTC)", "What"], rows));
}

function widened([from, until]) {
  const room = Math.max((until - from) * 0.04, HOUR);
  return [from - room, until + room];
}

function drawTimeline(spans, { from, until, width }, show) {
  const x = (moment) => ((Math.min(Math.max(moment, from), until) - from) / (until - from)) * width;
  const lanes = lanesOf(spans, x, width);
  const height = TOP + (Math.max(2, ...lanes) + 1) * LANE + BOTTOM;
  const name = `Time line of ${spans.length} results, ${day(from)} to ${day(until)}`;
  const field = svg("svg", { viewBox: `0 0 ${width} ${height}`, class: "timeline", role: "group", "aria-label": name }, axis({ from, until, width }, x, height));
  const marks = spans.map((span, at) => markOf(span, x, width, TOP + lanes[at] * LANE));
  field.append(svg("g", { role: "list", "aria-label": "Results in order of time" }, ...marks));
  roving(marks, (at) => show(spans[at]));
  return field;
}

// The first lane in which a mark and its words do not touch what stands there.
function lanesOf(spans, x, width) {
  const ends = [];
  return spans.map((span) => {
    const { left, right } = room(span, x, width);
    let lane = ends.findIndex((end) => end < left);
    if (lane < 0) lane = ends.length;
    ends[lane] = right + 8;
    return lane;
  });
}

// Words stand inside a bar that is long enough, else to its right, or to the left of what is too near to the edge.
function room(span, x, width) {
  const length = short(span.words).length * LETTER;
  const [start, end] = [x(span.from), Math.max(x(span.until), x(span.from) + 8)];
  if (end - start > length + 12) return { left: start, right: end, words: start + 6, anchor: "start" };
  const isLeft = end + 6 + length > width && start - 6 - length > 0;
  if (isLeft) return { left: start - 6 - length, right: end, words: start - 6, anchor: "end" };
  return { left: start, right: end + 6 + length, words: end + 6, anchor: "start" };
}

function markOf(span, x, width, top) {
  const { words, anchor } = room(span, x, width);
  const [start, end] = [x(span.from), x(span.until)];
  const middle = top + LANE / 2;
  const shape = end - start < 8
    ? svg("circle", { cx: (start + end) / 2, cy: middle, r: 5 })
    : svg("rect", { x: start, y: middle - BAR / 2, width: end - start, height: BAR, rx: 3 });
  const whole = `${when(span)}: ${span.words}`;
  return svg("g", { class: "mark", role: "listitem", "aria-label": whole },
    svg("title", {}, whole), shape,
    svg("text", { x: words, y: middle + 4.5, "text-anchor": anchor, "aria-hidden": "true" }, short(span.words)));
}

function axis({ from, until, width }, x, height) {
  const group = svg("g", { class: "axis", "aria-hidden": "true" });
  const [step, unit] = TICKS.find(([length]) => (until - from) / length <= width / 80) ?? TICKS.at(-1);
  for (const moment of ticks(from, until, step, unit)) {
    group.append(svg("line", { x1: x(moment), x2: x(moment), y1: 22, y2: height }), svg("text", { x: x(moment), y: 15, "text-anchor": "middle" }, nameOf(moment, unit)));
  }
  group.append(svg("line", { class: "base", x1: 0, x2: width, y1: 22, y2: 22 }));
  return group;
}

// Lines at the start of hours, days, months or years.
function* ticks(from, until, step, unit) {
  if (unit === "hour" || unit === "day") {
    for (let moment = Math.ceil(from / step) * step; moment <= until; moment += step) yield moment;
    return;
  }
  const months = Math.round(step / (30.44 * DAY));
  const start = new Date(from);
  let month = Math.ceil((start.getUTCFullYear() * 12 + start.getUTCMonth()) / months) * months;
  for (;; month += months) {
    const moment = Date.UTC(Math.floor(month / 12), month % 12, 1);
    if (moment > until) return;
    if (moment >= from) yield moment;
  }
}

const named = (options) => new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", ...options });
const NAMES = {
  hour: named({ day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" }),
  day: named({ day: "numeric", month: "short", year: "2-digit" }),
  month: named({ month: "short", year: "numeric" }),
  year: named({ year: "numeric" }),
};

function nameOf(moment, unit) {
  return NAMES[unit].format(moment);
}

function day(moment) {
  return new Date(moment).toISOString().slice(0, 10);
}

// A moment to the minute, a span of whole days without the clock.
function when({ from, until }) {
  const clock = (moment) => new Date(moment).toISOString().slice(0, 16).replace("T", " ");
  const isWhole = from % DAY === 0 && until - from >= DAY - 1000 && (until + 1000) % DAY === 0;
  if (from === until) return from % DAY === 0 ? day(from) : clock(from);
  if (isWhole) return day(from) === day(until) ? day(from) : `${day(from)} to ${day(until)}`;
  return `${clock(from)} to ${clock(until)}`;
}

function short(words) {
  return words.length > 60 ? `${words.slice(0, 59)}…` : words;
}
