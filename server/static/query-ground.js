// What lies under the marks of a map: the frame of an equirectangular map, outlines of countries, graticule and scale.
import { svg } from "./drawing.js";

// Natural Earth's countries (1:50 million), fetched by make ui; without them the graticule stands alone.
const OUTLINES = new URL("yasgui/countries-50m.json", import.meta.url);
const STEPS = [0.1, 0.25, 0.5, 1, 2, 5, 10, 15, 30, 45]; // degrees between two lines of the graticule
const LINE = 90; // pixels between two of them at least
const LEAST = 4; // degrees of latitude on a map of one place
const MARGIN = 0.15; // of the part that holds all places, on each side
const KILOMETRES = 111.32; // of a degree of latitude

export async function readOutlines() {
  if (!window.topojson) return null;
  const answer = await fetch(OUTLINES);
  if (!answer.ok) return null;
  const world = await answer.json();
  const { countries, land } = world.objects;
  const polygons = window.topojson.feature(world, land).features.flatMap(({ geometry }) => (geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates));
  const borders = window.topojson.mesh(world, countries, (one, other) => one !== other).coordinates;
  return { land: polygons.map((rings) => rings.flatMap(unrolled)), borders: borders.flatMap(unrolled) };
}

// A line that crosses the 180th meridian goes on beyond it, and is drawn once on each side of the map.
function unrolled(line) {
  let turns = 0;
  const whole = line.map(([long, lat], at) => {
    const step = at ? long - line[at - 1][0] : 0;
    turns += step > 180 ? -360 : step < -180 ? 360 : 0;
    return [long + turns, lat];
  });
  const [first, last] = [whole[0], whole.at(-1)];
  // Round a pole: closed along the pole's edge of the map.
  if (Math.abs(last[0] - first[0]) > 180) whole.push([last[0], Math.sign(first[1]) * 90], [first[0], Math.sign(first[1]) * 90]);
  const longs = whole.map(([long]) => long);
  const shifts = [0, ...(Math.max(...longs) > 180 ? [-360] : []), ...(Math.min(...longs) < -180 ? [360] : [])];
  return shifts.map((shift) => whole.map(([long, lat]) => [long + shift, lat]));
}

export function boundsOf(values) {
  return [Math.min(...values), Math.max(...values)];
}

// The part of the world that holds the points, with a margin: its middle and its degrees of latitude.
export function viewOf(points, bounds, { width, height }) {
  const [south, north] = bounds(points.map((point) => point.lat));
  const [west, east] = bounds(points.map((point) => point.long));
  const lat = (south + north) / 2;
  const tall = Math.max(north - south, ((east - west) * narrowness(lat) * height) / width) * (1 + 2 * MARGIN);
  return { lat, long: (west + east) / 2, tall: Math.max(tall, LEAST) };
}

// How wide a degree of longitude is at a latitude, of the width of a degree of latitude.
function narrowness(lat) {
  return Math.max(Math.cos((lat * Math.PI) / 180), 0.2);
}

export function frameOf(view, { width, height }) {
  const narrow = narrowness(view.lat);
  const wide = Math.min((view.tall * width) / height / narrow, 360);
  const scaleX = width / wide;
  const scaleY = scaleX / narrow;
  const tall = height / scaleY;
  const long = Math.min(Math.max(view.long, -180 + wide / 2), 180 - wide / 2);
  const lat = tall > 180 ? 0 : Math.min(Math.max(view.lat, -90 + tall / 2), 90 - tall / 2);
  const [west, north] = [long - wide / 2, lat + tall / 2];
  return {
    width, height, lat, long, west, north, wide, tall, scaleX, scaleY,
    x: (degree) => (degree - west) * scaleX,
    y: (degree) => (north - degree) * scaleY,
    holds: (point) => Math.abs(point.long - long) <= wide / 2 && Math.abs(point.lat - lat) <= tall / 2,
  };
}

// Lines outside the frame are left out: most of the world is, on most maps.
function pathOf(lines, frame, isClosed) {
  const isNear = (line) => {
    let [west, east, south, north] = [Infinity, -Infinity, Infinity, -Infinity];
    for (const [long, lat] of line) {
      west = Math.min(west, long);
      east = Math.max(east, long);
      south = Math.min(south, lat);
      north = Math.max(north, lat);
    }
    return east > frame.west && west < frame.west + frame.wide && north > frame.north - frame.tall && south < frame.north;
  };
  const drawn = (line) => "M" + line.map(([long, lat]) => `${frame.x(long).toFixed(1)} ${frame.y(lat).toFixed(1)}`).join("L") + (isClosed ? "Z" : "");
  return lines.filter(isNear).map(drawn).join("");
}

export function groundOf(frame, world) {
  const ground = svg("g", { "aria-hidden": "true" }, svg("rect", { class: "sea", width: frame.width, height: frame.height }));
  if (world) {
    ground.append(svg("path", { class: "land", d: world.land.map((rings) => pathOf(rings, frame, true)).join("") }));
    ground.append(svg("path", { class: "border", d: pathOf(world.borders, frame, false) }));
  }
  ground.append(graticule(frame));
  return ground;
}

function graticule(frame) {
  const step = STEPS.find((each) => frame.wide / each <= frame.width / LINE) ?? STEPS.at(-1);
  const group = svg("g", { class: "graticule" });
  const name = (value, [plus, minus]) => `${Math.abs(value)}°${value === 0 ? "" : value < 0 ? minus : plus}`;
  for (let long = Math.ceil(frame.west / step) * step; long <= frame.west + frame.wide; long += step) {
    const x = frame.x(long);
    group.append(svg("line", { x1: x, x2: x, y1: 0, y2: frame.height }), svg("text", { x: x + 4, y: frame.height - 6 }, name(long, "EW")));
  }
  for (let lat = Math.ceil((frame.north - frame.tall) / step) * step; lat <= frame.north; lat += step) {
    const y = frame.y(lat);
    group.append(svg("line", { x1: 0, x2: frame.width, y1: y, y2: y }), svg("text", { x: 6, y: y - 4 }, name(lat, "NS")));
  }
  return group;
}

export function scaleOf(frame) {
  const perKilometre = frame.scaleY / KILOMETRES; // north to south; east to west the same at the middle latitude
  const length = [1, 2, 5].flatMap((digit) => [1, 10, 100, 1000].map((ten) => digit * ten)).sort((one, other) => one - other)
    .filter((kilometres) => kilometres * perKilometre < frame.width / 5).at(-1) ?? 1;
  const [right, base] = [frame.width - 20, frame.height - 18];
  const left = right - length * perKilometre;
  return svg("g", { class: "scale", "aria-hidden": "true" },
    svg("path", { d: `M${left} ${base - 5}V${base}H${right}V${base - 5}` }),
    svg("text", { x: (left + right) / 2, y: base - 8, "text-anchor": "middle" }, `${length} km`));
}
