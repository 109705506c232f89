import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { FlowNode } from "../../src/import/flow";
import { convert, KEYS, node, smartDevice } from "../support/convert";

const FLOW = JSON.parse(readFileSync("test/import/fixtures/smart-device-flow.json", "utf8")) as FlowNode[];

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
      y: 120,
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
      x: 460,
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

  it("leaves the old nodes beside the new ones, disabled and without keys", () => {
    for (const id of ["old1", "old2", "old3"]) {
      const { d, deviceKey, credentials, wires, x, y } = node(flow, id);
      assert.deepEqual([d, deviceKey, credentials], [true, "", undefined]);
      const before = node(FLOW, id);
      assert.deepEqual(wires, before["wires"]);
      const distance = Math.hypot(Number(x) - Number(before["x"]), Number(y) - Number(before["y"]));
      assert.ok(distance > 0 && distance < 300, `${id}: ${distance}`);
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

  it("finds nothing to do the second time", () => {
    const again = convert(flow);
    assert.deepEqual(again.converted, []);
    assert.deepEqual(again.flow, flow);
  });

  it("says what works differently", () => {
    for (const id of ["old1", "old3"]) {
      const [note, ...others] = byId.get(id)?.notes ?? [];
      assert.match(note ?? "", /^It shares one connection with the other nodes of its device/);
      assert.deepEqual(others, []);
    }
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
