/*
 * This package and a node on tuyapi, each in a Node-RED of its own, both at once: what a report costs from the device to
 * the next node, what a command costs, and what a device costs while nothing happens. The devices are virtual and in a
 * third process, so what a process uses is what its package needs. On loopback.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { ours, peer } from "./node-red/contestants.mjs";
import { startRemote } from "./node-red/remote.mjs";

const KEY = `7{O<&"$M}N0z/'|q`;
const VERSIONS = ["3.3", "3.4", "3.5"];
const CONTESTANTS = { ours, tuyapi: peer };
const ANNOUNCE_PORT = 36_667;

const DEVICES = 100;
/** To be compared with: what memory the others take. */
const FEW_DEVICES = 20;
const ROUNDS = 5;
/** In one of several rounds the compiler adds to the heap, or takes back. */
const HEAP_ROUNDS = 5;
/** Searches for devices go on for five seconds after their last user is gone. */
const LINGERING_SECONDS = 6;
const STARTS = 3;
const PROFILED_ROUNDS = 4;
/** For the compiler: before it is done, what costs most is what it has not come to yet. */
const WARM_UP_ROUNDS = 5;
/** So many that the work is measured, rather than how long a machine takes to get back to it. */
const PUSHES = { seconds: 4, perSecond: 2_000 };
const COMMANDS = { seconds: 4, perSecond: 500 };
/** So few that none waits for another one. */
const SPACED_PUSHES = { seconds: 5, perSecond: 200 };
/** Two heartbeats of every device in each. In one of several rounds the garbage of what went before is collected. */
const IDLE_ROUNDS = 3;
const IDLE_SECONDS = 20;
const POWER_CUT_SECONDS = 5;

/** Of ours, and of what is ours divided by what is tuyapi's: at most. */
const BARS = { ownMicroseconds: 28, kilobytes: 15, push: 0.9, command: 1, idle: 1 };

export async function run() {
  return report(await withProcesses(measure));
}

/** Starts the devices and a Node-RED for each contestant; all of them end with what they are for. */
async function withProcesses(use) {
  const devices = await startRemote("./devices-process.mjs");
  const started = [devices];
  try {
    const groupNames = Object.keys(CONTESTANTS);
    const places = await devices.call("start", {
      groupNames,
      count: DEVICES,
      versions: VERSIONS,
      localKey: KEY,
    });
    const runtimes = {};
    for (const [name, { modules, settings, ...contestant }] of Object.entries(CONTESTANTS)) {
      const remote = await startRemote("./runtime-process.mjs");
      started.push(remote);
      await remote.call("start", { modules, settings: settings({ announcePort: ANNOUNCE_PORT }) });
      runtimes[name] = { remote, places: places[name], ...contestant };
    }
    return await use(devices, runtimes);
  } finally {
    await Promise.all(started.map((remote) => remote.end()));
  }
}

/** What `of` says of each contestant, by name; asked at once. */
async function each(runtimes, of) {
  const names = Object.keys(runtimes);
  const found = await Promise.all(names.map((name) => of(runtimes[name], name)));
  return Object.fromEntries(names.map((name, index) => [name, found[index]]));
}

async function measure(devices, runtimes) {
  const both = (of) => each(runtimes, of);
  const call = (name, ...args) => both(({ remote }) => remote.call(name, ...args));
  const deploy = (count, options) =>
    both(({ remote, places, flows }) => remote.call("deploy", flows(places.slice(0, count), KEY, options)));
  const push = (rate = PUSHES) => devices.call("push", rate);
  const command = () => both(({ remote, payloads }) => remote.call("command", COMMANDS, payloads(DEVICES)));
  /** Milliseconds of CPU and messages while something happens. */
  const usage = async (act) => {
    const before = await call("usage");
    await act();
    const after = await call("usage");
    return both((_, name) => ({
      cpuMs: after[name].cpuMs - before[name].cpuMs,
      messages: after[name].messages - before[name].messages,
    }));
  };

  /** Bytes of the heap with so many devices, once what belongs to no flow any more has been let go. */
  const heapWith = async (count) => {
    await deploy(count);
    await sleep(LINGERING_SECONDS * 1_000);
    return call("heap");
  };

  const starts = await rounds(STARTS, () => deploy(DEVICES));
  await rounds(WARM_UP_ROUNDS, () => push());
  // Only now: what is loaded and compiled on the way is nobody's.
  const heaps = await rounds(HEAP_ROUNDS, async () => {
    const few = await heapWith(FEW_DEVICES);
    const many = await heapWith(DEVICES);
    return both((_, name) => (many[name] - few[name]) / (DEVICES - FEW_DEVICES));
  });

  // Forced collections throw compiled code away, too, and the devices are others now.
  await rounds(WARM_UP_ROUNDS, () => push());
  const idles = await rounds(IDLE_ROUNDS, () => usage(() => sleep(IDLE_SECONDS * 1_000)));
  const pushes = await rounds(ROUNDS, () => usage(push));
  await call("watchDelays");
  await push(SPACED_PUSHES);
  const delays = await call("takeDelays");

  // Several rounds, for garbage is collected now and then.
  await call("startProfile");
  await rounds(PROFILED_ROUNDS, () => push());
  const profiles = await call("takeProfile");

  await deploy(DEVICES, { commands: true });
  await rounds(WARM_UP_ROUNDS, command);
  const commands = await rounds(ROUNDS, () => usage(command));

  await deploy(DEVICES);
  const back = both(({ remote, names, places }) => remote.call("untilHeard", names(places)));
  const powerAt = await devices.call("cutPower", POWER_CUT_SECONDS, ANNOUNCE_PORT);
  const backAt = await back;

  return { heaps, starts, idles, pushes, delays, profiles, commands, powerAt, backAt };
}

async function rounds(count, act) {
  const results = [];
  for (let round = 0; round < count; round++) results.push(await act());
  return results;
}

/** Figures by name, each a function of a contestant's name, and what is asked of ours. */
function report({ heaps, starts, idles, pushes, delays, profiles, commands, powerAt, backAt }) {
  const idleShare = (name, round) => idles[round][name].cpuMs / (IDLE_SECONDS * 1_000);
  const idleMs = (name, seconds) =>
    percentile(
      idles.map((_, round) => idleShare(name, round)),
      0.5,
    ) *
    seconds *
    1_000;
  const perUnit =
    (usages, { seconds, perSecond }) =>
    (name, round) =>
      ((usages[round][name].cpuMs - idleMs(name, seconds)) / (seconds * perSecond)) * 1_000;
  const pushCost = perUnit(pushes, PUSHES);
  /** What part of the CPU of a push is an owner's. */
  const whose = (owner) => (name, round) => pushCost(name, round) * shareOf(profiles[name].owners, owner);
  return tabulate([
    { figure: "CPU of a push, µs", of: pushCost, rounds: ROUNDS, ratio: BARS.push },
    { figure: "of it own code, µs", of: whose("package"), rounds: ROUNDS },
    { figure: "of it what that has Node.js do, µs", of: whose("package by Node.js"), rounds: ROUNDS },
    { figure: "of it garbage collection, µs", of: whose("garbage"), rounds: ROUNDS },
    {
      figure: "own code and garbage, µs",
      of: (name, round) => whose("package")(name, round) + whose("garbage")(name, round),
      rounds: ROUNDS,
      most: BARS.ownMicroseconds,
    },
    { figure: "push to next node, p50 ms", of: (name) => percentile(delays[name], 0.5) / 1_000 },
    { figure: "push to next node, p99 ms", of: (name) => percentile(delays[name], 0.99) / 1_000 },
    { figure: "CPU of a command, µs", of: perUnit(commands, COMMANDS), rounds: ROUNDS, ratio: BARS.command },
    {
      figure: "idle CPU, % of a core",
      of: (name, round) => 100 * idleShare(name, round),
      rounds: IDLE_ROUNDS,
      ratio: BARS.idle,
    },
    {
      figure: "heap of a device, kB",
      of: (name, round) => heaps[round][name] / 1_000,
      rounds: HEAP_ROUNDS,
      most: BARS.kilobytes,
    },
    {
      figure: `first values of ${DEVICES} devices, ms`,
      of: (name, round) => starts[round][name],
      rounds: STARTS,
    },
    { figure: "all back after a power cut, ms", of: (name) => (backAt[name] - powerAt) / 1_000 },
  ]);
}

/** Of the time a process was busy with what is measured. */
function shareOf(owners, owner) {
  const { idle: _, benchmark: __, ...busy } = owners;
  return (owners[owner] ?? 0) / Object.values(busy).reduce((sum, samples) => sum + samples, 0);
}

/** Rows and bars of figures; where there are rounds, medians of them, and of the ratio within them. */
function tabulate(figures) {
  const rows = [];
  const bars = [];
  for (const { figure, of, rounds: count = 1, most, ratio } of figures) {
    const values = Array.from({ length: count }, (_, round) => ({
      ours: of("ours", round),
      tuyapi: of("tuyapi", round),
    }));
    const middle = (value) => percentile(values.map(value), 0.5);
    const row = {
      figure,
      ours: middle(({ ours }) => ours),
      tuyapi: middle(({ tuyapi }) => tuyapi),
      ratio: middle(({ ours, tuyapi }) => ours / tuyapi),
    };
    rows.push(row);
    if (most !== undefined) bars.push(bar(figure, row.ours, most));
    if (ratio !== undefined) bars.push(bar(`${figure}: ours in tuyapi's`, row.ratio, ratio));
  }
  return { rows, bars };
}

function bar(says, value, most) {
  return { says: `${value.toFixed(2)} ${says} (at most ${most})`, met: value <= most };
}

function percentile(values, share) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}
