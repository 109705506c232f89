import { readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import prettier from "prettier";
import { tableOf } from "./table.mjs";

const DOCUMENT = new URL("../docs/performance.md", import.meta.url);
const require = createRequire(import.meta.url);

/** Puts results in the place of those that stand in the document, each section between its two marks. */
export async function writeResults(results, machine) {
  let text = await readFile(DOCUMENT, "utf8");
  for (const [name, result] of Object.entries(results)) {
    const begin = `<!-- ${name} -->`;
    const end = `<!-- end of ${name} -->`;
    const [before, rest] = text.split(begin);
    const after = rest?.split(end)[1];
    if (after === undefined) throw new Error(`docs/performance.md has no place for ${name}`);
    text = `${before}${begin}\n\n${markdownOf(result, machine)}\n\n${end}${after}`;
  }
  const options = await prettier.resolveConfig(DOCUMENT);
  await writeFile(DOCUMENT, await prettier.format(text, { ...options, parser: "markdown" }));
}

function markdownOf({ rows, bars }, { node, cpu, cores }) {
  const [heading, ...lines] = tableOf(rows);
  const row = (cells) => `| ${cells.map((cell) => cell.trim()).join(" | ")} |`;
  const rule = row(
    heading.map((_, column) => (typeof Object.values(rows[0])[column] === "number" ? "--:" : "---")),
  );
  const versions = ["node-red", "tuyapi"].map((name) => `${name} ${require(`${name}/package.json`).version}`);
  return [
    [row(heading), rule, ...lines.map(row)].join("\n"),
    bars.map(({ says, met }) => `- ${met ? "met" : "**not met**"}: ${says}`).join("\n"),
    `${new Date().toISOString().slice(0, 10)}, Node.js ${node.slice(1)}, ${versions.join(", ")}; ${cpu}, ${cores} cores.`,
  ].join("\n\n");
}
