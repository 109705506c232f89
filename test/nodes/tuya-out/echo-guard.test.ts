import assert from "node:assert/strict";
import { EchoGuard } from "../../../nodes/tuya-out/echo-guard";
import { DataPointMap } from "../../../src/datapoints/datapoint-map";
import type { Dps } from "../../../src/protocol/dps";
import { mapOf } from "../../support/datapoints";
import { profile } from "../../support/kind";

const ID = "lamp0000000000000001";
const LAMP: Dps = { "20": true, "21": "white", "22": 400, "23": 300, "24": "00f003e803e8" };

/** When the reports come that tuya-in speaks of, in seconds. */
const T = 1_700_000_000;

/** A message with what tuya-in says of a report. */
function message(payload: unknown, tuya: object): Record<string, unknown> {
  return { payload, tuya: { deviceId: ID, name: "Lamp", reason: "push", t: T, ...tuya } };
}

function brightness(percent: number, shown = percent): Record<string, unknown> {
  const raw = shown * 10;
  return message(percent, { code: "brightness", dp: "22", raw, dps: { "22": raw } });
}

describe("EchoGuard", () => {
  let now = 0;
  let guard: EchoGuard;
  let values: Dps;
  /** When the device last reported, in seconds. */
  let reportedAt: number;
  beforeEach(() => {
    now = 0;
    reportedAt = T;
    guard = new EchoGuard(() => now);
    values = LAMP;
  });

  function isEcho(
    msg: Record<string, unknown>,
    dps: Dps,
    dataPoints = mapOf(...profile("lamp-colour")),
  ): boolean {
    return guard.isEcho(msg, dps, { deviceId: ID, cid: undefined, dataPoints, values, reportedAt });
  }
  const white = (percent: number): Dps => ({ "21": "white", "22": percent * 10 });

  it("finds what the device has just said", () => {
    assert.equal(isEcho(brightness(40), white(40)), true);
    const on = message(true, { code: "switch_led", dp: "20", raw: true, dps: { "20": true } });
    assert.equal(isEcho(on, { "20": true }), true);
  });

  it("finds a colour, by its friendly name and by that of its data point", () => {
    values = { ...LAMP, "21": "colour" };
    const dps = { "20": true, "21": "colour", "24": "00f003e803e8" };
    const about = { dp: "24", raw: LAMP["24"], dps: { "24": LAMP["24"] } };
    assert.equal(isEcho(message("#0000ff", { code: "colour", ...about }), dps), true);
    guard = new EchoGuard(() => now);
    assert.equal(isEcho(message("#0000ff", { code: "color", ...about }), dps), true);
    const shown = { h: 240, s: 100, v: 100, hex: "#0000ff" };
    assert.equal(isEcho(message(shown, { code: "colour_data", ...about }), dps), true);
  });

  it("knows an older value from what somebody wants, while the device is late", () => {
    assert.equal(isEcho(brightness(60, 40), white(60)), false, "the slider is dragged");
    now = 100;
    assert.equal(isEcho(brightness(40), white(40)), false, "and back");
    assert.equal(isEcho(brightness(80, 40), white(80)), false, "and up");
    values = { ...LAMP, "22": 800 };
    now = 200;
    assert.equal(isEcho(brightness(60), white(60)), true, "the report of the first position is shown late");
    assert.equal(isEcho(brightness(80), white(80)), true, "then that of the last");
    assert.equal(isEcho(brightness(60, 80), white(60)), false, "the slider is dragged again");
  });

  it("finds what a widget sends on twice, until somebody moves the widget", () => {
    values = { ...LAMP, "21": "colour" };
    const about = { code: "colour", dp: "24", raw: LAMP["24"], dps: { "24": LAMP["24"] } };
    const colour = (hex: string) => message(hex, about);
    const dps = { "20": true, "21": "colour", "24": "00f003e803e8" };
    assert.equal(isEcho(colour("#0000ff"), dps), true, "passed on in Node-RED");
    values = { ...values, "20": false };
    now = 300;
    assert.equal(
      isEcho(colour("#0000ff"), dps),
      true,
      "and by the browser: the lamp that is off by now stays off",
    );
    assert.equal(
      isEcho(colour("#ff0000"), { ...dps, "24": "000003e803e8" }),
      false,
      "another colour is chosen",
    );
    assert.equal(isEcho(colour("#0000ff"), dps), false, "and the former one");
  });

  it("leaves a lamp off that was switched off while a widget still sends on how bright it was", () => {
    values = { ...LAMP, "20": false };
    assert.equal(isEcho(brightness(40), white(40)), true);
    guard = new EchoGuard(() => now);
    reportedAt = T + 10;
    assert.equal(isEcho(brightness(40), white(40)), false, "but not for a message that was kept for long");
  });

  it("lets somebody choose again what the device said some time ago", () => {
    assert.equal(isEcho(brightness(40), white(40)), true);
    values = { ...LAMP, "20": false };
    reportedAt = T + 3;
    now = 5_000;
    assert.equal(isEcho(brightness(40), white(40)), false);
  });

  it("lets a kept message set the device back later on", () => {
    values = { ...LAMP, "22": 800 };
    reportedAt = T + 10;
    assert.equal(isEcho(brightness(40), white(40)), false);
    now = 10_000;
    values = { ...LAMP, "22": 700 };
    assert.equal(isEcho({ ...brightness(60), topic: "kept" }, white(60)), false);
  });

  const others: readonly (readonly [what: string, msg: Record<string, unknown>, dps: Dps])[] = [
    ["a message without a report", { payload: 40 }, white(40)],
    ["a message of tuya-out", message(40, { reason: undefined, dps: { "22": 400 } }), white(40)],
    [
      "the report of another device",
      message(40, { ...(brightness(40)["tuya"] as object), deviceId: "x" }),
      white(40),
    ],
    [
      "the report of a sub-device",
      message(40, { ...(brightness(40)["tuya"] as object), cid: "x" }),
      white(40),
    ],
    ["another value", brightness(41, 40), white(41)],
    [
      "the value for another data point",
      message(true, { code: "switch_led", dp: "20", raw: true, dps: { "20": true } }),
      { "34": true },
    ],
  ];
  for (const [what, msg, dps] of others) {
    it(`leaves ${what} alone`, () => assert.equal(isEcho(msg, dps), false));
  }

  it("works for devices without names", () => {
    values = { "1": true, "9": 5 };
    const msg = message(true, { dp: "1", raw: true, dps: { "1": true } });
    assert.equal(isEcho(msg, { "1": true }, DataPointMap.EMPTY), true);
  });
});
