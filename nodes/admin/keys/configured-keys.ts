import { createHash, timingSafeEqual } from "node:crypto";
import type { NodeAPI, NodeDef } from "node-red";
import { readLocalKey } from "../../../src/local-key";
import { configuredNode } from "../../link/configured-devices";
import { textOf } from "../../runtime/properties";
import { type StoredKey, storedKeys, storedText } from "./stored-key";
import type { KeyComparison } from "../../contract/keys";

/** A `tuya-device` of the deployed flows that needs a key, disabled ones included. */
export interface KeyHolder {
  readonly nodeId: string;
  readonly name: string;
  readonly deviceId: string;
  /** The environment variable that its key comes from; undefined if it comes from none. */
  readonly variable: string | undefined;
}

interface DeviceDef extends NodeDef {
  readonly deviceId?: unknown;
  readonly gateway?: unknown;
  readonly cid?: unknown;
}

/** The keys in Node-RED's credential store. They are only compared here, and never returned. */
export class ConfiguredKeys {
  readonly #RED: NodeAPI;
  readonly #storedKey: StoredKey;

  constructor(RED: NodeAPI) {
    this.#RED = RED;
    this.#storedKey = storedKeys(RED);
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
    const stored = this.#storedKey(nodeId);
    if (stored === "" || localKey === "") return "none";
    return isEqual(stored, localKey) ? "same" : "other";
  }

  #variableOf(nodeId: string): string | undefined {
    const reading = readLocalKey(storedText(this.#RED, nodeId));
    return reading.kind === "variable" ? reading.name : undefined;
  }
}

/** Compares in constant time, so that the duration does not tell where two texts differ. */
function isEqual(a: string, b: string): boolean {
  const hash = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(hash(a), hash(b));
}
