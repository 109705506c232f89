import assert from "node:assert/strict";
import {
  type TriedVersion,
  type AttemptOutcome,
  nextVersion,
  type SearchStep,
} from "../../../src/device/attempts/version-search";
import { PROTOCOL_VERSIONS, type ProtocolVersion } from "../../../src/protocol/version";

const OUTCOMES = [
  "closed",
  "silent",
  "mute",
  "older",
  "newer",
  "refused-in-clear",
  "undecryptable",
  "wrong-key",
] as const satisfies readonly AttemptOutcome[];

/** Every search that any device could lead on, with the step it ends in. */
function* searches(
  first: ProtocolVersion,
  tried: readonly TriedVersion[] = [],
): Generator<{ tried: readonly TriedVersion[]; end: SearchStep }> {
  const step = nextVersion(tried, first);
  if (step.type !== "try") {
    yield { tried, end: step };
    return;
  }
  assert.ok(tried.length < PROTOCOL_VERSIONS.length, `no end after ${describeTried(tried)}`);
  for (const outcome of OUTCOMES) yield* searches(first, [...tried, { version: step.version, outcome }]);
}

function describeTried(tried: readonly TriedVersion[]): string {
  return tried.map(({ version, outcome }) => `${version} ${outcome}`).join(", ") || "nothing";
}

describe("nextVersion", () => {
  const table: [string, ProtocolVersion | undefined, TriedVersion[], SearchStep][] = [
    ["3.4 where nothing is known", undefined, [], attempt("3.4")],
    ["the given version first", "3.1", [], attempt("3.1")],
    ["3.5 where a 3.4 frame is closed on", undefined, [tried("3.4", "closed")], attempt("3.5")],
    ["3.3 where a 3.4 frame gets an older answer", undefined, [tried("3.4", "older")], attempt("3.3")],
    ["3.5 where a 3.4 frame gets a newer answer", undefined, [tried("3.4", "newer")], attempt("3.5")],
    ["3.5 where a 3.4 frame gets no answer", undefined, [tried("3.4", "silent")], attempt("3.5")],
    [
      "3.1 where an encrypted query is refused in clear",
      undefined,
      [tried("3.4", "older"), tried("3.3", "refused-in-clear")],
      attempt("3.1"),
    ],
    [
      "a wrong key where neither 3.4 nor 3.5 is accepted",
      undefined,
      [tried("3.4", "closed"), tried("3.5", "closed")],
      giveUp("wrong-key"),
    ],
    [
      "a wrong key where a 3.5 frame means nothing to a device that closes on 3.4",
      undefined,
      [tried("3.4", "closed"), tried("3.5", "silent")],
      giveUp("wrong-key"),
    ],
    [
      "a wrong key where 3.5 proved it and a 3.4 frame, tried once more, is closed on",
      undefined,
      [tried("3.5", "wrong-key"), tried("3.4", "closed")],
      giveUp("wrong-key"),
    ],
    ["a wrong key where it is proven", "3.5", [tried("3.5", "wrong-key")], giveUp("wrong-key")],
    [
      "key or version where a 3.3 device sends what does not decrypt",
      undefined,
      [tried("3.4", "older"), tried("3.3", "undecryptable")],
      giveUp("key-or-version"),
    ],
    [
      "to settle for 3.3 where a device answers heartbeats and nothing else",
      undefined,
      [tried("3.4", "older"), tried("3.3", "mute"), tried("3.1", "silent")],
      { type: "settle", version: "3.3" },
    ],
    [
      "silence where nothing was ever answered",
      undefined,
      [tried("3.4", "silent"), tried("3.5", "silent"), tried("3.3", "silent"), tried("3.1", "silent")],
      giveUp("silent"),
    ],
    ["3.4 where a configured 3.3 is closed on", "3.3", [tried("3.3", "closed")], attempt("3.4")],
    ["3.4 where a configured 3.5 is closed on", "3.5", [tried("3.5", "closed")], attempt("3.4")],
    ["3.4 where a configured 3.3 gets no answer", "3.3", [tried("3.3", "silent")], attempt("3.4")],
    [
      "3.3 where neither of the new versions gets an answer",
      undefined,
      [tried("3.4", "silent"), tried("3.5", "silent")],
      attempt("3.3"),
    ],
    [
      "3.1 where no other version gets an answer",
      undefined,
      [tried("3.4", "silent"), tried("3.5", "silent"), tried("3.3", "silent")],
      attempt("3.1"),
    ],
    [
      "nothing older where a device that answered as 3.5 ones do is silent to 3.5",
      undefined,
      [tried("3.4", "newer"), tried("3.5", "silent")],
      giveUp("key-or-version"),
    ],
    [
      "3.5 where a device that closes on 3.3 is silent to 3.4",
      "3.3",
      [tried("3.3", "closed"), tried("3.4", "silent")],
      attempt("3.5"),
    ],
    [
      "nothing older where a device that closes on 3.3 is silent to the newer ones",
      "3.3",
      [tried("3.3", "closed"), tried("3.4", "silent"), tried("3.5", "silent")],
      giveUp("key-or-version"),
    ],
    ["3.3 where 3.1 gets what does not decrypt", "3.1", [tried("3.1", "undecryptable")], attempt("3.3")],
    ["3.3 where 3.2 is refused in clear", "3.2", [tried("3.2", "refused-in-clear")], attempt("3.3")],
    ["3.3 where 3.2 is answered in clear only", "3.2", [tried("3.2", "clear-only")], attempt("3.3")],
  ];
  for (const [what, first, attempts, expected] of table) {
    it(`after ${describeTried(attempts)}: ${what}`, () => {
      assert.deepEqual(nextVersion(attempts, first), expected);
    });
  }

  const asking: [string, TriedVersion[], SearchStep][] = [
    [
      "3.2 where an encrypted query is refused in clear",
      [tried("3.4", "older"), tried("3.3", "refused-in-clear")],
      attempt("3.2"),
    ],
    ["3.3 where that was the first version", [tried("3.2", "refused-in-clear")], attempt("3.3")],
    [
      "3.1 where 3.2 was answered in clear only",
      [tried("3.4", "older"), tried("3.3", "refused-in-clear"), tried("3.2", "clear-only")],
      attempt("3.1"),
    ],
  ];
  for (const [what, attempts, expected] of asking) {
    it(`after ${describeTried(attempts)}, where it may ask: ${what}`, () => {
      assert.deepEqual(nextVersion(attempts, undefined, undefined, true), expected);
    });
  }

  it("goes back to no version before the oldest allowed one", () => {
    assert.deepEqual(nextVersion([tried("3.4", "older")], "3.4", "3.3"), attempt("3.3"));
    assert.deepEqual(nextVersion([tried("3.4", "older")], "3.4", "3.4"), giveUp("key-or-version"));
    assert.deepEqual(nextVersion([tried("3.5", "closed")], "3.5", "3.4"), attempt("3.4"));
  });

  it("says what a device is about that speaks nothing before 3.5: another key if it closes", () => {
    assert.deepEqual(nextVersion([tried("3.5", "closed")], "3.5", "3.5"), giveUp("wrong-key"));
    assert.deepEqual(nextVersion([tried("3.5", "silent")], "3.5", "3.5"), giveUp("silent"));
    assert.deepEqual(nextVersion([tried("3.5", "older")], "3.5", "3.5"), giveUp("key-or-version"));
  });

  for (const first of PROTOCOL_VERSIONS) {
    it(`ends every search that begins with ${first}, whatever the device does, and repeats no version`, () => {
      let count = 0;
      for (const search of searches(first)) {
        count++;
        const versions = search.tried.map(({ version }) => version);
        assert.equal(new Set(versions).size, versions.length, describeTried(search.tried));
        assert.equal(versions[0], first);
      }
      assert.ok(count > OUTCOMES.length, "hardly anything was enumerated");
    });
  }

  it("calls a key wrong only where a device closed on 3.4 or proved it", () => {
    for (const first of PROTOCOL_VERSIONS) {
      for (const { tried: attempts, end } of searches(first)) {
        if (end.type !== "give-up" || end.verdict !== "wrong-key") continue;
        const closedOn34 = attempts.some(({ version, outcome }) => version === "3.4" && outcome === "closed");
        assert.ok(closedOn34 || attempts.at(-1)?.outcome === "wrong-key", describeTried(attempts));
      }
    }
  });

  it("settles once: a device that does not even answer heartbeats then is given up", () => {
    const attempts = [tried("3.3", "mute"), tried("3.1", "silent"), tried("3.3", "silent")];
    assert.deepEqual(nextVersion(attempts, "3.3"), giveUp("silent"));
    attempts[2] = tried("3.3", "mute");
    assert.deepEqual(nextVersion(attempts, "3.3"), giveUp("key-or-version"));
  });

  it("settles only for a version in which the device answered heartbeats", () => {
    for (const { tried: attempts, end } of searches("3.4")) {
      if (end.type !== "settle") continue;
      const settled = attempts.find(({ version }) => version === end.version);
      assert.equal(settled?.outcome, "mute", describeTried(attempts));
    }
  });
});

function tried(version: ProtocolVersion, outcome: AttemptOutcome): TriedVersion {
  return { version, outcome };
}

function attempt(version: ProtocolVersion): SearchStep {
  return { type: "try", version };
}

function giveUp(verdict: "wrong-key" | "key-or-version" | "silent"): SearchStep {
  return { type: "give-up", verdict };
}
