import assert from "node:assert/strict";
import { readSettable, SetCommand, type SetResult } from "../../../src/session/requests/set-command";
import { TuyaError } from "../../../src/errors";
import type { Dps } from "../../../src/protocol/dps";
import { assertInProportion } from "../../support/growth";

/** Whether a promise is settled by now, and how. */
async function outcomeNow(promise: Promise<SetResult>): Promise<SetResult | "rejected" | "pending"> {
  await Promise.resolve();
  return Promise.race([promise.catch(() => "rejected" as const), Promise.resolve("pending" as const)]);
}

describe("SetCommand", () => {
  it("is done by an acknowledgement for those who want no proof, and only for them", async () => {
    const command = new SetCommand(undefined, { "1": true });
    const [ack, report] = [command.outcome("ack"), command.outcome("report")];
    command.noteAcknowledgement();
    assert.deepEqual(await ack, { confirmed: {} });
    assert.equal(await outcomeNow(report), "pending");
    assert.equal(command.isSettled, false);
  });

  it("is done for everybody once every value is reported back, in however many reports", async () => {
    const command = new SetCommand(undefined, { "1": true, "2": 5 });
    const [ack, report] = [command.outcome("ack"), command.outcome("report")];
    command.noteConfirmed("1");
    assert.equal(await outcomeNow(ack), "pending");
    assert.deepEqual([command.awaits("1"), command.awaits("2"), command.awaits("7")], [false, true, false]);
    command.noteConfirmed("2");
    assert.deepEqual(await ack, { confirmed: { "1": true, "2": 5 } });
    assert.deepEqual(await report, { confirmed: { "1": true, "2": 5 } });
    assert.equal(command.isSettled, true);
  });

  it("tells with the acknowledgement what was reported by then, as it was asked for", async () => {
    const command = new SetCommand(undefined, { "1": true, "2": 5 });
    const ack = command.outcome("ack");
    command.noteConfirmed("1");
    command.noteOther("2", 4);
    command.noteAcknowledgement();
    assert.deepEqual(await ack, { confirmed: { "1": true } });
  });

  it("does not take another value for a confirmation, and tells which one it was", async () => {
    const command = new SetCommand(undefined, { "1": true, "2": 5 });
    const report = command.outcome("report");
    command.noteConfirmed("1");
    command.noteOther("2", 0);
    assert.equal(await outcomeNow(report), "pending");
    assert.deepEqual(command.contradiction(), { dp: "2", sent: 5, reported: 0 });
    command.noteConfirmed("2");
    assert.equal(command.contradiction(), undefined);
    assert.deepEqual(await report, { confirmed: { "1": true, "2": 5 } });
  });

  it("forgets other values once the device is asked", () => {
    const command = new SetCommand(undefined, { "2": 5 });
    command.noteOther("2", 0);
    command.forgetOthers();
    assert.equal(command.contradiction(), undefined);
  });

  it("knows no contradiction where nothing was reported", () => {
    assert.equal(new SetCommand(undefined, { "1": true }).contradiction(), undefined);
  });

  it("is done where a later command's value is reported, once it was acknowledged itself", async () => {
    const [ignored, acknowledged] = [5, 6].map((value) => new SetCommand(undefined, { "2": value }));
    const outcomes = [ignored!.outcome("report"), acknowledged!.outcome("report")];
    acknowledged!.noteAcknowledgement();
    for (const command of [ignored!, acknowledged!]) command.noteReplaced("2", 7);
    assert.equal(await outcomeNow(outcomes[0]!), "pending");
    assert.deepEqual(await outcomes[1], { confirmed: { "2": 7 } });
  });

  it("takes newer values on board", async () => {
    const command = new SetCommand("cid", { "1": true, "2": 5 });
    const outcome = command.outcome("ack");
    assert.ok(command.touches({ "1": false, "9": 1 }));
    assert.ok(!command.touches({ "9": 1 }));
    command.absorb({ "1": false });
    assert.deepEqual(command.dps, { "1": false, "2": 5 });
    for (const dp of ["1", "2"]) command.noteConfirmed(dp);
    assert.deepEqual(await outcome, { confirmed: { "1": false, "2": 5 } });
  });

  it("gives way to newer values as a whole, with those who wait for it", async () => {
    const older = new SetCommand("cid", { "1": true });
    const newer = new SetCommand("cid", { "1": false, "2": 5 });
    const outcomes = [older.outcome("ack"), newer.outcome("ack")];
    older.giveWay(newer);
    assert.deepEqual(older.dps, {});
    assert.equal(older.isSettled, true);
    newer.noteAcknowledgement();
    for (const outcome of outcomes) assert.deepEqual(await outcome, { confirmed: {} });
  });

  it("gives way to newer values in part: who waits for it waits for both", async () => {
    for (const order of ["older first", "newer first"]) {
      const older = new SetCommand("cid", { "1": true, "3": "x" });
      const newer = new SetCommand("cid", { "1": false });
      const outcome = older.outcome("report");
      older.giveWay(newer);
      assert.deepEqual(older.dps, { "3": "x" });
      const steps = [() => older.noteConfirmed("3"), () => newer.noteConfirmed("1")];
      if (order === "newer first") steps.reverse();
      steps[0]!();
      assert.equal(await outcomeNow(outcome), "pending", order);
      steps[1]!();
      assert.deepEqual(await outcome, { confirmed: { "1": false, "3": "x" } });
    }
  });

  it("fails with either of the two it waits for, and once", async () => {
    const error = new TuyaError("TIMEOUT", "Too late.");
    for (const failing of [0, 1]) {
      const commands = [
        new SetCommand("cid", { "1": true, "3": "x" }),
        new SetCommand("cid", { "1": false }),
      ];
      const outcome = commands[0]!.outcome("ack");
      commands[0]!.giveWay(commands[1]!);
      commands[failing]!.fail(error);
      commands[1 - failing]!.noteAcknowledgement();
      await assert.rejects(outcome, error);
    }
    const both = [new SetCommand("cid", { "1": true, "3": "x" }), new SetCommand("cid", { "1": false })];
    const outcome = both[0]!.outcome("ack");
    both[0]!.giveWay(both[1]!);
    for (const command of both) command.fail(error);
    await assert.rejects(outcome, error);
  });

  it("fails for everybody with the same error, and only once", async () => {
    const command = new SetCommand(undefined, { "1": true });
    const outcomes = [command.outcome("ack"), command.outcome("report")];
    const error = new TuyaError("TIMEOUT", "Too late.");
    command.fail(error);
    command.fail(new TuyaError("CLOSED", "Later still."));
    command.noteAcknowledgement();
    for (const outcome of outcomes) await assert.rejects(outcome, error);
  });

  it("settles thousands at a cost proportional to their number", async () => {
    const settle = async (count: number): Promise<void> => {
      const command = new SetCommand(undefined, { "1": true });
      const outcomes = Array.from({ length: count }, () => command.outcome("ack"));
      command.noteAcknowledgement();
      await Promise.all(outcomes);
    };
    await assertInProportion(settle, 3_000);
  });
});

describe("readSettable", () => {
  const circular: Record<string, unknown> = {};
  circular["self"] = circular;
  const table: [string, unknown, RegExp | undefined][] = [
    ["nothing", {}, /no data point/],
    ["a name", { switch_1: true }, /"switch_1"/],
    ["a name of JavaScript", JSON.parse('{"__proto__": 1}'), /"__proto__"/],
    ["data point 0", { "0": true }, /"0"/],
    ["a missing value", { "1": undefined }, /point 1/],
    ["not a number", { "1": NaN }, /point 1/],
    ["infinity", { "1": true, "2": -Infinity }, /point 2/],
    ["a big integer", { "1": 5n }, /point 1/],
    ["a function", { "1": () => 1 }, /point 1/],
    ["what contains itself", { "1": circular }, /point 1/],
    ["what no device can read", { "1": "x".repeat(3_000) }, /longer/],
    ["what no device can read, in parts", { "1": "x".repeat(2_000), "2": "x".repeat(2_000) }, /longer/],
    ["usual values", { "1": true, "2": 0, "101": "", "255": -5.5 }, undefined],
    ["an empty text", { "3": "" }, undefined],
    ["structures", { "1": { a: [1, null] } }, undefined],
    ["a null that is meant", { "1": null }, undefined],
    ["an infra-red code", { "201": "x".repeat(2_000) }, undefined],
  ];
  for (const [what, dps, expected] of table) {
    it(`${expected ? "refuses" : "lets pass"} ${what}`, () => {
      const settable = readSettable(dps as Dps);
      if (expected) assert.match("obstacle" in settable ? settable.obstacle : "no obstacle", expected);
      else assert.deepEqual(settable, { dps });
    });
  }

  it("takes a copy, structures included", () => {
    const structure = { list: [1] };
    const settable = readSettable({ "1": structure });
    structure.list.push(2);
    assert.deepEqual(settable, { dps: { "1": { list: [1] } } });
  });
});
