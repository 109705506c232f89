import assert from "node:assert/strict";
import { assertNothingLeft, resources } from "../support/resources";
import { fuzzDevices } from "./device-fuzz";

describe("hostile devices, against the device class", () => {
  it("let nothing through, leave nothing behind, and are all answered", async function () {
    this.timeout(60_000);
    const before = await resources();
    const { devices, connections, tried, reports, outcomes, open } = await fuzzDevices({
      seed: 20_261_130,
      acts: 40,
      maxMs: 8_000,
    });
    // That they were listened to, or all of this proves nothing.
    assert.ok(
      connections > devices && tried.size > 30 && reports > 100,
      `${connections}, ${tried.size}, ${reports}`,
    );
    assert.ok((outcomes.get("done") ?? 0) > 0, JSON.stringify([...outcomes]));
    assert.equal(open, 0);
    await assertNothingLeft(before);
  });
});
