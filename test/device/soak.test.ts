import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { ERROR_CODES, TuyaError } from "../../src/errors";
import type { Faults } from "../../src/virtual/faults";
import type { VirtualDevice } from "../../src/virtual/virtual-device";
import { type Client, clientOf } from "../support/client";
import { GENERATIONS, startGeneration } from "../support/generations";
import { Random } from "../support/random";
import { assertNothingLeft, resources } from "../support/resources";

const DEVICES = 40;
const STEPS = 600;
const STEP_MS = 5;
const SEED = 20_260_101;

/** What goes wrong, one thing at a time. */
const FAULTS: readonly Faults[] = [
  { silent: true },
  { slowMs: 30 },
  { reset: 1 },
  { halfFrame: 1 },
  { coalesce: true, duplicateReport: true },
  { splitBytes: 7 },
  { garbage: 3 },
  { corrupt: 1 },
  { noAck: 2, noReport: 2 },
  { noHeartbeat: 5 },
  { refuseQuery: 2 },
  { emptyQuery: 1 },
  { ignoreQuery: 2 },
  { busy: 2 },
  { zeroSessionKey: 1 },
  { earlyReport: true },
  { sequence: 0xaa55 },
  {},
];

interface Pair {
  readonly device: VirtualDevice;
  readonly client: Client;
  reboot: Promise<void>;
}

/** Asks, and accepts every answer that is one: a value, or a coded error. */
async function ask(request: Promise<unknown>, codes: Map<string, number>): Promise<void> {
  const code = await request.then(
    () => "done",
    (error: unknown) => (error instanceof TuyaError ? error.code : `no code: ${String(error)}`),
  );
  codes.set(code, (codes.get(code) ?? 0) + 1);
}

async function start(index: number): Promise<Pair> {
  const generation = GENERATIONS[index % GENERATIONS.length]!;
  const device = await startGeneration(generation, { seed: index });
  const client = clientOf(device, {
    // Every third finds the version by itself, told by an announcement as in life: those that prove the key when asked.
    settings: index % 3 === 0 && generation.provesKey ? { version: "auto", ip: "" } : {},
    random: () => (index % 10) / 10,
    timings: {
      negotiationTimeoutMs: 150,
      replyTimeoutMs: 150,
      heartbeatIntervalMs: 100,
      deadAfterMs: 300,
      stalledFrameMs: 100,
      hopelessBackoffMs: 100,
      settleMs: 30,
    },
  });
  client.device.connect();
  client.device.heard({ ip: device.host, version: device.version });
  return { device, client, reboot: Promise.resolve() };
}

/** One thing that happens to a device or is asked of it. */
function act(pair: Pair, random: Random, codes: Map<string, number>): Promise<void> | undefined {
  const { device, client } = pair;
  switch (random.below(12)) {
    case 0:
    case 1:
    case 2:
      device.faults = random.pick(FAULTS);
      return undefined;
    case 3:
      pair.reboot = pair.reboot.then(() => device.reboot(random.between(1, 120)));
      return pair.reboot;
    case 4:
    case 5:
      device.set({ "2": random.below(1_000) });
      return undefined;
    case 6:
    case 7:
      return ask(client.device.set({ "2": random.below(1_000) }), codes);
    case 8:
      return ask(client.device.set({ "1": random.chance(0.5) }, { confirm: "report" }), codes);
    case 9:
      return ask(client.device.query(), codes);
    case 10:
      client.device.heard({ ip: device.host, version: device.version });
      return undefined;
    default:
      client.device[random.pick(["disconnect", "reconnect", "connect"] as const)]();
      return undefined;
  }
}

describe("forty devices of all generations in a bad network", () => {
  it("are all connected when the network is good again; every request had an answer, and nothing is left", async () => {
    const before = await resources();
    const random = new Random(SEED);
    const codes = new Map<string, number>();
    const pairs = await Promise.all(Array.from({ length: DEVICES }, (_, index) => start(index)));
    const pending: Promise<void>[] = [];
    for (let step = 0; step < STEPS; step++) {
      const result = act(random.pick(pairs), random, codes);
      if (result) pending.push(result);
      await sleep(STEP_MS);
    }

    for (const { device, client } of pairs) {
      device.faults = {};
      client.device.connect();
    }
    await Promise.all(pending);
    for (const { device, client } of pairs) {
      await client.until("the connection", () => {
        const { state } = client.device;
        return state.kind === "ready" && device.clients === 1;
      });
      await client.device.set({ "2": 4_711 }).catch(() => client.reached("ready"));
      assert.deepEqual(await client.device.query(), device.values(), device.version);
      assert.deepEqual(client.logs.of("error"), []);
    }

    for (const code of codes.keys())
      assert.ok(code === "done" || (ERROR_CODES as readonly string[]).includes(code), code);
    assert.ok((codes.get("done") ?? 0) > 30, JSON.stringify([...codes]));
    await Promise.all(pairs.map(({ client }) => client.device.close()));
    await Promise.all(pairs.map(({ device }) => device.close()));
    await assertNothingLeft(before);
  });
});
