/*
 * Discovery on a noisy network: 500 devices that announce themselves and 10,000 junk datagrams a second, for ten
 * seconds. What that costs, and whether anybody goes unheard. On loopback.
 */
import { monitorEventLoopDelay, performance } from "node:perf_hooks";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import discoveryModule from "../dist/src/discovery/discovery.js";
import protocol from "../dist/src/protocol/announcement.js";
import floodModule from "../dist/test/support/flood.js";

const DEVICES = 500;
const JUNK_PER_SECOND = 10_000;
const SECONDS = 10;
/** Few senders flood: their datagrams are refused unread. Many: all that may be looked at is looked at. */
const SCENES = [
  { name: "quiet", junkPerSecond: 0, junkSenders: 1 },
  { name: "junk from 5, then devices", junkPerSecond: JUNK_PER_SECOND, junkSenders: 5, junkFirst: true },
  { name: "devices, then junk from 200", junkPerSecond: JUNK_PER_SECOND, junkSenders: 200 },
];

setFlagsFromString("--expose_gc");
const collectGarbage = runInNewContext("gc");

function heap() {
  collectGarbage();
  return process.memoryUsage().heapUsed / 1024;
}

function announcement(id, version) {
  const body = {
    ip: "127.0.0.1",
    gwId: id,
    active: 2,
    ablilty: 0,
    encrypt: true,
    productKey: "vproduct",
    version,
  };
  return protocol.encodeAnnouncement(body, { format: "ecb", command: version === "3.4" ? 0x23 : 0x13 });
}

async function runScene({ name, junkPerSecond, junkSenders, junkFirst = false }) {
  const discovery = new discoveryModule.Discovery({ bind: "127.0.0.1", ports: [0], probe: [] });
  await discovery.open();
  const ids = Array.from({ length: DEVICES }, (_, i) => `device ${i}`);
  for (const id of ids.slice(0, DEVICES / 2)) discovery.watch(id, () => {});
  let events = 0;
  for (const event of ["found", "changed", "lost"]) discovery.on(event, () => events++);
  const announcements = ids.map((id, i) => announcement(id, i % 2 ? "3.3" : "3.4"));
  const flood = (ms, more = {}) =>
    floodModule.sendFlood({
      port: discovery.health().ports[0].port,
      announcements,
      announceEveryMs: 5_000,
      samples: announcements.slice(0, 20),
      junkPerSecond,
      junkSenders,
      ms,
      ...more,
    });
  if (junkFirst) await flood(2_000, { announcements: [] });
  else await flood(5_500, { junkPerSecond: 0 });
  const before = heap();
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const cpu = process.threadCpuUsage?.() ?? process.cpuUsage();
  const began = performance.now();
  const sent = await flood(SECONDS * 1_000);
  const spent = process.threadCpuUsage?.(cpu) ?? process.cpuUsage(cpu);
  const seconds = (performance.now() - began) / 1_000;
  delay.disable();
  const grown = heap() - before;
  const heard = ids.filter((id) => discovery.device(id)).length;
  const { ignored, devices } = discovery.health();
  await discovery.close();
  return {
    name,
    "datagrams/s": Math.round((sent.junk + sent.announcements) / seconds),
    "devices heard": heard,
    "ids kept": devices,
    events,
    "refused unread": ignored.flood ?? 0,
    "delay p50 ms": delay.percentile(50) / 1e6,
    "delay p99 ms": delay.percentile(99) / 1e6,
    "heap growth kB": Math.round(grown),
    "cpu %": (100 * (spent.user + spent.system)) / 1e6 / seconds,
  };
}

export async function run() {
  const rows = [];
  for (const scene of SCENES) rows.push(await runScene(scene));
  const all = (says, test) => ({ says, met: rows.every(test) });
  return {
    rows,
    bars: [
      all("half of all callbacks wait less than 20 ms, 99 % less than 100 ms", (row) => {
        return row["delay p50 ms"] < 20 && row["delay p99 ms"] < 100;
      }),
      all("the heap grows by less than 2 MB in ten seconds", (row) => row["heap growth kB"] < 2_048),
      all("at most 2,250 ids are kept: 2,000, and the watched ones", (row) => row["ids kept"] <= 2_250),
      // The kernel drops what does not fit into its buffer, whoever sent it.
      all("99 % of the devices are known in the end", (row) => row["devices heard"] >= 0.99 * DEVICES),
    ],
  };
}
