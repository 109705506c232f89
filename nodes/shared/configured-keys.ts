import { createHash, timingSafeEqual } from "node:crypto";
import type { NodeAPI, NodeDef } from "node-red";
import { readLocalKey } from "../../src/diagnosis/local-key";
import { configuredNode } from "./configured-devices";
import { textOf } from "./properties";

/** How a key compares with the stored one of a node: `none` = no such node, or it has no key. */
export type KeyComparison = "same" | "other" | "none";

/** A `tuya-device` of the deployed flows that needs a key, disabled ones included. */
export interface KeyHolder {
  readonly nodeId: string;
  readonly name: string;
  readonly deviceId: string;
  /** The environment variable its key comes from, if it does. */
  readonly variable: string | undefined;
}

interface DeviceDef extends NodeDef {
  readonly deviceId?: unknown;
  readonly gateway?: unknown;
  readonly cid?: unknown;
}

/** The keys in Node-RED's credential store. They are compared here, and go nowhere. */
export class ConfiguredKeys {
  readonly #RED: NodeAPI;

  constructor(RED: NodeAPI) {
    this.#RED = RED;
  }

  holders(): readonly KeyHolder[] {
    const holders: KeyHolder[] = [];
    this.#RED.nodes.eachNode((def) => {
      const { id, type, name, deviceId, gateway, cid } = def as DeviceDef;
      if (type !== "tuya-device" || textOf(gateway) !== "" || textOf(cid) !== "") return;
      const running = configuredNode(id)?.profile.deviceId;
      const device = running === undefined || running === "" ? textOf(deviceId) : running;
      holders.push({ nodeId: id, name: textOf(name), deviceId: device, variable: this.#variableOf(id) });
    });
    return holders;
  }

  compare(nodeId: string, localKey: string): KeyComparison {
    const stored = this.#keyOf(nodeId);
    if (stored === "" || localKey === "") return "none";
    return isEqual(stored, localKey) ? "same" : "other";
  }

  /** Whether this id is that of a node which is no `tuya-device`: its credentials are not ours. */
  isForeign(nodeId: string): boolean {
    let isForeign = false;
    this.#RED.nodes.eachNode(({ id, type }) => {
      if (id === nodeId && type !== "tuya-device") isForeign = true;
    });
    return isForeign;
  }

  /** What counts is what is stored, deployed or not; but of a variable its value, which the running node has. */
  #keyOf(nodeId: string): string {
    const stored = this.#stored(nodeId);
    if (readLocalKey(stored).kind !== "variable") return stored;
    const node = this.#RED.nodes.getNode(nodeId) as
      { credentials?: { localKey?: unknown } } | null | undefined;
    const value = node?.credentials?.localKey;
    return typeof value === "string" ? value : "";
  }

  #variableOf(nodeId: string): string | undefined {
    const reading = readLocalKey(this.#stored(nodeId));
    return reading.kind === "variable" ? reading.name : undefined;
  }

  #stored(nodeId: string): string {
    const credentials = this.#RED.nodes.getCredentials(nodeId) as { localKey?: unknown } | undefined;
    return typeof credentials?.localKey === "string" ? credentials.localKey : "";
  }
}

/** In a time that tells nothing of where two texts differ. */
function isEqual(a: string, b: string): boolean {
  const hash = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(hash(a), hash(b));
}
