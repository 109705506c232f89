import assert from "node:assert/strict";
import type { DeviceLease } from "../../src/device/registry";
import { acquireDevice } from "../../src/device/registry";
import type { DeviceSettings } from "../../src/device/types";
import { SILENT } from "../../src/logger";
import type { VirtualDevice } from "../../src/virtual/virtual-device";
import { settingsFor, SHORT_TIMINGS, Witness } from "../support/client";
import { startDevice } from "../support/virtual";

const held = new Set<DeviceLease>();

/** A share that is given back after the test. */
function acquire(
  settings: DeviceSettings,
  holder: string,
  { pauseMs = SHORT_TIMINGS.pauseMs } = {},
): DeviceLease {
  const lease = acquireDevice(settings, holder, SILENT, {
    timings: { ...SHORT_TIMINGS, closeGraceMs: 2_000, pauseMs },
    random: () => 0.5,
  });
  held.add(lease);
  return lease;
}

async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 2_000 && !condition(); i++) await new Promise((resolve) => setTimeout(resolve, 1));
  assert.ok(condition());
}

describe("acquireDevice", () => {
  let device: VirtualDevice;
  let witness: Witness;

  beforeEach(async () => {
    device = await startDevice("3.4");
    witness = new Witness(device);
  });

  afterEach(async () => {
    await Promise.all([...held].map((lease) => lease.release()));
    held.clear();
  });

  it("shares one connection among all who name the same device", async () => {
    const leases = ["first", "second", "third"].map((name) => acquire(settingsFor(device), name));
    for (const lease of leases) lease.device.connect();
    await Promise.all(leases.map((lease) => lease.device.whenReady(3_000)));
    assert.equal(new Set(leases.map((lease) => lease.device)).size, 1);
    assert.equal(witness.connects, 1);
    assert.deepEqual(
      leases.map(({ twins }) => twins),
      [[], ["first"], ["first", "second"]],
    );
    for (const { conflicts } of leases) assert.deepEqual(conflicts, []);
  });

  it("keeps devices with different ids apart", async () => {
    const [one, other] = [
      acquire(settingsFor(device), "one"),
      acquire(settingsFor(device, { deviceId: "other" }), "other"),
    ];
    assert.notEqual(one.device, other.device);
    assert.deepEqual(other.twins, []);
  });

  it("names the settings in which another holder differs, and not their values", () => {
    acquire(settingsFor(device), "first");
    const { conflicts } = acquire(
      settingsFor(device, {
        name: "another name is no conflict",
        localKey: "kV3tWq8ZrX1nLp5e",
        version: "auto",
        device22Dps: ["1"],
        sleepy: undefined,
      }),
      "second",
    );
    assert.deepEqual([...conflicts].sort(), ["device22Dps", "localKey", "version"]);
  });

  it("names no difference that no user made", () => {
    acquire(settingsFor(device, { port: undefined, device22Dps: ["1"], sleepy: undefined }), "first");
    const { conflicts } = acquire(
      settingsFor(device, { port: 6668, device22Dps: ["1", "9"], sleepy: false, measuredDps: [18] }),
      "second",
    );
    assert.deepEqual(conflicts, []);
  });

  it("keeps the connection as long as anybody holds the device, and settings as long as their holder does", async () => {
    const first = acquire(settingsFor(device), "first");
    const second = acquire(settingsFor(device, { name: "second name" }), "second");
    first.device.connect();
    await first.device.whenReady(3_000);
    await first.release();
    await first.release();
    assert.equal(second.device.state.kind, "ready");
    assert.equal(witness.connects, 1, "another name is no reason to connect anew");
    await second.release();
    await until(() => device.clients === 0);
    assert.equal(second.device.state.kind, "closed");
  });

  it("takes the settings of the next holder when the first leaves", async () => {
    const first = acquire(settingsFor(device, { localKey: "kV3tWq8ZrX1nLp5e" }), "first");
    const second = acquire(settingsFor(device), "second");
    first.device.connect();
    await assert.rejects(first.device.whenReady(200), (error: { code: string }) =>
      ["WRONG_KEY", "OFFLINE"].includes(error.code),
    );
    await first.release();
    assert.equal(second.device.settings.localKey, settingsFor(device).localKey);
    await second.device.whenReady(3_000);
  });

  it("changes nothing when another than the first leaves", async () => {
    const first = acquire(settingsFor(device), "first");
    const second = acquire(settingsFor(device, { localKey: "kV3tWq8ZrX1nLp5e" }), "second");
    first.device.connect();
    await first.device.whenReady(3_000);
    await second.release();
    assert.equal(first.device.state.kind, "ready");
    assert.equal(witness.connects, 1);
  });

  it("resolves the release of the last holder when the socket is gone", async () => {
    const only = acquire(settingsFor(device), "only");
    only.device.connect();
    await only.device.whenReady(3_000);
    await only.release();
    await until(() => device.clients === 0);
    assert.equal(only.device.state.kind, "closed");
  });

  it("gives a new device to whoever comes after the last one left", async () => {
    const first = acquire(settingsFor(device), "first");
    first.device.connect();
    await first.device.whenReady(3_000);
    await first.release();
    const second = acquire(settingsFor(device), "second");
    assert.notEqual(second.device, first.device);
    assert.deepEqual(second.twins, []);
    second.device.connect();
    await second.device.whenReady(3_000);
  });

  it("leaves the new device to its holders, whoever gives an old share back again", async () => {
    const first = acquire(settingsFor(device), "first");
    await first.release();
    const second = acquire(settingsFor(device), "second");
    await first.release();
    assert.notEqual(second.device.state.kind, "closed");
    assert.deepEqual(acquire(settingsFor(device), "third").twins, ["second"]);
  });

  it("has nobody wait for a connection that is gone", async () => {
    for (const holder of ["first", "second"]) {
      const lease = acquire(settingsFor(device), holder, { pauseMs: 3_600_000 });
      lease.device.connect();
      await lease.device.whenReady(3_000);
      await lease.release();
    }
    assert.equal(witness.connects, 2);
  });

  it("does not connect twice to a device whose last connection is still closing", async () => {
    await device.close();
    device = await startDevice("3.4", { overrides: { clientLimit: 1 } });
    witness = new Witness(device);
    for (let i = 0; i < 6; i++) {
      const lease = acquire(settingsFor(device), `holder ${i}`);
      lease.device.connect();
      await lease.device.whenReady(3_000);
      // Nobody waits for the end of it.
      void lease.release();
    }
    assert.equal(witness.connects, 6);
    // A busy device may hear of a new connection before it notices the end of the last one, but not every time.
    assert.ok(witness.rejects <= 1, `${witness.rejects} rejects`);
  });

  it("bears with releases in any order, at once", async () => {
    const leases = Array.from({ length: 10 }, (_, i) => acquire(settingsFor(device), `holder ${i}`));
    leases[0]?.device.connect();
    await leases[0]?.device.whenReady(3_000);
    await Promise.all(leases.reverse().map((lease) => lease.release()));
    await until(() => device.clients === 0);
  });
});
