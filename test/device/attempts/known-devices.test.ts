import assert from "node:assert/strict";
import { RememberedDevices } from "../../../src/device/attempts/known-devices";

describe("RememberedDevices", () => {
  it("keeps of each device where it proved its key last", () => {
    const known = new RememberedDevices();
    assert.equal(known.recall("lamp"), undefined);
    known.remember("lamp", { ip: "192.0.2.7", version: "3.3" });
    known.remember("plug", { ip: "192.0.2.9", version: "3.5" });
    known.remember("lamp", { ip: "192.0.2.8", version: "3.4" });
    assert.deepEqual(known.recall("lamp"), { ip: "192.0.2.8", version: "3.4" });
    assert.deepEqual(known.recall("plug"), { ip: "192.0.2.9", version: "3.5" });
  });
});
