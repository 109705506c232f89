import assert from "node:assert/strict";
import type { ConvertOptions } from "../../src/import/convert-flow";
import type { FlowNode } from "../../src/import/flow";
import { convert, KEYS, node, smartDevice } from "../support/convert";

describe("convertFlow: choices", () => {
  it("uses devices that are configured already, and offers them the key", () => {
    const existing = [{ nodeId: "dev1", name: "Plug", deviceId: "bfa", gateway: "", cid: "", hasKey: true }];
    const { flow, converted, updateKey } = convert([smartDevice("a")], { existing });
    assert.equal(flow.filter(({ type }) => type === "tuya-device").length, 0);
    assert.equal(converted[0]?.device, "dev1");
    assert.deepEqual(updateKey, [{ source: "bfa", nodeId: "dev1", name: "Plug", localKey: KEYS[1] }]);
  });

  it("converts what is chosen, and nothing that is disabled unless it is", () => {
    const flow = [smartDevice("a"), smartDevice("b"), smartDevice("c", { d: true })];
    const ids = (options: Partial<ConvertOptions>) => convert(flow, options).converted.map(({ id }) => id);
    assert.deepEqual(ids({}), ["a", "b"]);
    assert.deepEqual(ids({ only: ["b", "c"] }), ["b", "c"]);
    assert.deepEqual(ids({ only: [] }), []);
  });

  it("makes disabled nodes of a disabled one", () => {
    const { flow, converted } = convert([smartDevice("a"), smartDevice("b", { d: true })], {
      only: ["a", "b"],
    });
    const [a, b] = converted;
    assert.deepEqual(
      [a?.out, a?.in, b?.out, b?.in].map((id) => node(flow, id)["d"]),
      [undefined, undefined, true, true],
    );
  });

  it("takes id and key from where the box of the old node says that they are", () => {
    const credentials = { secretConfig: JSON.stringify({ deviceId: "bfx", deviceKey: KEYS[2] }) };
    for (const [storeAsCreds, deviceId, localKey] of [
      [true, "bfx", KEYS[2]],
      [false, "bfa", KEYS[1]],
      [undefined, "bfa", KEYS[1]],
    ] as const) {
      const { flow } = convert([smartDevice("a", { storeAsCreds, credentials })]);
      const [device] = flow.filter(({ type }) => type === "tuya-device");
      assert.deepEqual([device?.["deviceId"], device?.["credentials"]], [deviceId, { localKey }]);
    }
  });

  it("warns where Status nodes hear other texts than before", () => {
    const watched = (status: object) => {
      const flow: FlowNode[] = [smartDevice("a", { g: "g1" }), { id: "s", type: "status", ...status }];
      return convert(flow).converted[0]?.notes.some((note) => note.startsWith("Status nodes")) ?? false;
    };
    assert.equal(watched({ z: "tab", scope: null }), true);
    assert.equal(watched({ z: "other", scope: null }), false);
    assert.equal(watched({ z: "tab", scope: ["a"] }), true);
    assert.equal(watched({ z: "tab", scope: ["b"] }), false);
    assert.equal(watched({ z: "tab", g: "g1", scope: "group" }), true);
    assert.equal(watched({ z: "tab", scope: "group" }), false);
    assert.equal(watched({ z: "tab", scope: null, d: true }), false);
  });

  it("takes a key from whichever node of a device has one, and the first of two", () => {
    const { flow, problems } = convert([
      smartDevice("a", { deviceKey: "" }),
      smartDevice("b", { deviceId: "bfa" }),
      smartDevice("c", { deviceId: "bfa", deviceKey: KEYS[2] }),
    ]);
    const [device] = flow.filter(({ type }) => type === "tuya-device");
    assert.deepEqual(device?.["credentials"], { localKey: KEYS[1] });
    assert.match(problems.join("\n"), /another local key; that of the first one is used/);
  });

  it("converts a device without a key, and says that it has none", () => {
    const { flow, problems } = convert([smartDevice("a", { deviceKey: "" })]);
    assert.deepEqual(
      flow.filter(({ type }) => type === "tuya-device").map(({ credentials }) => credentials),
      [{}],
    );
    assert.deepEqual(problems, ["Device a: It has no local key."]);
  });

  it("tells a device that exists from a new one, and does not miss the key it has", () => {
    const existing = { nodeId: "dev1", name: "Plug", deviceId: "bfa", gateway: "", cid: "", hasKey: true };
    const flow = [smartDevice("a", { deviceKey: "" }), smartDevice("b")];
    const { converted, problems, updateKey } = convert(flow, { existing: [existing] });
    assert.deepEqual(
      converted.map(({ isNewDevice }) => isNewDevice),
      [false, true],
    );
    assert.deepEqual([problems, updateKey], [[], []]);
    const keyless = convert(flow, { existing: [{ ...existing, hasKey: false }] });
    assert.deepEqual(keyless.problems, ["Device a: It has no local key."]);
  });
});

describe("convertFlow: subflows", () => {
  const subflow: FlowNode = {
    id: "sub",
    type: "subflow",
    name: "Plug",
    in: [{ x: 1, y: 1, wires: [{ id: "a" }] }],
    out: [
      { x: 2, y: 2, wires: [{ id: "a", port: 0 }] },
      { x: 3, y: 3, wires: [{ id: "a", port: 1 }] },
    ],
    status: { x: 4, y: 4, wires: [{ id: "a", port: 1 }] },
    env: [{ name: "PLUG", type: "str", value: "" }],
  };

  it("wires inputs and outputs of the subflow", () => {
    const { flow, converted } = convert([subflow, smartDevice("a", { z: "sub" })]);
    const { out, in: input } = converted[0] ?? assert.fail();
    const ports = node(flow, "sub");
    assert.deepEqual(ports["in"], [{ x: 1, y: 1, wires: [{ id: "a" }, { id: out }] }]);
    assert.deepEqual(ports["out"], [
      {
        x: 2,
        y: 2,
        wires: [
          { id: "a", port: 0 },
          { id: input, port: 0 },
        ],
      },
      {
        x: 3,
        y: 3,
        wires: [
          { id: "a", port: 1 },
          { id: input, port: 1 },
        ],
      },
    ]);
    assert.deepEqual((ports["status"] as { wires: unknown }).wires, [
      { id: "a", port: 1 },
      { id: input, port: 1 },
    ]);
  });

  it("leaves alone a node whose device is a property of the subflow", () => {
    const own = smartDevice("a", { z: "sub", deviceId: "${PLUG}" });
    const { flow, converted, problems } = convert([subflow, own]);
    assert.deepEqual(converted, []);
    assert.deepEqual(node(flow, "a"), own);
    assert.match(problems.join(), /come from variables of its flow/);
  });

  it("leaves alone a node whose device is a variable of a group around it, whatever is between them", () => {
    const group = (id: string, more: object): FlowNode => ({ id, type: "group", nodes: [], ...more });
    const groups = [
      group("outer", { env: [{ name: "PLUG", type: "str", value: "x" }] }),
      group("inner", { g: "outer" }),
    ];
    const own = smartDevice("a", { g: "inner", deviceKey: "$(PLUG)" });
    assert.deepEqual(convert([...groups, own]).converted, []);
    assert.equal(convert([...groups, { ...own, deviceKey: "$(OTHER)" }]).converted.length, 1);
    // Groups that contain each other are in no flow, but in a damaged file.
    assert.equal(convert([group("inner", { g: "inner" }), own]).converted.length, 1);
  });

  it("converts a node whose key is a variable of the whole Node-RED", () => {
    const tab: FlowNode = {
      id: "tab",
      type: "tab",
      label: "x",
      env: [{ name: "OTHER", type: "str", value: "" }],
    };
    const { flow } = convert([tab, smartDevice("a", { deviceKey: "${PLUG_KEY}" })]);
    const [device] = flow.filter(({ type }) => type === "tuya-device");
    assert.deepEqual(device?.["credentials"], { localKey: "${PLUG_KEY}" });
  });
});
