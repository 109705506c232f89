import assert from "node:assert/strict";
import {
  type Approach,
  oldestSpoken,
  outcomeOf,
  VersionFinder,
} from "../../../src/device/attempts/version-finder";
import type { TuyaError } from "../../../src/errors";
import { PROTOCOL_VERSIONS, type ProtocolVersion } from "../../../src/protocol/version";
import type { ConnectionEnd } from "../../../src/session/connection/connection-end";

const subject = { name: "Lamp", ip: "192.0.2.7", port: 6668 };

const CLOSED: ConnectionEnd = { reason: "closed", answered: false };
const SILENT: ConnectionEnd = { reason: "silent" };
const OLDER: ConnectionEnd = { reason: "foreign", speaks: "older" };
const REFUSED: ConnectionEnd = { reason: "refused-in-clear" };
/** What is guessed, and not said under the key: otherwise an answer in clear is an answer. */
const IN_CLEAR: ConnectionEnd = { reason: "clear-only" };
const UNDECRYPTABLE: ConnectionEnd = { reason: "undecryptable" };

/** Ends that leave it open what the matter is: one of each kind that leads a search elsewhere. */
const AMBIGUOUS: readonly ConnectionEnd[] = [CLOSED, SILENT, OLDER, REFUSED, { reason: "mute" }];

/** What becomes of an attempt: how the connection ends, or that the device answers. */
type Reaction = ConnectionEnd | "answers";
type Device = (approach: Approach) => Reaction;

/** What devices do with the first frames of each version: right key, wrong key. See the table in `version-search.ts`. */
const DEVICES: Record<string, Record<"right" | "wrong", Record<ProtocolVersion, Reaction>>> = {
  "3.1": {
    right: { "3.1": "answers", "3.2": IN_CLEAR, "3.3": REFUSED, "3.4": OLDER, "3.5": SILENT },
    // Queries go in clear: the key shows itself only when something is set.
    wrong: { "3.1": "answers", "3.2": IN_CLEAR, "3.3": REFUSED, "3.4": OLDER, "3.5": SILENT },
  },
  "3.2": {
    right: { "3.1": "answers", "3.2": "answers", "3.3": REFUSED, "3.4": SILENT, "3.5": SILENT },
    wrong: { "3.1": "answers", "3.2": IN_CLEAR, "3.3": REFUSED, "3.4": SILENT, "3.5": SILENT },
  },
  "3.3": {
    right: { "3.1": UNDECRYPTABLE, "3.2": REFUSED, "3.3": "answers", "3.4": OLDER, "3.5": SILENT },
    wrong: {
      "3.1": UNDECRYPTABLE,
      "3.2": UNDECRYPTABLE,
      "3.3": UNDECRYPTABLE,
      "3.4": OLDER,
      "3.5": SILENT,
    },
  },
  "3.4": {
    right: { "3.1": CLOSED, "3.2": CLOSED, "3.3": CLOSED, "3.4": "answers", "3.5": SILENT },
    wrong: { "3.1": CLOSED, "3.2": CLOSED, "3.3": CLOSED, "3.4": CLOSED, "3.5": SILENT },
  },
  "3.5p": {
    right: { "3.1": SILENT, "3.2": SILENT, "3.3": SILENT, "3.4": SILENT, "3.5": "answers" },
    wrong: { "3.1": SILENT, "3.2": SILENT, "3.3": SILENT, "3.4": SILENT, "3.5": SILENT },
  },
  "3.5o": {
    right: { "3.1": CLOSED, "3.2": CLOSED, "3.3": CLOSED, "3.4": CLOSED, "3.5": "answers" },
    wrong: { "3.1": CLOSED, "3.2": CLOSED, "3.3": CLOSED, "3.4": CLOSED, "3.5": CLOSED },
  },
};

interface Verdict {
  /** The version in which it answered, or the error people are told. */
  readonly verdict: ProtocolVersion | TuyaError;
  /** Versions as they were spoken; `+` where it was listened to first. */
  readonly attempts: readonly string[];
  /** What was said meanwhile. */
  readonly suspicions: readonly TuyaError[];
}

/** Attempts contact until it succeeds or fails. */
function approach(contact: VersionFinder, device: Device, announced?: ProtocolVersion): Verdict {
  const attempts: string[] = [];
  const suspicions: TuyaError[] = [];
  for (;;) {
    assert.ok(attempts.length < 12, `no end: ${attempts.join(" ")}`);
    if (announced) contact.announced(announced);
    const next = contact.next();
    attempts.push(next.version + (next.listensFirst ? "+" : ""));
    const reaction = device(next);
    if (reaction === "answers") {
      const error = contact.succeeded(next.version, subject);
      return { verdict: error ?? next.version, attempts, suspicions };
    }
    const consequence = contact.failed(next, reaction, subject);
    if (consequence.type === "fail") return { verdict: consequence.error, attempts, suspicions };
    assert.equal(consequence.type, "retry");
    if (consequence.suspicion) suspicions.push(consequence.suspicion);
  }
}

function deviceOf(generation: string, key: "right" | "wrong"): Device {
  const reactions = DEVICES[generation]?.[key];
  assert.ok(reactions);
  return ({ version, isGuess }) => {
    const reaction = reactions[version];
    return reaction === IN_CLEAR && !isGuess ? "answers" : reaction;
  };
}

const versionOf = (generation: string): ProtocolVersion => generation.slice(0, 3) as ProtocolVersion;

const namedAs = (version: ProtocolVersion): string => (version < "3.3" ? "3.1 or 3.2" : version);

describe("Contact", () => {
  for (const generation of Object.keys(DEVICES)) {
    const version = versionOf(generation);

    describe(`a ${generation} device`, () => {
      it("is found by auto", () => {
        const { verdict } = approach(new VersionFinder("auto"), deviceOf(generation, "right"));
        assert.equal(verdict, version);
      });

      it("is found by auto at the first attempt where it announces its version, and ever after", () => {
        const contact = new VersionFinder("auto");
        const device = deviceOf(generation, "right");
        assert.deepEqual(approach(contact, device, version).attempts, [version]);
        assert.deepEqual(approach(contact, device).attempts, [version]);
      });

      it("is found by auto although it announces another version", () => {
        for (const announced of PROTOCOL_VERSIONS) {
          // 3.1 and 3.2 devices answer each other's queries: there the announcement is all there is to know.
          if (version < "3.3" && announced < "3.3") continue;
          const { verdict } = approach(new VersionFinder("auto"), deviceOf(generation, "right"), announced);
          assert.equal(verdict, version, `announced as ${announced}`);
        }
      });

      it("is spoken to in the configured version, at the first attempt", () => {
        const { verdict, attempts } = approach(new VersionFinder(version), deviceOf(generation, "right"));
        assert.equal(verdict, version);
        assert.deepEqual(attempts, [version]);
      });

      for (const configured of PROTOCOL_VERSIONS) {
        if (configured === version || (version < "3.3" && configured < "3.3")) continue;
        it(`is named with its version where ${configured} is configured, every time`, () => {
          const contact = new VersionFinder(configured);
          for (let i = 0; i < 3; i++) {
            const { verdict } = approach(contact, deviceOf(generation, "right"));
            assert.ok(verdict instanceof Error, `connected as ${String(verdict)}`);
            assert.equal(verdict.code, "KEY_OR_VERSION");
            assert.ok(
              verdict.message.includes(`speaks protocol ${namedAs(version)}, but ${configured} is set`),
            );
          }
        });
      }
    });
  }

  const wrongKey: [string, "auto" | ProtocolVersion, string][] = [
    ["3.3", "auto", "KEY_OR_VERSION"],
    ["3.3", "3.3", "KEY_OR_VERSION"],
    ["3.3", "3.4", "KEY_OR_VERSION"],
    ["3.4", "auto", "WRONG_KEY"],
    ["3.4", "3.4", "WRONG_KEY"],
    ["3.4", "3.3", "WRONG_KEY"],
    ["3.4", "3.5", "WRONG_KEY"],
    ["3.5o", "auto", "WRONG_KEY"],
    ["3.5o", "3.5", "WRONG_KEY"],
    ["3.5o", "3.3", "WRONG_KEY"],
    ["3.5p", "auto", "KEY_OR_VERSION"],
    ["3.5p", "3.5", "KEY_OR_VERSION"],
    ["3.5p", "3.4", "KEY_OR_VERSION"],
  ];
  for (const [generation, configured, code] of wrongKey) {
    it(`says ${code} of a ${generation} device with another key, with ${configured} configured`, () => {
      const contact = new VersionFinder(configured);
      const first = approach(contact, deviceOf(generation, "wrong"));
      assert.ok(first.verdict instanceof Error);
      assert.equal(first.verdict.code, code);
      // The same symptom again needs no new search.
      const second = approach(contact, deviceOf(generation, "wrong"));
      assert.equal((second.verdict as TuyaError).message, first.verdict.message);
      assert.ok(second.attempts.length <= 2, second.attempts.join(" "));
    });
  }

  it("notices that a device got the right key, or another version, after it failed", () => {
    const contact = new VersionFinder("auto");
    approach(contact, deviceOf("3.4", "wrong"));
    assert.equal(approach(contact, deviceOf("3.4", "right")).verdict, "3.4");
    const updated = new VersionFinder("auto");
    assert.equal(approach(updated, deviceOf("3.4", "right")).verdict, "3.4");
    assert.equal(approach(updated, deviceOf("3.5o", "right")).verdict, "3.5");
  });

  it("listens first where a device closed at once, and says BUSY where it does so unasked", () => {
    const contact = new VersionFinder("auto");
    const busy: Device = ({ listensFirst }) => (listensFirst ? { reason: "busy" } : CLOSED);
    const { verdict, attempts } = approach(contact, busy);
    assert.equal((verdict as TuyaError).code, "BUSY");
    // Where the version was a guess, another one is the better use of the second attempt.
    assert.deepEqual(attempts, ["3.4", "3.5+"]);
    assert.deepEqual(approach(new VersionFinder("3.4"), busy).attempts, ["3.4", "3.4+"]);
    assert.deepEqual(approach(contact, busy).attempts, ["3.4+"]);
    assert.equal(approach(contact, deviceOf("3.5p", "right")).verdict, "3.5");
    assert.deepEqual(approach(contact, deviceOf("3.5p", "right")).attempts, ["3.5"]);
  });

  it("tries a guessed version again that may have been closed on because the device was busy", () => {
    const contact = new VersionFinder("auto");
    const { verdict, attempts } = approach(contact, deviceOf("3.4", "wrong"));
    assert.equal((verdict as TuyaError).code, "WRONG_KEY");
    assert.deepEqual(attempts, ["3.4", "3.5+", "3.4+"]);
    let isBusy = true;
    const device: Device = (next) => {
      if (isBusy) {
        isBusy = false;
        return CLOSED;
      }
      return deviceOf("3.4", "right")(next);
    };
    assert.deepEqual(approach(new VersionFinder("auto"), device).attempts, ["3.4", "3.5+", "3.4+"]);
  });

  it("does so also where the other version was proved to be right, and the key wrong", () => {
    const device: Device = ({ version }) => (version === "3.4" ? CLOSED : { reason: "wrong-key" });
    const { verdict, attempts } = approach(new VersionFinder("auto"), device);
    assert.equal((verdict as TuyaError).code, "WRONG_KEY");
    assert.deepEqual(attempts, ["3.4", "3.5+", "3.4+"]);
  });

  it("is content with heartbeats also where the device was busy at first", () => {
    let isBusy = true;
    const device: Device = ({ version, acceptsMuteness }) => {
      if (isBusy) {
        isBusy = false;
        return CLOSED;
      }
      if (version === "3.4") return OLDER;
      if (version !== "3.3") return SILENT;
      return acceptsMuteness ? "answers" : { reason: "mute" };
    };
    const { verdict, attempts } = approach(new VersionFinder("auto"), device);
    assert.equal(verdict, "3.3");
    assert.deepEqual(attempts, ["3.4", "3.5+", "3.4+", "3.3+", "3.1+", "3.3+"]);
  });

  it("guesses only a version that is neither configured, nor announced, nor was answered or proved", () => {
    const isGuess = (finder: VersionFinder): boolean => finder.next().isGuess;
    assert.equal(isGuess(new VersionFinder("auto")), true);
    assert.equal(isGuess(new VersionFinder("3.4")), false);
    assert.equal(isGuess(new VersionFinder("auto", "3.4")), false);
    assert.equal(isGuess(new VersionFinder("auto").elsewhere("3.5")), false);
    const announced = new VersionFinder("auto");
    announced.announced("3.5");
    assert.equal(isGuess(announced), false);
    const answered = new VersionFinder("auto");
    answered.succeeded("3.3", subject);
    assert.equal(isGuess(answered), false);
  });

  it("begins a new search where the first attempt ends otherwise than that of the last search", () => {
    const search = (last: Device, next: Device, announced?: ProtocolVersion): Verdict => {
      const contact = new VersionFinder("auto");
      approach(contact, last);
      return approach(contact, next, announced);
    };
    const silent: Device = () => SILENT;
    // Another end of an attempt in the same version.
    const otherEnd = search(silent, deviceOf("3.5o", "wrong"));
    assert.deepEqual(otherEnd.attempts, ["3.4", "3.5+", "3.4+"]);
    // The same end of an attempt in another version.
    const otherVersion = search(silent, silent, "3.3");
    assert.deepEqual(otherVersion.attempts, ["3.3", "3.4", "3.5", "3.1"]);
    // What ends as the first attempt did then is a later one.
    const later = search(silent, ({ version }) => (version === "3.3" ? CLOSED : SILENT), "3.3");
    assert.deepEqual(later.attempts, ["3.3", "3.3+", "3.4+", "3.5+"]);
  });

  it("connects again at once after an unusable session key, in the same version", () => {
    const contact = new VersionFinder("3.5");
    let times = 2;
    const device: Device = () => (times-- > 0 ? { reason: "unusable-session-key" } : "answers");
    const { verdict, attempts } = approach(contact, device);
    assert.equal(verdict, "3.5");
    assert.deepEqual(attempts, ["3.5", "3.5", "3.5"]);
  });

  it("gives up on a device whose session keys are never usable", () => {
    const contact = new VersionFinder("3.5");
    const { verdict, attempts } = approach(contact, () => ({ reason: "unusable-session-key" }));
    assert.equal((verdict as TuyaError).code, "OFFLINE");
    assert.equal(attempts.length, 5);
  });

  const unambiguous: [ConnectionEnd, string][] = [
    [{ reason: "refused" }, "UNREACHABLE"],
    [{ reason: "unreachable", detail: "EHOSTUNREACH" }, "UNREACHABLE"],
    [{ reason: "unknown-host" }, "UNREACHABLE"],
    [{ reason: "busy" }, "BUSY"],
    [{ reason: "dead" }, "TIMEOUT"],
    [{ reason: "out-of-step" }, "OFFLINE"],
    [{ reason: "fault" }, "OFFLINE"],
    [{ reason: "wrong-key" }, "WRONG_KEY"],
  ];
  for (const [end, code] of unambiguous) {
    it(`says ${code} after one attempt that ended as "${end.reason}"`, () => {
      const { verdict, attempts } = approach(new VersionFinder("auto"), () => end);
      assert.equal((verdict as TuyaError).code, code);
      assert.equal(attempts.length, 1);
    });
  }

  it("tells a suspicion of a silent device, but not while versions are left that it may speak", () => {
    const auto = approach(new VersionFinder("auto"), () => SILENT);
    assert.deepEqual(auto.attempts, ["3.4", "3.5", "3.3", "3.1"]);
    assert.deepEqual(auto.suspicions, []);
    const configured = approach(new VersionFinder("3.5"), () => SILENT);
    assert.equal(configured.suspicions[0]?.code, "KEY_OR_VERSION");
    assert.match(configured.suspicions[0]?.message ?? "", /3\.5/);
    // Up to 3.3 a wrong key shows itself as garbage, so silence means that nobody is at home.
    const old = approach(new VersionFinder("3.3"), () => SILENT);
    assert.equal((old.verdict as TuyaError).code, "TIMEOUT");
    for (const version of ["3.1", "3.2", "3.3"] as const) {
      const { verdict, suspicions } = approach(new VersionFinder(version), () => SILENT);
      for (const error of [verdict, ...suspicions] as TuyaError[])
        assert.equal(error.code, "TIMEOUT", version);
    }
  });

  it("suspects neither key nor version of a silent device that has proved to speak up to 3.4", () => {
    for (const [configured, proven, code] of [
      ["auto", "3.1", "TIMEOUT"],
      ["auto", "3.3", "TIMEOUT"],
      ["auto", "3.4", "TIMEOUT"],
      ["3.4", "3.4", "TIMEOUT"],
      // It may hold another key by now.
      ["auto", "3.5", "KEY_OR_VERSION"],
      ["3.5", "3.5", "KEY_OR_VERSION"],
      // It may speak another version.
      ["3.5", "3.4", "KEY_OR_VERSION"],
      ["3.4", undefined, "KEY_OR_VERSION"],
      ["auto", undefined, "KEY_OR_VERSION"],
    ] as const) {
      const { verdict, suspicions } = approach(new VersionFinder(configured, proven), () => SILENT);
      for (const error of [verdict, ...suspicions] as TuyaError[]) {
        assert.equal(error.code, code, `${configured}, ${proven}`);
        assert.ok(configured !== "auto" || !error.message.includes("to Auto"), error.message);
      }
    }
  });

  it("suspects nothing where something was answered", () => {
    for (const generation of ["3.1", "3.2", "3.3", "3.5o"]) {
      const { suspicions } = approach(new VersionFinder("auto"), deviceOf(generation, "right"));
      assert.deepEqual(suspicions, [], generation);
    }
    const { suspicions } = approach(new VersionFinder("3.3"), deviceOf("3.5o", "right"));
    assert.deepEqual(suspicions, []);
    const busy = approach(new VersionFinder("3.3"), ({ version }) => (version === "3.3" ? CLOSED : SILENT));
    assert.deepEqual([busy.attempts, busy.suspicions], [["3.3", "3.3+", "3.4+", "3.5+"], []]);
  });

  it("is content with heartbeats where nothing better is to be had", () => {
    const contact = new VersionFinder("auto");
    const mute: Device = ({ version, acceptsMuteness }) => {
      if (version === "3.4") return OLDER;
      if (version !== "3.3") return SILENT;
      return acceptsMuteness ? "answers" : { reason: "mute" };
    };
    const { verdict, attempts } = approach(contact, mute);
    assert.equal(verdict, "3.3");
    assert.deepEqual(attempts, ["3.4", "3.3", "3.1", "3.3"]);
  });

  it("begins a new search at another address, with what it knows of the device", () => {
    const contact = new VersionFinder("auto");
    approach(contact, deviceOf("3.5o", "right"));
    contact.failed(contact.next(), CLOSED, subject);
    const elsewhere = contact.elsewhere();
    assert.equal(elsewhere.next().version, "3.5");
    assert.deepEqual(approach(elsewhere, deviceOf("3.5o", "right")).attempts, ["3.5"]);
  });

  it("speaks no version before the one that was proved, whoever asks for it", () => {
    const finder = new VersionFinder("auto", "3.4");
    finder.announced("3.1");
    assert.equal(finder.next().version, "3.4");
    assert.equal(finder.marked("3.1", subject), "ignored");
    const { verdict, attempts } = approach(finder, () => OLDER);
    assert.deepEqual(new Set(attempts.map((attempt) => attempt.slice(0, 3))), new Set(["3.4"]));
    assert.match(String(verdict), /older protocol: .* has proved to speak 3\.4/);
    assert.equal(new VersionFinder("auto", "3.4").elsewhere("3.5").next().version, "3.5");
    assert.equal(new VersionFinder("auto").elsewhere("3.5").next().version, "3.5");
  });

  it("begins elsewhere with what answered last, where that is newer than what was proved", () => {
    const finder = new VersionFinder("auto", "3.1");
    finder.succeeded("3.3", subject);
    assert.equal(finder.elsewhere().next().version, "3.3");
    assert.equal(finder.elsewhere("3.4").next().version, "3.4");
  });

  it("says that the device speaks an older protocol than it proved only where it answers so", () => {
    const older: Device = ({ version }) => (version === "3.5" ? OLDER : SILENT);
    assert.match(String(approach(new VersionFinder("auto", "3.4"), older).verdict), /older protocol/);
    for (const [proven, device, code] of [
      ["3.4", deviceOf("3.4", "wrong"), "WRONG_KEY"],
      ["3.3", deviceOf("3.3", "wrong"), "KEY_OR_VERSION"],
    ] as const) {
      const { verdict } = approach(new VersionFinder("auto", proven), device);
      assert.equal((verdict as TuyaError).code, code);
      assert.doesNotMatch(String(verdict), /older protocol/);
    }
    // Nothing was proved: there is nothing to be older than.
    const { verdict } = approach(new VersionFinder("auto"), ({ version }) =>
      version === "3.4" ? OLDER : SILENT,
    );
    assert.doesNotMatch(String(verdict), /older protocol/);
  });

  it("goes back to an older version for whoever sets it", () => {
    assert.equal(new VersionFinder("3.1", "3.4").next().version, "3.1");
    assert.equal(oldestSpoken("3.1", "3.4"), "3.1");
    assert.equal(oldestSpoken("3.5", "3.4"), "3.4");
    assert.equal(oldestSpoken("auto", undefined), undefined);
  });

  it("believes a frame that names its version", () => {
    const auto = new VersionFinder("auto");
    assert.equal(auto.marked("3.2", subject), undefined);
    assert.equal(auto.next().version, "3.2");
    const configured = new VersionFinder("3.1");
    assert.match(String(configured.marked("3.2", subject)), /speaks protocol 3\.2.*3\.1 is set/);
    const proven = new VersionFinder("auto", "3.4");
    assert.equal(proven.marked("3.5", subject), undefined);
    assert.equal(proven.next().version, "3.5");
  });

  it("ignores frames that name one version after the other, until the device answers", () => {
    const finder = new VersionFinder("auto");
    const versions = ["3.2", "3.3", "3.2", "3.3", "3.2"] as const;
    const hear = (): unknown[] => versions.map((version) => finder.marked(version, subject));
    assert.deepEqual(hear(), [undefined, undefined, undefined, "ignored", "ignored"]);
    finder.succeeded("3.2", subject);
    assert.deepEqual(hear(), [undefined, undefined, undefined, "ignored", "ignored"]);
  });

  it("gives up a device that does not even answer heartbeats when they would be enough", () => {
    const times = { older: 1, mute: 1 };
    const device: Device = () => {
      if (times.older-- > 0) return OLDER;
      return times.mute-- > 0 ? { reason: "mute" } : SILENT;
    };
    const { verdict, attempts } = approach(new VersionFinder("auto"), device);
    assert.equal((verdict as TuyaError).code, "KEY_OR_VERSION");
    assert.deepEqual(attempts, ["3.4", "3.3", "3.1", "3.3"]);
  });

  it("ends every search, whatever a device does and however it changes its mind", () => {
    let searches = 0;
    let longest = 0;
    /** Follows the search that begins with these ends, and with each of the ends that could come next. */
    const explore = (script: readonly ConnectionEnd[]): void => {
      const contact = new VersionFinder("auto");
      const [last] = script.map((end) => contact.failed(contact.next(), end, subject)).slice(-1);
      if (last?.type === "fail") {
        searches++;
        longest = Math.max(longest, script.length);
        return;
      }
      assert.ok(script.length < 8, `no end: ${script.map(({ reason }) => reason).join(" ")}`);
      for (const end of AMBIGUOUS) explore([...script, end]);
    };
    explore([]);
    assert.ok(searches > 500, `only ${searches} were explored`);
    assert.ok(longest >= 6, `the longest had ${longest} attempts`);
  });
});

describe("outcomeOf", () => {
  const outcomes: [ConnectionEnd, ReturnType<typeof outcomeOf>][] = [
    [CLOSED, "closed"],
    [SILENT, "silent"],
    [{ reason: "stalled" }, "silent"],
    [{ reason: "mute" }, "mute"],
    [{ reason: "wrong-key" }, "wrong-key"],
    [UNDECRYPTABLE, "undecryptable"],
    [REFUSED, "refused-in-clear"],
    [IN_CLEAR, "clear-only"],
    [OLDER, "older"],
    [{ reason: "foreign", speaks: "newer" }, "newer"],
    [{ reason: "refused" }, undefined],
    [{ reason: "busy" }, undefined],
    [{ reason: "dead" }, undefined],
    [{ reason: "asked" }, undefined],
  ];
  for (const [end, expected] of outcomes) {
    it(`says ${expected ?? "nothing"} of key and version where a connection ends as "${end.reason}"`, () => {
      assert.equal(outcomeOf(end), expected);
    });
  }
});
