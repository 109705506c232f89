import assert from "node:assert/strict";
import { measuredDps, Refresher } from "../../src/device/refresher";
import type { DeviceSettings } from "../../src/device/types";
import type { Dps } from "../../src/protocol/dps";
import { useClock } from "../support/clock";
import { DEVICE_ID, LOCAL_KEY } from "../support/virtual";

const SETTINGS: DeviceSettings = { deviceId: DEVICE_ID, localKey: LOCAL_KEY, ip: "", version: "auto" };

describe("Refresher", () => {
  const clock = useClock();
  let asked: (readonly number[] | string)[];
  let values: Dps;
  let isConnected: boolean;
  let refresher: Refresher;

  beforeEach(() => {
    [asked, values, isConnected] = [[], {}, true];
    const session = {
      refresh: (dps: readonly number[]) => void asked.push(dps),
      query: (_cid: undefined, reason: string) => {
        asked.push(`query: ${reason}`);
        return Promise.reject(new Error("no answer"));
      },
    };
    refresher = new Refresher(
      () => values,
      () => (isConnected ? session : undefined),
    );
  });

  it("asks for new measurements at its interval", async () => {
    refresher.start({ ...SETTINGS, refreshSeconds: 5, refreshDps: [18] });
    for (let i = 0; i < 3; i++) {
      await clock.pass(5_000);
      refresher.noteReport();
    }
    assert.deepEqual(asked, [[18], [18], [18]]);
  });

  it("queries in turn where asking brought nothing, and bears with unanswered queries", async () => {
    refresher.start({ ...SETTINGS, refreshSeconds: 5, refreshDps: [18] });
    await clock.pass(20_000);
    assert.deepEqual(asked, [[18], "query: reply", [18], "query: reply"]);
  });

  it("never asks by itself where no interval is set", async () => {
    refresher.start(SETTINGS);
    assert.equal(clock.pending, 0);
  });

  it("asks nobody while there is no connection, and stops", async () => {
    refresher.start({ ...SETTINGS, refreshSeconds: 1 });
    isConnected = false;
    await clock.pass(3_000);
    assert.deepEqual(asked, []);
    refresher.stop();
    assert.equal(clock.pending, 0);
  });

  it("starts anew instead of twice", async () => {
    refresher.start({ ...SETTINGS, refreshSeconds: 1 });
    refresher.start({ ...SETTINGS, refreshSeconds: 1 });
    assert.equal(clock.pending, 1);
  });

  for (const [seconds, expected] of [
    [0.001, 3],
    [1.9, 3],
    [10_000_000, 0],
  ] as const) {
    it(`makes no storm of an interval of ${seconds} s`, async () => {
      refresher.start({ ...SETTINGS, refreshSeconds: seconds });
      await clock.pass(6_000);
      assert.equal(asked.length, expected);
    });
  }

  it("asks for what is configured, else for what meters of the device's numbering measure", () => {
    assert.deepEqual(measuredDps({ ...SETTINGS, refreshDps: [101] }, {}), [101]);
    assert.deepEqual(measuredDps({ ...SETTINGS, refreshDps: [101], measuredDps: [17] }, {}), [101]);
    assert.deepEqual(measuredDps({ ...SETTINGS, refreshDps: [], measuredDps: [17] }, {}), [17]);
    assert.deepEqual(measuredDps({ ...SETTINGS, refreshDps: [] }, {}), [18, 19, 20]);
    assert.deepEqual(measuredDps(SETTINGS, { "1": true, "5": 12 }), [4, 5, 6]);
    assert.deepEqual(measuredDps(SETTINGS, { "5": 12, "19": 120 }), [18, 19, 20]);
  });
});
