import assert from "node:assert/strict";
import type { NodeMessage } from "node-red";
import type { LinkProfile } from "../../../nodes/link/device-link";
import {
  messagesByDp,
  objectMessage,
  replayOf,
  type ReportOptions,
  select,
} from "../../../nodes/tuya-in/report-messages";
import { parseDataPoints } from "../../../src/datapoints/datapoint";
import { DataPointMap } from "../../../src/datapoints/datapoint-map";
import type { DeviceReport } from "../../../src/device/types";

const PROFILE: LinkProfile = {
  name: "Meter",
  deviceId: "meter000000000000001",
  cid: undefined,
  dataPoints: new DataPointMap(
    parseDataPoints([
      { dp: "1", code: "switch_1", type: "Boolean" },
      { dp: "20", code: "cur_voltage", type: "Integer", scale: 1, unit: "V" },
      { dp: "5", code: "button", type: "Enum", event: true },
      { dp: "17", code: "add_ele", type: "Integer", scale: 3, accumulate: true },
    ]).dataPoints,
  ),
};
const OPTIONS: ReportOptions = { output: "object", dps: [], when: "change", initial: true };

function report(more: Partial<DeviceReport> = {}): DeviceReport {
  return {
    cid: undefined,
    dps: { "1": true, "20": 2301 },
    changed: ["20"],
    previous: { "1": true, "20": 2299 },
    reason: "push",
    t: 1_700_000_000,
    ...more,
  };
}

function messagesOf(event: DeviceReport, profile: LinkProfile, options: ReportOptions): NodeMessage[] {
  const selection = select(event, profile, options);
  if (selection.dps.length === 0) return [];
  return options.output === "object" ? [objectMessage(selection)] : messagesByDp(selection).flat();
}

/** Names of the values that are passed on. */
function passed(event: DeviceReport, options: Partial<ReportOptions>, profile = PROFILE): string[] {
  return messagesOf(event, profile, { ...OPTIONS, ...options }).flatMap(({ payload }) =>
    Object.keys(payload as object),
  );
}

describe("messagesOf: the messages", () => {
  it("are one object of values by name", () => {
    assert.deepEqual(messagesOf(report({ changed: ["1", "20"] }), PROFILE, OPTIONS), [
      {
        topic: "Meter",
        payload: { switch_1: true, cur_voltage: 230.1 },
        tuya: {
          deviceId: "meter000000000000001",
          name: "Meter",
          dps: { "1": true, "20": 2301 },
          reason: "push",
          t: 1_700_000_000,
          units: { cur_voltage: "V" },
        },
      },
    ]);
  });

  it("are one for each value, with everything known of it", () => {
    const event = report({ dps: { "20": 2301, "101": 5 }, changed: ["20", "101"], previous: { "20": 2299 } });
    const origin = { deviceId: "meter000000000000001", name: "Meter", reason: "push", t: 1_700_000_000 };
    assert.deepEqual(messagesOf(event, PROFILE, { ...OPTIONS, output: "each" }), [
      {
        topic: "Meter/cur_voltage",
        payload: 230.1,
        tuya: {
          ...origin,
          dps: { "20": 2301 },
          dp: "20",
          code: "cur_voltage",
          raw: 2301,
          previous: 229.9,
          unit: "V",
        },
      },
      { topic: "Meter/101", payload: 5, tuya: { ...origin, dps: { "101": 5 }, dp: "101", raw: 5 } },
    ]);
  });

  it("hide no value that does not fit what is configured", () => {
    const event = report({ dps: { "1": "odd", "20": "n/a", "101": null }, changed: ["1", "20", "101"] });
    const [message] = messagesOf(event, PROFILE, OPTIONS);
    assert.deepEqual(message?.payload, { switch_1: "odd", cur_voltage: "n/a", "101": null });
  });

  it("name the sub-device, and do not take the gateway's names for it", () => {
    const [message] = messagesOf(report({ cid: "abc", dps: { "1": 5 }, changed: ["1"] }), PROFILE, OPTIONS);
    assert.deepEqual(message?.payload, { "1": 5 });
    const tuya = message?.["tuya"] as { cid?: string } | undefined;
    assert.equal(tuya?.cid, "abc");
  });

  it("take a sub-device's own names for it", () => {
    const profile = { ...PROFILE, cid: "abc" };
    assert.deepEqual(passed(report({ cid: "abc", dps: { "1": true }, changed: ["1"] }), {}, profile), [
      "switch_1",
    ]);
  });

  it("belong to the flow: changing them changes nothing else", () => {
    const event = report({ dps: { "101": { a: [1] } }, changed: ["101"] });
    const [message] = messagesOf(event, PROFILE, OPTIONS);
    const tuya = message?.["tuya"] as { dps: Record<string, { a: number[] }> };
    tuya.dps["101"]?.a.push(2);
    delete tuya.dps["101"];
    assert.deepEqual(event.dps, { "101": { a: [1] } });
  });
});

describe("messagesOf: which values are passed on", () => {
  const REASONS = ["push", "reply", "initial"] as const;
  /** By `when`, then reason: the names passed of switch_1 (unchanged) and cur_voltage (changed). */
  const table = {
    change: { push: ["cur_voltage"], reply: ["cur_voltage"], initial: ["switch_1", "cur_voltage"] },
    push: { push: ["switch_1", "cur_voltage"], reply: [], initial: ["switch_1", "cur_voltage"] },
    all: {
      push: ["switch_1", "cur_voltage"],
      reply: ["switch_1", "cur_voltage"],
      initial: ["switch_1", "cur_voltage"],
    },
  };
  for (const when of ["change", "push", "all"] as const) {
    for (const reason of REASONS) {
      it(`${when}: ${table[when][reason].join(" and ") || "nothing"} of a ${reason}`, () => {
        assert.deepEqual(passed(report({ reason }), { when }), table[when][reason]);
      });
    }
  }

  it("without first values, only what changed while the connection was gone", () => {
    const first = report({ reason: "initial", changed: ["1", "20"], previous: {} });
    const later = report({ reason: "initial" });
    for (const when of ["change", "push", "all"] as const) {
      assert.deepEqual(passed(first, { when, initial: false }), []);
    }
    assert.deepEqual(passed(later, { initial: false }), ["cur_voltage"]);
    assert.deepEqual(passed(later, { when: "all", initial: false }), ["cur_voltage"]);
    assert.deepEqual(passed(later, { when: "push", initial: false }), []);
  });

  it("of an event every push, equal values too, and nothing that was only asked for", () => {
    const press = { dps: { "5": "single" }, changed: [], previous: { "5": "single" } };
    for (const when of ["change", "push", "all"] as const) {
      assert.deepEqual(passed(report(press), { when }), ["button"]);
      assert.deepEqual(passed(report({ ...press, changed: ["5"], reason: "reply" }), { when }), []);
      assert.deepEqual(passed(report({ ...press, changed: ["5"], reason: "initial" }), { when }), []);
    }
  });

  it("of an increment every push, equal values too, and none twice", () => {
    const energy = { dps: { "17": 120 }, changed: [], previous: { "17": 120 } };
    for (const when of ["change", "push", "all"] as const) {
      assert.deepEqual(passed(report(energy), { when }), ["add_ele"]);
      assert.deepEqual(passed(report({ ...energy, changed: ["17"], reason: "reply" }), { when }), []);
      assert.deepEqual(passed(report({ ...energy, changed: ["17"], reason: "initial" }), { when }), []);
    }
  });

  it("only those chosen, by number or code", () => {
    for (const dps of [["20"], ["cur_voltage"], ["cur_voltage", "unknown"]]) {
      assert.deepEqual(passed(report(), { dps, when: "all" }), ["cur_voltage"]);
    }
    assert.deepEqual(passed(report(), { dps: ["unknown"], when: "all" }), []);
    assert.deepEqual(messagesOf(report(), PROFILE, { ...OPTIONS, dps: ["1"] }), []);
  });
});

describe("replayOf", () => {
  it("is a report of everything known, for a node that comes late", () => {
    const { reason, dps, changed, cid } = replayOf({ "1": true, "5": "single" }, "abc");
    assert.deepEqual(
      { reason, dps, changed, cid },
      {
        reason: "initial",
        dps: { "1": true, "5": "single" },
        changed: ["1", "5"],
        cid: "abc",
      },
    );
    assert.deepEqual(passed(replayOf({ "1": true, "5": "single" }, undefined), {}), ["switch_1"]);
    assert.deepEqual(passed(replayOf({ "1": true }, undefined), { initial: false }), []);
    assert.deepEqual(passed(replayOf({}, undefined), {}), []);
  });
});
