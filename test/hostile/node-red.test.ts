import assert from "node:assert/strict";
import { fuzzNodeRed } from "./node-red-fuzz";
import { verdictOf } from "./report";

describe("a fleet of hostile devices, against a Node-RED", () => {
  it("does not end it, nor fill its memory, nor write its log full", async function () {
    this.timeout(120_000);
    const report = await fuzzNodeRed({ seed: 20_261_130, each: 5, seconds: 6, megabytes: 256 });
    const { fleet, samples, lines, log } = report;
    const { failures, late } = verdictOf(report);
    assert.ok(
      fleet.connections >= 15 && fleet.tried.length > 25,
      `${fleet.connections}, ${fleet.tried.length}`,
    );
    assert.equal(failures, 0);
    assert.ok(samples.length > 1 && late < 120 * 2 ** 20, `${late} bytes of heap`);
    assert.ok(lines < 2_000, `${lines} lines in the log`);
    // What a device says cannot forge a line of the log, nor colour it.
    assert.doesNotMatch(log, /^INFO forged line/m);
    for (const text of ["\u001b[31mboo", "\u001b[2J", "\u202e"]) assert.ok(!log.includes(text), text);
    assert.doesNotMatch(log, /Fault while handling|TypeError|RangeError|Unhandled/);
    assert.ok(!log.includes("7{O<&"), "the key is in the log");
  });
});
