import assert from "node:assert/strict";
import { mock } from "node:test";
import { CommandRunner, type CommandRunnerOptions } from "../../../nodes/tuya-out/command-runner";
import type { DeviceLink } from "../../../nodes/link/device-link";
import { DirectLink } from "../../../nodes/link/direct-link";
import { parseDataPoints } from "../../../src/datapoints/datapoint";
import { DataPointMap } from "../../../src/datapoints/datapoint-map";
import { lostError, offlineError } from "../../../src/session/failure";
import { TuyaError } from "../../../src/errors";
import { SILENT } from "../../../src/logger";
import { FakeDevice, FakeRegistry, READY, waiting } from "../../support/fake-device";

const ID = "lamp0000000000000001";
const NAMES = new DataPointMap(
  parseDataPoints([
    { dp: "20", code: "switch_led", type: "Boolean" },
    { dp: "22", code: "bright_value", type: "Integer", scale: 1 },
  ]).dataPoints,
);

let registry: FakeRegistry;
let fake: FakeDevice;
let link: DeviceLink | undefined;
let queued: number[];
let warnings: string[] = [];

function newLink(): DirectLink {
  const profile = { name: "Lamp", deviceId: ID, cid: undefined, dataPoints: NAMES };
  const settings = { deviceId: ID, localKey: "", ip: "192.0.2.7", version: "auto" } as const;
  const result = new DirectLink(profile, settings, registry.acquire, SILENT);
  result.register({ id: "user" });
  return result;
}

beforeEach(() => {
  registry = new FakeRegistry();
  fake = registry.device(ID);
  fake.state = READY;
  link = newLink();
  queued = [];
  warnings = [];
});

function runner(options: Partial<CommandRunnerOptions> = {}): CommandRunner {
  return new CommandRunner({
    link: () => link,
    chosen: "",
    confirm: "ack",
    queueMs: undefined,
    warn: (sentence) => warnings.push(sentence),
    queued: (count) => queued.push(count),
    ...options,
  });
}

function offline(): void {
  fake.onSet = () => Promise.reject(offlineError("Lamp"));
  fake.enter(waiting("UNREACHABLE", "No way."));
}

function online(): void {
  fake.onSet = (dps) => Promise.resolve({ confirmed: dps });
  fake.enter(READY);
}

const tick = () => new Promise((resolve) => setImmediate(resolve));

describe("CommandRunner", () => {
  it("reads a message once, and sends it at once, where nothing stands in its way", async () => {
    let looked = 0;
    const lookUp = (): DeviceLink | undefined => {
      looked++;
      return link;
    };
    const outcome = runner({ link: lookUp }).run({ payload: { switch_led: true } });
    assert.equal(fake.callsOf("set").length, 1);
    await outcome;
    assert.equal(looked, 1);
  });

  it("sets, and tells what was sent and confirmed, and how long it took", async () => {
    fake.onSet = () => Promise.resolve({ confirmed: { "20": true } });
    const { tuya, payload } = await runner({ confirm: "report" }).run({
      payload: { switch_led: true, bright_value: 5 },
    });
    assert.deepEqual(fake.callsOf("set"), [
      [
        { "20": true, "22": 50 },
        { cid: undefined, confirm: "report" },
      ],
    ]);
    const { ms, ...rest } = tuya;
    assert.deepEqual(rest, {
      deviceId: ID,
      name: "Lamp",
      dps: { "20": true, "22": 50 },
      confirmed: { "20": true },
    });
    assert.ok(Number.isInteger(ms));
    assert.equal(payload, undefined);
  });

  it("queries, and gives the values by name", async () => {
    fake.known.set("", { "20": true, "22": 505, "101": "x" });
    const { tuya, payload } = await runner().run({ operation: "query" });
    assert.deepEqual(payload, { switch_led: true, bright_value: 50.5, "101": "x" });
    assert.deepEqual(tuya["dps"], { "20": true, "22": 505, "101": "x" });
  });

  it("queries a sub-device, whose names it does not know", async () => {
    fake.known.set("abc", { "20": 5 });
    const { tuya, payload } = await runner().run({ payload: { operation: "GET", cid: "abc" } });
    assert.deepEqual(payload, { "20": 5 });
    assert.equal(tuya["cid"], "abc");
  });

  it("refreshes and disconnects", async () => {
    await runner().run({ operation: "refresh", payload: [18] });
    await runner().run({ operation: "disconnect" });
    assert.deepEqual(fake.callsOf("refresh"), [[[18], undefined]]);
    assert.equal(fake.callsOf("disconnect").length, 1);
  });

  it("reconnects, and is done when the device is connected again", async () => {
    let done = false;
    const running = runner()
      .run({ operation: "reconnect" })
      .then(() => (done = true));
    await tick();
    assert.equal(done, false);
    fake.enter(READY);
    await running;
  });

  it("does nothing for another package's tuning knobs, and is done", async () => {
    const { tuya } = await runner().run({
      payload: { operation: "CONTROL", action: "SET_FIND_TIMEOUT", value: 1 },
    });
    assert.equal(tuya["deviceId"], ID);
    assert.deepEqual(fake.calls, [["connect"]]);
    assert.equal(warnings.length, 1);
    assert.match(warnings[0] ?? "", /^SET_FIND_TIMEOUT has no effect here/);
  });

  it("hands an event mode to those who listen for it, and says so where nobody does", async () => {
    const msg = { payload: { operation: "CONTROL", action: "SET_EVENT_MODE", value: "event-data" } };
    offline();
    await runner().run(msg);
    assert.deepEqual(warnings, [
      "SET_EVENT_MODE has no effect: no tuya-in of Lamp has the output of tuya-smart-device.",
    ]);
    const heard: string[] = [];
    link?.on("eventMode", (mode) => heard.push(mode));
    await runner().run(msg);
    assert.deepEqual(heard, ["event-data"]);
    assert.equal(warnings.length, 1);
  });

  it("toggles by the last known value", async () => {
    fake.known.set("", { "20": true });
    await runner().run({ payload: "toggle" });
    assert.deepEqual(fake.callsOf("set")[0]?.[0], { "20": false });
  });

  it("asks for a value it does not know before it toggles", async () => {
    fake.onQuery = () => {
      fake.known.set("", { "20": true });
      return Promise.resolve({ "20": true });
    };
    await runner().run({ payload: "toggle" });
    assert.deepEqual(fake.callsOf("set")[0]?.[0], { "20": false });
  });

  it("changes from what is under way", async () => {
    fake.known.set("", { "20": true, "22": 500 });
    fake.underWay.set("", { "20": false, "22": 505 });
    const { run } = bound(runner());
    await run({ payload: "toggle" });
    await run({ payload: { bright_value: "+0.5" } });
    assert.deepEqual(
      fake.callsOf("set").map(([dps]) => dps),
      [{ "20": true }, { "22": 510 }],
    );
    assert.deepEqual(fake.callsOf("query"), []);
  });

  it("reads a value that is not certain before it changes it, and only then", async () => {
    for (const [payload, before, now, dps] of [
      ["toggle", { "20": true }, { "20": false }, { "20": true }],
      [{ bright_value: "+0.5" }, { "22": 500 }, { "22": 100 }, { "22": 105 }],
      [{ brightness: "+10" }, { "22": 500 }, { "22": 100 }, { "22": 200 }],
    ] as const) {
      registry = new FakeRegistry();
      fake = registry.device(ID);
      fake.state = READY;
      link = newLink();
      fake.known.set("", before);
      fake.isSure = () => false;
      fake.onQuery = () => {
        fake.known.set("", now);
        return Promise.resolve(now);
      };
      const { run } = bound(runner());
      await run({ payload: { "20": true } });
      await run({ payload: { bright_value: 70 } });
      assert.deepEqual(fake.callsOf("query"), []);
      await run({ payload });
      assert.equal(fake.callsOf("query").length, 1);
      assert.deepEqual(fake.callsOf("set").at(-1)?.[0], dps);
    }
  });

  it("changes from the last known value where the device cannot be read", async () => {
    fake.known.set("", { "20": true });
    fake.isSure = () => false;
    fake.onQuery = () => Promise.reject(new TuyaError("TIMEOUT", "No answer."));
    await runner().run({ payload: "toggle" });
    assert.deepEqual(fake.callsOf("set")[0]?.[0], { "20": false });
  });

  it("keeps the order while a message has the device read first", async () => {
    fake.known.set("", { "20": true });
    fake.isSure = () => false;
    let answer = (): void => undefined;
    fake.onQuery = () => new Promise((resolve) => (answer = () => resolve({})));
    const { run } = bound(runner());
    const all = [run({ payload: "toggle" }), run({ payload: true }), run({ operation: "refresh" })];
    await tick();
    assert.deepEqual(fake.callsOf("set"), []);
    await run({ operation: "connect" });
    answer();
    await Promise.all(all);
    assert.deepEqual(
      fake.calls.filter(([name]) => name !== "connect").map(([name, dps]) => [name, dps]),
      [
        ["query", undefined],
        ["set", { "20": false }],
        ["set", { "20": true }],
        ["refresh", undefined],
      ],
    );
  });

  it("does not wait for the outcome of an earlier message", async () => {
    fake.onSet = () => new Promise(() => undefined);
    const { run } = bound(runner());
    void run({ payload: true }).catch(() => undefined);
    void run({ payload: false }).catch(() => undefined);
    await tick();
    assert.equal(fake.callsOf("set").length, 2);
  });

  it("does not toggle what the device does not tell", async () => {
    for (const onQuery of [() => Promise.resolve({}), () => Promise.reject(new TuyaError("TIMEOUT", "x"))]) {
      fake.onQuery = onQuery;
      await assert.rejects(runner().run({ payload: "toggle" }), { code: "BAD_INPUT" });
    }
    assert.deepEqual(fake.callsOf("set"), []);
  });

  it("fails with what the device says", async () => {
    fake.onSet = () => Promise.reject(new TuyaError("REJECTED", "No."));
    await assert.rejects(runner().run({ payload: true }), { code: "REJECTED", message: "No." });
  });

  it("fails without a device", async () => {
    link = undefined;
    await assert.rejects(runner().run({ payload: true }), {
      code: "NOT_CONFIGURED",
      message: /No device is chosen/,
    });
  });

  it("fails at once where the device is not connected, and says why", async () => {
    offline();
    await assert.rejects(runner().run({ payload: true }), {
      code: "OFFLINE",
      message: /^Lamp is not connected.*No way/,
    });
    await assert.rejects(runner().run({ operation: "query" }), { code: "OFFLINE" });
    await assert.rejects(runner().run({ payload: "toggle" }), { code: "OFFLINE" });
    fake.enter(waiting("WRONG_KEY"));
    await assert.rejects(runner().run({ payload: true }), { code: "WRONG_KEY" });
    assert.deepEqual(fake.callsOf("set"), []);
  });

  it("names a mistake in the message before the missing connection", async () => {
    offline();
    await assert.rejects(runner().run({ payload: { nonsense: 1 } }), { code: "BAD_INPUT" });
    await assert.rejects(runner({ queueMs: 5000 }).run({ payload: { nonsense: 1 } }), { code: "BAD_INPUT" });
  });
});

describe("CommandRunner with a queue", () => {
  it("waits for the device, in order, and counts who waits", async () => {
    offline();
    const { run } = bound(runner({ queueMs: 5000 }));
    const first = run({ payload: { bright_value: 1 } });
    const second = run({ payload: { bright_value: 2 } });
    await tick();
    assert.deepEqual(queued, [1, 2]);
    online();
    await Promise.all([first, second]);
    assert.deepEqual(
      fake.callsOf("set").map(([dps]) => dps),
      [{ "22": 10 }, { "22": 20 }],
    );
    assert.equal(queued.at(-1), 0);
  });

  it("reads the message anew when the device is there: what it toggles may have changed meanwhile", async () => {
    offline();
    const running = runner({ queueMs: 5000 }).run({ payload: "toggle" });
    await tick();
    fake.known.set("", { "20": false });
    online();
    await running;
    assert.deepEqual(fake.callsOf("set")[0]?.[0], { "20": true });
  });

  it("waits again where the connection ended before anything was sent, and never where something was", async () => {
    const { run } = bound(runner({ queueMs: 5000 }));
    for (const [error, times] of [
      [offlineError("Lamp"), 2],
      [lostError("Lamp", new TuyaError("OFFLINE", "Closed.")), 1],
    ] as const) {
      fake.calls.length = 0;
      fake.onSet = () => {
        offline();
        return Promise.reject(error);
      };
      const outcome = run({ payload: true }).then(
        () => "done",
        () => "failed",
      );
      await tick();
      online();
      assert.equal(await outcome, times === 2 ? "done" : "failed");
      assert.equal(fake.callsOf("set").length, times);
    }
  });

  it("fails where nothing was sent although the device is there", async () => {
    fake.onSet = () => Promise.reject(offlineError("Lamp"));
    await assert.rejects(runner({ queueMs: 5000 }).run({ payload: true }), { code: "OFFLINE" });
    assert.equal(fake.callsOf("set").length, 1);
  });

  it("reads first what a message that waited changes", async () => {
    fake.known.set("", { "20": true });
    offline();
    fake.isSure = () => false;
    fake.onQuery = () => {
      fake.known.set("", { "20": false });
      return Promise.resolve({});
    };
    const { run } = bound(runner({ queueMs: 5000 }));
    const all = [run({ payload: "toggle" }), run({ payload: { bright_value: 5 } })];
    await tick();
    online();
    await Promise.all(all);
    assert.deepEqual(
      fake.callsOf("set").map(([dps]) => dps),
      [{ "20": true }, { "22": 50 }],
    );
  });

  it("gives up after its time, and says why", async () => {
    offline();
    mock.timers.enable({ apis: ["setTimeout"] });
    try {
      const running = runner({ queueMs: 5000 }).run({ payload: true });
      const outcome = assert.rejects(running, { code: "OFFLINE", message: /Lamp is not connected.*No way/ });
      mock.timers.tick(5000);
      await outcome;
    } finally {
      mock.timers.reset();
    }
    assert.equal(queued.at(-1), 0);
    online();
    await tick();
    assert.deepEqual(fake.callsOf("set"), []);
  });

  it("answers with a cause only a human can mend, when the time is over", async () => {
    fake.enter(waiting("WRONG_KEY"));
    await assert.rejects(runner({ queueMs: 5 }).run({ payload: true }), { code: "WRONG_KEY" });
  });

  it("does not wait for what never comes", async () => {
    const profile = { name: "Lamp", deviceId: "", cid: undefined, dataPoints: NAMES };
    link = new DirectLink(profile, new TuyaError("NOT_CONFIGURED", "No key."), registry.acquire, SILENT);
    link.register({ id: "user" });
    await assert.rejects(runner({ queueMs: 60_000 }).run({ payload: true }), { code: "NOT_CONFIGURED" });
    link = undefined;
    await assert.rejects(runner({ queueMs: 60_000 }).run({ payload: true }), { code: "NOT_CONFIGURED" });
    assert.deepEqual(queued, []);
  });

  it("fails what waits when the node closes, and sends nothing afterwards", async () => {
    offline();
    const closing = runner({ queueMs: 60_000 });
    const outcomes = [closing.run({ payload: true }), closing.run({ payload: false })].map((run) =>
      assert.rejects(run, { code: "CLOSED" }),
    );
    await tick();
    closing.close();
    await Promise.all(outcomes);
    online();
    await tick();
    assert.deepEqual(fake.callsOf("set"), []);
    assert.equal(queued.at(-1), 0);
  });

  it("fails what waits when the device's node closes", async () => {
    offline();
    const outcome = assert.rejects(runner({ queueMs: 60_000 }).run({ payload: true }), { code: "CLOSED" });
    await tick();
    await link?.close();
    await outcome;
  });

  it("drops the oldest of a thousand", async () => {
    offline();
    const { run } = bound(runner({ queueMs: 60_000 }));
    const outcomes = Array.from({ length: 1002 }, (_, n) =>
      run({ payload: { "22": n } }).then(
        () => "sent",
        (error: unknown) => (error instanceof TuyaError ? `${error.code} ${error.message}` : "?"),
      ),
    );
    assert.match((await outcomes[0]) ?? "", /^OFFLINE .*1000 newer ones/);
    await outcomes[1];
    online();
    const rest = await Promise.all(outcomes.slice(2));
    assert.equal(rest.length, 1000);
    assert.ok(rest.every((outcome) => outcome === "sent"));
    assert.deepEqual(fake.callsOf("set").at(-1)?.[0], { "22": 10010 });
  });
});

describe("CommandRunner when its node closes", () => {
  it("fails what was sent and is not confirmed yet", async () => {
    fake.onSet = () => new Promise(() => undefined);
    const closing = runner();
    const outcome = assert.rejects(closing.run({ payload: true }), {
      code: "CLOSED",
      message: /^Lamp was stopped/,
    });
    await tick();
    closing.close();
    await outcome;
  });

  it("sends nothing that was still being read", async () => {
    fake.known.set("", { "20": true });
    fake.isSure = () => false;
    let answer = (): void => undefined;
    fake.onQuery = () => new Promise((resolve) => (answer = () => resolve({})));
    const closing = runner();
    const outcomes = [{ payload: "toggle" }, { payload: true }].map((msg) =>
      assert.rejects(closing.run(msg), { code: "CLOSED" }),
    );
    await tick();
    closing.close();
    await Promise.all(outcomes);
    answer();
    await tick();
    assert.deepEqual(fake.callsOf("set"), []);
  });

  it("takes nothing any more", async () => {
    const closed = runner();
    closed.close();
    await assert.rejects(closed.run({ payload: true }), { code: "CLOSED" });
    assert.deepEqual(fake.callsOf("set"), []);
  });
});

function bound(instance: CommandRunner): { run: CommandRunner["run"] } {
  return { run: (msg) => instance.run(msg) };
}
