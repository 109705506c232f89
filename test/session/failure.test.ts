import assert from "node:assert/strict";
import {
  badInputError,
  closedError,
  connectionError,
  childOfflineError,
  contradictionError,
  ignoredCommandError,
  isHopeless,
  lostError,
  notFoundError,
  offlineError,
  refusalError,
  timeoutError,
  unreportedError,
  type VersionVerdict,
  verdictError,
} from "../../src/session/failure";
import { type ErrorCode, TuyaError } from "../../src/errors";
import { LOCAL_KEY } from "../support/virtual";
import { settingsError } from "../../src/device/settings-error";
import type { ConnectionEnd } from "../../src/session/connection/connection-end";

const subject = { name: "Kitchen lamp", ip: "192.0.2.7", port: 6668 };
const settings = { deviceId: "vdev0000000000000001", localKey: LOCAL_KEY, ip: "", version: "auto" } as const;

const ends: [ConnectionEnd, ErrorCode][] = [
  [{ reason: "refused" }, "UNREACHABLE"],
  [{ reason: "unreachable", detail: "EHOSTUNREACH" }, "UNREACHABLE"],
  [{ reason: "unknown-host" }, "UNREACHABLE"],
  [{ reason: "busy" }, "BUSY"],
  [{ reason: "closed", answered: true }, "OFFLINE"],
  [{ reason: "silent" }, "TIMEOUT"],
  [{ reason: "mute" }, "TIMEOUT"],
  [{ reason: "foreign", speaks: "older" }, "KEY_OR_VERSION"],
  [{ reason: "foreign", speaks: "newer" }, "KEY_OR_VERSION"],
  [{ reason: "refused-in-clear" }, "KEY_OR_VERSION"],
  [{ reason: "undecryptable", marker: "3.2" }, "OFFLINE"],
  [{ reason: "undecryptable" }, "KEY_OR_VERSION"],
  [{ reason: "wrong-key" }, "WRONG_KEY"],
  [{ reason: "unusable-session-key" }, "OFFLINE"],
  [{ reason: "out-of-step" }, "OFFLINE"],
  [{ reason: "stalled" }, "TIMEOUT"],
  [{ reason: "dead" }, "TIMEOUT"],
  [{ reason: "fault" }, "OFFLINE"],
  [{ reason: "asked" }, "OFFLINE"],
];

/** The two that say of an end what an end of the same kind says. */
const verdicts: [VersionVerdict, ErrorCode][] = [
  [{ verdict: "silent", version: "auto" }, "KEY_OR_VERSION"],
  [{ verdict: "other-version", configured: "3.3", speaks: "3.4" }, "KEY_OR_VERSION"],
];

const others: [string, TuyaError, ErrorCode][] = [
  ["no key", settingsError({ ...settings, localKey: "" }, subject.name)!, "NOT_CONFIGURED"],
  ["short key", settingsError({ ...settings, localKey: "abc" }, subject.name)!, "NOT_CONFIGURED"],
  ["odd key", settingsError({ ...settings, localKey: "äbcdefghijklmnop" }, subject.name)!, "NOT_CONFIGURED"],
  ["no port", settingsError({ ...settings, port: 0 }, subject.name)!, "NOT_CONFIGURED"],
  ["not found", notFoundError(subject.name), "NOT_FOUND"],
  ["offline", offlineError(subject.name), "OFFLINE"],
  ["lost", lostError(subject.name, new TuyaError("TIMEOUT", "It is off.")), "OFFLINE"],
  ["timeout", timeoutError(subject.name, 5_000), "TIMEOUT"],
  ["ignored", ignoredCommandError(subject.name), "KEY_OR_VERSION"],
  ["refused", refusalError(subject.name, "data format error", undefined), "REJECTED"],
  ["no child", refusalError(subject.name, "devid not found", "00a1"), "CHILD_OFFLINE"],
  [
    "contradiction",
    contradictionError(subject.name, { dp: "2", sent: 5, reported: 4 }, undefined),
    "REJECTED",
  ],
  [
    "child's contradiction",
    contradictionError(subject.name, { dp: "2", sent: 5, reported: 4 }, "00a1"),
    "REJECTED",
  ],
  ["unreported", unreportedError(subject.name, ["2"], undefined), "TIMEOUT"],
  ["child unreported", unreportedError(subject.name, ["2"], "00a1"), "TIMEOUT"],
  ["child offline", childOfflineError(subject.name, "00a1", false), "CHILD_OFFLINE"],
  ["child offline after all", childOfflineError(subject.name, "00a1", true), "CHILD_OFFLINE"],
  ["bad input", badInputError(subject.name, "no data point is named"), "BAD_INPUT"],
  ["closed", closedError(subject.name), "CLOSED"],
];

const all: [string, TuyaError, ErrorCode][] = [
  ...ends.map(
    ([end, code]) =>
      [JSON.stringify(end), connectionError(end, subject), code] as [string, TuyaError, ErrorCode],
  ),
  ...verdicts.map(
    ([verdict, code]) =>
      [JSON.stringify(verdict), verdictError(verdict, subject.name), code] as [string, TuyaError, ErrorCode],
  ),
  ...others,
];

describe("failures", () => {
  for (const [what, error, code] of all) {
    it(`${what}: ${code}, in a sentence for people`, () => {
      assert.ok(error instanceof TuyaError);
      assert.equal(error.code, code);
      assert.ok(Object.hasOwn(error, "code"), "Node-RED copies own properties only");
      assert.match(error.message, /Kitchen lamp/);
      assert.match(error.message, /^["\w].*[.]$/s);
      assert.doesNotMatch(error.message, /undefined|\[object|NaN|\bnull\b/);
      assert.ok(!error.message.includes(LOCAL_KEY));
    });
  }

  it("has a sentence of its own for every cause", () => {
    const bySentence = new Map<string, string>();
    for (const [what, { message }] of all) {
      assert.equal(bySentence.get(message), undefined, `${what}: ${message}`);
      bySentence.set(message, what);
    }
  });

  it("says the same of a verdict and of the end that proves it", () => {
    assert.equal(
      connectionError({ reason: "wrong-key" }, subject).message,
      verdictError({ verdict: "wrong-key" }, subject.name).message,
    );
    assert.equal(
      connectionError({ reason: "undecryptable" }, subject).message,
      verdictError({ verdict: "key-or-version" }, subject.name).message,
    );
  });

  it("names address and port where they may be wrong", () => {
    assert.match(connectionError({ reason: "refused" }, subject).message, /192\.0\.2\.7:6668/);
    assert.match(
      connectionError({ reason: "unreachable", detail: "EHOSTUNREACH" }, subject).message,
      /EHOSTUNREACH/,
    );
    assert.match(
      connectionError({ reason: "unknown-host" }, { ...subject, ip: "lamp.local" }).message,
      /"lamp\.local"/,
    );
  });

  it("names the version spoken and the one configured", () => {
    const { message } = verdictError({ verdict: "other-version", configured: "3.3", speaks: "3.4" }, "Lamp");
    assert.match(message, /speaks protocol 3\.4.*3\.3 is set/);
  });
});

describe("settingsError", () => {
  it("finds nothing wrong with a key of 16 characters, whatever they are", () => {
    assert.equal(settingsError(settings, "Lamp"), undefined);
    assert.equal(settingsError({ ...settings, port: 65_535 }, "Lamp"), undefined);
  });

  it("says how long a key is that is missing, too short or too long", () => {
    const told = (localKey: string): string | undefined =>
      settingsError({ ...settings, localKey }, "Lamp")?.message;
    assert.equal(told(""), "Lamp has no local key. Enter the 16 characters of its key.");
    for (const length of [1, 15, 17, 32])
      assert.equal(
        told("k".repeat(length)),
        `The local key of Lamp has ${length} characters instead of 16. Copy it again, without quotes or blanks.`,
      );
    assert.equal(told("k".repeat(16)), undefined);
  });

  it("tells a key of the wrong length from one with letters that need more bytes than one", () => {
    assert.match(settingsError({ ...settings, localKey: `${LOCAL_KEY} ` }, "Lamp")!.message, /17 characters/);
    assert.match(settingsError({ ...settings, localKey: "äbcdefghijklmnop" }, "Lamp")!.message, /no key has/);
    assert.match(settingsError({ ...settings, localKey: "💡💡💡" }, "Lamp")!.message, /6 characters/);
  });

  for (const port of [-1, 0, 1.5, 65_536, NaN, Infinity]) {
    it(`refuses port ${port}`, () => {
      assert.equal(settingsError({ ...settings, port }, "Lamp")?.code, "NOT_CONFIGURED");
    });
  }
});

describe("offlineError and lostError", () => {
  const temporary = new TuyaError("UNREACHABLE", "Lamp is off.");
  const hopeless = new TuyaError("WRONG_KEY", "Lamp rejects the key.");

  it("are OFFLINE with the cause told, whatever the cause is", () => {
    for (const error of [offlineError("Lamp", temporary), lostError("Lamp", temporary)]) {
      assert.equal(error.code, "OFFLINE");
      assert.ok(error.message.endsWith(temporary.message));
      assert.equal(error.cause, temporary);
    }
  });

  it("are the cause itself where only a human can mend it", () => {
    assert.equal(offlineError("Lamp", hopeless), hopeless);
    assert.equal(lostError("Lamp", hopeless), hopeless);
  });

  it("differ in what became of the command", () => {
    assert.match(offlineError("Lamp", temporary).message, /nothing was sent/);
    assert.match(lostError("Lamp", temporary).message, /may or may not have arrived/);
  });
});

describe("refusalError", () => {
  it("takes the words of a gateway for a sub-device that is not there only where one was asked", () => {
    assert.equal(refusalError("Hub", "devid not found", "00a1").code, "CHILD_OFFLINE");
    assert.equal(refusalError("Hub", "GW ID invalid", "00a1").code, "CHILD_OFFLINE");
    assert.equal(refusalError("Hub", "devid not found", undefined).code, "REJECTED");
    assert.equal(refusalError("Hub", "json obj data unvalid", "00a1").code, "REJECTED");
  });
});

describe("isHopeless", () => {
  it("is true where only a human can mend the cause", () => {
    const hopeless = all.filter(([, error]) => isHopeless(error)).map(([, { code }]) => code);
    assert.deepEqual([...new Set(hopeless)].sort(), ["KEY_OR_VERSION", "NOT_CONFIGURED", "WRONG_KEY"]);
  });
});
