import type { ConvertedFlow } from "../../../src/import/convert-flow";
import { type Fields, isFields } from "../../../src/import/fields";
import type { FlowNode } from "../../../src/import/flow";
import { changeKey, setCredentials } from "./apply";
import { type ChangeableNode, type Link, Step } from "./history";
import { addNodes } from "./editor-flow";

/** A node in the editor. */
type EditorNode = ChangeableNode & {
  /** The properties, if the type is not installed. */
  readonly _orig?: Fields;
};

/** A subflow in the editor. Wires begin and end at its inputs and outputs. */
interface EditorSubflow {
  readonly in?: readonly object[];
  readonly out?: readonly object[];
  readonly status?: object;
}

/** The size of an imported node before it is drawn, as in Node-RED, in pixels. */
const NODE_WIDTH = 100;
const NODE_HEIGHT = 30;

/**
 * Changes the flows in the editor from `before` to the converted ones, as one step to undo.
 *
 * @param isRemoving whether the old nodes are removed; otherwise they are disabled
 */
export function applyConversion(
  before: readonly FlowNode[],
  { flow, converted, updateKey }: ConvertedFlow,
  isRemoving: boolean,
): void {
  const former = new Map(before.map((node) => [node.id, node]));
  const created = flow.filter(({ id }) => !former.has(id));
  const step = new Step();
  // Without wires and groups: Node-RED imports only those between new nodes, and these may lead to existing ones.
  addNodes(created.map((node) => structuredClone(unconnected(node))));
  for (const { id, type, credentials } of created) {
    const localKey = isFields(credentials) ? credentials["localKey"] : undefined;
    if (type === "tuya-device") setCredentials(id, typeof localKey === "string" ? localKey : undefined);
  }
  const links = flow.flatMap((node) => newLinks(node, former.get(node.id)));
  for (const link of links) RED.nodes.addLink(link as never);
  step.added(
    created.map(({ id }) => id),
    links,
  );
  for (const { id, g } of created) if (typeof g === "string") group(id, g, step);
  for (const node of flow) {
    const old = former.get(node.id);
    if (old && old !== node) change(node, old, step);
  }
  for (const { nodeId, localKey } of updateKey) changeKey(nodeId, localKey, step);
  if (isRemoving) step.remove(converted.map(({ id }) => id));
  step.finish();
}

/** The node without wires and group; it keeps its number of outputs. */
function unconnected({ g: _group, ...node }: FlowNode): object {
  const { wires } = node;
  return { ...node, ...(Array.isArray(wires) && { wires: wires.map(() => []) }) };
}

/** The node in the editor; undefined if there is none. */
function nodeOf(id: unknown): EditorNode | undefined {
  return typeof id === "string"
    ? ((RED.nodes.node(id) as EditorNode | null | undefined) ?? undefined)
    : undefined;
}

/** The wires from a node that `old` does not have; all of them if there is no `old`. */
function newLinks(node: FlowNode, old: FlowNode | undefined): readonly Link[] {
  if (node.type === "subflow") return newSubflowLinks(node, old);
  const source = nodeOf(node.id);
  const ports = wiresOf(node);
  const oldPorts = wiresOf(old);
  if (!source) return [];
  return ports.flatMap((targets, sourcePort) =>
    targets
      .filter((target) => !oldPorts[sourcePort]?.includes(target))
      .flatMap((id) => {
        const target = nodeOf(id);
        return target ? { source, sourcePort, target } : [];
      }),
  );
}

/** The same for a subflow: the wires of its inputs, outputs and status output, on the inside. */
function newSubflowLinks(node: FlowNode, old: FlowNode | undefined): readonly Link[] {
  const subflow = RED.nodes.subflow(node.id) as EditorSubflow;
  const status = subflow.status ? [subflow.status] : [];
  return [
    ...portLinks(node["in"], old?.["in"], subflow.in ?? [], (end, _port, inner) => ({
      source: end,
      sourcePort: 0,
      target: inner,
    })),
    ...portLinks(node["out"], old?.["out"], subflow.out ?? [], fromInside),
    ...portLinks(listOf(node["status"]), listOf(old?.["status"]), status, fromInside),
  ];
}

/** A wire from a node in a subflow to one of the subflow's outputs. */
function fromInside(end: object, sourcePort: number, inner: object): Link {
  return { source: inner, sourcePort, target: end };
}

/**
 * The new wires of a subflow's ports, which name nodes as `{id, port}`.
 *
 * @param ends the ports in the editor, in the same order
 * @param link makes the wire, in the direction that the ports have
 */
function portLinks(
  ports: unknown,
  oldPorts: unknown,
  ends: readonly object[],
  link: (end: object, port: number, inner: object) => Link,
): readonly Link[] {
  const before = listOf(oldPorts).map(wiresOfPort);
  return listOf(ports).flatMap((port, index) => {
    const end = ends[index];
    const known = (before[index] ?? []).map((wire) => JSON.stringify(wire));
    return wiresOfPort(port)
      .filter((wire) => !known.includes(JSON.stringify(wire)))
      .flatMap((wire) => {
        const inner = nodeOf(wire["id"]);
        return end && inner ? link(end, Number(wire["port"] ?? 0), inner) : [];
      });
  });
}

function wiresOfPort(port: unknown): readonly Fields[] {
  const wires = isFields(port) ? port["wires"] : undefined;
  return Array.isArray(wires) ? wires.filter(isFields) : [];
}

function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return value === undefined ? [] : [value];
}

function wiresOf(node: FlowNode | undefined): readonly (readonly unknown[])[] {
  const wires = node?.["wires"];
  return Array.isArray(wires)
    ? wires.map((port: unknown) => (Array.isArray(port) ? (port as readonly unknown[]) : []))
    : [];
}

/** Puts a new node into the group it names. */
function group(id: string, groupId: string, step: Step): void {
  const node = nodeOf(id);
  const target = RED.nodes.group(groupId) as object | null | undefined;
  if (!node || !target) return;
  // With a size, so that the group grows around the node.
  Object.assign(node, { w: NODE_WIDTH, h: NODE_HEIGHT, resize: true });
  RED.group.addToGroup(target as never, node as never);
  step.grouped(target, node);
}

/** Changes an existing node: an old one is disabled and loses its key, others get the new nodes in their scope. */
function change(node: FlowNode, old: FlowNode, step: Step): void {
  const target = nodeOf(node.id);
  if (!target) return;
  const { scope } = node;
  if (JSON.stringify(scope) !== JSON.stringify(old["scope"])) step.change(target, { scope });
  if (node["d"] !== true || old["d"] === true) return;
  const { x, y, g } = node;
  const { _orig: orig } = target;
  if (orig) {
    const { credentials: _secret, ...rest } = orig;
    step.change(target, { d: true, x, y, _orig: { ...rest, deviceKey: "" } });
  } else step.change(target, { d: true, x, y, deviceKey: "" });
  const around = typeof g === "string" ? (RED.nodes.group(g) as object | null | undefined) : undefined;
  if (around) RED.group.markDirty(around as never);
}
