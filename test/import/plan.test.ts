import assert from "node:assert/strict";
import type { ImportedDevice } from "../../src/import/imported-device";
import { type ExistingDevice, planImport } from "../../src/import/plan";

const KEY = "7{O<&\"$M}N0z/'|q";
const OTHER = "kV3tWq8ZrX1nLp5e";

function device(id: string, more: Partial<ImportedDevice> = {}): ImportedDevice {
  return { id, name: `Name of ${id}`, localKey: KEY, kind: "wifi", datapoints: [], problems: [], ...more };
}

function existing(nodeId: string, more: Partial<ExistingDevice> = {}): ExistingDevice {
  return { nodeId, name: `Node ${nodeId}`, deviceId: "", gateway: "", cid: "", hasKey: true, ...more };
}

function plan(devices: readonly ImportedDevice[], nodes: readonly ExistingDevice[] = [], addresses = false) {
  let next = 0;
  return planImport(devices, nodes, { newId: () => `new${++next}`, addresses });
}

describe("planImport", () => {
  it("creates devices as a flow file holds them, with the key in the credentials", () => {
    const table = [{ dp: "1", code: "switch_1", type: "Boolean" as const }];
    const { create, problems } = plan([device("a", { ip: "192.0.2.1", version: "3.4", datapoints: table })]);
    assert.deepEqual(problems, []);
    assert.deepEqual(create, [
      {
        source: "a",
        node: {
          id: "new1",
          type: "tuya-device",
          name: "Name of a",
          deviceId: "a",
          ip: "",
          port: "",
          version: "3.4",
          gateway: "",
          cid: "",
          refresh: "",
          refreshDps: "",
          device22: false,
          sleepy: false,
          datapoints: table,
        },
        credentials: { localKey: KEY },
      },
    ]);
    assert.ok(!JSON.stringify(create.map(({ node }) => node)).includes(KEY.slice(0, 5)));
  });

  it("follows announcements unless it is told to keep the addresses", () => {
    const list = [device("a", { ip: "192.0.2.1" })];
    assert.equal(plan(list).create[0]?.node.ip, "");
    assert.equal(plan(list, [], true).create[0]?.node.ip, "192.0.2.1");
    assert.equal(plan([device("a")], [], true).create[0]?.node.ip, "");
  });

  it("measures the version where the source does not say it, and leaves a name empty that is only the id", () => {
    const { node } = plan([device("a", { name: "a" })]).create[0] ?? assert.fail();
    assert.equal(node.version, "auto");
    assert.equal(node.name, "");
  });

  it("creates gateways before what is behind them, and links them by node", () => {
    const { create } = plan([
      device("c", { kind: "child", gatewayId: "g", cid: "n", version: "3.3", ip: "192.0.2.9" }),
      device("g", { kind: "gateway" }),
    ]);
    assert.deepEqual(
      create.map(({ node: { id, deviceId, gateway, cid, version, ip }, credentials }) => ({
        id,
        deviceId,
        gateway,
        cid,
        version,
        ip,
        credentials,
      })),
      [
        {
          id: "new1",
          deviceId: "g",
          gateway: "",
          cid: "",
          version: "auto",
          ip: "",
          credentials: { localKey: KEY },
        },
        { id: "new2", deviceId: "c", gateway: "new1", cid: "n", version: "auto", ip: "", credentials: {} },
      ],
    );
  });

  it("links a child with a gateway that is configured already", () => {
    const { create, problems } = plan(
      [device("c", { kind: "child", gatewayId: "g", cid: "n" })],
      [existing("node1", { deviceId: "g" })],
    );
    assert.equal(create[0]?.node.gateway, "node1");
    assert.deepEqual(problems, []);
  });

  it("creates no child whose gateway or node id is not known, and says why", () => {
    const { create, problems } = plan([
      device("c", { kind: "child", gatewayId: "elsewhere", cid: "n" }),
      device("d", { kind: "child", problems: ["It is behind a gateway, but the list does not say which."] }),
    ]);
    assert.deepEqual(create, []);
    assert.deepEqual(problems, [
      "Name of c is not created: its gateway is neither in the list nor configured.",
      "Name of d: It is behind a gateway, but the list does not say which.",
      "Name of d is not created.",
    ]);
  });

  it("offers another key to a device that is configured already, at each of its nodes", () => {
    const { create, updateKey, unchanged } = plan(
      [device("a")],
      [existing("n1", { deviceId: "a" }), existing("n2", { deviceId: "a", hasKey: false, name: "" })],
    );
    assert.deepEqual(create, []);
    assert.deepEqual(unchanged, []);
    assert.deepEqual(updateKey, [
      { source: "a", nodeId: "n1", name: "Node n1", localKey: KEY },
      { source: "a", nodeId: "n2", name: "a", localKey: KEY },
    ]);
  });

  it("leaves alone what has this key, what is given none, and children", () => {
    const { create, updateKey, unchanged } = plan(
      [
        device("a"),
        device("b", { localKey: "" }),
        device("c", { kind: "child", gatewayId: "a", cid: "n", localKey: OTHER }),
        device("d", { kind: "child", gatewayId: "a", cid: "m" }),
      ],
      [
        existing("n1", { deviceId: "a", localKey: KEY }),
        existing("n2", { deviceId: "b" }),
        existing("n3", { deviceId: "", gateway: "n1", cid: "n" }),
        existing("n4", { deviceId: "d", gateway: "n1", cid: "m" }),
      ],
    );
    assert.deepEqual([create, updateKey], [[], []]);
    assert.deepEqual(
      unchanged.map(({ nodeId }) => nodeId),
      ["n1", "n2", "n3", "n4"],
    );
  });

  it("believes a comparison made elsewhere, where the key itself is not at hand", () => {
    const held = (id: string, keyState: "same" | "other") => device(id, { localKey: "", keyState });
    const { updateKey, unchanged } = plan(
      [held("a", "other"), held("b", "same"), device("c", { keyState: "same" })],
      [
        existing("n1", { deviceId: "a" }),
        existing("n2", { deviceId: "b" }),
        existing("n3", { deviceId: "c" }),
      ],
    );
    assert.deepEqual(updateKey, [{ source: "a", nodeId: "n1", name: "Node n1", localKey: "" }]);
    assert.deepEqual(
      unchanged.map(({ source }) => source),
      ["b", "c"],
    );
  });

  it("does not take one child for another with the same node id behind another gateway", () => {
    const { create } = plan(
      [device("g"), device("c", { kind: "child", gatewayId: "g", cid: "n" })],
      [existing("n1", { deviceId: "h" }), existing("n2", { gateway: "n1", cid: "n" })],
    );
    assert.equal(create.length, 2);
  });

  it("creates a device without a key, and says that it has none", () => {
    const { create, problems } = plan([device("a", { localKey: "", problems: ["It has no local key."] })]);
    assert.deepEqual(create[0]?.credentials, {});
    assert.deepEqual(problems, ["Name of a: It has no local key."]);
  });
});
