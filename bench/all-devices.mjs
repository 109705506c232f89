/*
 * 200 devices heard by one tuya-in, beside 200 that have one each, and beside one that means only half of them by their
 * names: each in a Node-RED of its own, all at once. The devices are virtual and in a process of their own. On loopback.
 */
import { ours } from "./node-red/contestants.mjs";
import { startRemote } from "./node-red/remote.mjs";

const KEY = `7{O<&"$M}N0z/'|q`;
const VERSIONS = ["3.3", "3.4", "3.5"];
const DEVICES = 200;
const ROUNDS = 5;
const PUSHES = { seconds: 4, perSecond: 500 };

/** What one node costs, divided by what a node each costs. */
const BARS = { push: 1.1, heap: 1 };

const one = (filter) => ({
  id: "all",
  type: "tuya-in",
  z: "tab",
  // Without a place it would be a configuration node to Node-RED.
  x: 100,
  y: 100,
  name: "",
  scope: "all",
  filter,
  output: "object",
  wires: [["sink"]],
});
const withoutNodes = ({ flows, ...others }) => ({
  ...others,
  flows: flows.filter(({ type }) => type !== "tuya-in"),
});

/** The flows by what they are called in the table. */
const FLOWS = {
  each: (places) => ours.flows(places, KEY),
  one: (places) => {
    const { flows, ...others } = withoutNodes(ours.flows(places, KEY));
    return { ...others, flows: [...flows, one("")] };
  },
  half: (places) => {
    const { flows, credentials } = withoutNodes(ours.flows(places, KEY));
    const meant = places.slice(0, places.length / 2);
    const rename = (node) =>
      node.type === "tuya-device" && !meant.some(({ id }) => node.id === `d${id}`)
        ? { ...node, name: `Other ${node.name}` }
        : node;
    return { flows: [...flows.map(rename), one("Plug*")], credentials, names: ours.names(meant) };
  },
};

export async function run() {
  const names = Object.keys(FLOWS);
  const devices = await startRemote("./devices-process.mjs");
  const started = [devices];
  try {
    const places = await devices.call("start", {
      groupNames: names,
      count: DEVICES,
      versions: VERSIONS,
      localKey: KEY,
    });
    const figures = {};
    const runtimes = {};
    for (const name of names) {
      const remote = await startRemote("./runtime-process.mjs");
      started.push(remote);
      await remote.call("start", { modules: ours.modules, settings: { tuyaDeviceDiscovery: false } });
      // What is loaded and compiled with the first devices is not theirs.
      await remote.call("deploy", FLOWS[name](places[name].slice(0, 20)));
      const before = await remote.call("heap");
      const startMs = await remote.call("deploy", FLOWS[name](places[name]));
      const kilobytes = ((await remote.call("heap")) - before) / (DEVICES - 20) / 1_000;
      runtimes[name] = remote;
      figures[name] = { startMs, kilobytes, pushes: [] };
    }
    for (let round = 0; round <= ROUNDS; round++) {
      const before = await usages(runtimes);
      await devices.call("push", PUSHES);
      const after = await usages(runtimes);
      // The first one is for the compiler.
      if (round > 0) for (const name of names) figures[name].pushes.push(costOf(before[name], after[name]));
    }
    for (const name of names) figures[name].warnings = await runtimes[name].call("warnings");
    return report(figures);
  } finally {
    await Promise.all(started.map((remote) => remote.end()));
  }
}

async function usages(runtimes) {
  const found = await Promise.all(Object.values(runtimes).map((remote) => remote.call("usage")));
  return Object.fromEntries(Object.keys(runtimes).map((name, index) => [name, found[index]]));
}

/** Microseconds of CPU for each message that arrived. */
const costOf = (before, after) => ((after.cpuMs - before.cpuMs) / (after.messages - before.messages)) * 1_000;

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

function report(figures) {
  const [each, one, half] = [figures.each, figures.one, figures.half];
  const push = median(one.pushes.map((cost, round) => cost / each.pushes[round]));
  const heap = one.kilobytes / each.kilobytes;
  const warnings = [...each.warnings, ...one.warnings, ...half.warnings];
  const row = (flow, { startMs, kilobytes, pushes }) => ({
    flow,
    "first values ms": Math.round(startMs),
    "kB a device": kilobytes,
    "CPU of a push, µs": median(pushes),
  });
  return {
    rows: [
      row(`${DEVICES} tuya-in`, each),
      row("one tuya-in for all", one),
      row("one tuya-in for half of them", half),
    ],
    bars: [
      {
        says: `a push costs ${push.toFixed(2)} times as much by one tuya-in for all (at most ${BARS.push})`,
        met: push <= BARS.push,
      },
      {
        says: `a device takes ${heap.toFixed(2)} times as much memory (at most ${BARS.heap})`,
        met: heap <= BARS.heap,
      },
      { says: `${warnings.length} warnings of Node.js ${warnings.join()}`, met: warnings.length === 0 },
    ],
  };
}
