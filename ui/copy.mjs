// Copies what the query page is served from node_modules to server/static/yasgui, with every licence, and nothing else.
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const target = join(here, "..", "server", "static", "yasgui");
const files = [
  "@zazuko/yasgui/build/yasgui.min.js",
  "@zazuko/yasgui/build/yasgui.min.css",
  "topojson-client/dist/topojson-client.min.js",
  "world-atlas/countries-50m.json",
];

rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });
for (const file of files) copyFileSync(join(here, "node_modules", file), join(target, file.split("/").at(-1)));
writeFileSync(join(target, "LICENCES.txt"), licences());

// The editor is one file made of many packages: all that npm installed for it are named with their terms.
function licences() {
  const { packages } = JSON.parse(readFileSync(join(here, "package-lock.json"), "utf8"));
  const used = Object.keys(packages).filter((path) => path && !packages[path].dev && existsSync(join(here, path)));
  return used.sort().map(licence).join("\n");
}

function licence(path) {
  const folder = join(here, path);
  const { name, version, license = "terms below", author, homepage } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const by = [typeof author === "object" ? author.name : author, homepage].filter(Boolean).join(", ");
  const texts = readdirSync(folder).filter((file) => /^licen[cs]e/i.test(file)).sort();
  const words = texts.map((file) => readFileSync(join(folder, file), "utf8").trim()).join("\n\n");
  return `${"=".repeat(80)}\n${name} ${version}: ${license}${by ? ` (${by})` : ""}\n\n${words}\n`;
}
