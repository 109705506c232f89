import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { convertFlow, type ConvertedFlow, type ConvertOptions } from "../../src/import/convert-flow";
import type { FlowNode } from "../../src/import/flow";

const KEYS = ["7{O<&\"$M}N0z/'|q", "kV3tWq8ZrX1nLp5e", "aB3$dE6&gH9(jK2)"] as const;
const FLOW = JSON.parse(readFileSync("test/import/fixtures/smart-device-flow.json", "utf8")) as FlowNode[];

function convert(flow: readonly FlowNode[], options: Partial<ConvertOptions> = {}): ConvertedFlow {
  let next = 0;
  return convertFlow(freeze(structuredClone(flow)), { newId: () => `new${++next}`, ...options });
}

function freeze<T>(value: T): T {
  if (typeof value === "object" && value !== null) {
    Object.values(value).forEach(freeze);
    Object.freeze(value);
  }
  return value;
}

function node(flow: readonly FlowNode[], id: string | undefined): FlowNode {
  return flow.find((candidate) => candidate.id === id) ?? assert.fail(`There is no node ${id}.`);
}

/** A node of the other package, wired as given. */
function smartDevice(id: string, more: object = {}): FlowNode {
  return {
    id,
    type: "tuya-smart-device",
    z: "tab",
    deviceName: `Device ${id}`,
    deviceId: `bf${id}`,
    deviceKey: KEYS[1],
    x: 100,
    y: 100,
    wires: [[], []],
    ...more,
  };
}

describe("convertFlow", () => {
  const { flow, converted, problems, notes } = convert(FLOW);
  const byId = new Map(converted.map((item) => [item.id, item]));

  it("makes one device of all nodes of the same device, with the key in its credentials", () => {
    const devices = flow.filter(({ type }) => type === "tuya-device");
    assert.deepEqual(
      devices.map(({ id, name, deviceId, ip, version, credentials }) => ({
        id,
        name,
        deviceId,
        ip,
        version,
        credentials,
      })),
      [
        {
          id: byId.get("old1")?.device,
          name: "Kitchen plug",
          deviceId: "bfplug00000000000001",
          ip: "192.0.2.11",
          version: "3.3",
          credentials: { localKey: KEYS[0] },
        },
        {
          id: byId.get("old2")?.device,
          name: "Hall lamp",
          deviceId: "bflamp00000000000002",
          ip: "",
          version: "auto",
          credentials: { localKey: KEYS[1] },
        },
      ],
    );
    assert.equal(byId.get("old3")?.device, byId.get("old1")?.device);
  });

  it("puts a tuya-out and a tuya-in in place of each node, with its wires", () => {
    const { out, in: input, device } = byId.get("old1") ?? assert.fail();
    assert.deepEqual(node(flow, out), {
      id: out,
      type: "tuya-out",
      z: "tab1",
      g: "group1",
      name: "Kitchen plug",
      device,
      dp: "",
      offline: "fail",
      queueSeconds: "60",
      confirm: "ack",
      x: 400,
      y: 180,
      wires: [[]],
    });
    assert.deepEqual(node(flow, input), {
      id: input,
      type: "tuya-in",
      z: "tab1",
      g: "group1",
      name: "Kitchen plug",
      device,
      output: "compatible",
      eventMode: "event-both",
      dps: "",
      when: "all",
      initial: false,
      state: true,
      outputs: 2,
      x: 600,
      y: 180,
      wires: [["debug1"], ["debug2"]],
    });
    assert.deepEqual(node(flow, "inject1")["wires"], [["old1", out]]);
  });

  it("wires old nodes that were wired to each other", () => {
    const { out, in: input } = byId.get("old2") ?? assert.fail();
    assert.equal(out, undefined, "nothing was wired to it");
    assert.deepEqual(node(flow, input)["wires"], [["old1", byId.get("old1")?.out], []]);
    assert.equal(node(flow, input)["eventMode"], "event-data");
  });

  it("makes both of a node without wires", () => {
    const { out, in: input } = byId.get("old3") ?? assert.fail();
    assert.ok(out && input);
  });

  it("leaves the old nodes where they are, disabled and without keys", () => {
    for (const id of ["old1", "old2", "old3"]) {
      const { d, deviceKey, credentials, wires, x } = node(flow, id);
      assert.deepEqual([d, deviceKey, credentials], [true, "", undefined]);
      const before = node(FLOW, id);
      assert.deepEqual([wires, x], [before["wires"], before["x"]]);
    }
  });

  it("adds the new nodes to groups and to nodes that watch the old ones", () => {
    const { out, in: input } = byId.get("old1") ?? assert.fail();
    assert.deepEqual(node(flow, "group1")["nodes"], ["old1", out, input]);
    assert.deepEqual(node(flow, "catch1")["scope"], ["old1", out, input, "func1"]);
    assert.equal(node(flow, "catch2")["scope"], null);
  });

  it("changes nothing else", () => {
    const touched = ["old1", "old2", "old3", "inject1", "group1", "catch1"];
    for (const before of FLOW) {
      if (!touched.includes(before.id)) assert.deepEqual(node(flow, before.id), before);
    }
    assert.equal(new Set(flow.map(({ id }) => id)).size, flow.length);
  });

  it("says what works differently", () => {
    assert.deepEqual(byId.get("old1")?.notes, []);
    const said = byId.get("old2")?.notes.join("\n") ?? "";
    assert.match(said, /connected only when told so/);
    assert.match(said, /retry interval/);
    assert.match(said, /hidden from Catch nodes/);
  });

  it("says that the old package has to stay for a while", () => {
    assert.match(notes.join(), /^Leave node-red-contrib-tuya-smart-device installed until/);
    assert.deepEqual(convert([]).notes, []);
  });

  it("leaves alone what it cannot convert, and says why", () => {
    assert.deepEqual(node(flow, "old4"), node(FLOW, "old4"));
    const said = problems.join("\n");
    assert.match(said, /^Secret lamp is left as it is: its device id is missing/m);
    assert.match(said, /^The node hub gets id and key of its devices in every message/m);
    assert.match(said, /^The function node for the hub writes a device key into messages/m);
  });

  it("leaves keys nowhere but in the credentials of devices, and in nodes it does not convert", () => {
    const rest = flow.filter(({ type, id }) => type !== "tuya-device" && id !== "func1");
    const text = JSON.stringify([rest, converted, problems]);
    for (const key of KEYS) assert.ok(!text.includes(JSON.stringify(key).slice(1, -1)), "a key is left");
  });
});

describe("convertFlow: choices", () => {
  it("uses devices that are configured already, and offers them the key", () => {
    const existing = [{ nodeId: "dev1", name: "Plug", deviceId: "bfa", gateway: "", cid: "", hasKey: true }];
    const { flow, converted, updateKey } = convert([smartDevice("a")], { existing });
    assert.equal(flow.filter(({ type }) => type === "tuya-device").length, 0);
    assert.equal(converted[0]?.device, "dev1");
    assert.deepEqual(updateKey, [
      { source: existing[0]?.deviceId, nodeId: "dev1", name: "Plug", localKey: KEYS[1] },
    ]);
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

  it("finds nothing to do the second time", () => {
    const once = convert(FLOW).flow;
    const again = convert(once);
    assert.deepEqual(again.converted, []);
    assert.deepEqual(again.flow, once);
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

describe("convertFlow: damaged flows", () => {
  it("survives anything in wires, scopes and groups", () => {
    const odd = [
      undefined,
      null,
      5,
      "x",
      {},
      [null],
      [[null, 5, {}]],
      [{ id: "a" }],
      [{ wires: [null, { id: 5 }] }],
    ];
    for (const value of odd) {
      const flow = [
        smartDevice("a", { wires: value, x: "left", g: value }),
        { id: "s", type: "subflow", in: value, out: value, status: value, env: value },
        { id: "g", type: "group", nodes: value, env: value },
        { id: "c", type: "catch", scope: value, wires: value },
      ] as unknown as FlowNode[];
      assert.equal(convert(flow).converted.length, 1);
    }
  });
});
