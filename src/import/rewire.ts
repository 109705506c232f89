import { type Fields, isFields } from "./fields";
import type { FlowNode } from "./flow";

/** The ids of the new nodes in place of an old one; undefined for a side that nothing was wired to. */
export interface Successor {
  /** The tuya-out, which takes the messages for the device. */
  readonly out: string | undefined;
  /** The tuya-in, which sends the messages of the device. */
  readonly in: string | undefined;
}

/**
 * A copy of a node, with wires to the successors of its neighbours: what was wired to an old node is also wired to its
 * successor. The same for inputs and outputs of a subflow, for nodes that catch errors, states or completions of chosen
 * nodes, and for groups. The old wires stay, because the old nodes are only disabled and can be enabled again.
 *
 * @param successors by id of the old node
 */
export function rewire(node: FlowNode, successors: ReadonlyMap<string, Successor>): FlowNode {
  const { wires, in: inputs, out: outputs, scope, nodes, status } = node;
  return {
    ...node,
    ...(Array.isArray(wires) && { wires: wires.map((port) => withTargets(port, successors)) }),
    ...(node.type === "subflow" && {
      ...(Array.isArray(inputs) && { in: inputs.map((port) => withSubflowWires(port, successors, "out")) }),
      ...(Array.isArray(outputs) && { out: outputs.map((port) => withSubflowWires(port, successors, "in")) }),
      ...(isFields(status) && { status: withSubflowWires(status, successors, "in") }),
    }),
    ...(Array.isArray(scope) && { scope: withBoth(scope as readonly unknown[], successors) }),
    ...(node.type === "group" &&
      Array.isArray(nodes) && { nodes: withBoth(nodes as readonly unknown[], successors) }),
  };
}

function withTargets(port: unknown, successors: ReadonlyMap<string, Successor>): unknown {
  if (!Array.isArray(port)) return port;
  return (port as readonly unknown[]).flatMap((target) => [target, ...idsOf(target, successors, ["out"])]);
}

/**
 * A port of a subflow, which names nodes as `{id, port}`. What comes into the subflow goes to the tuya-out of a successor
 * (`out`), what leaves it comes from the tuya-in (`in`).
 */
function withSubflowWires(
  port: unknown,
  successors: ReadonlyMap<string, Successor>,
  side: "in" | "out",
): unknown {
  if (!isFields(port) || !Array.isArray(port["wires"])) return port;
  const wires = (port["wires"] as readonly unknown[]).flatMap((wire) =>
    isFields(wire)
      ? [wire, ...idsOf(wire["id"], successors, [side]).map((id): Fields => ({ ...wire, id }))]
      : [wire],
  );
  return { ...port, wires };
}

/** A list of ids, with both nodes of each successor added. */
function withBoth(ids: readonly unknown[], successors: ReadonlyMap<string, Successor>): unknown[] {
  return ids.flatMap((id) => [id, ...idsOf(id, successors, ["out", "in"])]);
}

function idsOf(
  id: unknown,
  successors: ReadonlyMap<string, Successor>,
  sides: readonly ("in" | "out")[],
): readonly string[] {
  const successor = typeof id === "string" ? successors.get(id) : undefined;
  return sides.map((side) => successor?.[side]).filter((name) => name !== undefined);
}
