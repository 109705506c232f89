import assert from "node:assert/strict";
import { offersOf, readLine, stepViews } from "../../../../nodes/editor/connection/test/test-progress";
import {
  DIAGNOSIS_STEPS,
  type DiagnosisConclusion,
  type DiagnosisStep,
} from "../../../../src/diagnosis/lines";

const step = (name: DiagnosisStep["step"], ok = true): DiagnosisStep => {
  return { step: name, ok, ms: 1, says: `${name}.` };
};
const states = (done: readonly DiagnosisStep[], isRunning: boolean): string[] =>
  stepViews(done, isRunning).map((view) => `${view.step} ${view.state}`);

describe("readLine", () => {
  it("knows steps and conclusions, and nothing else", () => {
    assert.ok(readLine({ step: "tcp" }));
    assert.ok(readLine({ verdict: "OK" }));
    for (const line of [{}, [], { step: "other" }, { verdict: "FINE" }, { message: "x" }])
      assert.equal(readLine(line), undefined);
  });
});

describe("stepViews", () => {
  it("shows every step from the beginning, the first one under way", () => {
    const [first, ...others] = states([], true);
    assert.equal(first, "settings running");
    assert.deepEqual(
      others,
      DIAGNOSIS_STEPS.slice(1).map((name) => `${name} waiting`),
    );
  });

  it("shows what is done, and the next one as under way", () => {
    assert.deepEqual(states([step("settings"), step("address"), step("tcp"), step("version", false)], true), [
      "settings passed",
      "address passed",
      "tcp passed",
      "version failed",
      "key running",
      "identity waiting",
      "datapoints waiting",
      "heartbeat waiting",
    ]);
  });

  it("counts steps that were passed over as past", () => {
    assert.equal(
      states([step("settings"), step("version", false), step("identity", false)], true)[3],
      "datapoints running",
    );
  });

  it("leaves out what was not taken, once it is over", () => {
    assert.deepEqual(states([step("settings"), step("address", false)], false), [
      "settings passed",
      "address failed",
    ]);
  });
});

describe("offersOf", () => {
  const works: DiagnosisConclusion = { verdict: "OK", says: "", hint: "", version: "3.4", ip: "192.0.2.7" };
  const form = { version: "3.4", ip: "192.0.2.7", isChild: false };

  it("offers nothing that is in the form already", () => {
    assert.deepEqual(offersOf(works, form), { version: undefined, ip: undefined });
  });

  it("offers the measured version and the address that was found", () => {
    assert.deepEqual(offersOf(works, { ...form, version: "auto", ip: "" }), {
      version: "3.4",
      ip: "192.0.2.7",
    });
    assert.deepEqual(offersOf({ ...works, verdict: "WRONG_VERSION" }, { ...form, version: "3.3" }), {
      version: "3.4",
      ip: undefined,
    });
  });

  it("offers the version to set, where that is the remedy for a key that nothing proves", () => {
    const clear: DiagnosisConclusion = { ...works, verdict: "KEY_NOT_PROVEN", version: "3.1" };
    assert.deepEqual(offersOf(clear, { ...form, version: "auto" }), { version: "3.1", ip: undefined });
    assert.deepEqual(offersOf(clear, { ...form, version: "3.1" }), { version: undefined, ip: undefined });
  });

  it("offers no version before the key fits", () => {
    for (const verdict of ["WRONG_KEY", "KEY_OR_VERSION", "OTHER_DEVICE", "SILENT"] as const) {
      const offers = offersOf({ ...works, verdict }, { ...form, version: "3.3" });
      assert.equal(offers.version, undefined, verdict);
    }
  });

  it("does not replace a host name that works", () => {
    assert.equal(
      offersOf({ ...works, verdict: "KEY_NOT_PROVEN" }, { ...form, ip: "lamp.lan" }).ip,
      undefined,
    );
    assert.equal(offersOf(works, { ...form, ip: "lamp.lan" }).ip, undefined);
    assert.equal(offersOf({ ...works, verdict: "UNREACHABLE" }, { ...form, ip: "lamp.lan" }).ip, "192.0.2.7");
  });

  it("offers a sub-device nothing of its gateway", () => {
    assert.deepEqual(offersOf(works, { version: "auto", ip: "", isChild: true }), {
      version: undefined,
      ip: undefined,
    });
  });
});
