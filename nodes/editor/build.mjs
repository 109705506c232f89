// Assembles what Node-RED loads beside each compiled node in dist/nodes/:
// <type>.html (bundled style sheets and script + edit template), locales/ and icons/.
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
    // What browsers of 2022 understand. Older targets, and blanks, would make the editor load half as much again.
    target: "es2022",
    minifyWhitespace: true,
    minifySyntax: true,
    charset: "utf8",
    // Nothing is written there, but without it esbuild has no name for the imported style sheets.
    outdir: OUT,
    write: false,
  });
  const textOf = (extension) => outputFiles.find(({ path }) => path.endsWith(extension))?.text ?? "";
  const style = `<style>\n${textOf(".css")}</style>\n`;
  const script = `<script type="text/javascript">\n${textOf(".js")}</script>\n`;
  writeFileSync(
    `${OUT}/${template}`,
    `${style}\n${script}\n${readFileSync(`${EDITOR}/${template}`, "utf8")}`,
  );
}
// Node-RED looks for icons and locales beside each entry file only, never at the package's top level.
cpSync(`${ROOT}/nodes/locales`, `${OUT}/locales`, { recursive: true });
cpSync(`${ROOT}/icons`, `${OUT}/icons`, { recursive: true });
