import assert from "node:assert/strict";
import { once } from "node:events";
import type { DeviceState } from "../../src/device/types";
import { TuyaError } from "../../src/errors";
import { type Client, clientOf, connect, settingsFor, Witness } from "../support/client";
import { assertNothingLeft, resources } from "../support/resources";
import { describeGenerations, OLD_AND_NEW, startGeneration } from "../support/generations";
import type { VirtualDevice } from "../../src/virtual/virtual-device";

/** Settles everything; each rejection has to be coded. */
async function assertSettled(promises: readonly Promise<unknown>[], codes: readonly string[]): Promise<void> {
  for (const outcome of await Promise.allSettled(promises)) {
    if (outcome.status === "fulfilled") continue;
    const error: unknown = outcome.reason;
    assert.ok(error instanceof TuyaError, String(error));
    assert.ok(codes.includes(error.code), `${error.code}: ${error.message}`);
  }
}

/** Requests of all kinds, most of them waiting for their turn. */
function manyRequests({ device }: Client): Promise<unknown>[] {
  return [
    device.query(),
    device.set({ "1": true }),
    device.set({ "2": 5 }, { confirm: "report" }),
    device.set({ "99": 5 }, { confirm: "report" }),
    device.set({ "2": 6 }),
    device.query(),
    device.refresh(),
    device.whenReady(3_000),
  ];
}

describeGenerations("a device that is wanted no more", OLD_AND_NEW, (generation) => {
  /** Moments in the life of a connection, and how to get there. */
  const moments: [string, (device: VirtualDevice, client: Client) => Promise<unknown>][] = [
    ["before anything", () => Promise.resolve()],
    ["during TCP connect", (_, client) => Promise.resolve(client.device.connect())],
    [
      "when TCP stands",
      (device, client) => {
        device.faults = { silent: true };
        client.device.connect();
        return client.reached("checking");
      },
    ],
    [
      "while it waits for the next attempt",
      async (device, client) => {
        await device.close();
        client.device.connect();
        await client.reached("waiting");
      },
    ],
    [
      "with the first query unanswered",
      async (device, client) => {
        device.faults = { ignoreQuery: true };
        client.device.connect();
        await once(device, "request");
      },
    ],
    [
      "with requests under way",
      async (device, client) => {
        client.device.connect();
        await client.reported("first values", ({ reason }) => reason === "initial");
        device.faults = { silent: true };
      },
    ],
    [
      "with a set acknowledged and not proven",
      async (device, client) => {
        client.device.connect();
        await client.reported("first values", ({ reason }) => reason === "initial");
        device.faults = { noReport: true, ignoreQuery: true };
      },
    ],
    [
      "while it is told to try again later",
      async (device, client) => {
        device.faults = { refuseQuery: true };
        client.device.connect();
        await client.reached("ready");
      },
    ],
  ];

  for (const [moment, reach] of moments) {
    it(`is closed ${moment}: everything ends, coded, and nothing is left`, async () => {
      const before = await resources();
      const device = await startGeneration(generation);
      const client = clientOf(device);
      const frames = client.watchFrames();
      await reach(device, client);
      const requests = manyRequests(client);
      const settled = assertSettled(requests, ["CLOSED", "OFFLINE", "TIMEOUT"]);
      await new Promise((resolve) => setImmediate(resolve));
      await client.device.close();
      assert.equal(device.clients <= 1, true);
      const { length } = frames;
      await settled;
      await client.device.close();
      assert.deepEqual(client.device.state, { kind: "closed" });
      assert.equal(client.kinds.filter((kind) => kind === "closed").length, 1);
      assert.equal(frames.length, length, "a frame after the end");
      await device.close();
      await assertNothingLeft(before);
      assert.deepEqual(client.logs.of("error"), []);
    });

    it(`is disconnected ${moment}, and comes back when it is told to`, async () => {
      const device = await startGeneration(generation);
      const client = clientOf(device);
      await reach(device, client);
      const settled = assertSettled(manyRequests(client), ["OFFLINE", "TIMEOUT"]);
      client.device.disconnect();
      assert.deepEqual(client.device.state, { kind: "idle" });
      const witness = new Witness(device, client);
      device.faults = {};
      if (moment === "while it waits for the next attempt") await device.listen();
      assert.deepEqual(client.device.state, { kind: "idle" });
      assert.equal(witness.connects, 0);
      client.forget();
      client.device.connect();
      await client.reached("ready");
      await client.reported("first values", ({ reason }) => reason === "initial");
      await settled;
      await client.device.set({ "2": 7 }, { confirm: "report" });
      assert.deepEqual(client.logs.of("error"), []);
    });

    it(`is reconnected ${moment}`, async () => {
      const device = await startGeneration(generation);
      const client = clientOf(device);
      await reach(device, client);
      const settled = assertSettled(manyRequests(client), ["OFFLINE", "TIMEOUT"]);
      device.faults = {};
      if (moment === "while it waits for the next attempt") await device.listen();
      client.forget();
      client.device.reconnect();
      await client.reached("ready");
      await client.reported("first values", ({ reason }) => reason === "initial");
      await settled;
      assert.equal(client.kinds.includes("waiting"), false);
      await client.until("one connection", () => device.clients === 1);
    });
  }

  it("does not find its own old place taken when it is reconnected", async () => {
    const device = await startGeneration(generation, { overrides: { clientLimit: 1, slotReleaseMs: 10 } });
    const client = await connect(device, { timings: { pauseMs: 150 } });
    const witness = new Witness(device);
    for (const again of ["reconnect", "connect"] as const) {
      client.forget();
      if (again === "connect") client.device.disconnect();
      client.device[again]();
      await client.reached("ready");
      assert.equal(client.kinds.includes("waiting"), false);
    }
    assert.equal(witness.rejects, 0);
  });

  it("is asked by whoever hears that it is ready, or that it is not", async () => {
    const device = await startGeneration(generation);
    const client = clientOf(device);
    const outcomes: Promise<string>[] = [];
    client.device.on("state", ({ kind }) => {
      const answered = (): string => `${kind}: answered`;
      const failed = (error: unknown): string => `${kind}: ${(error as TuyaError).code}`;
      outcomes.push(client.device.query().then(answered, failed));
    });
    client.device.connect();
    await client.reached("ready");
    await Promise.all(outcomes);
    client.device.disconnect();
    assert.deepEqual(await Promise.all(outcomes), [
      "connecting: OFFLINE",
      "checking: OFFLINE",
      "ready: answered",
      "idle: OFFLINE",
    ]);
  });

  for (const kind of ["connecting", "checking", "ready", "waiting"] as const) {
    for (const act of ["disconnect", "close", "reconnect"] as const) {
      it(`obeys a listener that says ${act} when it hears of ${kind}`, async () => {
        const before = await resources();
        const device = await startGeneration(generation);
        if (kind === "waiting") await device.close();
        const client = clientOf(device, { settings: { refreshSeconds: 1 } });
        const witness = new Witness(device, client);
        let closed: Promise<void> | undefined;
        const remove = client.device.on("state", (state) => {
          if (state.kind !== kind) return;
          remove();
          if (act === "close") closed = client.device.close();
          else client.device[act]();
        });
        const heard: string[] = [];
        client.device.on("state", (state) => heard.push(state.kind));
        client.device.connect();
        await client.until("the act", () => client.kinds.includes(kind));
        if (act === "reconnect") {
          if (kind === "waiting") await device.listen();
          await client.reached("ready");
          await client.until("one connection", () => device.clients === 1);
        } else {
          const expected: DeviceState = { kind: act === "close" ? "closed" : "idle" };
          assert.deepEqual(client.device.state, expected);
          assert.equal(heard.at(-1), expected.kind, "the last thing everybody heard is true");
          // Longer than the first wait between attempts.
          await new Promise((resolve) => setTimeout(resolve, 30));
          assert.deepEqual(client.device.state, expected);
          assert.ok(witness.connects <= 1);
          await client.until("no connection", () => device.clients === 0);
          await closed;
          await device.close();
          await assertNothingLeft(before);
        }
      });
    }
  }

  for (const [event, nth] of [
    ["report", 1],
    ["frame", 1],
    ["frame", 2],
    ["frame", 3],
    ["frame", 4],
    ["frame", 5],
  ] as const) {
    it(`obeys a listener that closes it on ${event} ${nth}`, async () => {
      const before = await resources();
      const device = await startGeneration(generation);
      const client = clientOf(device);
      const settled: Promise<void>[] = [];
      client.device.on("state", ({ kind }) => {
        if (kind === "ready") settled.push(assertSettled(manyRequests(client), ["CLOSED", "OFFLINE"]));
      });
      const closed = new Promise<void>((resolve) => {
        let count = 0;
        client.device.on(event, () => {
          if (++count !== nth) return;
          void client.device.close().then(resolve);
        });
      });
      client.device.connect();
      await closed;
      await Promise.all(settled);
      await device.close();
      await assertNothingLeft(before);
      assert.deepEqual(client.logs.of("error"), []);
    });
  }

  it("is not disturbed by listeners that throw", async () => {
    const device = await startGeneration(generation);
    const client = clientOf(device);
    for (const event of ["state", "report", "frame", "children"] as const) {
      client.device.on(event, () => {
        throw new Error(`${event} listener is broken`);
      });
    }
    client.device.connect();
    await client.reported("first values", ({ reason }) => reason === "initial");
    await client.device.set({ "2": 5 }, { confirm: "report" });
    assert.ok(client.logs.of("error").every((text) => text.includes("listener is broken")));
    assert.deepEqual(client.kinds, ["connecting", "checking", "ready"]);
  });

  it("takes other settings at any time", async () => {
    const device = await startGeneration(generation);
    const other = await startGeneration(generation, { dps: { "7": "other" } });
    const client = clientOf(device);
    client.device.configure(settingsFor(device, { name: "renamed while idle" }));
    assert.deepEqual(client.device.state, { kind: "idle" });
    client.device.connect();
    await client.reported("first values", ({ reason }) => reason === "initial");
    client.device.configure(settingsFor(other));
    await client.reported("values of the other", ({ dps }) => dps["7"] === "other");
    await client.until("the first to be left", () => device.clients === 0);
    await client.device.close();
    client.device.configure(settingsFor(device));
    assert.deepEqual(client.device.state, { kind: "closed" });
  });
});
