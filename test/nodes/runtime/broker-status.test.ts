import assert from "node:assert/strict";
import type { Node, NodeAPI, NodeDef, NodeInitializer } from "node-red";
import { onBrokerStatus } from "../../../nodes/runtime/broker-status";
import { type FlowNode, NodeRed, probe, tab } from "../../support/flow";

const LINKS = require("@node-red/nodes/core/common/60-link.js") as NodeInitializer;
const CONNECTED = "node-red:common.status.connected";

describe("onBrokerStatus", () => {
  const nodes = new Map<string, Node>();
  const heard: string[] = [];

  /** A node of that type that does nothing by itself. */
  function typed(type: string, begin: (RED: NodeAPI, node: Node) => void = () => undefined): NodeInitializer {
    return (RED) => {
      RED.nodes.registerType(type, function (this: Node, def: NodeDef) {
        RED.nodes.createNode(this, def);
        nodes.set(this.id, this);
        begin(RED, this);
      });
    };
  }
  const listening = typed("listening", (RED, node) => {
    const end = onBrokerStatus(RED, node, (isThere) => heard.push(`${node.id} ${String(isThere)}`));
    node.on("close", end);
  });
  const red = new NodeRed(undefined, {}, [LINKS, typed("mqtt out"), listening]);
  beforeEach(() => {
    heard.length = 0;
    nodes.clear();
  });

  const at = { z: "t", x: 1, y: 1 };
  const brokerNode = (id: string): FlowNode => ({ ...at, id, type: "mqtt out", wires: [] });
  const from = (id: string, ...wires: readonly string[]): FlowNode => ({
    ...at,
    id,
    type: "listening",
    wires: [wires],
  });

  /** Who hears what, when all of these show it in turn. */
  function shown(...ids: readonly string[]): readonly string[] {
    for (const id of ids) nodes.get(id)?.status({ fill: "green", shape: "dot", text: CONNECTED });
    return heard;
  }

  it("hears the nodes its own is wired to, and no others", async () => {
    await red.load([tab("t"), brokerNode("a"), brokerNode("b"), from("x", "a"), from("y", "b")]);
    assert.deepEqual(shown("a", "b"), ["x true", "y true"]);
    nodes.get("b")?.status({ fill: "red", shape: "ring", text: "node-red:common.status.disconnected" });
    assert.deepEqual(heard.slice(2), ["y false"]);
  });

  it("hears any where it is wired to none", async () => {
    await red.load([tab("t"), brokerNode("a"), brokerNode("b"), from("x"), from("y", "p"), probe("p", "t")]);
    assert.deepEqual(shown("a", "b"), ["x true", "y true", "x true", "y true"]);
  });

  it("follows link nodes and whatever else is between, in circles too", async () => {
    const link = (id: string, type: string, links: readonly string[], wires: readonly string[] = []) => ({
      ...at,
      id,
      type,
      links,
      wires: [wires],
    });
    await red.load([
      tab("t"),
      tab("u"),
      brokerNode("b"),
      from("x", "p"),
      { ...probe("p", "t"), wires: [["out", "x"]] },
      link("out", "link out", ["in"]),
      { ...link("in", "link in", ["out"], ["a"]), z: "u" },
      { ...brokerNode("a"), z: "u" },
    ]);
    assert.deepEqual(shown("b", "a"), ["x true"]);
  });

  it("hears no node of another type, and nothing any more once it is ended", async () => {
    await red.load([tab("t"), brokerNode("a"), from("x", "a", "y"), from("y", "a")]);
    assert.deepEqual(shown("y"), []);
    await red.deploy([tab("t"), brokerNode("a")], "full");
    assert.deepEqual(shown("a"), []);
  });
});
