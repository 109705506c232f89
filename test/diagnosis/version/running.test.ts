import assert from "node:assert/strict";
import { Device } from "../../../src/device/device";
import type { DeviceSettings } from "../../../src/device/types";
import type { VirtualDevice } from "../../../src/virtual/virtual-device";
import { announce, diagnoseDevice } from "../../support/diagnosis";
import { startDiscovery } from "../../support/udp";
import { DEVICE_ID, LOCAL_KEY, startDevice, startGeneration } from "../../support/virtual";

const OTHER_KEY = "fedcba9876543210";
const CID = "00a1b2c3d4e5f601";
const SAYS_NO_ID = { namesItself: { inReply: false, inStatus: false } };

describe("diagnose, beside a device of this process", () => {
  const running = new Set<Device>();

  afterEach(async () => {
    await Promise.all([...running].map((device) => device.close()));
    running.clear();
  });

  function connectTo(virtual: VirtualDevice, settings: Partial<DeviceSettings> = {}): Device {
    const { host, port } = virtual;
    const device = new Device(
      { deviceId: DEVICE_ID, localKey: LOCAL_KEY, ip: host, port, version: virtual.version, ...settings },
      {
        timings: {
          pauseMs: 20,
          settleMs: 20,
          negotiationTimeoutMs: 100,
          backoffMs: [30],
          hopelessBackoffMs: 60_000,
        },
      },
    );
    running.add(device);
    device.connect();
    return device;
  }

  /** Connections the virtual device gets from now on. */
  function countConnections(virtual: VirtualDevice): () => number {
    let count = 0;
    virtual.on("connect", () => count++);
    virtual.on("reject", () => count++);
    return () => count;
  }

  for (const generation of ["3.1", "3.3", "3.4", "3.5p", "3.5o"] as const) {
    it(`uses the connection that stands, also on a device with a single place (${generation})`, async () => {
      const virtual = await startGeneration(generation, { overrides: { clientLimit: 1 } });
      const device = connectTo(virtual);
      await device.whenReady(2_000);
      device.on("state", (state) => assert.fail(`the running device became ${state.kind}`));
      const connections = countConnections(virtual);
      const told = await diagnoseDevice(virtual, {}, { running: device });
      assert.equal(told.conclusion.verdict, generation === "3.1" ? "KEY_NOT_PROVEN" : "OK");
      assert.deepEqual(told.conclusion.dps, { "1": false, "2": 0, "3": "low" });
      assert.equal(told.conclusion.ip, virtual.host);
      assert.match(told.step("tcp").says, /connection in use serves/);
      assert.equal(connections(), 0);
      assert.equal(device.state.kind, "ready");
    });
  }

  for (const [title, configured, entered] of [
    ["the node was given a host name", "localhost", "127.0.0.1"],
    ["the test is given a host name", "127.0.0.1", "localhost"],
    ["both have the same host name", "localhost", "localhost"],
  ] as const) {
    it(`recognises that connection where ${title}`, async () => {
      const virtual = await startDevice("3.4", { overrides: { clientLimit: 1 } });
      const device = connectTo(virtual, { ip: configured });
      await device.whenReady(2_000);
      const resolve = (host: string): Promise<string> =>
        host === "localhost" ? Promise.resolve("127.0.0.1") : Promise.reject(new Error(host));
      const told = await diagnoseDevice(virtual, { ip: entered }, { running: device, resolve });
      assert.deepEqual([told.conclusion.verdict, told.conclusion.ip], ["OK", "127.0.0.1"]);
    });
  }

  it("asks the device over that connection, and does not repeat what is known", async () => {
    const virtual = await startDevice("3.4");
    const device = connectTo(virtual);
    await device.whenReady(2_000);
    virtual.measure({ "2": 77 });
    const told = await diagnoseDevice(virtual, {}, { running: device });
    assert.equal(told.conclusion.dps?.["2"], 77);
  });

  it("queries a sub-device over the gateway's connection", async () => {
    const virtual = await startDevice("3.4", { subDevices: { [CID]: { dps: { "1": 215 } } } });
    const device = connectTo(virtual);
    await device.whenReady(2_000);
    const connections = countConnections(virtual);
    const told = await diagnoseDevice(virtual, { cid: CID }, { running: device });
    assert.equal(told.conclusion.verdict, "OK");
    assert.deepEqual(told.conclusion.dps, { "1": 215 });
    const unknown = await diagnoseDevice(virtual, { cid: "00ffffffffffffff" }, { running: device });
    assert.equal(unknown.conclusion.verdict, "NOT_FOUND");
    virtual.setChildOnline(CID, false);
    const offline = await diagnoseDevice(virtual, { cid: CID }, { running: device });
    assert.equal(offline.conclusion.verdict, "UNREACHABLE");
    assert.match(offline.conclusion.says, new RegExp(`sub-device ${CID} is offline`));
    assert.equal(connections(), 0);
  });

  it("takes what a sub-device reports meanwhile for its word", async () => {
    const virtual = await startDevice("3.3", { subDevices: { [CID]: { dps: { "1": 215 } } } });
    const device = connectTo(virtual);
    await device.whenReady(2_000);
    const remembered = await diagnoseDevice(virtual, { cid: CID }, { running: device });
    assert.match(remembered.conclusion.says, /remembers 1 data point/);
    virtual.once("request", () => setImmediate(() => virtual.set({ "1": 216 }, { cid: CID })));
    const told = await diagnoseDevice(virtual, { cid: CID }, { running: device });
    assert.match(told.conclusion.says, /online, 1 data point/);
  });

  it("knows that another key is wrong without trying it", async () => {
    const virtual = await startDevice("3.4");
    const device = connectTo(virtual);
    await device.whenReady(2_000);
    const connections = countConnections(virtual);
    const told = await diagnoseDevice(virtual, { localKey: OTHER_KEY }, { running: device });
    assert.equal(told.conclusion.verdict, "WRONG_KEY");
    assert.match(told.conclusion.says, /works with another key/);
    assert.equal(connections(), 0);
  });

  it("knows that another version is wrong without trying it", async () => {
    const virtual = await startDevice("3.4");
    const device = connectTo(virtual);
    await device.whenReady(2_000);
    const connections = countConnections(virtual);
    const told = await diagnoseDevice(virtual, { version: "3.3" }, { running: device });
    assert.equal(told.conclusion.verdict, "WRONG_VERSION");
    assert.equal(connections(), 0);
  });

  it("hears over that connection that it is another device", async () => {
    const virtual = await startGeneration("3.5o", { id: "vdev0000000000000002" });
    const device = connectTo(virtual);
    await device.whenReady(2_000);
    const told = await diagnoseDevice(virtual, {}, { running: device });
    assert.equal(told.conclusion.verdict, "OTHER_DEVICE");
  });

  for (const ip of ["127.0.0.1", "localhost"]) {
    it(`tells where it announces itself, if nothing over that connection proves the key (${ip})`, async () => {
      const discovery = await startDiscovery();
      const elsewhere = await startDevice("3.3", { host: "127.0.0.8" });
      const virtual = await startDevice("3.1", { overrides: SAYS_NO_ID });
      const device = connectTo(virtual, { ip });
      await device.whenReady(2_000);
      await announce(elsewhere, discovery);
      const told = await diagnoseDevice(virtual, {}, { running: device, discovery });
      assert.equal(
        told.conclusion.says,
        "What answers at 127.0.0.1 is not Lamp: that announces itself from 127.0.0.8.",
      );
      assert.match(told.conclusion.hint, /Use the address 127\.0\.0\.8/);
      assert.equal(told.conclusion.ip, "127.0.0.8");
    });
  }

  it("does not take the host name of a running device for another address", async () => {
    const virtual = await startGeneration("3.5o", { id: "vdev0000000000000002" });
    const device = connectTo(virtual, { ip: "localhost" });
    await device.whenReady(2_000);
    const told = await diagnoseDevice(virtual, {}, { running: device });
    assert.match(told.conclusion.hint, /^Find out the present address of Lamp/);
    assert.equal(told.conclusion.ip, "127.0.0.1");
  });

  it("names a running device that refuses to show data points", async () => {
    const virtual = await startDevice("3.4", { faults: { refuseQuery: true } });
    const device = connectTo(virtual);
    await device.whenReady(2_000);
    const told = await diagnoseDevice(virtual, {}, { running: device });
    assert.equal(told.conclusion.verdict, "NO_DATA_POINTS");
    assert.match(told.conclusion.says, /json obj data unvalid/);
  });

  it("is content with a running gateway that has no data points, but sub-devices", async () => {
    const virtual = await startDevice("3.4", { dps: {}, subDevices: { [CID]: { dps: { "1": 215 } } } });
    const device = connectTo(virtual);
    await device.whenReady(2_000);
    const told = await diagnoseDevice(virtual, {}, { running: device });
    assert.equal(told.conclusion.verdict, "OK");
    assert.match(told.conclusion.says, /gateway of protocol 3\.4 with 1 sub-device\.$/);
  });

  it("knows such a gateway by what it has said of sub-devices, where it has no list of them", async () => {
    const subDevices = { [CID]: { dps: { "1": 215 } } };
    const virtual = await startDevice("3.3", { dps: {}, subDevices, faults: { refuseQuery: 1 } });
    const device = connectTo(virtual);
    await device.whenReady(2_000);
    const alone = await diagnoseDevice(virtual, {}, { running: device });
    assert.equal(alone.conclusion.verdict, "NO_DATA_POINTS");
    await device.query({ cid: CID });
    const told = await diagnoseDevice(virtual, {}, { running: device });
    assert.equal(told.conclusion.verdict, "OK");
    assert.match(told.conclusion.says, /gateway of protocol 3\.3 with 1 sub-device\.$/);
  });

  it("joins a device that is just connecting", async () => {
    const virtual = await startDevice("3.4", { overrides: { clientLimit: 1 } });
    const connections = countConnections(virtual);
    const device = connectTo(virtual);
    assert.equal(device.state.kind, "connecting");
    const told = await diagnoseDevice(virtual, {}, { running: device, timings: { joinMs: 2_000 } });
    assert.equal(told.conclusion.verdict, "OK");
    assert.equal(connections(), 1);
  });

  it("tests another address by itself, and tells where the device is connected", async () => {
    const virtual = await startDevice("3.4");
    const device = connectTo(virtual);
    await device.whenReady(2_000);
    const told = await diagnoseDevice(virtual, { ip: "127.0.0.11" }, { running: device });
    assert.equal(told.conclusion.verdict, "PORT_CLOSED");
    assert.match(told.conclusion.hint, /Lamp is at 127\.0\.0\.1 now/);
    assert.equal(told.conclusion.ip, "127.0.0.1");
    assert.equal(device.state.kind, "ready");
  });

  it("tests by itself where the running device has the wrong key, and leaves it as it is", async () => {
    const virtual = await startDevice("3.4");
    const device = connectTo(virtual, { localKey: OTHER_KEY });
    await new Promise<void>((resolve) => device.on("state", ({ kind }) => kind === "waiting" && resolve()));
    const { state } = device;
    const told = await diagnoseDevice(virtual, {}, { running: device });
    assert.equal(told.conclusion.verdict, "OK");
    assert.equal(device.state, state);
  });

  it("says of a busy device that a node of this process may be the cause", async () => {
    const virtual = await startDevice("3.4", { faults: { busy: true } });
    const device = connectTo(virtual);
    const told = await diagnoseDevice(virtual, {}, { running: device });
    assert.equal(told.conclusion.verdict, "BUSY");
    assert.match(told.conclusion.hint, /node of this Node-RED/);
  });

  it("notices that the connection breaks meanwhile", async () => {
    const virtual = await startDevice("3.4", { dps: {}, faults: { ignoreQuery: true } });
    const device = connectTo(virtual);
    await device.whenReady(2_000);
    virtual.on("request", () => void virtual.close());
    const told = await diagnoseDevice(virtual, {}, { running: device });
    assert.equal(told.conclusion.verdict, "NO_DATA_POINTS");
    assert.match(told.conclusion.says, /hung up/);
  });
});
