import assert from "node:assert/strict";
import { Attempts } from "../../../src/device/attempts/attempts";
import { RememberedDevices } from "../../../src/device/attempts/known-devices";
import { DEFAULT_TIMINGS } from "../../../src/session/timings";
import { isLinkLocal } from "../../../src/link-local";

const HOME = "192.0.2.7";
const LINK_LOCAL = [
  "169.254.169.254",
  "169.254.0.1",
  "::ffff:169.254.1.2",
  "fe80::1",
  "FE80::1%eth0",
  "febf::9",
];

function attempts(ip: string, known = new RememberedDevices()): Attempts {
  const settings = { deviceId: "lamp", localKey: "", ip, version: "auto" } as const;
  return new Attempts(settings, { timings: DEFAULT_TIMINGS, random: () => 0.5, now: () => 0, known });
}

/** Where a device is looked for within so many attempts, all of which fail. */
function targets(device: Attempts): Set<string | undefined> {
  const seen = new Set<string | undefined>();
  for (let i = 0; i < 20; i++) {
    const attempt = device.next();
    seen.add(attempt?.ip);
    if (attempt) device.failed(attempt, { reason: "refused" });
  }
  for (let i = 0; i < 20; i++) seen.add(device.elsewhere(HOME, false, new Set())?.ip);
  seen.delete(undefined);
  return seen;
}

describe("a link-local address", () => {
  for (const address of LINK_LOCAL) {
    it(`is no target because a device is announced there (${address})`, () => {
      assert.equal(isLinkLocal(address), true);
      const found = attempts("");
      assert.equal(found.heard({ ip: address }), false);
      assert.equal(found.heard({ ip: address, sender: address }), false);
      assert.deepEqual([...targets(found)], []);
      const configured = attempts(HOME);
      configured.heard({ ip: address });
      assert.equal(configured.doubts({ ip: address }, HOME), false);
      assert.deepEqual([...targets(configured)], [HOME]);
    });

    it(`leaves the other address of an announcement (${address})`, () => {
      const named = attempts("");
      assert.equal(named.heard({ ip: address, sender: "192.0.2.9" }), true);
      assert.deepEqual([...targets(named)], ["192.0.2.9"]);
      const sent = attempts("");
      assert.equal(sent.heard({ ip: "192.0.2.8", sender: address }), true);
      assert.deepEqual([...targets(sent)], ["192.0.2.8"]);
    });

    it(`is a target where it is configured, and no longer than that (${address})`, () => {
      const known = new RememberedDevices();
      known.remember("lamp", { ip: address, version: "3.4" });
      const configured = attempts(address, known);
      assert.equal(configured.heard({ ip: address }), true);
      assert.deepEqual([...targets(configured)], [address]);
      assert.deepEqual([...targets(attempts(HOME, known))], [HOME]);
    });
  }

  it("is none of a network, nor a name", () => {
    for (const address of [
      "169.253.1.1",
      "192.168.169.254",
      "10.0.0.1",
      "fe80.example",
      "fec0::1",
      "127.0.0.1",
      "",
    ])
      assert.equal(isLinkLocal(address), false, address);
  });
});
