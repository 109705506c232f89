import assert from "node:assert/strict";
import { discoverySettings, namedDevice, UsageError } from "../../src/cli/arguments";

describe("discoverySettings", () => {
  it("reads addresses, ports and targets, each port once", () => {
    assert.deepEqual(
      discoverySettings({ bind: "127.0.0.1", ports: "6667, 7000,6667", probe: ["192.0.2.255:7001"] }),
      { bind: "127.0.0.1", ports: [6667, 7000], probe: ["192.0.2.255:7001"] },
    );
  });

  it("leaves the defaults to discovery, and asks nobody where that is wanted", () => {
    assert.deepEqual(discoverySettings({}), { bind: undefined, ports: undefined, probe: undefined });
    assert.deepEqual(discoverySettings({ probe: ["none"] }).probe, []);
  });
});

describe("namedDevice", () => {
  const given = { id: "vdev0000000000000001", ip: "", version: "auto" };

  it("reads what names a device", () => {
    assert.deepEqual(namedDevice({ ...given, port: "6669", version: "3.4", cid: "", name: "Plug" }), {
      deviceId: "vdev0000000000000001",
      ip: "",
      port: 6669,
      version: "3.4",
      cid: undefined,
      name: "Plug",
    });
  });

  it("refuses what names none, in a sentence", () => {
    const wrong: [more: object, says: RegExp][] = [
      [{ id: "" }, /^--id is missing/],
      [{ version: "3.6" }, /no version "3\.6"/],
      [{ port: "0" }, /^--port wants a number from 1 to 65535, not "0"\.$/],
      [{ port: "6668x" }, /^--port wants/],
    ];
    for (const [more, message] of wrong)
      assert.throws(() => namedDevice({ ...given, ...more }), { constructor: UsageError, message });
  });
});
