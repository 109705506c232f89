import { completed, haveOtherKeys, joinFamilies } from "./families";
import { textField } from "./fields";
import { type FlowNode, SMART_DEVICE, SMART_DEVICE_HUB } from "./flow";
import { devicesOfFlow, sourceOf } from "./foreign-flow";
import type { DeviceSource } from "./imported-device";
import { estimatedSize, placeSuccessors, type Size, type Succession } from "./placement";
import { type ExistingDevice, type PlannedKey, planImport } from "./plan";
import { rewire, type Successor } from "./rewire";
import { notesOf, replacementOf, retired, usesLocalVariables } from "./smart-device";

/** What a conversion needs to know of the editor, and what the user chose. */
export interface ConvertOptions {
  /** Makes a node id that is not used yet. */
  readonly newId: () => string;
  /** Devices that are configured already: no new `tuya-device` is made for them. */
  readonly existing?: readonly ExistingDevice[] | undefined;
  /** Ids of the nodes to convert; undefined = all that are enabled. */
  readonly only?: readonly string[] | undefined;
  /** Whether the old nodes will be removed, so that new ones may take their places. Default false. */
  readonly isRemoving?: boolean | undefined;
  /** The size of a node as it is drawn; default: estimated from the length of its name. */
  readonly sizeOf?: ((node: FlowNode) => Size) | undefined;
}

/** The result for one node. */
export interface ConvertedNode {
  /** Id of the old node. */
  readonly id: string;
  /** Name of the old node; its id if it has none. */
  readonly name: string;
  /** Id of the `tuya-device`, new or configured already. */
  readonly device: string;
  readonly isNewDevice: boolean;
  /** Id of the tuya-out in its place; undefined if nothing was wired to the input of the old node. */
  readonly out: string | undefined;
  /** Id of the tuya-in in its place; undefined if nothing was wired to the outputs of the old node. */
  readonly in: string | undefined;
  /** What works differently than before, a sentence each. */
  readonly notes: readonly string[];
}

/** A converted flow. Keys are in `credentials` of the new devices, as an import expects them, and nowhere else. */
export interface ConvertedFlow {
  /** The whole flow: the given nodes, or changed copies of them, and the new ones. */
  readonly flow: readonly FlowNode[];
  readonly converted: readonly ConvertedNode[];
  /** Devices that are configured already, and whose key may be another one. */
  readonly updateKey: readonly PlannedKey[];
  /** What was not converted, and what is wrong with a device, a sentence each. Never contains a key. */
  readonly problems: readonly string[];
  /** What to know about the whole conversion, a sentence each. */
  readonly notes: readonly string[];
}

/** Node-RED does not start flows with nodes of a type that is not installed, even where these are disabled. */
const KEEP_INSTALLED =
  "Leave node-red-contrib-tuya-smart-device installed until its disabled nodes are deleted: without it, Node-RED starts none of the flows.";

const SHARED =
  "It shares one connection with the other nodes of its device: DISCONNECT and SET_EVENT_MODE concern all of them.";

/**
 * Converts the nodes of node-red-contrib-tuya-smart-device in a flow: a `tuya-device` for each device, its key in the
 * credentials; in place of each node a tuya-out and a tuya-in with the same wires. The old nodes stay beside them,
 * disabled and without the key: a device accepts few connections, and old and new nodes would take them from each other. The
 * given flow is not changed.
 */
export function convertFlow(flow: readonly FlowNode[], options: ConvertOptions): ConvertedFlow {
  const { only, existing = [], newId, isRemoving = false, sizeOf = estimatedSize } = options;
  const chosen = flow.filter(
    (node) => node.type === SMART_DEVICE && (only ? only.includes(node.id) : node["d"] !== true),
  );
  const { nodes, sources, problems } = devicesOf(chosen, flow);
  const family = joinFamilies(sources);
  // Addresses of the old nodes are kept: if no announcements arrive, nothing works without them.
  const plan = planImport(family.devices, existing, { newId, addresses: true });
  const devices = new Map([
    ...plan.create.map(({ node }) => [node.deviceId, node.id] as const),
    ...existing.map(({ deviceId, nodeId }) => [deviceId, nodeId] as const),
  ]);

  const created = new Set(plan.create.map(({ node }) => node.id));
  const successors = new Map<string, Successor>();
  const successions: Succession[] = [];
  const converted: ConvertedNode[] = [];
  for (const [node, deviceId] of nodes) {
    const device = devices.get(deviceId) ?? "";
    const replacement = replacementOf(node, device, flow, newId);
    const successor = { out: replacement.out?.id, in: replacement.in?.id };
    successors.set(node.id, successor);
    successions.push({ old: node, ...replacement });
    const isShared = nodes.some(([other, id]) => other !== node && id === deviceId);
    const notes = [...notesOf(node, flow), ...(isShared ? [SHARED] : [])];
    converted.push({
      id: node.id,
      name: nameOf(node),
      device,
      isNewDevice: created.has(device),
      ...successor,
      notes,
    });
  }
  const places = placeSuccessors(flow, successions, { isRemoving, sizeOf });
  const placed = (node: FlowNode): FlowNode => ({ ...node, ...places.get(node.id) });
  const parts = successions
    .flatMap(({ out, in: input }) => [out, input])
    .filter((part) => part !== undefined);
  return {
    flow: [
      ...flow.map((node) => (successors.has(node.id) ? placed(retired(node)) : rewire(node, successors))),
      ...plan.create.map(({ node, credentials }) => ({ ...node, credentials })),
      ...parts.map((node) => placed(rewire(node, successors))),
    ],
    converted,
    updateKey: plan.updateKey,
    problems: [...problems, ...family.problems, ...plan.problems, ...hubProblems(flow)],
    notes: converted.length > 0 ? [KEEP_INSTALLED] : [],
  };
}

interface Devices {
  /** The nodes to convert, each with the id of its device. */
  readonly nodes: readonly (readonly [FlowNode, string])[];
  /** Each device once. */
  readonly sources: readonly DeviceSource[];
  readonly problems: readonly string[];
}

function devicesOf(chosen: readonly FlowNode[], flow: readonly FlowNode[]): Devices {
  const nodes: [FlowNode, string][] = [];
  const sources = new Map<string, DeviceSource>();
  const problems: string[] = [];
  for (const node of chosen) {
    const source = sourceOf(node, flow);
    if (!source || source.id === "") {
      problems.push(
        `${nameOf(node)} is left as it is: its device id is missing, or in a credential, which an export does not contain.`,
      );
    } else if (usesLocalVariables(node, flow)) {
      problems.push(
        `${nameOf(node)} is left as it is: its settings come from variables of its flow, which a device cannot see.`,
      );
    } else {
      nodes.push([node, source.id]);
      sources.set(source.id, joined(sources.get(source.id), source, problems));
    }
  }
  return { nodes, sources: [...sources.values()], problems };
}

/** Joins several nodes of one device. */
function joined(first: DeviceSource | undefined, next: DeviceSource, problems: string[]): DeviceSource {
  if (!first) return next;
  if (haveOtherKeys(first, next)) {
    problems.push(
      `${next.name || next.id}: another node of the same device has another local key; that of the first one is used.`,
    );
  }
  return completed(first, next);
}

function nameOf(node: FlowNode): string {
  return textField(node, "deviceName", "name") || node.id;
}

/** Hub nodes get id and key in each message. Where these come from cannot be found out. */
function hubProblems(flow: readonly FlowNode[]): readonly string[] {
  const hubs = flow.filter(({ type }) => type === SMART_DEVICE_HUB);
  const senders = hubs.length === 0 ? [] : flow.filter(mentionsKey);
  return [
    ...devicesOfFlow(hubs).problems,
    ...senders.map(
      (node) =>
        `The ${node.type} node ${textField(node, "name") || node.id} writes a device key into messages. Keys belong into devices only.`,
    ),
  ];
}

function mentionsKey({ func, props, payload, template, rules }: FlowNode): boolean {
  return JSON.stringify([func, props, payload, template, rules]).includes("deviceKey");
}
