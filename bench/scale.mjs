/*
 * A thousand devices in one process: how long until all are connected and read, what memory each takes, and what they cost
 * while nothing happens but heartbeats. The devices are virtual and in another process. On loopback.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { Device } from "../dist/src/device/device.js";

const KEY = `7{O<&"$M}N0z/'|q`;
const VERSIONS = ["3.3", "3.4", "3.5"];
const SIZES = [250, 1_000];
/** Two heartbeats of every device, and some more. */
const IDLE_SECONDS = 20;

/** Of the largest size; the cost of one device in a thousand at most so many times that of one in 250. */
const BARS = { connectedMs: 5_000, kilobytes: 60, idlePercent: 2, growth: 1.5 };

setFlagsFromString("--expose_gc");
const collectGarbage = runInNewContext("gc");

/** Kilobytes: of the JavaScript heap and what hangs on it, and of the whole process. */
async function memory() {
  for (let i = 0; i < 4; i++) {
    collectGarbage();
    await sleep(50);
  }
  const { heapUsed, external, rss } = process.memoryUsage();
  return { used: (heapUsed + external) / 1024, rss: rss / 1024 };
}

/** Milliseconds of CPU this process has used since `before`. */
function cpuSince(before) {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

/** Share of a core in use, in percent. */
async function cpuPercent(seconds) {
  const [start, before] = [performance.now(), process.cpuUsage()];
  await sleep(seconds * 1_000);
  return (cpuSince(before) / (performance.now() - start)) * 100;
}

async function measure(count) {
  const child = fork(new URL("./device-process.mjs", import.meta.url), { serialization: "advanced" });
  child.send({ devices: { count, versions: VERSIONS, localKey: KEY } });
  const [{ devices: places }] = await once(child, "message");
  const idleBefore = await cpuPercent(1);
  const before = await memory();

  const [start, cpuBefore] = [performance.now(), process.cpuUsage()];
  let reports = 0;
  let done = () => {};
  const allRead = new Promise((resolve) => (done = resolve));
  const devices = places.map(({ id, version, port }) => {
    const device = new Device({ deviceId: id, localKey: KEY, ip: "127.0.0.1", port, version });
    const remove = device.on("report", () => {
      remove();
      if (++reports === count) done();
    });
    device.connect();
    return device;
  });
  await Promise.all(devices.map((device) => device.whenReady(60_000)));
  const connectedMs = performance.now() - start;
  await allRead;
  const readMs = performance.now() - start;
  const cpuMs = cpuSince(cpuBefore);

  const after = await memory();
  const idle = await cpuPercent(IDLE_SECONDS);
  const isReady = devices.every(({ state }) => state.kind === "ready");
  await Promise.all(devices.map((device) => device.close()));
  child.disconnect();
  return {
    devices: count,
    "connected ms": Math.round(connectedMs),
    "read ms": Math.round(readMs),
    "CPU ms each": cpuMs / count,
    "kB each": (after.used - before.used) / count,
    "kB each, resident": (after.rss - before.rss) / count,
    "idle CPU %": idle - idleBefore,
    "still connected": isReady ? "all" : "not all",
  };
}

export async function run() {
  // What is loaded and compiled with the first devices is not theirs.
  await measure(50);
  const rows = [];
  for (const count of SIZES) rows.push(await measure(count));
  const last = rows.at(-1);
  // By the clock it would be the growth of the devices' process as well.
  const growth = Math.max(...["CPU ms each", "kB each"].map((column) => last[column] / rows[0][column]));
  return {
    rows,
    bars: [
      {
        says: `${last.devices} devices connected within ${last["connected ms"]} ms (at most ${BARS.connectedMs})`,
        met: last["connected ms"] <= BARS.connectedMs,
      },
      {
        says: `${last["kB each"].toFixed(1)} kB each (at most ${BARS.kilobytes})`,
        met: last["kB each"] <= BARS.kilobytes,
      },
      {
        says: `${last["idle CPU %"].toFixed(2)} % of a core while idle (at most ${BARS.idlePercent}), all still connected`,
        met: last["idle CPU %"] <= BARS.idlePercent && last["still connected"] === "all",
      },
      {
        says: `one of ${last.devices} costs ${growth.toFixed(2)} times as much as one of ${SIZES[0]} (at most ${BARS.growth})`,
        met: growth <= BARS.growth,
      },
    ],
  };
}
