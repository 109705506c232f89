// Assembles what Node-RED loads beside each compiled entry dist/nodes/<type>/<type>.js: it looks for <type>.html (here:
// bundled style sheets and script + edit template), locales/ and icons/ there and nowhere else.
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { buildSync } from "esbuild";

const EDITOR = import.meta.dirname;
const ROOT = `${EDITOR}/../..`;

const { nodes } = JSON.parse(readFileSync(`${ROOT}/package.json`, "utf8"))["node-red"];

for (const type of Object.keys(nodes)) {
  const source = `${ROOT}/nodes/${type}`;
  const out = `${ROOT}/dist/nodes/${type}`;
  const { outputFiles } = buildSync({
    entryPoints: [`${EDITOR}/${type}.ts`],
    bundle: true,
    format: "iife",
    // What browsers of 2022 understand. Older targets, and blanks, would make the editor load half as much again.
    target: "es2022",
    minifyWhitespace: true,
    minifySyntax: true,
    charset: "utf8",
    // Nothing is written there, but without it esbuild has no name for the imported style sheets.
    outdir: out,
    write: false,
  });
  const textOf = (extension) => outputFiles.find(({ path }) => path.endsWith(extension))?.text ?? "";
  const style = `<style>\n${textOf(".css")}</style>\n`;
  const script = `<script type="text/javascript">\n${textOf(".js")}</script>\n`;
  const template = readFileSync(`${source}/${type}.html`, "utf8");
  writeFileSync(`${out}/${type}.html`, `${style}\n${script}\n${template}`);
  cpSync(`${source}/locales`, `${out}/locales`, { recursive: true });
  // A configuration node has none.
  const icon = `icons/${type}.svg`;
  if (existsSync(`${ROOT}/${icon}`)) cpSync(`${ROOT}/${icon}`, `${out}/${icon}`);
}

// What the editor loads only when it needs it, as modules. Node-RED serves `resources` of the package's own folder.
rmSync(`${ROOT}/resources`, { recursive: true, force: true });
const resource = { bundle: true, format: "esm", target: "es2022", minify: true, charset: "utf8" };
buildSync({
  ...resource,
  entryPoints: [`${EDITOR}/resources/yaml.ts`],
  banner: { js: `/*! With js-yaml.\n${readFileSync(`${ROOT}/node_modules/js-yaml/LICENSE`, "utf8")}*/` },
  outdir: `${ROOT}/resources`,
});
buildSync({
  ...resource,
  entryPoints: { mqtt: `${ROOT}/src/mqtt/preview.ts` },
  alias: { "node:util": `${EDITOR}/resources/node-util.ts` },
  outdir: `${ROOT}/resources`,
});
