import assert from "node:assert/strict";
import { StatisticsSum } from "../../src/device/present-session";
import { Device } from "../../src/device/device";
import { once } from "node:events";
import { LOCAL_KEY, startDevice } from "../support/virtual";

const NOTHING = { bytesIn: 0, bytesOut: 0, roundTripMs: undefined, lastSeen: undefined, notAuthentic: 0 };

describe("the statistics of a device", () => {
  it("are nothing before anything was sent", () => {
    assert.deepEqual(new StatisticsSum().with(undefined, undefined), NOTHING);
  });

  it("add up what ended connections carried, and the present one", () => {
    const sum = new StatisticsSum();
    sum.add({ bytesIn: 10, bytesOut: 20, roundTripMs: 5, lastSeen: 1_000, notAuthentic: 2 });
    sum.add({ bytesIn: 1, bytesOut: 2, roundTripMs: undefined, lastSeen: undefined, notAuthentic: 0 });
    assert.deepEqual(sum.with(undefined, 900), {
      bytesIn: 11,
      bytesOut: 22,
      roundTripMs: 5,
      lastSeen: 1_000,
      notAuthentic: 2,
    });
    const present = { bytesIn: 100, bytesOut: 200, roundTripMs: 7, lastSeen: 3_000, notAuthentic: 1 };
    assert.deepEqual(sum.with(present, 2_000), {
      bytesIn: 111,
      bytesOut: 222,
      roundTripMs: 7,
      lastSeen: 3_000,
      notAuthentic: 3,
    });
    assert.equal(sum.with(undefined, 4_000).lastSeen, 4_000);
  });

  it("grow with what a device says, and are kept when its connection ends", async () => {
    const virtual = await startDevice("3.4", { dps: { "1": true } });
    const device = new Device({
      deviceId: virtual.id,
      localKey: LOCAL_KEY,
      ip: "127.0.0.1",
      port: virtual.port,
      version: "3.4",
    });
    try {
      assert.deepEqual(device.statistics(), NOTHING);
      const begun = Date.now();
      device.connect();
      await device.whenReady(5_000);
      await device.query();
      const first = device.statistics();
      assert.ok(first.bytesIn > 100 && first.bytesOut > 100, JSON.stringify(first));
      assert.ok((first.roundTripMs ?? -1) > 0 && (first.lastSeen ?? 0) >= begun - 1, JSON.stringify(first));
      const gone = once(virtual, "disconnect");
      device.disconnect();
      await gone;
      const { bytesIn, bytesOut, roundTripMs } = device.statistics();
      assert.deepEqual(
        { bytesIn, bytesOut, roundTripMs },
        {
          bytesIn: first.bytesIn,
          bytesOut: first.bytesOut,
          roundTripMs: first.roundTripMs,
        },
      );
      device.connect();
      await device.whenReady(5_000);
      assert.ok(device.statistics().bytesIn > first.bytesIn);
    } finally {
      await device.close();
    }
  });
});
