import type { DataPointEntry } from "../datapoints/datapoint";
import { type ImportedDevice, NO_KEY } from "./imported-device";

/** A `tuya-device` that is configured already. */
export interface ExistingDevice {
  /** Id of the node. */
  readonly nodeId: string;
  readonly name: string;
  readonly deviceId: string;
  /** For a sub-device: the id of the gateway's node, and its own node id (cid); otherwise "". */
  readonly gateway: string;
  readonly cid: string;
  readonly hasKey: boolean;
  /** Its key, if the editor knows it: one that was typed and is not deployed yet. */
  readonly localKey?: string | undefined;
}

/** A `tuya-device` to create. */
export interface PlannedDevice {
  /** Id of the device in the list. */
  readonly source: string;
  /** Its properties in the flow file; see the help of `tuya-device`. */
  readonly node: {
    readonly id: string;
    readonly type: "tuya-device";
    readonly name: string;
    readonly deviceId: string;
    readonly ip: string;
    readonly port: string;
    readonly version: string;
    readonly gateway: string;
    readonly cid: string;
    readonly refresh: string;
    readonly refreshDps: string;
    readonly device22: boolean;
    readonly sleepy: boolean;
    readonly datapoints: readonly DataPointEntry[];
  };
  /** For the credential store: without a key if it is a sub-device, or if the list has no key. */
  readonly credentials: { readonly localKey?: string };
}

/** A configured device that gets another key. */
export interface PlannedKey {
  /** Id of the device in the list. */
  readonly source: string;
  readonly nodeId: string;
  /** Name of the node; if it has none, the device id. */
  readonly name: string;
  /** The new key; "" if it stays on the server. */
  readonly localKey: string;
}

/** A configured device that stays as it is. */
export interface Unchanged {
  /** Id of the device in the list. */
  readonly source: string;
  readonly nodeId: string;
  readonly name: string;
}

/** What an import will do. Nothing is done yet. */
export interface ImportPlan {
  /** Gateways before the sub-devices that name them. */
  readonly create: readonly PlannedDevice[];
  /** Devices that are configured already, for which the source has another key, or one that cannot be compared. */
  readonly updateKey: readonly PlannedKey[];
  /** Devices that are configured already, for which the source has nothing new. */
  readonly unchanged: readonly Unchanged[];
  /** A sentence each. Never contains a key. */
  readonly problems: readonly string[];
}

/** How an import is planned. */
export interface PlanOptions {
  /** Makes a node id that is not used yet. */
  readonly newId: () => string;
  /** Whether to put addresses of the source into the nodes; otherwise they are found by announcements. Default false. */
  readonly addresses?: boolean | undefined;
}

/** Plans an import: compares devices with those that are configured. */
export function planImport(
  devices: readonly ImportedDevice[],
  existing: readonly ExistingDevice[],
  options: PlanOptions,
): ImportPlan {
  return new Planner(existing, options).plan(devices);
}

class Planner {
  readonly #existing: readonly ExistingDevice[];
  readonly #options: PlanOptions;
  /** Ids of nodes by device id: existing nodes and those to create. */
  readonly #nodeIds = new Map<string, string>();
  readonly #create: PlannedDevice[] = [];
  readonly #updateKey: PlannedKey[] = [];
  readonly #unchanged: Unchanged[] = [];
  readonly #problems: string[] = [];

  constructor(existing: readonly ExistingDevice[], options: PlanOptions) {
    this.#existing = existing;
    this.#options = options;
    for (const { deviceId, nodeId } of existing) if (deviceId !== "") this.#nodeIds.set(deviceId, nodeId);
  }

  plan(devices: readonly ImportedDevice[]): ImportPlan {
    const isChild = ({ kind }: ImportedDevice) => kind === "child";
    for (const device of devices.filter((candidate) => !isChild(candidate))) this.#add(device);
    for (const device of devices.filter(isChild)) this.#addChild(device);
    return {
      create: this.#create,
      updateKey: this.#updateKey,
      unchanged: this.#unchanged,
      problems: this.#problems,
    };
  }

  #add(device: ImportedDevice): void {
    // A device may have several nodes: they share one connection, and need the same key.
    const existing = this.#existing.filter(({ deviceId }) => deviceId === device.id);
    const hasKey = existing.length > 0 && existing.every((node) => node.hasKey);
    this.#note(
      hasKey ? { ...device, problems: device.problems.filter((problem) => problem !== NO_KEY) } : device,
    );
    for (const node of existing) this.#compare(device, node);
    if (existing.length === 0) this.#planNode(device, "");
  }

  #compare(
    { id, localKey, keyState }: ImportedDevice,
    { nodeId, name, deviceId, hasKey, localKey: present }: ExistingDevice,
  ): void {
    const differs = localKey !== "" && !(hasKey && present === localKey);
    const isNew = keyState === undefined ? differs : keyState === "other";
    const node = { source: id, nodeId, name: name || deviceId };
    if (isNew) this.#updateKey.push({ ...node, localKey });
    else this.#unchanged.push(node);
  }

  #addChild(device: ImportedDevice): void {
    const { id, name, gatewayId, cid } = device;
    const gateway = gatewayId === undefined ? undefined : this.#nodeIds.get(gatewayId);
    const existing = this.#existing.find(
      (other) =>
        (other.deviceId !== "" && other.deviceId === id) || (other.cid === cid && other.gateway === gateway),
    );
    if (existing) {
      this.#unchanged.push({ source: id, nodeId: existing.nodeId, name: existing.name || name });
      return;
    }
    this.#note(device);
    if (gateway !== undefined && cid !== undefined) {
      this.#planNode(device, gateway);
      return;
    }
    const isUnknown = gatewayId !== undefined && gateway === undefined;
    const reason = isUnknown ? ": its gateway is neither in the list nor configured" : "";
    this.#problems.push(`${name} is not created${reason}.`);
  }

  #planNode(device: ImportedDevice, gateway: string): void {
    const { id, name, localKey, ip, version, cid, datapoints } = device;
    const nodeId = this.#options.newId();
    this.#nodeIds.set(id, nodeId);
    const isChild = gateway !== "";
    this.#create.push({
      source: id,
      node: {
        id: nodeId,
        type: "tuya-device",
        name: name === id ? "" : name,
        deviceId: id === cid ? "" : id,
        ip: this.#options.addresses === true && !isChild ? (ip ?? "") : "",
        port: "",
        version: isChild ? "auto" : (version ?? "auto"),
        gateway,
        cid: cid ?? "",
        refresh: "",
        refreshDps: "",
        device22: false,
        sleepy: false,
        datapoints,
      },
      // A sub-device uses the key of its gateway.
      credentials: isChild || localKey === "" ? {} : { localKey },
    });
  }

  #note({ name, problems }: ImportedDevice): void {
    for (const problem of problems) this.#problems.push(`${name}: ${problem}`);
  }
}
