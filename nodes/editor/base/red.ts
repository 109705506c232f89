import type { EditorRED, EditorNodeInstance } from "node-red";

declare global {
  const RED: EditorRED;
}

/**
 * Looks a text up in a catalogue by its key: that of a node (`node._`), or the package's (`base/texts`). `__name__` in the
 * text is replaced by the parameter of that name.
 */
export type Translate = (key: string, parameters?: Record<string, string | number>) => string;

/**
 * One entry of `datapoints` as the form saves it: only fields with a value are present. Unlike in a `DataPointEntry`, the
 * type and the access may be words that this version does not know.
 */
export interface SavedDataPoint {
  readonly dp: string;
  readonly code?: string;
  /** Display name. */
  readonly label?: string;
  readonly type?: string;
  /** Power of ten: with a scale of 1 the device's 2301 is 230.1. */
  readonly scale?: number;
  /** Raw values are divided by this if the factor is no power of ten: with 2 the device's 43 is 21.5. */
  readonly divisor?: number;
  readonly unit?: string;
  /** Limits and step in device units, before the scale. */
  readonly min?: number;
  readonly max?: number;
  readonly step?: number;
  /** Values of an Enum, or names of the bits of a Bitmap, lowest first. */
  readonly values?: readonly string[];
  /** `rw`, `ro` or `wr`; absent = not known, it may be written. */
  readonly access?: string;
  /** Each report is an event, equal values too: buttons and scenes. */
  readonly event?: boolean;
  /** An increment: the sum of all reports counts. */
  readonly accumulate?: boolean;
  /** The device counts in the other direction. */
  readonly invert?: boolean;
}

/**
 * Properties of a `tuya-device`, as the form saves them. Texts are as typed, and may be names of variables; in a flow that
 * a person wrote any of them may be missing.
 */
export interface DeviceProperties {
  name: string;
  deviceId: string;
  ip: string;
  port: string;
  version: string;
  /** The id of the gateway's node; see `gatewayOf`. */
  gateway: string;
  cid: string;
  /** Seconds. */
  refresh: string;
  /** A comma list, see `splitDps`. */
  refreshDps: string;
  device22: boolean;
  sleepy: boolean;
  datapoints: readonly SavedDataPoint[];
}

/** A `tuya-device` in the editor. Its properties are the saved ones: what is typed is in its form until Done. */
export type DeviceNode = EditorNodeInstance<DeviceProperties>;

/** Node-RED's value for "none" in its lists of configuration nodes; as the id for `editConfig` it means a new one. */
export const NONE = "_ADD_";

/** The `tuya-device` nodes of the editor, deployed or not. */
export function devicesInEditor(): readonly DeviceNode[] {
  const devices: DeviceNode[] = [];
  RED.nodes.eachConfig((config) => {
    const node = config as unknown as DeviceNode & { readonly type: string };
    if (node.type === "tuya-device") devices.push(node);
    return true;
  });
  return devices;
}

/** The `tuya-device` in the editor with this node id; undefined if there is none. */
export function findDevice(id: unknown): DeviceNode | undefined {
  if (typeof id !== "string" || id === "") return undefined;
  const node = RED.nodes.node(id) as (DeviceNode & { type: string }) | null;
  return node?.type === "tuya-device" ? node : undefined;
}

/** The id of the node of a sub-device's gateway; "" if none is chosen. */
export function gatewayOf({ gateway = "" }: Partial<DeviceProperties>): string {
  return gateway === NONE ? "" : gateway;
}

/**
 * Whether a device is behind a gateway, by its saved properties. Gateway or cid is enough: if the other one is missing,
 * the runtime does not take it for a Wi-Fi device either, but asks for what is missing.
 */
export function isSubDevice(device: Partial<DeviceProperties>): boolean {
  return gatewayOf(device) !== "" || (device.cid ?? "") !== "";
}

/** Whether a node will not run after a deploy, because it, or the flow it belongs to, is disabled. */
export function isDisabled(node: object): boolean {
  const { d, z = "" } = node as { readonly d?: boolean; readonly z?: string };
  // The type lacks the parameter.
  const flows = RED.nodes as unknown as {
    workspace(id: string): { readonly disabled?: boolean } | undefined;
  };
  return d === true || flows.workspace(z)?.disabled === true;
}

/** Why a flow node cannot use the device with this node id, as the last part of a catalogue key; undefined if it can. */
export function deviceProblem(id: string): "deviceMissing" | "deviceGone" | "deviceInvalid" | undefined {
  if (id === "" || id === NONE) return "deviceMissing";
  const device = findDevice(id) as (DeviceNode & { valid?: boolean }) | undefined;
  if (!device) return "deviceGone";
  return device.valid === false ? "deviceInvalid" : undefined;
}

/** The label of the `tuya-device` with this node id, as Node-RED shows it; "" if there is none. */
export function labelOfDevice(id: unknown): string {
  const device = findDevice(id);
  return device ? RED.utils.getNodeLabel(device, device.id) : "";
}

/** Whether a flow node is for all devices: then each device is used, even if no node names it. */
export function isAnyNodeForAll(): boolean {
  let isAny = false;
  RED.nodes.eachNode((each) => {
    const { type, scope } = each as unknown as { readonly type: string; readonly scope?: unknown };
    isAny ||= (type === "tuya-in" && scope === "all") || (type === "tuya-out" && scope === "message");
    return !isAny;
  });
  return isAny;
}
