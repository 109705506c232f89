/* A real Node-RED, editor and all, with the nodes of one package; measured from inside its process. */
import { rmSync } from "node:fs";
import { mkdtemp, mkdir, symlink } from "node:fs/promises";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { countGiveUps } from "../tuyapi-faults.mjs";
import { evenly, stamp, STAMPED_DP } from "./clock.mjs";
import { Profile } from "./profile.mjs";
import { serve } from "./remote.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const RED = createRequire(import.meta.url)("node-red");
setFlagsFromString("--expose_gc");
const collectGarbage = runInNewContext("gc");

countGiveUps();

let userDir;
let messages = 0;
/** Names of devices that are still to be heard of, and what happens when there are none. */
let silent = new Set();
let allHeard = () => {};
/** Microseconds from the device to the next node, one for each push; undefined while nobody looks. */
let delays;

process.on("bench:message", (msg) => {
  messages++;
  if (silent.size > 0 && silent.delete(msg.topic ?? msg.payload.deviceName) && silent.size === 0) allHeard();
  if (delays) delays.push(stamp() - (msg.tuya ?? msg.payload.data).dps[STAMPED_DP]);
});

/** @param modules folders of node packages by name */
async function start({ modules, settings }) {
  userDir = await mkdtemp(path.join(os.tmpdir(), "tuya-bench-"));
  process.on("exit", () => rmSync(userDir, { recursive: true, force: true }));
  for (const [name, folder] of Object.entries(modules)) {
    const place = path.join(userDir, "node_modules", name);
    await mkdir(path.dirname(place), { recursive: true });
    await symlink(path.resolve(here, folder), place, "junction");
  }
  const server = createServer((request, response) => RED.httpAdmin(request, response));
  RED.init(server, {
    userDir,
    flowFile: "flows.json",
    httpNodeRoot: false,
    credentialSecret: false,
    telemetry: { enabled: false, updateNotification: false },
    externalModules: { palette: { allowInstall: false, allowUpload: false } },
    editorTheme: { tours: false, palette: { catalogues: [] } },
    logging: { console: { level: "info", metrics: false, audit: false } },
    ...settings,
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  await RED.start();
  return { nodeRed: RED.version(), node: process.version };
}

/** Replaces all flows. Resolves with the milliseconds until each of these devices has sent its first values. */
async function deploy({ flows, credentials, names }) {
  const heard = expect(names);
  const before = performance.now();
  await RED.runtime.flows.setFlows({ flows: { flows, credentials }, deploymentType: "full" });
  await heard;
  return performance.now() - before;
}

function expect(names) {
  silent = new Set(names);
  return silent.size === 0 ? Promise.resolve() : new Promise((resolve) => (allHeard = resolve));
}

/** Resolves with the time by the shared clock when each of these devices has sent values again. */
async function untilHeard(names) {
  await expect(names);
  return stamp();
}

/** Milliseconds of CPU, in user and system mode, and messages so far. */
function usage() {
  const { user, system } = process.cpuUsage();
  return { cpuMs: (user + system) / 1_000, messages };
}

/** Bytes of the JavaScript heap that are reachable. */
async function heap() {
  for (let i = 0; i < 5; i++) {
    collectGarbage();
    await sleep(50);
  }
  return process.memoryUsage().heapUsed;
}

function watchDelays() {
  delays = [];
}

function takeDelays() {
  const taken = delays;
  delays = undefined;
  return taken;
}

/** Sends so many commands, evenly spread, to one device after the other: of each the one, then the other, and again. */
async function command(rate, payloads) {
  await evenly(rate, (done) => {
    const index = done % payloads.length;
    const turn = Math.floor(done / payloads.length) % 2;
    process.emit("bench:command", index, structuredClone(payloads[index][turn]));
  });
}

/** Names of what Node.js has warned of: a leak of listeners, for example. */
const warned = [];
process.on("warning", ({ name }) => warned.push(name));
const warnings = () => warned.filter((name) => name !== "DeprecationWarning");

let profile;

async function startProfile() {
  profile = await Profile.start();
}

const takeProfile = () => profile.take();

serve({
  start,
  deploy,
  untilHeard,
  usage,
  warnings,
  heap,
  watchDelays,
  takeDelays,
  command,
  startProfile,
  takeProfile,
});
