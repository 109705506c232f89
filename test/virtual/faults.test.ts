import assert from "node:assert/strict";
import { once } from "node:events";
import { setTimeout } from "node:timers/promises";
import type { ProtocolVersion } from "../../src/protocol/version";
import { type Faults, FaultState } from "../../src/virtual/faults";
import type { VirtualDevice } from "../../src/virtual/virtual-device";
import { RawClient } from "../support/raw-client";
import { ticksOf } from "../support/ticks";
import { LOCAL_KEY, startDevice } from "../support/virtual";

const VERSIONS: readonly ProtocolVersion[] = ["3.1", "3.2", "3.3", "3.4", "3.5"];

async function start(
  version: ProtocolVersion,
  faults: Faults = {},
): Promise<{ device: VirtualDevice; client: RawClient }> {
  const device = await startDevice(version, { overrides: { statusFirst: 0 } });
  const client = await RawClient.open(device, LOCAL_KEY);
  await client.expectQuiet();
  device.faults = faults;
  return { device, client };
}

describe("FaultState", () => {
  it("strikes always, never, or as often as it was told", () => {
    const state = new FaultState({ noAck: true, reset: 2, busy: false });
    assert.deepEqual(
      [state.strikes("noAck"), state.strikes("noAck"), state.strikes("busy"), state.strikes("noReport")],
      [true, true, false, false],
    );
    assert.deepEqual(
      [state.strikes("reset"), state.strikes("reset"), state.strikes("reset")],
      [true, true, false],
    );
    state.replace({ reset: 1 });
    assert.deepEqual(
      [state.strikes("noAck"), state.strikes("reset"), state.strikes("reset")],
      [false, true, false],
    );
  });
});

for (const version of VERSIONS) {
  describe(`faults of a ${version} device`, () => {
    it("`silent` writes nothing, and the device hears all the same", async () => {
      const { device, client } = await start(version, { silent: true });
      client.set({ "1": true });
      await once(device, "set");
      device.set({ "2": 4 });
      device.faults = {};
      await client.expectQuiet();
      assert.deepEqual(device.values(), { "1": true, "2": 4, "3": "low" });
    });

    it("`hangs` does nothing at all, whatever is asked", async () => {
      const { device, client } = await start(version, { hangs: true });
      client.set({ "1": true });
      client.query();
      await setTimeout(30);
      device.faults = {};
      await client.expectQuiet();
      assert.deepEqual(device.values(), { "1": false, "2": 0, "3": "low" });
    });

    it("`slowMs` delays answers", async () => {
      const { client } = await start(version, { slowMs: 200 });
      const began = performance.now();
      client.query();
      await client.next();
      assert.ok(performance.now() - began >= 195);
      const ms = await ticksOf(async () => {
        for (let i = 0; i < 5; i++) client.query();
        for (let i = 0; i < 5; i++) await client.next();
      });
      // Each is late by that much, not each by that much more than the one before.
      assert.ok(ms < 2 * 200, `${ms} ms`);
    });

    it("`reset` resets the connection at the next frame, and spares later connections", async () => {
      const { device, client } = await start(version, { reset: 1 });
      client.query();
      assert.equal(await client.ended, "reset");
      await (await RawClient.open(device, LOCAL_KEY)).expectQuiet();
    });

    it("`halfFrame` writes half an answer and then nothing", async () => {
      const { device, client } = await start(version);
      client.query();
      const whole = (await client.next()).raw.length;
      client.segments.length = 0;
      device.faults = { halfFrame: 1 };
      client.query();
      await once(device, "request");
      device.set({ "2": 9 });
      const other = await RawClient.open(device, LOCAL_KEY);
      await other.expectQuiet();
      assert.equal(Buffer.concat(client.segments).length, Math.floor(whole / 2));
    });

    it("`coalesce` glues the frames of one turn into one segment", async () => {
      const { device, client } = await start(version, { coalesce: true });
      client.segments.length = 0;
      device.set({ "2": 1 });
      device.set({ "2": 2 });
      device.set({ "2": 3 });
      for (const value of [1, 2, 3]) assert.match((await client.next()).text, new RegExp(`"2":${value}`));
      assert.equal(client.segments.length, 1);
    });

    it("`splitBytes` writes small pieces", async () => {
      const { client } = await start(version, { splitBytes: 7 });
      client.segments.length = 0;
      client.query();
      const { raw } = await client.next();
      assert.ok(client.segments.length > 2);
      assert.equal(Buffer.concat(client.segments).toString("hex"), raw.toString("hex"));
    });

    it("`garbage` precedes a frame with bytes of none", async () => {
      const { client } = await start(version, { garbage: 1 });
      client.segments.length = 0;
      client.query();
      const { raw } = await client.next();
      assert.ok(Buffer.concat(client.segments).indexOf(raw) > 0);
    });

    it("`corrupt` spoils CRC, HMAC or tag of one frame", async () => {
      const { client } = await start(version, { corrupt: 1 });
      client.query();
      await assert.rejects(client.next());
      client.query();
      await client.next();
    });

    it("`busy` closes new connections at once", async () => {
      const { device, client } = await start(version, { busy: 1 });
      const rejected = once(device, "reject");
      const second = await RawClient.open(device, LOCAL_KEY, { negotiate: false });
      await rejected;
      await second.ended;
      assert.deepEqual(second.segments, []);
      await client.expectQuiet();
      await (await RawClient.open(device, LOCAL_KEY)).expectQuiet();
    });

    it("`repeatFrames` writes every frame twice, byte by byte", async () => {
      const { client } = await start(version, { repeatFrames: true });
      client.query();
      const [first, second] = [await client.nextFrame(), await client.nextFrame()];
      assert.deepEqual(first, second);
    });

    it("`noClock` counts from when it is switched on, `poorTexts` reports texts as they are", async () => {
      const { device, client } = await start(version, { noClock: true, poorTexts: true });
      const { reports } = await client.setAndHear({ "3": "a\\qb" });
      assert.match(reports[0]!, /"3":"a\\qb"/);
      assert.match(reports[0]!, /"t":[0-5]\b/);
      assert.equal(device.values()["3"], "a\\qb");
      assert.match((await client.setAndHear({ "3": "a\nb" })).reports[0]!, /"3":"a\nb"/);
      assert.deepEqual((await client.setAndHear({ "3": 'a"b' })).reports, []);
    });

    it("`ignoreSet` does nothing, `forgetSet` acknowledges only, `refuseSet` refuses", async () => {
      const { device, client } = await start(version, { ignoreSet: 1, forgetSet: 1 });
      client.set({ "1": true });
      await client.expectQuiet();
      client.set({ "1": true });
      assert.equal((await client.next()).text, "");
      await client.expectQuiet();
      device.faults = { refuseSet: true, refusal: "no" };
      client.set({ "1": true });
      const frame = await (version === "3.2" ? client.nextFrame() : client.next());
      assert.equal(
        Buffer.isBuffer(frame) ? frame.toString("latin1", 20, frame.length - 8) : frame.text,
        "no",
      );
      await client.expectQuiet();
      assert.equal(device.values()["1"], false);
      device.faults = {};
      assert.equal((await client.setAndHear({ "1": true })).reports.length, 1);
    });

    it("`lateAck` and `lateReport` let what comes meanwhile be answered before", async () => {
      for (const [fault, late] of [
        ["lateAck", [7, 13]],
        ["lateReport", [8]],
      ] as const) {
        const { device, client } = await start(version, { [fault]: 1, lateMs: 100 });
        client.set({ "2": 5 });
        await client.next();
        assert.equal(device.values()["2"], 5);
        await client.expectQuiet();
        const { command } = await client.next();
        assert.ok((late as readonly number[]).includes(command), `${fault}: ${command}`);
      }
    });

    it("`resetAfterSet` obeys and resets, `hangUpAfterAck` acknowledges and closes", async () => {
      const reset = await start(version, { resetAfterSet: 1 });
      reset.client.set({ "2": 5 });
      assert.equal(await reset.client.ended, "reset");
      assert.equal(reset.device.values()["2"], 5);
      const { device, client } = await start(version, { hangUpAfterAck: 1 });
      client.set({ "2": 5 });
      assert.equal((await client.next()).text, "");
      assert.equal(await client.ended, "closed");
      assert.equal(device.values()["2"], 5);
    });

    it("`noAck` obeys and reports without an acknowledgement", async () => {
      const { client } = await start(version, { noAck: 1 });
      client.set({ "1": true });
      assert.equal((await client.next()).command, 8);
      await client.expectQuiet();
    });

    it("`noReport` obeys and acknowledges without a report", async () => {
      const { device, client } = await start(version, { noReport: 1 });
      client.set({ "1": true });
      assert.equal((await client.next()).text, "");
      await client.expectQuiet();
      assert.equal(device.values()["1"], true);
    });

    it("`duplicateReport` reports twice", async () => {
      const { device, client } = await start(version, { duplicateReport: true });
      device.set({ "2": 8 });
      assert.equal((await client.next()).text, (await client.next()).text);
      await client.expectQuiet();
    });

    it("`noHeartbeat` leaves heartbeats unanswered", async () => {
      const { client } = await start(version, { noHeartbeat: 1 });
      client.send(9, "{}");
      client.query();
      assert.match((await client.next()).text, /dps/);
    });

    it("`refuseQuery` refuses the first n queries, with the text it is given", async () => {
      const { device, client } = await start(version, { refuseQuery: 2 });
      const texts: string[] = [];
      for (let i = 0; i < 3; i++) {
        client.query();
        texts.push((await client.next()).text);
      }
      assert.deepEqual(texts.slice(0, 2), ["json obj data unvalid", "json obj data unvalid"]);
      assert.match(texts[2] ?? "", /dps/);
      device.faults = { refuseQuery: true, refusal: "gw id invalid" };
      client.query();
      const { returnCodeHex, text } = await client.next();
      assert.deepEqual([returnCodeHex, text], [version === "3.5" ? "01000000" : "00000001", "gw id invalid"]);
    });

    it("`emptyQuery` answers with nothing, `ignoreQuery` not at all", async () => {
      const { device, client } = await start(version, { emptyQuery: 1 });
      client.query();
      assert.equal((await client.next()).text, "");
      device.faults = { ignoreQuery: 1 };
      client.query();
      await client.expectQuiet();
    });

    it("`queryAfterControl` answers queries from the first CONTROL on", async () => {
      const { client } = await start(version, { queryAfterControl: true });
      client.query();
      await client.expectQuiet();
      client.set({ "77": 0 });
      await client.next();
      client.query();
      assert.match((await client.next()).text, /dps/);
    });

    it("`sequence` numbers every frame alike", async () => {
      const { device, client } = await start(version, { sequence: 0xaa55 });
      client.query();
      device.set({ "2": 3 });
      assert.deepEqual([(await client.next()).sequence, (await client.next()).sequence], [0xaa55, 0xaa55]);
    });

    it("`noReturnCode` leaves it out", async () => {
      const { device, client } = await start(version);
      client.send(9, "{}");
      const withCode = (await client.next()).raw.length;
      device.faults = { noReturnCode: true };
      client.send(9, "{}");
      assert.equal((await client.nextFrame()).length, withCode - 4);
    });

    it("`blocking` lets half a frame of one client block the others", async () => {
      const { device, client } = await start(version, { blocking: true });
      const other = await RawClient.open(device, LOCAL_KEY);
      await other.expectQuiet();
      const request = client.seal(9, version === "3.4" ? "{}" : "x".repeat(64));
      await client.writeAlone(request.subarray(0, 51));
      other.query();
      let isAnswered = false;
      const answered = other.next().then(() => (isAnswered = true));
      await client.writeAlone(Buffer.alloc(0));
      assert.equal(isAnswered, false);
      client.write(request.subarray(51));
      await client.next();
      await answered;
    });

    it("`blocking` hangs for good when a client leaves half way, until the device is restarted", async () => {
      const { device, client } = await start(version, { blocking: true });
      await client.writeAlone(client.seal(9, "x".repeat(64)).subarray(0, 51));
      const left = once(device, "disconnect");
      client.close();
      await left;
      const other = await RawClient.open(device, LOCAL_KEY, { negotiate: false });
      await other.writeAlone(other.seal(9, "{}"));
      assert.deepEqual(other.segments, []);
      await device.reboot(0);
      await (await RawClient.open(device, LOCAL_KEY)).expectQuiet();
    });

    it("a changed key is the key of new connections", async () => {
      const { device, client } = await start(version);
      device.changeKey("kV3tWq8ZrX1nLp5e");
      await client.expectQuiet();
      const fresh = await RawClient.open(device, "kV3tWq8ZrX1nLp5e");
      fresh.set({ "1": true });
      await once(device, "set");
      assert.equal(device.values()["1"], true);
    });

    it("`reboot` drops everybody, closes the port for a while, and keeps values and port", async () => {
      const { device, client } = await start(version);
      const { port } = device;
      device.set({ "2": 6 });
      const rebooted = device.reboot(40);
      await client.ended;
      await assert.rejects(RawClient.open(device, LOCAL_KEY), { code: "ECONNREFUSED" });
      await rebooted;
      assert.equal(device.port, port);
      await (await RawClient.open(device, LOCAL_KEY)).expectQuiet();
      assert.equal(device.values()["2"], 6);
    });
  });
}

describe("a device that answers late", () => {
  it("disconnects a client that does not wait for its answers", async () => {
    const overrides = { idleMs: 600_000 };
    const device = await startDevice("3.3", { overrides, faults: { lateAck: true, lateMs: 600_000 } });
    const client = await RawClient.open(device, LOCAL_KEY);
    for (let count = 0; count <= 1_000; count++) client.set({ "2": count });
    await client.ended;
  });
});

describe("a device that hangs", () => {
  const overrides = { idleMs: 20 };

  it("does not even hang up on a client that is silent, before it hangs no more", async () => {
    const device = await startDevice("3.3", { overrides, faults: { hangs: true } });
    const client = await RawClient.open(device, LOCAL_KEY);
    await setTimeout(60);
    assert.equal(device.clients, 1);
    device.faults = {};
    await client.ended;
  });

  it("keeps the clients it cannot listen to (`blocking`)", async () => {
    const device = await startDevice("3.3", { overrides, faults: { blocking: true } });
    const blocker = await RawClient.open(device, LOCAL_KEY);
    await blocker.writeAlone(blocker.seal(9, "x".repeat(64)).subarray(0, 51));
    const other = await RawClient.open(device, LOCAL_KEY);
    await blocker.ended;
    await setTimeout(60);
    assert.equal(device.clients, 1);
    await device.reboot(0);
    await other.ended;
  });
});

for (const version of ["3.4", "3.5"] as const) {
  describe(`faults of a ${version} negotiation`, () => {
    it("`zeroSessionKey` makes the session key begin with 00", async () => {
      const device = await startDevice(version, { faults: { zeroSessionKey: 1 } });
      const client = await RawClient.open(device, LOCAL_KEY);
      assert.equal(client.sessionKey?.[0], 0);
      await client.expectQuiet();
    });

    it("`repeatNegotiation` answers the first step twice, each time with a number of its own", async () => {
      const device = await startDevice(version, { faults: { repeatNegotiation: 1 } });
      const client = await RawClient.open(device, LOCAL_KEY, { negotiate: false });
      client.send(3, Buffer.alloc(16, 7));
      const [first, second] = [await client.next(), await client.next()];
      assert.equal(first.text, second.text);
      assert.equal(second.sequence, first.sequence + 1);
    });

    it("`earlyReport` reports under the local key before and between the answers", async () => {
      const device = await startDevice(version, { faults: { earlyReport: true } });
      const client = await RawClient.open(device, LOCAL_KEY, { negotiate: false });
      client.send(3, Buffer.alloc(16, 3));
      const commands = [await client.next(), await client.next(), await client.next()].map((f) => f.command);
      assert.deepEqual(commands, [8, 4, 8]);
    });
  });
}

describe("`returnCodeOrder`", () => {
  it("writes the return code of 3.5 big endian", async () => {
    const { client } = await start("3.5", { returnCodeOrder: "BE", refuseQuery: true });
    client.query();
    assert.equal((await client.next()).returnCodeHex, "00000001");
  });
});

describe("`clearRefusal`", () => {
  it("writes the refusals of 3.3 in clear", async () => {
    const { client } = await start("3.3", { clearRefusal: true, refuseQuery: true });
    client.query();
    const frame = await client.nextFrame();
    assert.equal(frame.toString("latin1", 20, frame.length - 8), "json obj data unvalid");
  });
});

for (const version of ["3.2", "3.3", "3.4"] as const) {
  describe(`device22 on ${version}`, () => {
    const ask = (client: RawClient, dps: object): void => {
      const flat = { devId: "vdev0000000000000001", uid: "", t: "1", dps };
      client.send(13, JSON.stringify(version === "3.4" ? { protocol: 5, t: 1, data: { dps } } : flat));
    };

    it("refuses queries and reports the data points asked for with nulls", async () => {
      const { device, client } = await start(version, { device22: true });
      client.query();
      assert.equal((await client.next()).text, "json obj data unvalid");
      ask(client, { "1": null, "3": null, "50": null });
      assert.equal((await client.next()).text, "");
      assert.match((await client.next()).text, /"dps":\{"1":false,"3":"low"\}/);
      await client.expectQuiet();
      assert.deepEqual(device.values(), { "1": false, "2": 0, "3": "low" });
    });

    it("`oneByOne` reports only the first of them, `nullsActuate` switches off", async () => {
      const { device, client } = await start(version, { device22: { oneByOne: true, nullsActuate: true } });
      device.set({ "1": true });
      await client.next();
      ask(client, { "1": null, "2": null });
      await client.next();
      const texts: string[] = [];
      client.send(9, "{}");
      for (let frame = await client.next(); frame.command === 8; frame = await client.next())
        texts.push(frame.text);
      assert.match(texts.at(-1) ?? "", /"dps":\{"1":false\}/);
      assert.equal(device.values()["1"], false);
    });
  });
}
