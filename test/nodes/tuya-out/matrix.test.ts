import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { playAll, type Played, tableOf } from "../../support/command-matrix";
import type { Setting } from "../../support/command-stage";
import { FAILURE_POINTS } from "../../support/failure-points";

describe("what a flow is told of a command, where the device", () => {
  const rows: (readonly Played[])[] = [];

  for (const [index, point] of FAILURE_POINTS.entries()) {
    it(point.name, async () => {
      const played = await playAll(point);
      rows[index] = played;
      for (const { setting, told, verdict, isObeyed, arrived } of played) {
        const where = `${setting.version}, ${setting.offline}, ${setting.confirm}: ${told.sentence}`;
        assert.equal(verdict, of(point.told, setting), where);
        assert.equal(isObeyed, of(point.obeys, setting), where);
        // What holds whatever is expected of the single point.
        assert.ok(arrived <= 1, `${where} (sent ${arrived} times)`);
        if (verdict === "OFFLINE, not sent") assert.equal(arrived, 0, where);
        if (verdict === "REJECTED") assert.equal(isObeyed, false, where);
        if (verdict === "TIMEOUT")
          assert.match(told.sentence, /may or may not|only acknowledged the command/, where);
        if (verdict === "done" && setting.confirm === "report") {
          assert.equal(isObeyed, true, where);
          assert.deepEqual(told.confirmed, point.asked ?? { "2": 5 }, where);
        }
      }
    });
  }

  it("is what docs/reliability.md says", () => {
    const text = readFileSync("docs/reliability.md", "utf8");
    assert.ok(text.includes(tableOf(rows)), "npm run matrix prints the table that belongs there");
  });
});

function of<T>(expected: T | ((setting: Setting) => T), setting: Setting): T {
  return typeof expected === "function" ? (expected as (setting: Setting) => T)(setting) : expected;
}
