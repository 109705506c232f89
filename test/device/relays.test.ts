import assert from "node:assert/strict";
import { PROTOCOL_VERSIONS } from "../../src/protocol/version";
import { Client } from "../support/client";
import type { SeenFrame } from "../support/liar";
import { Relay } from "../support/relay";
import { DEVICE_ID, LOCAL_KEY, startDevice } from "../support/virtual";

const HOME = "127.0.0.30";
const BETWEEN = "127.0.0.31";
const CID = "00a1b2c3d4e5f601";
const isSet = ({ command }: SeenFrame): boolean => command === 7 || command === 13;

/*
 * Whoever passes everything on is the network. But what a client has said is never taken for what the device says, whoever
 * sends it back: on this connection or on a later one.
 */
for (const version of PROTOCOL_VERSIONS) {
  describe(`a relay without the key, before a ${version} device`, () => {
    for (const cid of [undefined, CID]) {
      const target = cid ? "a sub-device" : "the device";

      it(`who sends sets for ${target} back instead of passing them on: none is told done, and no value arrives`, async () => {
        const device = await startDevice(version, {
          host: HOME,
          ...(cid && { subDevices: { [CID]: { dps: { "1": 0, "2": 0 } } } }),
        });
        const relay = await Relay.start(BETWEEN, device, isSet);
        const settings = { deviceId: DEVICE_ID, localKey: LOCAL_KEY, port: device.port, version };
        const client = new Client(
          { ...settings, ip: BETWEEN },
          { timings: { replyTimeoutMs: 300, reportTimeoutMs: 50 } },
        );
        client.device.connect();
        await client.reached("ready");
        await client.reported("first values", ({ reason }) => reason === "initial");
        for (const confirm of ["report", "ack"] as const) {
          await assert.rejects(client.device.set({ "2": 77 }, { cid, confirm }));
          if (client.device.state.kind !== "ready") await client.reached("ready");
        }
        assert.ok(relay.reflected.length > 0);
        assert.ok(client.reports.every(({ dps }) => dps["2"] !== 77));
        assert.notEqual(client.device.values(cid)["2"], 77);
        assert.notEqual(device.values(cid)["2"], 77);
      });
    }
  });
}
