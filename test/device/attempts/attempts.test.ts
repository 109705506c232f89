import assert from "node:assert/strict";
import { type Attempt, Attempts, type AttemptsOptions } from "../../../src/device/attempts/attempts";
import { RememberedDevices } from "../../../src/device/attempts/known-devices";
import type { DeviceSettings } from "../../../src/device/types";
import { isLinkLocal } from "../../../src/link-local";
import type { ConnectionEnd } from "../../../src/session/connection/connection-end";
import { DEFAULT_TIMINGS } from "../../../src/session/timings";

const HOME = "192.0.2.7";
const NEW = "192.0.2.8";
const OTHER = "192.0.2.9";
const SECOND = 1_000;
const PAUSE_MS = SECOND;
const timings = {
  ...DEFAULT_TIMINGS,
  pauseMs: PAUSE_MS,
  probeTimeoutMs: 3 * SECOND,
  backoffMs: [2 * SECOND, 5 * SECOND],
  hopelessBackoffMs: 60 * SECOND,
  steadyAfterMs: 30 * SECOND,
};
const SETTINGS: DeviceSettings = { deviceId: "lamp", localKey: "", ip: HOME, version: "auto" };
const NONE = new Set<string>();

const REFUSED: ConnectionEnd = { reason: "refused" };
const CLOSED: ConnectionEnd = { reason: "closed", answered: false };
const DEAD: ConnectionEnd = { reason: "dead" };
const WRONG_KEY: ConnectionEnd = { reason: "wrong-key" };
const OLDER: ConnectionEnd = { reason: "foreign", speaks: "older" };
const LINK_LOCAL = [
  "169.254.169.254",
  "169.254.0.1",
  "::ffff:169.254.1.2",
  "fe80::1",
  "FE80::1%eth0",
  "febf::9",
];

function attempts(ip: string, known = new RememberedDevices()): Attempts {
  return new Attempts(
    { ...SETTINGS, ip },
    { timings: DEFAULT_TIMINGS, random: () => 0.5, now: () => 0, known },
  );
}

/** Where a device is looked for within so many attempts, all of which fail. */
function targets(device: Attempts): Set<string | undefined> {
  const seen = new Set<string | undefined>();
  for (let i = 0; i < 20; i++) {
    const attempt = device.next();
    seen.add(attempt?.ip);
    if (attempt) device.failed(attempt, { reason: "refused" });
  }
  for (let i = 0; i < 20; i++) seen.add(device.elsewhere(HOME, false, new Set())?.ip);
  seen.delete(undefined);
  return seen;
}

describe("a link-local address", () => {
  for (const address of LINK_LOCAL) {
    it(`is no target because a device is announced there (${address})`, () => {
      assert.equal(isLinkLocal(address), true);
      const found = attempts("");
      assert.equal(found.heard({ ip: address }), false);
      assert.equal(found.heard({ ip: address, sender: address }), false);
      assert.deepEqual([...targets(found)], []);
      const configured = attempts(HOME);
      configured.heard({ ip: address });
      assert.equal(configured.doubts({ ip: address }, HOME), false);
      assert.deepEqual([...targets(configured)], [HOME]);
    });

    it(`leaves the other address of an announcement (${address})`, () => {
      const named = attempts("");
      assert.equal(named.heard({ ip: address, sender: "192.0.2.9" }), true);
      assert.deepEqual([...targets(named)], ["192.0.2.9"]);
      const sent = attempts("");
      assert.equal(sent.heard({ ip: "192.0.2.8", sender: address }), true);
      assert.deepEqual([...targets(sent)], ["192.0.2.8"]);
    });

    it(`is a target where it is configured, and no longer than that (${address})`, () => {
      const known = new RememberedDevices();
      known.remember("lamp", { ip: address, version: "3.4" });
      const configured = attempts(address, known);
      assert.equal(configured.heard({ ip: address }), true);
      assert.deepEqual([...targets(configured)], [address]);
      assert.deepEqual([...targets(attempts(HOME, known))], [HOME]);
    });
  }

  it("is none of a network, nor a name", () => {
    for (const address of [
      "169.253.1.1",
      "192.168.169.254",
      "10.0.0.1",
      "fe80.example",
      "fec0::1",
      "127.0.0.1",
      "",
    ])
      assert.equal(isLinkLocal(address), false, address);
  });
});

/** Attempts with a clock that the test sets. */
class Hunt {
  now = 0;
  readonly known = new RememberedDevices();
  readonly attempts: Attempts;

  constructor(settings: Partial<DeviceSettings> = {}, options: Partial<AttemptsOptions> = {}) {
    this.attempts = new Attempts(
      { ...SETTINGS, ...settings },
      { timings, random: () => 0.5, now: () => this.now, known: this.known, ...options },
    );
  }

  next(): Attempt {
    const attempt = this.attempts.next();
    assert.ok(attempt, "no address is known");
    return attempt;
  }

  /** The next attempt fails: where, the code of the error that is shown, and the wait. */
  fail(end: ConnectionEnd): [ip: string, code: string | undefined, retryInMs: number] {
    const attempt = this.next();
    const { error, retryInMs } = this.attempts.failed(attempt, end);
    return [attempt.ip, error?.code, retryInMs];
  }

  /** How long to wait after a connection is lost that lived for so long. */
  waitAfter(livedMs: number): number {
    return this.attempts.lost(this.next(), DEAD, livedMs, true).retryInMs;
  }
}

describe("Attempts", () => {
  it("begins where the device proved its key last, in that version, and tries the configured address, too", () => {
    const known = new RememberedDevices();
    known.remember("lamp", { ip: NEW, version: "3.5" });
    const hunt = new Hunt({}, { known });
    assert.equal(hunt.attempts.ip, NEW);
    assert.equal(hunt.next().version, "3.5");
    assert.deepEqual(hunt.fail(REFUSED), [NEW, "UNREACHABLE", PAUSE_MS]);
    assert.deepEqual(hunt.fail(REFUSED), [HOME, "UNREACHABLE", 2 * SECOND]);
  });

  it("knows no address where none is configured, and none was heard", () => {
    const { attempts } = new Hunt({ ip: "" });
    assert.deepEqual([attempts.ip, attempts.next()], [undefined, undefined]);
    assert.equal(attempts.elsewhere(HOME, false, NONE), undefined);
  });

  it("trusts whom the user has named: least an address that was only heard, most one with its version", () => {
    assert.equal(new Hunt().next().trust, "configured");
    assert.equal(new Hunt({ version: "3.4" }).next().trust, "pinned");
    const heard = new Hunt({ version: "3.4" });
    heard.attempts.heard({ ip: NEW });
    const { ip, trust } = heard.next();
    assert.deepEqual([ip, trust], [NEW, "heard"]);
    // Another version than the configured one, to find out whether the device speaks it.
    const other = new Hunt({ version: "3.3" });
    other.fail(OLDER);
    assert.deepEqual([other.next().version, other.next().trust], ["3.1", "configured"]);
  });

  it("tries the version that was announced with an address there, and there only", () => {
    const hunt = new Hunt();
    hunt.attempts.heard({ ip: NEW, version: "3.5" });
    const [there, home] = [hunt.next(), hunt.next()];
    assert.deepEqual([there.ip, there.version], [NEW, "3.5"]);
    assert.deepEqual([home.ip, home.version], [HOME, "3.4"]);
    const unknown = new Hunt({ ip: "" });
    unknown.attempts.heard({ ip: NEW, version: "4.0" });
    assert.equal(unknown.next().version, "3.4");
  });

  describe("after a failure", () => {
    it("waits longer each time, and for a person where only one can help", () => {
      const hunt = new Hunt();
      const waits = Array.from({ length: 3 }, () => hunt.fail(REFUSED)[2]);
      assert.deepEqual(waits, [2 * SECOND, 5 * SECOND, 5 * SECOND]);
      assert.deepEqual(hunt.fail(WRONG_KEY), [HOME, "WRONG_KEY", 60 * SECOND]);
    });

    it("varies the waits as chance has it", () => {
      assert.equal(new Hunt({}, { random: () => 0 }).fail(REFUSED)[2], 1_600);
    });

    it("names the device and its address; by its id if it has no name", () => {
      const sentence = (settings: Partial<DeviceSettings>): string => {
        const hunt = new Hunt(settings);
        return String(hunt.attempts.failed(hunt.next(), REFUSED).error?.message);
      };
      assert.match(sentence({ name: "Desk lamp" }), /^Desk lamp refuses connections at 192\.0\.2\.7:6668/);
      assert.match(sentence({ name: "", port: 7_000 }), /^lamp refuses connections at 192\.0\.2\.7:7000/);
    });

    it("says nothing before the cause is found, unless the device is silent to the configured version", () => {
      assert.deepEqual(new Hunt({ version: "3.4" }).fail(CLOSED), [HOME, undefined, PAUSE_MS]);
      const silent = new Hunt({ version: "3.5" });
      assert.deepEqual(silent.fail({ reason: "silent" }), [HOME, "KEY_OR_VERSION", PAUSE_MS]);
      const heard = new Hunt({ version: "3.5" });
      heard.attempts.heard({ ip: NEW });
      assert.deepEqual(heard.fail({ reason: "silent" }), [NEW, undefined, PAUSE_MS]);
    });

    it("blames the device for no failure at an address that was only heard, and does not wait for a person", () => {
      const hunt = new Hunt();
      for (const ip of [NEW, OTHER]) hunt.attempts.heard({ ip });
      assert.deepEqual(hunt.fail(WRONG_KEY), [NEW, undefined, PAUSE_MS]);
      assert.deepEqual(hunt.fail(REFUSED), [HOME, "UNREACHABLE", PAUSE_MS]);
      assert.deepEqual(hunt.fail(WRONG_KEY), [OTHER, undefined, 2 * SECOND]);
    });

    it("leaves an address alone for long where another device answers, and for a moment where nothing does", () => {
      for (const [end, isNews] of [
        [WRONG_KEY, false],
        [REFUSED, true],
      ] as const) {
        const hunt = new Hunt();
        hunt.attempts.heard({ ip: NEW });
        hunt.fail(end);
        hunt.now = 2 * SECOND;
        assert.equal(hunt.attempts.heard({ ip: NEW }), isNews, end.reason);
      }
    });

    it("begins with short waits again for what is heard, if that is news", () => {
      const hunt = new Hunt();
      hunt.fail(REFUSED);
      hunt.attempts.heard({ ip: HOME });
      assert.equal(hunt.fail(REFUSED)[2], 2 * SECOND);
      // It has just failed there.
      assert.equal(hunt.attempts.heard({ ip: HOME }), false);
      assert.equal(hunt.fail(REFUSED)[2], 5 * SECOND);
    });

    it("begins anew when it is restarted: waits, and what failures were taken to mean", () => {
      const hunt = new Hunt({ version: "3.4" });
      hunt.attempts.restart();
      assert.equal(hunt.fail(REFUSED)[2], 2 * SECOND);
      hunt.fail(CLOSED);
      assert.equal(hunt.next().listensFirst, true);
      hunt.attempts.restart();
      assert.equal(hunt.next().listensFirst, false);
      assert.equal(hunt.fail(REFUSED)[2], 2 * SECOND);
    });

    it("remembers what it found out at an address while a few others are tried", () => {
      for (const [others, isRemembered] of [
        [15, true],
        [16, false],
      ] as const) {
        const hunt = new Hunt({ ip: "", version: "3.4" });
        hunt.attempts.heard({ ip: NEW });
        hunt.fail(CLOSED);
        for (let i = 0; i < others; i++) {
          hunt.attempts.heard({ ip: `198.51.100.${i}` });
          assert.equal(hunt.fail(REFUSED)[0], `198.51.100.${i}`);
        }
        const { ip, listensFirst } = hunt.next();
        assert.deepEqual([ip, listensFirst], [NEW, isRemembered], `${others} others`);
      }
    });
  });

  describe("where a frame names another version", () => {
    const named: ConnectionEnd = { reason: "undecryptable", marker: "3.2" };

    it("speaks that version next, without an error, whether the device was ready or not", () => {
      const failed = new Hunt();
      assert.deepEqual(failed.fail(named), [HOME, undefined, PAUSE_MS]);
      assert.equal(failed.next().version, "3.2");
      const lost = new Hunt();
      assert.deepEqual(lost.attempts.lost(lost.next(), named, 0, true), {
        error: undefined,
        retryInMs: PAUSE_MS,
      });
      assert.equal(lost.next().version, "3.2");
      const elsewhere = new Hunt();
      const attempt = elsewhere.attempts.elsewhere(NEW, true, NONE);
      assert.ok(attempt);
      assert.equal(elsewhere.attempts.failedElsewhere(attempt, named), true);
      assert.equal(elsewhere.next().version, "3.2");
    });

    it("says so where another one is configured", () => {
      const hunt = new Hunt({ version: "3.1" });
      assert.deepEqual(hunt.fail(named), [HOME, "KEY_OR_VERSION", 60 * SECOND]);
      const attempt = hunt.attempts.elsewhere(NEW, true, NONE);
      assert.ok(attempt);
      assert.equal(hunt.attempts.failedElsewhere(attempt, named), false);
    });

    it("takes it for a failure like others where it names none, or the version that was spoken", () => {
      for (const marker of ["3.3", undefined] as const) {
        const hunt = new Hunt({ version: "3.3" });
        const failure = hunt.fail({ reason: "undecryptable", marker });
        assert.deepEqual(failure, [HOME, "KEY_OR_VERSION", 60 * SECOND]);
      }
    });

    it("does so, too, where every frame names another one", () => {
      const hunt = new Hunt();
      const spoken = (["3.2", "3.3", "3.2", "3.1"] as const).map((marker) => {
        const failure = hunt.fail({ reason: "undecryptable", marker });
        assert.deepEqual(failure, [HOME, undefined, PAUSE_MS]);
        return hunt.next().version;
      });
      // By itself it tries the most frequent of the old versions next.
      assert.deepEqual(spoken, ["3.2", "3.3", "3.2", "3.3"]);
    });
  });

  describe("where the device answers", () => {
    it("keeps the connection, unless another version is configured", () => {
      const auto = new Hunt();
      assert.equal(auto.attempts.answered(auto.next()), undefined);
      const other = new Hunt({ version: "3.3" });
      const retry = other.attempts.answered({ ...other.next(), version: "3.1" });
      assert.deepEqual([retry?.error?.code, retry?.retryInMs], ["KEY_OR_VERSION", 60 * SECOND]);
      assert.match(String(retry?.error), /but 3\.3 is set/);
    });

    it("speaks the version it answered in from then on", () => {
      const hunt = new Hunt();
      hunt.attempts.answered({ ...hunt.next(), version: "3.3" });
      assert.deepEqual([hunt.next().version, hunt.next().isGuess], ["3.3", false]);
    });

    it("blames the device for not proving its key where it is trusted", () => {
      const hunt = new Hunt();
      assert.equal(hunt.attempts.listening(hunt.next())?.code, "KEY_OR_VERSION");
      assert.match(String(hunt.attempts.listening(hunt.next())), /Nothing proves the local key of lamp/);
      hunt.attempts.heard({ ip: NEW });
      assert.equal(hunt.attempts.listening(hunt.next()), undefined);
    });

    it("begins with the best address next time", () => {
      const known = new RememberedDevices();
      known.remember("lamp", { ip: NEW, version: "3.5" });
      const hunt = new Hunt({}, { known });
      hunt.fail(REFUSED);
      assert.equal(hunt.attempts.ip, HOME);
      hunt.attempts.reached();
      assert.equal(hunt.attempts.ip, NEW);
    });

    it("remembers where and in which version it proved its key, and forgets what failed before", () => {
      const hunt = new Hunt();
      hunt.fail(CLOSED);
      assert.equal(hunt.next().listensFirst, true);
      hunt.attempts.heard({ ip: NEW });
      const attempt = { ...hunt.next(), version: "3.5" } as const;
      assert.equal(attempt.ip, NEW);
      hunt.attempts.proved(attempt);
      assert.deepEqual(hunt.known.recall("lamp"), { ip: NEW, version: "3.5" });
      assert.deepEqual([hunt.attempts.ip, hunt.next().version], [NEW, "3.5"]);
      assert.deepEqual(hunt.fail(REFUSED), [NEW, "UNREACHABLE", PAUSE_MS]);
      const { ip, version, listensFirst } = hunt.next();
      assert.deepEqual([ip, version, listensFirst], [HOME, "3.5", false]);
      hunt.attempts.restart();
    });
  });

  describe("where a connection is lost", () => {
    it("waits longer each time, but not after one that lasted", () => {
      const hunt = new Hunt();
      assert.equal(hunt.waitAfter(30 * SECOND), 2 * SECOND);
      assert.equal(hunt.waitAfter(0), 5 * SECOND);
      assert.equal(hunt.waitAfter(30 * SECOND - 1), 5 * SECOND);
      assert.equal(hunt.waitAfter(30 * SECOND), 2 * SECOND);
    });

    it("says why", () => {
      const hunt = new Hunt();
      assert.equal(hunt.attempts.lost(hunt.next(), DEAD, 0, true).error?.code, "TIMEOUT");
    });

    it("goes at once where the device was announced elsewhere shortly before", () => {
      const hunt = new Hunt();
      const attempt = hunt.next();
      hunt.now = 100 * SECOND;
      hunt.attempts.heard({ ip: NEW });
      // A lost connection is noticed a while after the device has left.
      hunt.now += 5 * SECOND;
      const { retryInMs } = hunt.attempts.lost(attempt, DEAD, 0, true);
      assert.deepEqual([retryInMs, hunt.attempts.ip], [PAUSE_MS, NEW]);
    });

    it("believes no announcement that the connection has contradicted for long, if it proved the key", () => {
      for (const [wasProven, expected] of [
        [true, [2 * SECOND, HOME]],
        [false, [PAUSE_MS, NEW]],
      ] as const) {
        const hunt = new Hunt();
        const attempt = hunt.next();
        hunt.attempts.heard({ ip: NEW });
        hunt.now = 7 * SECOND;
        const { retryInMs } = hunt.attempts.lost(attempt, DEAD, 0, wasProven);
        assert.deepEqual([retryInMs, hunt.attempts.ip], expected);
      }
    });
  });

  describe("while the device is connected", () => {
    it("doubts the connection where the device is announced elsewhere, but not all the time", () => {
      const hunt = new Hunt();
      assert.equal(hunt.attempts.doubts({ ip: NEW }, HOME), true);
      assert.equal(hunt.attempts.doubts({ ip: NEW }, HOME), false, "no news");
      hunt.now = 3 * SECOND - 1;
      assert.equal(hunt.attempts.doubts({ ip: OTHER }, HOME), false, "the sign of life may be under way");
      hunt.now = 3 * SECOND;
      assert.equal(hunt.attempts.doubts({ ip: "192.0.2.10" }, HOME), true);
    });

    it("does not doubt it where the announcement comes from there, or names it", () => {
      assert.equal(new Hunt().attempts.doubts({ ip: HOME }, HOME), false);
      assert.equal(new Hunt().attempts.doubts({ ip: HOME, sender: NEW }, HOME), false);
      assert.equal(new Hunt().attempts.doubts({ ip: NEW, sender: HOME }, HOME), false);
    });

    it("goes by the clock of the process where it is given none", () => {
      const patient = { ...timings, probeTimeoutMs: 3_600 * SECOND };
      const known = new RememberedDevices();
      const device = new Attempts(SETTINGS, { timings: patient, random: () => 0.5, known });
      assert.equal(device.doubts({ ip: NEW }, HOME), true);
      assert.equal(device.doubts({ ip: OTHER }, HOME), false);
    });

    it("looks at better addresses, and trusts nobody there before the key is proved", () => {
      const hunt = new Hunt({ version: "3.4" });
      const home = hunt.attempts.elsewhere(NEW, true, NONE);
      assert.deepEqual([home?.ip, home?.version, home?.trust], [HOME, "3.4", "heard"]);
      assert.equal(hunt.attempts.elsewhere(HOME, true, NONE), undefined);
      assert.equal(hunt.attempts.elsewhere(NEW, true, new Set([HOME])), undefined);
    });

    it("tries an address again that may still turn out to be right, and no other", () => {
      const hunt = new Hunt({ version: "3.4" });
      hunt.attempts.heard({ ip: NEW });
      const look = (): Attempt => {
        const attempt = hunt.attempts.elsewhere(HOME, false, NONE);
        assert.ok(attempt);
        assert.equal(attempt.ip, NEW);
        return attempt;
      };
      assert.equal(hunt.attempts.failedElsewhere(look(), CLOSED), true);
      assert.equal(look().listensFirst, true);
      assert.equal(hunt.attempts.failedElsewhere(look(), WRONG_KEY), false);
      assert.equal(hunt.attempts.elsewhere(HOME, false, NONE), undefined);
      hunt.now = 59 * SECOND;
      assert.equal(hunt.attempts.heard({ ip: NEW }), false, "left alone for long");
    });
  });
});
