/*
 * A command and its answer on loopback, with a virtual device in another process: ours, tuyapi's, and that of a client that
 * does nothing but move the bytes. Besides, a bare echo of as many bytes over the same kind of socket. A command is done
 * when the device reports the value back, which is what tuyapi waits for; "ack" is done at the acknowledgement.
 *
 * Most of a round trip is spent in the kernel and in the device, whoever asks. So the clients are compared by what they
 * take longer than the bare one.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { performance } from "node:perf_hooks";
import TuyAPI from "tuyapi";
import { Device } from "../dist/src/device/device.js";
import { connectBare } from "./bare-client.mjs";
import { countGiveUps } from "./tuyapi-faults.mjs";

const VERSIONS = ["3.3", "3.4", "3.5"];
const KEY = `7{O<&"$M}N0z/'|q`;
const WARM_UP = 500;
const ROUNDS = 30;
/** Commands of each contestant in a round. */
const COMMANDS = 60;

/** At most one so-manieth of what tuyapi adds to a round trip; the 99th percentile at most so many times that of the echo. */
const BARS = { tuyapi: 2, echo: 3 };

function percentile(values, share) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

/** A process of its own, which ends with ours. */
async function startProcess(order) {
  const child = fork(new URL("./device-process.mjs", import.meta.url), { serialization: "advanced" });
  child.send(order);
  const [answer] = await once(child, "message");
  return { ...answer, end: () => child.disconnect() };
}

async function connectOurs({ id, version, port }) {
  const device = new Device({ deviceId: id, localKey: KEY, ip: "127.0.0.1", port, version });
  device.connect();
  await device.whenReady(5_000);
  await device.query();
  let value = 0;
  return {
    report: () => device.set({ 2: ++value }, { confirm: "report" }),
    ack: () => device.set({ 2: ++value }),
    close: () => device.close(),
    device,
  };
}

async function connectTuyapi({ id, version, port }) {
  const device = new TuyAPI({ id, key: KEY, ip: "127.0.0.1", port, version, issueGetOnConnect: false });
  device.on("error", () => {});
  const giveUps = countGiveUps();
  await device.connect();
  let value = 0;
  return {
    set: () => device.set({ dps: 2, set: --value }).catch(giveUps.note),
    giveUps,
    close() {
      device.disconnect();
      giveUps.stop();
    },
  };
}

async function connectEcho(port, { requestBytes, replyBytes }) {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  await once(socket, "connect");
  const request = Buffer.alloc(requestBytes, 0x66);
  let received = 0;
  let done = () => {};
  socket.on("data", (chunk) => {
    received += chunk.length;
    if (received < replyBytes) return;
    received = 0;
    done();
  });
  return {
    trip: () =>
      new Promise((resolve) => {
        done = resolve;
        socket.write(request);
      }),
    close: () => socket.destroy(),
  };
}

/** How many bytes a set and what comes back of it have. */
async function sizesOf({ device, report }) {
  let [requestBytes, replyBytes] = [0, 0];
  const remove = device.on("frame", ({ direction, raw }) => {
    if (direction === "out") requestBytes += raw.length;
    else replyBytes += raw.length;
  });
  await report();
  await new Promise((resolve) => setTimeout(resolve, 50));
  remove();
  return { requestBytes, replyBytes };
}

/** Milliseconds each trip took, contestants in turn, round after round. */
async function race(contestants) {
  const names = Object.keys(contestants);
  for (const name of names) for (let i = 0; i < WARM_UP; i++) await contestants[name]();
  const times = Object.fromEntries(names.map((name) => [name, []]));
  const rounds = [];
  for (let round = 0; round < ROUNDS; round++) {
    const medians = {};
    for (let turn = 0; turn < names.length; turn++) {
      const name = names[(round + turn) % names.length];
      const taken = [];
      for (let i = 0; i < COMMANDS; i++) {
        const start = performance.now();
        await contestants[name]();
        taken.push(performance.now() - start);
      }
      times[name].push(...taken);
      medians[name] = percentile(taken, 0.5);
    }
    rounds.push(medians);
  }
  return { times, median: (of) => percentile(rounds.map(of), 0.5) };
}

export async function run() {
  const rows = [];
  const bars = [];
  for (const version of VERSIONS) {
    const { devices, end } = await startProcess({
      devices: { count: 3, versions: [version], localKey: KEY, overrides: { sequencesSwapped: 0 } },
    });
    const ours = await connectOurs(devices[0]);
    const tuyapi = await connectTuyapi(devices[1]);
    const trips = WARM_UP + ROUNDS * COMMANDS;
    const bare = await connectBare({ ...devices[2], localKey: KEY, trips });
    const sizes = await sizesOf(ours);
    const echoProcess = await startProcess({ echo: sizes });
    const echo = await connectEcho(echoProcess.echoPort, sizes);

    const { times, median } = await race({
      ours: ours.report,
      ack: ours.ack,
      tuyapi: tuyapi.set,
      bare: bare.trip,
      echo: echo.trip,
    });
    for (const [name, taken] of Object.entries(times)) {
      rows.push({
        version,
        who: name,
        "median µs": Math.round(percentile(taken, 0.5) * 1e3),
        "p99 µs": Math.round(percentile(taken, 0.99) * 1e3),
        "given up": name === "tuyapi" ? tuyapi.giveUps.count : 0,
        bytes: `${sizes.requestBytes} + ${sizes.replyBytes}`,
      });
    }
    const added = median(({ ours, tuyapi, bare }) => (tuyapi - bare) / Math.max(ours - bare, 1e-6));
    const whole = median(({ ours, tuyapi }) => tuyapi / ours);
    const slower = percentile(times.ours, 0.99) / percentile(times.echo, 0.99);
    bars.push(
      {
        says: `${version}: tuyapi adds ${added.toFixed(2)} times as much as we do (at least ${BARS.tuyapi}); the whole takes it ${whole.toFixed(2)} times as long`,
        met: added >= BARS.tuyapi,
      },
      {
        says: `${version}: p99 ${slower.toFixed(2)} times that of a bare echo (at most ${BARS.echo})`,
        met: slower <= BARS.echo,
      },
    );
    await ours.close();
    tuyapi.close();
    bare.close();
    echo.close();
    end();
    echoProcess.end();
  }
  return { rows, bars };
}
