import assert from "node:assert/strict";
import { FloodGuard } from "../../src/discovery/flood-guard";

function count(guard: FloodGuard, sender: string, datagrams: number, now: number): number {
  let admitted = 0;
  for (let i = 0; i < datagrams; i++) if (guard.admits(sender, now)) admitted++;
  return admitted;
}

describe("FloodGuard", () => {
  it("admits so many datagrams of one sender in a second, and others besides", () => {
    const guard = new FloodGuard({ perSender: 3, total: 100 });
    assert.equal(count(guard, "127.0.0.2", 10, 5_000), 3);
    assert.equal(count(guard, "127.0.0.3", 2, 5_500), 2);
    assert.equal(count(guard, "127.0.0.2", 10, 5_999), 0);
    assert.equal(count(guard, "127.0.0.2", 10, 6_000), 3);
  });

  it("admits so many of all senders together, however many there are", () => {
    const guard = new FloodGuard({ perSender: 3, total: 50 });
    let admitted = 0;
    for (let i = 0; i < 100_000; i++) if (guard.admits(`sender ${i}`, 5_000)) admitted++;
    assert.equal(admitted, 50);
    assert.equal(count(guard, "127.0.0.2", 1, 6_001), 1);
  });
});
