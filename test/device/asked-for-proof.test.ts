import assert from "node:assert/strict";
import { Command } from "../../src/protocol/command";
import { Client, clientOf, connect, settingsFor, Witness } from "../support/client";
import { build55aa, uint32 } from "../support/build";
import { type Habit, Liar, type SeenFrame } from "../support/liar";
import { DEVICE_ID, LOCAL_KEY, startDevice } from "../support/virtual";

const CONTROL = 7;
const STATUS = 8;
const QUERY = 10;
const OTHER_KEY = "kV3tWq8ZrX1nLp5e";

/** What is waited for in vain is long enough to be told from an answer. */
const TIMINGS = { negotiationTimeoutMs: 200, replyTimeoutMs: 400, reportTimeoutMs: 250, settleMs: 20 };

/** Commands that can be read, as a 3.2 device gets them. */
const CONTROLS = [Command.CONTROL, Command.CONTROL_NEW];

function reply({ sequence, command }: SeenFrame, text: string): Buffer {
  return build55aa(sequence, command, Buffer.concat([uint32(0), Buffer.from(text)]));
}

/** A liar who is read in clear, and does something about what he is asked to prove the key with. */
function asked(answer: (question: SeenFrame) => ReturnType<Habit["answer"]>): Habit {
  return {
    answer: (frame) =>
      frame.command === QUERY
        ? [reply(frame, JSON.stringify({ devId: DEVICE_ID, dps: { "1": true } }))]
        : frame.command === CONTROL
          ? answer(frame)
          : [reply(frame, "")],
  };
}

/** A client of whoever is at that address. */
function clientAt({ host, port }: Liar, version: "auto" | "3.2"): Client {
  const settings = { deviceId: DEVICE_ID, name: "Lamp", localKey: LOCAL_KEY, ip: host, port, version };
  const client = new Client(settings, { timings: { ...TIMINGS, backoffMs: [300] } });
  client.device.connect();
  return client;
}

describe("a 3.2 device, which answers in clear", () => {
  it("is asked for the present value of a switch, which proves the key and changes nothing", async () => {
    const device = await startDevice("3.2", { dps: { "2": 7, "5": true, "1": false } });
    const witness = new Witness(device);
    const client = await connect(device, { timings: TIMINGS });
    assert.deepEqual(client.kinds, ["connecting", "checking", "ready"]);
    const { state } = client.device;
    assert.ok(state.kind === "ready" && state.keyProven);
    await client.reported("what it was asked for", ({ reason }) => reason === "reply");
    const bodies = witness
      .payloads(...CONTROLS)
      .map((text) => JSON.parse(text) as { uid: string; dps: object });
    assert.deepEqual(
      bodies.map(({ uid, dps }) => [uid, dps]),
      [[DEVICE_ID, { "1": null }]],
    );
    assert.deepEqual(device.values(), { "2": 7, "5": true, "1": false });
    assert.deepEqual(witness.sets, []);
    assert.equal(client.reports.filter(({ reason }) => reason === "push").length, 0);
    assert.deepEqual(await client.device.set({ "2": 8 }), { confirmed: {} });
  });

  it("is found by auto without an announcement and without a word of trouble, and obeys the first command", async () => {
    const device = await startDevice("3.2");
    const client = clientOf(device, { settings: { version: "auto" }, timings: TIMINGS });
    const frames = client.watchFrames();
    client.device.connect();
    await client.reached("ready");
    assert.deepEqual(await client.device.set({ "1": true }, { confirm: "report" }), {
      confirmed: { "1": true },
    });
    assert.equal(device.values()["1"], true);
    const kinds = new Set(client.kinds);
    assert.deepEqual([...kinds], ["connecting", "checking", "ready"]);
    assert.ok(client.states.every((state) => state.kind !== "ready" || state.keyProven));
    for (const level of ["error", "warn"] as const) assert.deepEqual(client.logs.of(level), []);
    assert.ok(frames.length > 0);
  });

  it("is sent a command that is given while it is asked, once it has proved the key", async () => {
    const device = await startDevice("3.2", { faults: { slowMs: 30 } });
    const client = clientOf(device, { settings: { version: "auto" }, timings: TIMINGS });
    let set: Promise<unknown> | undefined;
    let askedIn = "";
    client.device.on("frame", ({ direction, command }) => {
      if (direction !== "out" || command !== CONTROL || set) return;
      askedIn = client.device.state.kind;
      set = client.device.set({ "2": 5 }, { confirm: "report" });
    });
    client.device.heard({ ip: device.host, version: "3.2" });
    client.device.connect();
    await client.reached("ready");
    assert.equal(askedIn, "checking");
    assert.deepEqual(await set, { confirmed: { "2": 5 } });
  });

  it("shows that it holds another key by not saying it, and says so of a command", async () => {
    const device = await startDevice("3.2");
    const client = await connect(device, { settings: { localKey: OTHER_KEY }, timings: TIMINGS });
    const { state } = client.device;
    assert.ok(state.kind === "ready" && !state.keyProven);
    assert.deepEqual(client.device.values(), { "1": false, "2": 0, "3": "low" });
    await assert.rejects(client.device.set({ "1": true }), { code: "KEY_OR_VERSION", message: /key/ });
    const auto = await connect(device, {
      settings: { localKey: OTHER_KEY, version: "auto" },
      timings: TIMINGS,
    });
    assert.equal((await auto.reached("ready")).takesCommands, false);
    assert.deepEqual(device.values(), { "1": false, "2": 0, "3": "low" });
  });

  for (const [what, dps] of [
    ["nothing that is true or false", { "1": "on", "2": 1, "3": null }],
    ["no data points", {}],
  ] as const) {
    it(`is asked nothing where it reports ${what}`, async () => {
      const device = await startDevice("3.2", { dps });
      const witness = new Witness(device);
      const client = clientOf(device, { timings: TIMINGS });
      client.device.connect();
      const ready = await client.reached("ready");
      assert.deepEqual([ready.keyProven, ready.takesCommands], [false, true]);
      assert.equal(witness.count(...CONTROLS), 0);
    });
  }

  it("is asked nothing where it is only heard of, nor in a version that is set otherwise", async () => {
    for (const version of ["3.2", "auto"] as const) {
      const device = await startDevice("3.2");
      const witness = new Witness(device);
      const client = clientOf(device, { settings: { ip: "", version }, timings: TIMINGS });
      client.device.connect();
      client.device.heard({ ip: device.host, version: "3.2" });
      await client.reached("waiting");
      assert.deepEqual(witness.requests, []);
    }
    const device = await startDevice("3.2");
    const witness = new Witness(device);
    await connect(device, { settings: { version: "3.1" }, timings: TIMINGS });
    assert.equal(witness.count(...CONTROLS), 0);
  });

  it("is asked once a connection, and stays readable where it does not say it", async () => {
    const device = await startDevice("3.2", { faults: { noReport: true } });
    const witness = new Witness(device);
    device.faults = { ignoreSet: true };
    const client = await connect(device, { timings: TIMINGS });
    const { state } = client.device;
    assert.deepEqual(state.kind === "ready" && [state.keyProven, state.takesCommands], [false, true]);
    await client.device.query();
    assert.equal(witness.count(...CONTROLS), 1);
    device.faults = {};
    await client.device.set({ "2": 9 });
    assert.equal(device.values()["2"], 9);
  });

  it("is not asked again where it hangs up on that", async () => {
    const touchy = await Liar.start(
      asked(() => "hang-up"),
      { id: DEVICE_ID, host: "127.0.0.70" },
    );
    const client = clientAt(touchy, "3.2");
    const ready = await client.reached("ready");
    assert.equal(ready.keyProven, false);
    assert.equal(touchy.seen.filter(({ command }) => command === CONTROL).length, 1);
  });
});

describe("a 3.1 device, found by auto", () => {
  it("gets no command that it could read, and is what it was: read, and not proved", async () => {
    const device = await startDevice("3.1");
    const witness = new Witness(device);
    const client = await connect(device, { settings: { version: "auto" }, timings: TIMINGS });
    const { state } = client.device;
    assert.deepEqual(state.kind === "ready" && [state.version, state.keyProven], ["3.1", false]);
    assert.equal(witness.count(...CONTROLS), 0);
    assert.deepEqual(device.values(), { "1": false, "2": 0, "3": "low" });
  });
});

describe("somebody without the key who is asked to prove it", () => {
  const questions: Buffer[] = [];
  const HABITS: Readonly<Record<string, (question: SeenFrame) => ReturnType<Habit["answer"]>>> = {
    "sends the question back": ({ bytes }) => [bytes],
    "sends it back as a report": ({ body }) => [
      build55aa(0, STATUS, body),
      build55aa(0, STATUS, Buffer.concat([uint32(0), body])),
    ],
    "sends its last blocks": ({ body }) => [
      build55aa(0, STATUS, Buffer.concat([uint32(0), body.subarray(0, 15), body.subarray(-16)])),
      build55aa(0, STATUS, Buffer.concat([uint32(0), body.subarray(0, 15), body.subarray(-32)])),
    ],
    "sends its first block and its last": ({ body }) => [
      build55aa(0, STATUS, Buffer.concat([uint32(0), body.subarray(0, 31), body.subarray(-16)])),
    ],
    "sends it back without the client's name": ({ body }) => [
      build55aa(0, STATUS, Buffer.concat([uint32(0), body.subarray(0, 31), body.subarray(-48)])),
    ],
    "sends earlier ones back": ({ body }) => {
      questions.push(body);
      return questions.map((earlier) => build55aa(0, STATUS, Buffer.concat([uint32(0), earlier])));
    },
    "acknowledges it": (frame) => [reply(frame, "")],
    "says the value in clear": (frame) => [
      reply(frame, ""),
      build55aa(0, STATUS, Buffer.concat([uint32(0), Buffer.from('{"dps":{"1":true}}')])),
    ],
    "says nothing": () => [],
  };

  for (const [what, answer] of Object.entries(HABITS)) {
    for (const version of ["auto", "3.2"] as const) {
      it(`and ${what}, has proved nothing (${version})`, async () => {
        const liar = await Liar.start(asked(answer), { id: DEVICE_ID, host: "127.0.0.71" });
        const client = clientAt(liar, version);
        await client.until("an outcome", () => ["ready", "waiting"].includes(client.device.state.kind));
        assert.ok(client.states.every((state) => state.kind !== "ready" || !state.keyProven));
        await assert.rejects(
          client.device.set({ "1": true }),
          version === "auto" ? { code: "KEY_OR_VERSION" } : { name: "TuyaError" },
        );
        assert.ok(client.states.every((state) => state.kind !== "ready" || !state.keyProven));
      });
    }
  }
});

describe("a set whose value is only said to be there in clear, before the key is proved", () => {
  const UNPROVEN = {
    code: "KEY_OR_VERSION",
    message: /says that it has the value, but in clear: .*nothing has proved the local key yet/,
  };
  const clear = (dps: object): Buffer => Buffer.from(JSON.stringify({ devId: DEVICE_ID, dps }));
  const status = (dps: object): Buffer => build55aa(0, STATUS, Buffer.concat([uint32(0), clear(dps)]));

  for (const [how, onSet, onQuery] of [
    ["in answer to a query", [], { "1": true, "2": "x" }],
    ["by a report", [status({ "1": true })], { "2": "x" }],
    ["by both", [status({ "1": true })], { "1": true, "2": "x" }],
  ] as const) {
    for (const confirm of ["ack", "report"] as const) {
      it(`is not done ${how}, and says why (3.1, ${confirm})`, async () => {
        const habit: Habit = {
          answer: (frame) =>
            frame.command === QUERY
              ? [reply(frame, clear(onQuery).toString())]
              : frame.command === CONTROL
                ? [reply(frame, ""), ...onSet]
                : [reply(frame, "")],
        };
        const liar = await Liar.start(habit, { id: DEVICE_ID, host: "127.0.0.72" });
        const { host: ip, port } = liar;
        const settings = {
          deviceId: DEVICE_ID,
          name: "Lamp",
          localKey: LOCAL_KEY,
          ip,
          port,
          version: "3.1",
        } as const;
        const client = new Client(settings);
        client.device.connect();
        await client.reached("ready");
        await assert.rejects(client.device.set({ "1": true }, { confirm }), UNPROVEN);
        // What he says is shown all the same.
        assert.equal(client.device.values()["1"], true);
      });
    }
  }

  it("is done by a report under the key, and from then on by what is read in clear", async () => {
    const device = await startDevice("3.1");
    const client = await connect(device);
    assert.deepEqual(await client.device.set({ "2": 1 }), { confirmed: { "2": 1 } });
    device.faults = { noReport: true };
    assert.deepEqual(await client.device.set({ "2": 2 }, { confirm: "report" }), { confirmed: { "2": 2 } });
  });

  it("is not done where the device has it, and never reports under the key", async () => {
    const device = await startDevice("3.1", { faults: { noReport: true } });
    const client = clientOf(device, { settings: settingsFor(device) });
    client.device.connect();
    await client.reached("ready");
    await assert.rejects(client.device.set({ "2": 1 }), UNPROVEN);
    assert.equal(device.values()["2"], 1);
    // One report is enough.
    device.set({ "3": "high" });
    await client.proven();
    assert.deepEqual(await client.device.set({ "2": 2 }), { confirmed: {} });
  });
});
