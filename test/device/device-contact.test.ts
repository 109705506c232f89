import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { Command } from "../../src/protocol/command";
import type { ProtocolVersion } from "../../src/protocol/version";
import { Client, clientOf, connect, settingsFor, Witness } from "../support/client";
import { describeGenerations, type Generation, GENERATIONS, startGeneration } from "../support/generations";
import { startDevice } from "../support/virtual";
import type { Dps } from "../../src/protocol/dps";

const OTHER_KEY = "kV3tWq8ZrX1nLp5e";

/** Silence is long enough to be told from an answer, and short enough to be waited for. */
const PATIENCE_MS = 250;
const HASTY = {
  negotiationTimeoutMs: PATIENCE_MS,
  replyTimeoutMs: PATIENCE_MS,
  probeTimeoutMs: PATIENCE_MS,
  reportTimeoutMs: PATIENCE_MS,
  settleMs: 30,
};

/** What people are told of a wrong key, where the version is right. 3.1 and 3.2 devices show it when something is set. */
const WRONG_KEY_CODES: Record<Generation["name"], string> = {
  "3.1": "KEY_OR_VERSION",
  "3.2": "KEY_OR_VERSION",
  "3.3": "KEY_OR_VERSION",
  "3.4": "WRONG_KEY",
  "3.5p": "KEY_OR_VERSION",
  "3.5o": "WRONG_KEY",
  "3.5o-2026": "WRONG_KEY",
};

/** Wrong versions that are configured here; `contact.test.ts` has the others. */
const MISTAKEN_FOR: Record<Generation["name"], readonly ProtocolVersion[]> = {
  "3.1": ["3.3", "3.5"],
  "3.2": ["3.4"],
  "3.3": ["3.1", "3.2", "3.4"],
  "3.4": ["3.3", "3.5"],
  "3.5p": ["3.4"],
  "3.5o": ["3.1", "3.4"],
  "3.5o-2026": [],
};

describeGenerations("contact with a device", GENERATIONS, (generation) => {
  const { version, name, provesKey, negotiates } = generation;

  it("is made by auto, which remembers the version", async () => {
    const device = await startGeneration(generation);
    const client = await connect(device, { settings: { version: "auto" }, timings: HASTY });
    // A report proves the key where answers do not.
    device.set({ "2": 9 });
    await client.proven();
    const { state } = client.device;
    assert.equal(state.kind === "ready" && state.version, version);
    await client.device.set({ "2": 5 }, { confirm: "report" });
    const witness = new Witness(device);
    client.device.reconnect();
    await client.reached("connecting");
    await client.reached("ready");
    assert.equal(witness.connects, 1);
  });

  it("is made by auto at the first attempt where the version is announced", async () => {
    const device = await startGeneration(generation);
    const witness = new Witness(device);
    const client = clientOf(device, { settings: { version: "auto", ip: "" } });
    client.device.connect();
    assert.equal(client.device.state.kind, "searching");
    client.device.heard({ ip: device.host, version });
    if (!provesKey) {
      // It is asked nothing, for its answer would prove nothing.
      const { error } = await client.reached("waiting");
      assert.equal(error.code, "KEY_OR_VERSION");
      assert.deepEqual(witness.requests, []);
      device.set({ "2": 3 });
    }
    const { keyProven } = await client.reached("ready");
    assert.deepEqual([witness.connects, keyProven], [1, true]);
    await client.reported("first values", ({ reason }) => reason === "initial");
  });

  it("fails with another key, in words that name the key and not its characters", async () => {
    const device = await startGeneration(generation);
    const client = clientOf(device, { settings: { localKey: OTHER_KEY }, timings: provesKey ? {} : HASTY });
    client.device.connect();
    if (provesKey) {
      const { error } = await client.reached("waiting");
      assert.equal(error.code, WRONG_KEY_CODES[name]);
      assert.match(error.message, /key/);
      assert.ok(!error.message.includes(OTHER_KEY));
      // What a request ends with then is the cause, not the absence of a connection.
      await assert.rejects(client.device.set({ "1": true }), { code: WRONG_KEY_CODES[name] });
    } else {
      const ready = await client.reached("ready");
      assert.equal(ready.keyProven, false);
      await assert.rejects(client.device.set({ "1": true }), { code: WRONG_KEY_CODES[name], message: /key/ });
    }
    assert.equal(device.values()["1"], false);
  });

  it("succeeds by itself once the key is right", async () => {
    const device = await startGeneration(generation);
    device.changeKey(OTHER_KEY);
    const client = clientOf(device, { timings: { ...HASTY, hopelessBackoffMs: 30 } });
    client.device.connect();
    if (provesKey) await client.reached("waiting");
    device.changeKey(settingsFor(device).localKey);
    await client.reached("ready");
    // A set may still meet the session that was opened under the other key.
    await client.device.set({ "2": 5 }).catch(() => client.reached("ready"));
  });

  for (const configured of MISTAKEN_FOR[name]) {
    const named = version < "3.3" ? "3.1 or 3.2" : version;
    it(`names ${named} where ${configured} is set`, async () => {
      const device = await startGeneration(generation);
      const client = clientOf(device, { settings: { version: configured }, timings: HASTY });
      client.device.connect();
      await client.until("the version", () =>
        client.states.some(
          (state) => state.kind === "waiting" && state.error.message.includes(`speaks protocol ${named}`),
        ),
      );
      const state = client.states.findLast(({ kind }) => kind === "waiting");
      assert.ok(state?.kind === "waiting");
      assert.equal(state.error.code, "KEY_OR_VERSION");
      assert.ok(state.error.message.includes(`${configured} is set`));
      assert.equal(client.kinds.includes("ready"), false);
    });
  }

  it("fails as BUSY where all places are taken, and succeeds once one is free", async () => {
    const device = await startGeneration(generation, { overrides: { clientLimit: 1 } });
    const first = await connect(device);
    const second = clientOf(device, { timings: { settleMs: 70 } });
    second.device.connect();
    const { error } = await second.reached("waiting");
    assert.equal(error.code, "BUSY");
    await assert.rejects(second.device.query(), { code: "OFFLINE", message: /all its places are taken/ });
    await first.device.close();
    await second.reached("ready");
  });

  it("fails as UNREACHABLE where nothing listens, with address and port", async () => {
    const began = Date.now();
    const device = await startGeneration(generation);
    const { port } = device;
    await device.close();
    const client = clientOf(device);
    client.device.connect();
    const { error, retryAt } = await client.reached("waiting");
    assert.equal(error.code, "UNREACHABLE");
    assert.ok(error.message.includes(`127.0.0.1:${port}`));
    assert.ok(retryAt >= began);
  });

  if (negotiates) {
    it("is made anew where the session key begins with 00, and then works", async () => {
      const device = await startGeneration(generation, { faults: { zeroSessionKey: 2 } });
      const witness = new Witness(device);
      const client = await connect(device);
      assert.equal(witness.connects, 3);
      assert.equal(client.kinds.includes("waiting"), false);
      await client.device.set({ "2": 5 }, { confirm: "report" });
    });

    it("is given up where every session key begins with 00", async () => {
      const device = await startGeneration(generation, { faults: { zeroSessionKey: true } });
      const client = clientOf(device);
      client.device.connect();
      const { error } = await client.reached("waiting");
      assert.match(error.message, /begin with 00/);
    });

    it("is not made before the session key is agreed on, whatever is pushed meanwhile", async () => {
      const device = await startGeneration(generation, { faults: { earlyReport: true } });
      const witness = new Witness(device);
      let negotiations = 0;
      device.on("negotiate", () => negotiations++);
      const client = clientOf(device);
      client.device.on("state", ({ kind }) => {
        if (kind === "ready") void client.device.set({ "2": 5 });
      });
      client.device.connect();
      await client.reported("the set", ({ dps }) => dps["2"] === 5);
      assert.equal(witness.connects, 1);
      assert.equal(negotiations, 1);
      assert.deepEqual(client.kinds, ["connecting", "checking", "ready"]);
    });

    it("bears with a push under the local key in the middle of it (TuyaOpen 2025)", async () => {
      const device = await startGeneration(generation, {
        overrides: { pushesBeforeNegotiation: true },
        faults: { slowMs: 20 },
      });
      const client = clientOf(device);
      client.device.connect();
      await once(device, "connect");
      for (let i = 1; i < 5; i++) device.set({ "2": i });
      await client.reported("first values", ({ dps, reason }) => reason === "initial" && dps["2"] === 4);
      await client.device.set({ "2": 7 }, { confirm: "report" });
    });
  }

  it("is made although the device slept through the first seconds", async () => {
    const device = await startGeneration(generation, { faults: { slowMs: 30 } });
    const client = await connect(device);
    assert.deepEqual(client.kinds.slice(0, 3), ["connecting", "checking", "ready"]);
  });

  it("is not lost by a new key before the connection is", async () => {
    const device = await startGeneration(generation);
    const client = await connect(device, { timings: HASTY });
    await client.device.set({ "2": 1 });
    device.changeKey(OTHER_KEY);
    await client.device.set({ "2": 2 }, { confirm: "report" });
    client.forget();
    await device.reboot(10);
    if (!provesKey) return;
    await client.until("word of the key", () =>
      client.states.some((state) => state.kind === "waiting" && state.error.code === WRONG_KEY_CODES[name]),
    );
  });
});

describe("contact by auto with a device that answers in clear", () => {
  for (const generation of GENERATIONS.filter(({ provesKey }) => !provesKey)) {
    const { version } = generation;
    // There is nothing that a 3.2 device could be asked for.
    const dps: Dps = { "1": "off", "2": 0, "3": "low" };

    it(`shows its values, and sends no command before the key is proved (${version})`, async () => {
      const device = await startGeneration(generation, { dps });
      const client = await connect(device, { settings: { version: "auto" }, timings: HASTY });
      const ready = await client.reached("ready");
      assert.deepEqual([ready.keyProven, ready.takesCommands], [false, false]);
      assert.deepEqual(client.device.values(), dps);
      const witness = new Witness(device);
      for (const send of [
        () => client.device.set({ "2": 5 }),
        () => client.device.set({ "2": 5 }, { confirm: "report" }),
        () => client.device.sendRaw(Command.CONTROL, Buffer.from("{}")),
        () => client.device.sendRaw(Command.LAN_EXT_STREAM, Buffer.from("{}")),
      ])
        await assert.rejects(send, { code: "KEY_OR_VERSION", message: /set its version to 3\.1/ });
      assert.deepEqual(witness.requests, []);
      assert.deepEqual(await client.device.query(), dps);
    });

    it(`takes commands once a report has proved the key, in its own version (${version})`, async () => {
      const device = await startGeneration(generation, { dps });
      const client = await connect(device, { settings: { version: "auto" }, timings: HASTY });
      device.set({ "2": 4 });
      if (version === "3.2") {
        // That has shown the version.
        await client.until("3.2", () => {
          const { state } = client.device;
          return state.kind === "ready" && state.version === "3.2";
        });
        device.set({ "2": 5 });
      }
      assert.equal((await client.proven()).version, version);
      assert.deepEqual(await client.device.set({ "2": 6 }, { confirm: "report" }), { confirmed: { "2": 6 } });
    });
  }

  it("says which version it speaks where 3.1 is set for a 3.2 device", async () => {
    const device = await startDevice("3.2");
    const client = await connect(device, { settings: { version: "3.1" } });
    const witness = new Witness(device);
    await assert.rejects(client.device.set({ "2": 5 }), {
      code: "KEY_OR_VERSION",
      message: /speaks protocol 3\.2, but 3\.1 is set/,
    });
    assert.deepEqual(witness.sets, []);
  });
});

describe("contact with what is no device", () => {
  let server: Server;

  /** A client of a server that does with its connections as it is told. */
  async function clientOfServer(serve: (socket: import("node:net").Socket) => void): Promise<Client> {
    server = createServer((socket) => {
      socket.on("error", () => undefined);
      // Who does not read does not hear that the other end is gone.
      socket.resume();
      serve(socket);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" && address ? address.port : 0;
    const settings = { deviceId: "x", localKey: OTHER_KEY, ip: "127.0.0.1", version: "auto" } as const;
    const client = new Client({ ...settings, port }, { timings: HASTY });
    client.device.connect();
    return client;
  }

  afterEach(() => void server.close());

  it("ends as KEY_OR_VERSION where nothing is ever said", async () => {
    const client = await clientOfServer(() => undefined);
    assert.equal((await client.reached("waiting")).error.code, "KEY_OR_VERSION");
  });

  it("ends in words where something else is spoken", async () => {
    const client = await clientOfServer((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
    const { error } = await client.reached("waiting");
    assert.ok(["WRONG_KEY", "KEY_OR_VERSION", "BUSY"].includes(error.code), error.code);
  });

  it("survives a flood of garbage", async () => {
    const junk = Buffer.alloc(64 * 1024, 0x55);
    const client = await clientOfServer((socket) => {
      for (let i = 0; i < 8; i++) socket.write(junk);
    });
    await client.reached("waiting");
  });
});

describe("contact with settings that lack something", () => {
  for (const [what, settings, pattern] of [
    ["the key", { localKey: "" }, /no local key/],
    ["a character of the key", { localKey: "123456789012345" }, /15 characters/],
    ["a possible port", { port: 70_000 }, /port/],
    ["a number for a port", { port: NaN }, /port/],
  ] as const) {
    it(`is not made without ${what}, until it is there`, async () => {
      const device = await startGeneration(GENERATIONS[2]!);
      const witness = new Witness(device);
      const client = clientOf(device, { settings });
      client.device.connect();
      const { error, retryAt } = await client.reached("waiting");
      assert.equal(error.code, "NOT_CONFIGURED");
      assert.match(error.message, pattern);
      assert.equal(retryAt, Infinity);
      client.device.heard({ ip: "127.0.0.2" });
      client.device.reconnect();
      await assert.rejects(client.device.whenReady(30), { code: "NOT_CONFIGURED" });
      await assert.rejects(client.device.set({ "1": true }), { code: "NOT_CONFIGURED" });
      assert.equal(witness.connects, 0);
      client.device.configure(settingsFor(device));
      await client.reached("ready");
      assert.equal(witness.count(Command.DP_QUERY), 1);
    });
  }
});

describe("a device that reports before it is asked", () => {
  it("is spoken to in the version its report names, not in the one that was guessed", async () => {
    // 3.2 and 3.3 read each other's reports, so one that decrypts does not prove the version.
    const device = await startDevice("3.2");
    let reports = 0;
    device.on("connect", () => device.set({ "2": ++reports }));
    const client = clientOf(device, { settings: { version: "auto" }, timings: { ...HASTY, settleMs: 100 } });
    client.device.heard({ ip: device.host, version: "3.3" });
    client.device.connect();
    await client.proven();
    const { state } = client.device;
    assert.ok(state.kind === "ready");
    assert.equal(state.version, "3.2");
  });
});
