import { type Fields, isFields } from "./fields";
import type { FlowNode } from "./flow";

/** The new nodes in place of an old one: `in` gets its messages, `out` sends them. */
export interface Successor {
  readonly out: string | undefined;
  readonly in: string | undefined;
}

/**
 * A node whose neighbours were replaced: wires to an old node also go to its successor. The same for inputs and outputs
 * of a subflow, for nodes that catch errors, states or completions of chosen nodes, and for groups. The old wires stay,
 * because the old nodes are only disabled and can be enabled again.
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

/** Ports of a subflow name nodes as `{id, port}`. Messages go in where they are sent, and come out where they are received. */
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
