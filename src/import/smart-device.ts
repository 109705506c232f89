import { isFields, textField } from "./fields";
import type { FlowNode } from "./flow";

/** The nodes in place of a `tuya-smart-device`: a tuya-out for its input, a tuya-in for its outputs. */
export interface Replacement {
  readonly out: FlowNode | undefined;
  readonly in: FlowNode | undefined;
}

/** The value of `output` of tuya-in for messages in the format of node-red-contrib-tuya-smart-device. */
export const COMPATIBLE_OUTPUT = "compatible";

/**
 * Makes a tuya-out with the input of a node and a tuya-in with its two outputs. A side without wires is left out; for a
 * node without any wires both are made. Both get the position of the node.
 *
 * @param device id of the `tuya-device`
 */
export function replacementOf(
  node: FlowNode,
  device: string,
  flow: readonly FlowNode[],
  newId: () => string,
): Replacement {
  const ports = Array.isArray(node["wires"]) ? (node["wires"] as readonly unknown[]) : [];
  const [data = [], state = []] = ports.map((port) =>
    Array.isArray(port) ? (port as readonly unknown[]) : [],
  );
  const isHeard = data.length + state.length > 0 || isPortOfSubflow(node.id, flow, "out");
  const isTold = isWiredTo(node.id, flow) || isPortOfSubflow(node.id, flow, "in");
  const name = textField(node, "deviceName", "name");
  const { z, g, d, x = 0, y = 0 } = node;
  const place = {
    ...(z !== undefined && { z }),
    ...(g !== undefined && { g }),
    // A disabled node stays disabled.
    ...(d === true && { d }),
  };
  const out = () => ({
    id: newId(),
    type: "tuya-out",
    ...place,
    name,
    device,
    dp: "",
    offline: "fail",
    queueSeconds: "60",
    confirm: "ack",
    x,
    y,
    wires: [[]],
  });
  const input = () => ({
    id: newId(),
    type: "tuya-in",
    ...place,
    name,
    device,
    output: COMPATIBLE_OUTPUT,
    eventMode: textField(node, "eventMode") || "event-both",
    dps: "",
    // The old node sent all reports and answers, but nothing when it connected.
    when: "all",
    initial: false,
    state: true,
    outputs: 2,
    x,
    y,
    wires: [[...data], [...state]],
  });
  return { out: isTold || !isHeard ? out() : undefined, in: isHeard || !isTold ? input() : undefined };
}

/** The old node, disabled and without its key, so that an export does not contain it. */
export function retired(node: FlowNode): FlowNode {
  const { credentials: _secret, ...rest } = node;
  return { ...rest, deviceKey: "", d: true } as FlowNode;
}

/** Settings of the old node that have no counterpart, a sentence each. */
export function notesOf(node: FlowNode, flow: readonly FlowNode[]): string[] {
  const notes: string[] = [];
  if (node["disableAutoStart"] === true) {
    notes.push("It connected only when told so; the new nodes connect when the flow starts.");
  }
  if (Number(node["retryTimeout"]) > 1000) {
    notes.push("Its retry interval is not taken over: the pauses between attempts grow by themselves.");
  }
  if (textField(node, "logLevel") === "log-level-disable") {
    notes.push("Its errors were hidden from Catch nodes; those of the new nodes are not.");
  }
  if (flow.some((other) => other.type === "status" && isWatching(other, node))) {
    notes.push(
      "Status nodes that hear it get other texts: tuya-in.status.connected, for example, instead of connected.",
    );
  }
  return notes;
}

/** Whether id, key or address come from variables of the flow, group or subflow the node is in: a device cannot see them. */
export function usesLocalVariables(node: FlowNode, flow: readonly FlowNode[]): boolean {
  const text = JSON.stringify([node["deviceId"], node["deviceKey"], node["deviceIp"]]);
  const names = [...text.matchAll(/\$[{(]([A-Za-z_]\w*)[})]/g)].map((match) => match[1]);
  if (names.length === 0) return false;
  const byId = new Map(flow.map((other) => [other.id, other]));
  return around(node, byId).some(
    ({ type, env }) => type === "subflow" || (Array.isArray(env) && env.some(isNamed(names))),
  );
}

/** The tab or subflow a node is on, and the groups it is in, the innermost first. */
function around(node: FlowNode, byId: ReadonlyMap<string, FlowNode>): readonly FlowNode[] {
  const found = new Set<FlowNode>();
  let group = byId.get(textField(node, "g"));
  while (group && !found.has(group)) {
    found.add(group);
    group = byId.get(textField(group, "g"));
  }
  const tab = byId.get(textField(node, "z"));
  return tab ? [...found, tab] : [...found];
}

function isNamed(names: readonly (string | undefined)[]): (variable: unknown) => boolean {
  return (variable) => isFields(variable) && names.includes(textField(variable, "name"));
}

/** Without a scope, a Status node hears all nodes on its tab. */
function isWatching({ z, g, d, scope }: FlowNode, node: FlowNode): boolean {
  if (d === true) return false;
  if (Array.isArray(scope)) return scope.includes(node.id);
  return z === node["z"] && (scope !== "group" || g === node["g"]);
}

function isWiredTo(id: string, flow: readonly FlowNode[]): boolean {
  return flow.some(
    ({ wires }) => Array.isArray(wires) && wires.some((port) => Array.isArray(port) && port.includes(id)),
  );
}

function isPortOfSubflow(id: string, flow: readonly FlowNode[], side: "in" | "out"): boolean {
  return flow.some(({ type, [side]: ports }) => {
    if (type !== "subflow" || !Array.isArray(ports)) return false;
    const wires = ports.flatMap((port) =>
      isFields(port) && Array.isArray(port["wires"]) ? port["wires"] : [],
    );
    return wires.some((wire) => isFields(wire) && wire["id"] === id);
  });
}
