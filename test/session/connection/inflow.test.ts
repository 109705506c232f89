import assert from "node:assert/strict";
import { setImmediate as turn } from "node:timers/promises";
import { type Decoded, FrameDecoder } from "../../../src/protocol/frame-decoder";
import { Allowance, Bucket } from "../../../src/session/connection/allowance";
import { Inflow } from "../../../src/session/connection/inflow";
import { build55aa } from "../../support/build";

const FRAME = build55aa(1, 8, Buffer.alloc(76));
const JUNK = Buffer.from("000055aa".repeat(1_000), "hex");

/** An inflow of which everything is noted. `burst`: bytes that may come at once, each frame counting 612. */
function inflow(burst = 1e9, bytesPerSecond = 0) {
  const taken: Decoded[] = [];
  const source: string[] = [];
  const settled: boolean[] = [];
  const now = performance.now();
  const allowance = new Allowance(
    now,
    new Bucket({ bytesPerSecond, burst }, now),
    new Bucket({ bytesPerSecond: 0, burst: 0 }, now),
  );
  const pausing = { pause: () => source.push("pause"), resume: () => source.push("resume") };
  const flow = new Inflow(pausing, new FrameDecoder(), allowance, {
    take: (decoded) => taken.push(decoded),
    settled: (isProgress) => settled.push(isProgress),
    guard: (act) => act(),
  });
  return { flow, taken, source, settled, allowance };
}

const many = (count: number): Buffer => Buffer.concat(Array.from({ length: count }, () => FRAME));

describe("Inflow", () => {
  it("takes what comes at once, as long as it is little", () => {
    const { flow, taken, source, settled } = inflow();
    flow.push(many(3));
    flow.push(FRAME.subarray(0, 5));
    flow.push(FRAME.subarray(5));
    assert.deepEqual([taken.length, source, settled], [4, [], [true, false, true]]);
    flow.stop();
  });

  it("lets others have their turn after 64 frames, and does not read on meanwhile", async () => {
    const { flow, taken, source } = inflow();
    flow.push(many(150));
    assert.deepEqual([taken.length, source, flow.isHeldBack], [64, ["pause"], true]);
    await turn();
    assert.equal(taken.length, 128);
    await turn();
    assert.deepEqual([taken.length, source.at(-1), flow.isHeldBack], [150, "resume", false]);
    flow.stop();
  });

  it("does not read a device that sends more than it may, and goes on later where it stopped", async () => {
    // Ten frames, and then another one every 2 ms.
    const { flow, taken, source } = inflow(6_120, 306_000);
    flow.push(many(30));
    assert.ok(taken.length >= 11 && taken.length < 30, `${taken.length} taken`);
    assert.deepEqual([source, flow.isHeldBack], [["pause"], true]);
    const before = taken.length;
    // What was on its way when it was paused is kept, in its order.
    flow.push(Buffer.concat([JUNK, FRAME]));
    assert.equal(taken.length, before);
    while (flow.isHeldBack) await turn();
    assert.equal(taken.filter(({ type }) => type === "frame").length, 31);
    assert.equal(taken.at(-1)?.type, "frame");
    assert.equal(taken.at(-2)?.type, "discarded");
    assert.equal(source.at(-1), "resume");
    flow.stop();
  });

  it("is not slowed by what was asked for", () => {
    const { flow, taken, allowance } = inflow(20_000);
    for (let i = 0; i < 1_000; i++) {
      allowance.asked(performance.now());
      flow.push(FRAME);
    }
    assert.deepEqual([taken.length, flow.isHeldBack], [1_000, false]);
    flow.stop();
  });

  it("tells bytes that belong to no frame once, however many chunks they came in", () => {
    const { flow, taken } = inflow();
    for (let at = 0; at < JUNK.length; at += 7) flow.push(JUNK.subarray(at, at + 7));
    flow.push(FRAME);
    assert.deepEqual(
      taken.map(({ type }) => type),
      ["discarded", "frame"],
    );
    assert.ok(taken[0]?.type === "discarded");
    assert.deepEqual(taken[0].bytes, JUNK);
    flow.stop();
  });

  it("tells of a long run in pieces of 4 KiB, without a gap", () => {
    const { flow, taken } = inflow();
    const bytes = Buffer.alloc(20_000, "noise ");
    flow.push(bytes.subarray(0, 15_000));
    flow.push(bytes.subarray(15_000));
    flow.push(FRAME);
    const pieces = taken.flatMap((decoded) => (decoded.type === "discarded" ? [decoded.bytes] : []));
    assert.deepEqual(Buffer.concat(pieces), bytes);
    assert.ok(pieces.length <= 6 && pieces.every(({ length }) => length <= 4_096), `${pieces.length} pieces`);
    flow.stop();
  });

  it("tells what it still has when it is stopped, and nothing after that", async () => {
    const { flow, taken, settled } = inflow();
    flow.push(many(150));
    const before = taken.length;
    flow.stop();
    flow.push(FRAME);
    await turn();
    assert.deepEqual([taken.length, settled.length], [before, 1]);
    const noisy = inflow();
    noisy.flow.push(Buffer.from("noise"));
    assert.equal(noisy.taken.length, 0);
    noisy.flow.stop();
    noisy.flow.stop();
    assert.deepEqual(
      noisy.taken.map(({ type }) => type),
      ["discarded"],
    );
  });

  it("may be stopped by whoever takes a frame", () => {
    let taken = 0;
    const { allowance, source } = { allowance: new Allowance(0), source: { pause() {}, resume() {} } };
    const flow: Inflow = new Inflow(source, new FrameDecoder(), allowance, {
      take: () => {
        taken++;
        flow.stop();
      },
      settled: () => assert.fail("settled"),
      guard: (act) => act(),
    });
    flow.push(many(5));
    assert.equal(taken, 1);
  });
});
