// Assembles what Node-RED loads beside each compiled node in dist/nodes/:
// <type>.html (bundled editor script + edit template), locales/ and icons/.
import { cpSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { buildSync } from "esbuild";

const EDITOR = import.meta.dirname;
const ROOT = `${EDITOR}/../..`;
const OUT = `${ROOT}/dist/nodes`;

for (const template of readdirSync(EDITOR).filter((name) => name.endsWith(".html"))) {
  const { outputFiles } = buildSync({
    entryPoints: [`${EDITOR}/${template.replace(/\.html$/, ".ts")}`],
    bundle: true,
    format: "iife",
    target: "es2020",
    charset: "utf8",
    write: false,
  });
  const script = `<script type="text/javascript">\n${outputFiles[0].text}</script>\n`;
  writeFileSync(`${OUT}/${template}`, `${script}\n${readFileSync(`${EDITOR}/${template}`, "utf8")}`);
}
// Node-RED looks for icons and locales beside each entry file only, never at the package's top level.
cpSync(`${ROOT}/nodes/locales`, `${OUT}/locales`, { recursive: true });
cpSync(`${ROOT}/icons`, `${OUT}/icons`, { recursive: true });
