import assert from "node:assert/strict";
import { lossError } from "../../src/device/loss-error";
import type { DeviceSettings } from "../../src/device/types";
import type { TuyaError } from "../../src/errors";
import type { ConnectionEnd } from "../../src/session/connection/connection-end";

const SETTINGS: DeviceSettings = {
  deviceId: "lamp",
  name: "Desk lamp",
  localKey: "",
  ip: "192.0.2.7",
  version: "3.3",
};
const NAMED: ConnectionEnd = { reason: "undecryptable", marker: "3.4" };

function errorOf(
  end: ConnectionEnd,
  { wasSent = true, ...settings }: Partial<DeviceSettings> & { wasSent?: boolean } = {},
): TuyaError {
  return lossError(end, wasSent, "192.0.2.8", { ...SETTINGS, ...settings });
}

describe("the error of a request whose connection ended", () => {
  it("says whether the command may have arrived, and why the connection ended", () => {
    const sent = errorOf({ reason: "dead" });
    assert.equal(sent.code, "OFFLINE");
    assert.match(sent.message, /^The connection to Desk lamp ended before it answered.* at 192\.0\.2\.8/);
    const waiting = errorOf({ reason: "dead" }, { wasSent: false });
    assert.equal(waiting.code, "OFFLINE");
    assert.match(waiting.message, /^Desk lamp is not connected, so nothing was sent/);
    assert.match(waiting.message, /Desk lamp stopped answering at 192\.0\.2\.8/);
  });

  it("names the device by its id where it has no name, and the port it was reached at", () => {
    assert.match(errorOf({ reason: "refused" }, { name: "" }).message, /lamp refuses.* at 192\.0\.2\.8:6668/);
    assert.match(errorOf({ reason: "refused" }, { port: 7_000 }).message, /Desk lamp.* at 192\.0\.2\.8:7000/);
  });

  it("says that another version is set where the device names its own", () => {
    const { code, message } = errorOf(NAMED);
    assert.equal(code, "KEY_OR_VERSION");
    assert.match(message, /^Desk lamp speaks protocol 3\.4, but 3\.3 is set/);
  });

  it("does not say so where that version is set, none is, or the device names none", () => {
    for (const version of ["3.4", "auto"] as const) {
      const { code, message } = errorOf(NAMED, { version });
      assert.equal(code, "OFFLINE");
      assert.match(message, /turned out to speak protocol 3\.4/);
    }
    const { code, message } = errorOf({ reason: "undecryptable" });
    assert.equal(code, "KEY_OR_VERSION");
    assert.match(message, /cannot be decrypted/);
  });
});
