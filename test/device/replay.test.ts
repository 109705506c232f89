import assert from "node:assert/strict";
import { PROTOCOL_VERSIONS, type ProtocolVersion } from "../../src/protocol/version";
import { Client, connect } from "../support/client";
import { Liar } from "../support/liar";
import { DEVICE_ID, LOCAL_KEY, startDevice } from "../support/virtual";

/*
 * Somebody without the key has recorded what a device said, and says it again. What can be promised against that, and what
 * cannot, stands in SECURITY.md.
 */

const TIMINGS = { negotiationTimeoutMs: 200, replyTimeoutMs: 300, settleMs: 20, reportTimeoutMs: 250 };
const STATUS = 8;

/** What a device said to somebody else, and what of it was a report. */
async function record(version: ProtocolVersion): Promise<{ all: Buffer[]; reports: Buffer[] }> {
  const device = await startDevice(version);
  const client = await connect(device);
  const frames = client.watchFrames();
  client.device.reconnect();
  await client.reached("connecting");
  await client.reached("ready");
  device.set({ "2": 41 });
  await client.reported("a value", ({ dps }) => dps["2"] === 41);
  await client.device.query();
  await client.device.close();
  await device.close();
  const incoming = frames.filter(({ direction }) => direction === "in");
  return {
    all: incoming.map(({ raw }) => Buffer.from(raw)),
    reports: incoming.filter(({ command }) => command === STATUS).map(({ raw }) => Buffer.from(raw)),
  };
}

/** A client of somebody who says all that was recorded, again and again. */
async function clientOfReplay(version: ProtocolVersion, set: ProtocolVersion | "auto"): Promise<Client> {
  const { all } = await record(version);
  const host = `127.0.0.${80 + PROTOCOL_VERSIONS.indexOf(version)}`;
  const liar = await Liar.start({ answer: () => all, push: () => all }, { id: DEVICE_ID, host });
  const settings = { deviceId: DEVICE_ID, name: "Lamp", localKey: LOCAL_KEY, ip: host, port: liar.port };
  const client = new Client({ ...settings, version: set }, { timings: TIMINGS });
  client.device.connect();
  return client;
}

describe("what was recorded, and is said again", () => {
  for (const version of ["3.1", "3.2", "3.3"] as const) {
    it(`is an old value, and proof, where nothing is fresh (${version})`, async () => {
      const client = await clientOfReplay(version, version);
      await client.proven();
      await client.reported("the old value", ({ dps }) => dps["2"] === 41);
      // But it tells of no command that nobody had given then.
      await assert.rejects(client.device.set({ "2": 77 }, { confirm: "report" }), { name: "TuyaError" });
    });
  }

  for (const version of ["3.4", "3.5"] as const) {
    for (const set of [version, "auto"] as const) {
      it(`is nothing where keys are negotiated anew (${version}, set: ${set})`, async () => {
        const client = await clientOfReplay(version, set);
        await client.until("an end", () => client.states.some(({ kind }) => kind === "waiting"));
        assert.ok(!client.kinds.includes("ready"));
        assert.deepEqual(client.reports, []);
      });
    }
  }

  it("counts once on the connection it was said on, where reports have numbers (3.2, 3.3)", async () => {
    for (const version of ["3.2", "3.3"] as const) {
      const device = await startDevice(version, { faults: { repeatFrames: true } });
      const client = await connect(device);
      await client.proven().catch(() => undefined);
      client.forget();
      device.set({ "2": 5 });
      device.set({ "2": 6 });
      await client.reported("the last", ({ dps }) => dps["2"] === 6);
      await client.device.query();
      const pushes = client.reports.filter(({ reason }) => reason === "push").map(({ dps }) => dps["2"]);
      assert.deepEqual(pushes, [5, 6]);
    }
  });

  it("is recorded here as it stands in the frame", async () => {
    const { reports } = await record("3.3");
    assert.equal(reports.length, 1);
    assert.equal(reports[0]?.readUInt32BE(8), STATUS);
  });
});
