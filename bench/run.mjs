// npm run bench: what the package costs, in sections that are held against bars. `-- --help` has the options.
import os from "node:os";
import { parseArgs } from "node:util";
import { tableOf } from "./table.mjs";
import { writeResults } from "./write-results.mjs";

/** A section exports `run()`, which returns its rows and the bars they are held against. */
const SECTIONS = {
  "all-devices": () => import("./all-devices.mjs"),
  codec: () => import("./codec.mjs"),
  discovery: () => import("./discovery.mjs"),
  mqtt: () => import("./mqtt.mjs"),
  "node-red": () => import("./node-red.mjs"),
  "round-trip": () => import("./round-trip.mjs"),
  scale: () => import("./scale.mjs"),
};

/** The sections docs/performance.md has a place for. */
const WRITTEN = ["all-devices", "codec", "mqtt", "node-red"];

const HELP = `Measures what the package costs, beside tuyapi where that does the same.

  npm run bench                      all sections: ${Object.keys(SECTIONS).join(", ")}
  npm run bench -- codec             one of them
  npm run bench -- codec --json      for programs
  npm run bench -- codec --write     and into docs/performance.md (${WRITTEN.join(", ")})`;

const { values, positionals } = readArguments();
if (values.help) {
  console.log(HELP);
  process.exit(0);
}
const unknown = positionals.filter((name) => !(name in SECTIONS));
if (unknown.length > 0) {
  console.error(`No section ${unknown.join(", ")}. There are: ${Object.keys(SECTIONS).join(", ")}.`);
  process.exit(1);
}
const all = values.write ? WRITTEN : Object.keys(SECTIONS);
const chosen = positionals.length > 0 ? positionals : all;
const homeless = values.write ? chosen.filter((name) => !WRITTEN.includes(name)) : [];
if (homeless.length > 0) {
  console.error(`docs/performance.md has no place for ${homeless.join(", ")}.`);
  process.exit(1);
}

const machine = {
  node: process.version,
  arch: process.arch,
  cpu: os.cpus()[0]?.model,
  cores: os.cpus().length,
};
const results = {};
for (const name of chosen) {
  const { run } = await SECTIONS[name]();
  results[name] = await run();
  if (!values.json) print(name, results[name]);
}
if (values.json) console.log(JSON.stringify({ machine, results }, null, 2));
else console.log(`\nNode ${machine.node}, ${machine.cpu}, ${machine.cores} cores`);
if (values.write) await writeResults(results, machine);

function readArguments() {
  try {
    const options = {
      json: { type: "boolean" },
      write: { type: "boolean" },
      help: { type: "boolean", short: "h" },
    };
    return parseArgs({ allowPositionals: true, options });
  } catch (error) {
    console.error(`${error.message}\n\n${HELP}`);
    return process.exit(1);
  }
}

function print(name, { rows, bars }) {
  const table = tableOf(rows);
  const widths = table[0].map((_, column) => Math.max(...table.map((line) => line[column].length)));
  console.log(`\n${name}\n`);
  for (const line of table) console.log(line.map((cell, column) => cell.padStart(widths[column])).join("  "));
  console.log();
  for (const { says, met } of bars) console.log(`${met ? "met     " : "NOT MET "} ${says}`);
}
