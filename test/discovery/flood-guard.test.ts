import assert from "node:assert/strict";
import { FloodGuard } from "../../src/discovery/flood-guard";
import { Random } from "../support/random";

const random = (): number => 0.5;

function count(guard: FloodGuard, sender: string, datagrams: number, now: number): number {
  let admitted = 0;
  for (let i = 0; i < datagrams; i++) if (guard.admits(sender, now)) admitted++;
  return admitted;
}

describe("FloodGuard", () => {
  it("admits so many datagrams of one sender in a second, and others besides", () => {
    const guard = new FloodGuard({ perSender: 3, total: 100, random });
    assert.equal(count(guard, "127.0.0.2", 10, 5_000), 3);
    assert.equal(count(guard, "127.0.0.3", 2, 5_500), 2);
    assert.equal(count(guard, "127.0.0.2", 10, 5_999), 0);
    assert.equal(count(guard, "127.0.0.2", 10, 6_000), 3);
  });

  it("admits so many of all senders together, however many there are", () => {
    const guard = new FloodGuard({ perSender: 3, total: 50, random });
    let admitted = 0;
    for (let i = 0; i < 100_000; i++) if (guard.admits(`sender ${i}`, 5_000)) admitted++;
    assert.equal(admitted, 50);
    assert.equal(count(guard, "127.0.0.2", 1, 6_001), 1);
  });

  it("is deaf to nobody for long, although everybody sends in step with it", () => {
    const dice = new Random(1);
    const guard = new FloodGuard({ perSender: 10, total: 100, random: () => dice.below(1_000) / 1_000 });
    const heard: number[] = [];
    for (let now = 0; now < 600_000; now += 5) {
      // The device speaks every 5 s, last in its second; the others send 200 datagrams a second.
      guard.admits(`invented ${now}`, now);
      if (now % 5_000 === 4_995 && guard.admits("device", now)) heard.push(now);
    }
    assert.ok(heard.length >= 30, `${heard.length} of 120`);
    const gaps = heard.map((at, i) => at - (heard[i - 1] ?? 0));
    assert.ok(Math.max(...gaps) < 180_000, "lost in between");
  });
});
