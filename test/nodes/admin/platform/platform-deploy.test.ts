import assert from "node:assert/strict";
import { once } from "node:events";
import { readFile, rm } from "node:fs/promises";
import path from "node:path";
import type { VirtualDevice } from "../../../../src/virtual/virtual-device";
import { deviceNode, inNode, TAB } from "../../../support/editor-flows";
import { newUserDir, type NodeRedServer, startNodeRed } from "../../../support/node-red";
import { LOADING_MS } from "../../../support/patience";
import { AdminClient } from "../../../support/platform-client";
import { platformDevice, startPlatform, type TuyaPlatform } from "../../../support/tuya-platform";
import { DEVICE_ID, LOCAL_KEY, startDevice } from "../../../support/virtual";

const OLD_KEY = "old0old0old0old0";
/** As the editor sends a password that is there and did not change. */
const UNCHANGED = { credentials: { localKey: "__PWRD__" } };

function flow(virtual: VirtualDevice, more: object = {}): object[] {
  const place = { deviceId: virtual.id, ip: virtual.host, port: String(virtual.port), version: "3.4" };
  return [TAB, deviceNode("plug", { ...place, ...more }), inNode("plug-in", { device: "plug" })];
}

describe("keys from the platform and deploys", function () {
  this.timeout(2 * LOADING_MS);
  let server: NodeRedServer;
  let admin: AdminClient;
  let platform: TuyaPlatform;
  let virtual: VirtualDevice;

  let userDir: string;

  const startServer = async (flows: readonly object[]): Promise<void> => {
    const settings = { tuyaDevicePlatform: { loopbackPort: platform.port } };
    server = await startNodeRed({ settings, flows, userDir });
    admin = new AdminClient(server.url);
  };
  const file = (name: string): Promise<string> => readFile(path.join(userDir, name), "utf8");
  const storedKeys = async (): Promise<unknown> => JSON.parse(await file("flows_cred.json"));

  beforeEach(async () => {
    platform = await startPlatform({ eu: { devices: [platformDevice(DEVICE_ID)] } });
    virtual = await startDevice("3.4");
    userDir = await newUserDir();
    await startServer([]);
  });

  afterEach(async () => {
    await server.stop();
    await rm(userDir, { recursive: true, force: true });
  });

  it("a new device connects after its deploy and after a restart, whoever deploys before", async () => {
    const { ticket, devices } = await admin.fetchDevices();
    assert.deepEqual([devices[0]?.keyLength, devices[0]?.keyState], [16, "new"]);
    await admin.apply(ticket, { plug: DEVICE_ID });
    assert.deepEqual(await admin.credentials("plug"), { has_localKey: true });

    // Somebody else deploys flows without the device: Node-RED deletes credentials it knows no node for.
    await admin.deploy([TAB], "full");
    await admin.deploy([TAB, { ...TAB, id: "other" }], "nodes");
    assert.deepEqual(await storedKeys(), {});
    await admin.deploy([], "reload");

    const connected = once(virtual, "negotiate");
    await admin.deploy(flow(virtual, UNCHANGED), "nodes");
    await connected;
    assert.deepEqual(await storedKeys(), { plug: { localKey: LOCAL_KEY } });
    const flows = await file("flows.json");
    assert.ok(!flows.includes("__PWRD__"));

    const again = once(virtual, "negotiate");
    await server.stop();
    await startServer(JSON.parse(flows) as object[]);
    await again;
  });

  it("a device that is deleted after its deploy takes its key with it", async () => {
    const { ticket } = await admin.fetchDevices();
    await admin.apply(ticket, { plug: DEVICE_ID });
    await admin.deploy(flow(virtual, UNCHANGED), "full");
    await admin.deploy([TAB], "full");
    await admin.deploy([TAB], "full");
    assert.deepEqual(await storedKeys(), {});
    assert.deepEqual(await admin.credentials("plug"), {});
  });

  it("a device that was paired again gets its new key with the next deploy of nodes", async () => {
    await admin.deploy(flow(virtual, { credentials: { localKey: OLD_KEY } }), "full");
    const { ticket, devices } = await admin.fetchDevices();
    const [device] = devices;
    assert.equal(device?.keyState, "other");
    assert.deepEqual(device.nodes, [{ nodeId: "plug", name: "", key: "other" }]);
    await admin.apply(ticket, { plug: DEVICE_ID });
    assert.equal((await admin.fetchDevices()).devices[0]?.keyState, "same", "what will be used counts");

    const connected = once(virtual, "negotiate");
    await admin.deploy(flow(virtual, UNCHANGED), "nodes");
    await connected;
    assert.deepEqual(await storedKeys(), { plug: { localKey: LOCAL_KEY } });
  });

  it("a key that is typed after all counts", async () => {
    virtual.changeKey(OLD_KEY);
    const { ticket } = await admin.fetchDevices();
    await admin.apply(ticket, { plug: DEVICE_ID });
    const connected = once(virtual, "negotiate");
    await admin.deploy(flow(virtual, { credentials: { localKey: OLD_KEY } }), "nodes");
    await connected;
    assert.deepEqual(await storedKeys(), { plug: { localKey: OLD_KEY } });
  });
});
