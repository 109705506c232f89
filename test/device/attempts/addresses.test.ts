import assert from "node:assert/strict";
import { Addresses } from "../../../src/device/attempts/addresses";

const HOME = "192.0.2.7";
const NEW = "192.0.2.8";
const LIAR = "192.0.2.66";
const SECOND = 1_000;
const RESTS = { backoffMs: [1, 2, 5, 10].map((s) => s * SECOND), hopelessBackoffMs: 60 * SECOND };

/** Addresses with a clock, and somebody who tries them. */
class Hunt {
  readonly addresses: Addresses;
  now = 0;

  constructor(configured: string) {
    this.addresses = new Addresses(configured, RESTS);
  }

  announce(ip: string, more: { sender?: string; version?: string } = {}): boolean {
    return this.addresses.announce({ ip, ...more }, this.now);
  }

  /** Tries the next address in vain. Returns it, and whether another one is to be tried in this round. */
  fail(isHopeless = false): [ip: string | undefined, isLeft: boolean] {
    const ip = this.addresses.current;
    if (ip === undefined) return [undefined, false];
    this.addresses.tried(ip, this.now);
    return [ip, this.addresses.failed(ip, isHopeless, this.now)];
  }

  /** The addresses of so many attempts in vain, `everyMs` apart. */
  failures(count: number, everyMs: number, before: () => void = () => {}): (string | undefined)[] {
    return Array.from({ length: count }, () => {
      this.now += everyMs;
      before();
      return this.fail()[0];
    });
  }
}

describe("Addresses", () => {
  it("knows none where none is configured and nobody announces one", () => {
    const hunt = new Hunt("");
    assert.equal(hunt.addresses.current, undefined);
    assert.deepEqual(hunt.fail(), [undefined, false]);
  });

  it("tries the configured address over and over", () => {
    const hunt = new Hunt(HOME);
    assert.deepEqual(hunt.fail(), [HOME, false]);
    assert.deepEqual(hunt.fail(), [HOME, false]);
  });

  it("tries an announced address first, the configured one next", () => {
    const hunt = new Hunt(HOME);
    assert.equal(hunt.announce(NEW), true);
    assert.deepEqual(hunt.fail(), [NEW, true]);
    assert.deepEqual(hunt.fail(), [HOME, false]);
  });

  it("tries where a packet came from before what it says", () => {
    const hunt = new Hunt("");
    hunt.announce(NEW, { sender: "192.0.2.1" });
    assert.deepEqual(hunt.fail(), ["192.0.2.1", true]);
    assert.deepEqual(hunt.fail(), [NEW, false]);
    // All rest, and there is no other: the last one heard goes on being tried as often as the owner likes.
    assert.deepEqual(hunt.fail(), ["192.0.2.1", false]);
  });

  it("is told of an address once, until it was tried", () => {
    const hunt = new Hunt(HOME);
    assert.deepEqual([hunt.announce(NEW), hunt.announce(NEW), hunt.announce(NEW)], [true, false, false]);
    hunt.fail();
    hunt.fail();
    hunt.now += 5 * SECOND;
    assert.equal(hunt.announce(NEW), true);
  });

  it("leaves an address alone longer each time it was wrong", () => {
    const hunt = new Hunt(HOME);
    const tries: number[] = [];
    for (; hunt.now < 60 * SECOND; hunt.now += 100) {
      if (!hunt.announce(LIAR)) continue;
      tries.push(hunt.now / SECOND);
      while (hunt.fail()[1]);
    }
    assert.deepEqual(tries, [0, 1, 3, 8, 18, 28, 38, 48, 58]);
  });

  it("leaves an address where another device lives alone for long", () => {
    const hunt = new Hunt(HOME);
    hunt.announce(LIAR);
    hunt.fail(true);
    for (hunt.now = 0; hunt.now < 60 * SECOND; hunt.now += 100) assert.equal(hunt.announce(LIAR), false);
    assert.equal(hunt.announce(LIAR), true);
  });

  it("takes an address for new that was not announced for a minute, whatever it was before", () => {
    const hunt = new Hunt(HOME);
    for (let i = 0; i < 5; i++) {
      hunt.announce(HOME);
      hunt.fail(true);
      hunt.now += 61 * SECOND;
    }
    assert.equal(hunt.announce(HOME), true);
  });

  it("does not hold attempts against a device that was not announced meanwhile", () => {
    const hunt = new Hunt(HOME);
    hunt.announce(HOME);
    hunt.fail();
    hunt.failures(20, 2 * SECOND);
    hunt.now += SECOND;
    // Switched off 41 s ago, and on again now.
    assert.equal(hunt.announce(HOME), true);
  });

  it("forgets what was wrong with an address that was not announced for a minute, and how often", () => {
    const hunt = new Hunt("");
    hunt.announce(NEW);
    hunt.now = 50 * SECOND;
    // Left alone until 110 s.
    hunt.fail(true);
    hunt.now = 61 * SECOND;
    assert.equal(hunt.announce(NEW), true);
    hunt.fail();
    hunt.now += SECOND;
    assert.equal(hunt.announce(NEW), true, "after the wait that follows a first failure");
  });

  it("is told once a minute of an address that nobody tries", () => {
    const hunt = new Hunt(HOME);
    const news: number[] = [];
    for (; hunt.now <= 130 * SECOND; hunt.now += SECOND) if (hunt.announce(NEW)) news.push(hunt.now / SECOND);
    assert.deepEqual(news, [0, 61, 122]);
  });

  it("goes on with the address that was heard last where all of them failed", () => {
    const hunt = new Hunt("");
    for (const ip of ["192.0.2.21", "192.0.2.23", "192.0.2.22"]) {
      hunt.now++;
      hunt.announce(ip);
    }
    hunt.now++;
    hunt.announce("192.0.2.23");
    while (hunt.fail()[1]);
    assert.equal(hunt.addresses.current, "192.0.2.23");
  });

  it("begins with the best address again once something has answered", () => {
    const hunt = new Hunt(HOME);
    hunt.addresses.proved(NEW);
    assert.deepEqual(hunt.fail(), [NEW, true]);
    assert.equal(hunt.addresses.current, HOME);
    hunt.addresses.reached();
    assert.equal(hunt.addresses.current, NEW);
  });

  describe("against a liar", () => {
    it("tries the trusted address at least every other time, however often others are announced", () => {
      const hunt = new Hunt(HOME);
      let sender = 0;
      const tried = hunt.failures(100, 100, () => {
        for (let i = 0; i < 20; i++) hunt.announce(`192.0.2.${100 + (sender++ % 100)}`);
      });
      tried.forEach((ip, i) => {
        if (ip !== HOME) assert.equal(tried[i + 1] ?? HOME, HOME, `after attempt ${i}`);
      });
      assert.ok(tried.some((ip) => ip !== HOME));
    });

    it("gives one sender one try at a time, whatever it names", () => {
      const hunt = new Hunt(HOME);
      let named = 0;
      const tried: (string | undefined)[] = [];
      for (; hunt.now < 60 * SECOND; hunt.now += 100) {
        if (!hunt.announce(`198.51.100.${named++ % 250}`, { sender: LIAR })) continue;
        for (let isLeft = true, ip; isLeft;) {
          [ip, isLeft] = hunt.fail();
          tried.push(ip);
        }
      }
      const liars = tried.filter((ip) => ip !== HOME);
      assert.ok(liars.length <= 2 * 9, `${liars.length} attempts at the liar's addresses`);
    });

    it("does not let it change what it names while that is tried", () => {
      const hunt = new Hunt("");
      hunt.announce("198.51.100.1", { sender: LIAR });
      hunt.announce("198.51.100.2", { sender: LIAR });
      assert.deepEqual([hunt.fail()[0], hunt.fail()[0]], [LIAR, "198.51.100.1"]);
    });

    it("does not try it for ever, whatever keeps an attempt from failing", () => {
      const hunt = new Hunt("");
      hunt.announce(LIAR);
      let tries = 0;
      for (; hunt.addresses.hasCandidate && tries < 1_000; tries++) hunt.addresses.tried(LIAR, hunt.now);
      assert.equal(tries, 12);
      hunt.now = 59 * SECOND;
      assert.equal(hunt.announce(LIAR), false);
      hunt.now = 60 * SECOND;
      assert.equal(hunt.announce(LIAR), true);
    });

    it("counts only the attempts at an announced address against it", () => {
      const hunt = new Hunt(HOME);
      hunt.announce(NEW);
      const tried: (string | undefined)[] = [];
      while (hunt.addresses.hasCandidate && tried.length < 100) {
        tried.push(hunt.addresses.current);
        hunt.addresses.tried(hunt.addresses.current ?? "", ++hunt.now);
      }
      assert.equal(tried.filter((ip) => ip === NEW).length, 12);
      assert.equal(tried.filter((ip) => ip === HOME).length, 11);
    });

    it("lets nobody lose a turn because two senders name one address", () => {
      const hunt = new Hunt("");
      const next = (): string => {
        const ip = hunt.addresses.current ?? "";
        hunt.addresses.tried(ip, ++hunt.now);
        return ip;
      };
      // The liar itself does not answer, and names the address of somebody else.
      hunt.announce(NEW, { sender: LIAR });
      hunt.addresses.failed(next(), false, hunt.now);
      hunt.announce(NEW);
      hunt.announce("192.0.2.9");
      assert.deepEqual([next(), next(), next(), next()], [NEW, "192.0.2.9", NEW, NEW]);
      assert.equal(next(), "192.0.2.9");
    });

    it("takes turns where there is no trusted address", () => {
      const hunt = new Hunt("");
      hunt.announce(LIAR);
      hunt.announce(NEW);
      const tried: (string | undefined)[] = [];
      for (let i = 0; i < 4; i++) {
        const ip = hunt.addresses.current ?? "";
        tried.push(ip);
        hunt.addresses.tried(ip, ++hunt.now);
      }
      assert.deepEqual(tried, [LIAR, NEW, LIAR, NEW]);
    });

    it("keeps few candidates, and those in use longest", () => {
      const hunt = new Hunt("");
      hunt.announce(NEW);
      hunt.addresses.proved(NEW);
      for (let i = 0; i < 10_000; i++) {
        hunt.now++;
        hunt.announce(`198.51.100.${i % 256}`, { sender: `203.0.113.${i % 256}` });
      }
      const versions = Array.from({ length: 256 }, (_, i) => {
        hunt.addresses.announce({ ip: `203.0.113.${i}`, version: "3.9" }, hunt.now);
        return hunt.addresses.versionAt(`203.0.113.${i}`);
      });
      assert.ok(versions.every((version) => version === "3.9"));
      const kept = Array.from({ length: 256 }, (_, i) => hunt.addresses.versionAt(`203.0.113.${i}`));
      assert.equal(kept.filter((version) => version === "3.9").length, 8);
    });

    it("makes room by dropping what failed, and then what was not heard for longest", () => {
      const hunt = new Hunt("");
      const kept = (): number[] =>
        Array.from({ length: 20 }, (_, i) => i).filter((i) => hunt.addresses.versionAt(`192.0.2.${i}`));
      const hear = (...last: number[]): void => {
        for (const i of last) {
          hunt.now++;
          hunt.announce(`192.0.2.${i}`, { version: "3.4" });
        }
      };
      hear(0, 1, 2, 3, 4, 5, 6, 7);
      for (const i of [5, 3, 6]) hunt.addresses.failed(`192.0.2.${i}`, true, hunt.now);
      hear(1, 0, 3, 7, 2);
      hear(10);
      assert.deepEqual(
        kept(),
        [0, 1, 2, 3, 4, 6, 7, 10],
        "without 5, the first that was heard of 3, 5 and 6",
      );
      hear(11);
      assert.deepEqual(kept(), [0, 1, 2, 3, 4, 7, 10, 11], "without 6");
      hear(12);
      assert.deepEqual(kept(), [0, 1, 2, 4, 7, 10, 11, 12], "without 3");
      hear(13, 14);
      assert.deepEqual(kept(), [0, 2, 7, 10, 11, 12, 13, 14], "without 4 and 1, which wait to be tried");
    });
  });

  describe("once the device proved itself", () => {
    it("prefers that address, and keeps the configured one", () => {
      const hunt = new Hunt(HOME);
      hunt.announce(NEW);
      hunt.addresses.proved(NEW);
      assert.deepEqual(
        [hunt.fail(), hunt.fail(), hunt.fail()],
        [
          [NEW, true],
          [HOME, false],
          [NEW, true],
        ],
      );
    });

    it("returns to the configured address", () => {
      const hunt = new Hunt(HOME);
      hunt.announce(NEW);
      hunt.addresses.proved(NEW);
      hunt.now += 100 * SECOND;
      assert.equal(hunt.announce(HOME), true);
      assert.equal(hunt.addresses.current, HOME);
      hunt.addresses.proved(HOME);
      assert.deepEqual(hunt.fail(), [HOME, false]);
    });

    it("forgets where it was before the last proof", () => {
      const hunt = new Hunt(HOME);
      hunt.announce(NEW);
      hunt.addresses.proved(NEW);
      hunt.announce("192.0.2.9");
      hunt.addresses.proved("192.0.2.9");
      assert.deepEqual(hunt.failures(4, SECOND), ["192.0.2.9", HOME, "192.0.2.9", HOME]);
    });

    it("leaves what contradicted it alone, but not its own address, nor what was said last", () => {
      const hunt = new Hunt(HOME);
      hunt.addresses.proved(HOME);
      hunt.announce(LIAR);
      hunt.announce(HOME);
      hunt.now = 60 * SECOND;
      hunt.announce(NEW);
      hunt.addresses.contradict(HOME, 50 * SECOND, hunt.now);
      assert.deepEqual([hunt.announce(LIAR), hunt.announce(NEW)], [false, false]);
      assert.deepEqual(hunt.failures(4, 1).slice(0, 2), [HOME, NEW]);
      hunt.now = 119 * SECOND;
      assert.equal(hunt.announce(LIAR), false);
      hunt.now = 120 * SECOND;
      assert.equal(hunt.announce(LIAR), true);
    });

    it("takes no announcement for contradicted that has to do with its address", () => {
      const hunt = new Hunt(HOME);
      hunt.announce(HOME, { sender: "192.0.2.1" });
      hunt.addresses.contradict(HOME, 1, 1);
      assert.equal(hunt.addresses.hasCandidate, true, "a relay names it");
      const relay = new Hunt(HOME);
      relay.announce(NEW, { sender: HOME });
      relay.addresses.contradict(HOME, 1, 1);
      assert.equal(relay.addresses.hasCandidate, true, "sent from there");
      const later = new Hunt(HOME);
      later.announce(NEW);
      later.addresses.contradict(HOME, 0, 1);
      assert.equal(later.addresses.hasCandidate, true, "heard just then");
      later.addresses.contradict(HOME, 1, 1);
      assert.equal(later.addresses.hasCandidate, false);
    });

    it("is done with the announcements of that address, and with no others", () => {
      for (const [ip, sender] of [
        [NEW, NEW],
        [NEW, "192.0.2.1"],
        ["192.0.2.9", NEW],
      ] as const) {
        const hunt = new Hunt("");
        hunt.announce(ip, { sender });
        hunt.addresses.proved(NEW);
        assert.equal(hunt.addresses.hasCandidate, false, `${ip}, sent from ${sender}`);
        hunt.announce(LIAR);
        hunt.addresses.proved(NEW);
        assert.equal(hunt.addresses.hasCandidate, true, "another one waits still");
      }
    });
  });

  describe("elsewhere", () => {
    const NONE = new Set<string>();

    it("is the configured address where the key was proved at another one, once", () => {
      const { addresses } = new Hunt(HOME);
      assert.equal(addresses.elsewhere(NEW, true, NONE), HOME);
      assert.equal(addresses.elsewhere(NEW, true, new Set([HOME])), undefined);
      assert.equal(addresses.elsewhere(HOME, true, NONE), undefined);
      assert.equal(new Hunt("").addresses.elsewhere(NEW, true, NONE), undefined);
    });

    it("is no announced address where the key was proved", () => {
      const hunt = new Hunt("");
      hunt.announce(LIAR);
      assert.equal(hunt.addresses.elsewhere(NEW, true, NONE), undefined);
    });

    it("is the announced address tried longest ago where nothing proved the key, the trusted ones next", () => {
      const hunt = new Hunt(HOME);
      hunt.addresses.proved("192.0.2.9");
      const look = (at = "192.0.2.30", done = NONE): string | undefined =>
        hunt.addresses.elsewhere(at, false, done);
      for (const ip of [LIAR, NEW]) hunt.announce(ip);
      hunt.addresses.tried(LIAR, 2);
      hunt.addresses.tried(NEW, 1);
      assert.equal(look(), NEW);
      hunt.addresses.tried(NEW, 3);
      assert.equal(look(), LIAR);
      assert.equal(look(LIAR), NEW, "not where it is");
      for (const ip of [LIAR, NEW]) hunt.addresses.failed(ip, true, 4);
      assert.equal(look(), "192.0.2.9");
      assert.equal(look("192.0.2.9"), HOME);
      assert.equal(look("192.0.2.30", new Set(["192.0.2.9"])), HOME);
      assert.equal(look("192.0.2.9", new Set([HOME])), undefined);
    });
  });

  describe("isTrusted", () => {
    it("trusts the configured address and the one of the last proof", () => {
      const hunt = new Hunt(HOME);
      hunt.announce(NEW);
      assert.deepEqual(
        [HOME, NEW].map((ip) => hunt.addresses.isTrusted(ip)),
        [true, false],
      );
      hunt.addresses.proved(NEW);
      assert.deepEqual(
        [HOME, NEW, LIAR].map((ip) => hunt.addresses.isTrusted(ip)),
        [true, true, false],
      );
    });

    it("blames the device for whatever is announced as long as there is nothing better", () => {
      const hunt = new Hunt("");
      assert.equal(hunt.addresses.isTrusted(LIAR), true);
      hunt.addresses.proved(NEW);
      assert.equal(hunt.addresses.isTrusted(LIAR), false);
    });
  });

  it("knows the version that was announced with an address", () => {
    const hunt = new Hunt(HOME);
    hunt.announce(NEW, { version: "3.4" });
    hunt.announce(LIAR, { version: "3.1" });
    hunt.announce(NEW, { sender: "192.0.2.67", version: "3.1" });
    hunt.announce("192.0.2.9", { sender: "192.0.2.1", version: "3.5" });
    assert.deepEqual(
      [NEW, LIAR, "192.0.2.9", "192.0.2.1", HOME].map((ip) => hunt.addresses.versionAt(ip)),
      ["3.4", "3.1", "3.5", "3.5", undefined],
    );
  });
});
