import type { DataPointEntry } from "../datapoints/datapoint";
import { isIPv4 } from "../ipv4";
import { readLocalKey } from "../local-key";
import { isProtocolVersion, type ProtocolVersion } from "../protocol/version";
import type { Dps } from "../protocol/dps";

/** The sentence among the problems of a device without a key. */
export const NO_KEY = "It has no local key.";

/** A device as a file or a flow describes it. */
export interface ImportedDevice {
  readonly id: string;
  /** Never empty: the id if it has no name. */
  readonly name: string;
  /** "" if the source has none, or the key stays on the server. */
  readonly localKey: string;
  /** Length, in characters, of a key that stays on the server. */
  readonly keyLength?: number | undefined;
  /** Whether the key equals that of the configured node; undefined = not known. */
  readonly keyState?: "same" | "other" | undefined;
  /** Where it can be connected to: an address or a host name; undefined = not known. */
  readonly ip?: string | undefined;
  readonly version?: ProtocolVersion | undefined;
  /** Tuya's category of the product: `dj` for lamps. */
  readonly category?: string | undefined;
  /** Identifies the product at Tuya. */
  readonly productKey?: string | undefined;
  /** For a sub-device: the id of its gateway. */
  readonly gatewayId?: string | undefined;
  /** For a sub-device: its node id. */
  readonly cid?: string | undefined;
  /** `child` = sub-device. */
  readonly kind: "wifi" | "gateway" | "child";
  /** Its table, as in a flow file; empty if the source has none. */
  readonly datapoints: readonly DataPointEntry[];
  /** The values it had when the source was made, in device units by data point number. */
  readonly values?: Dps | undefined;
  /** A sentence each. Never contains a key. */
  readonly problems: readonly string[];
}

/**
 * One entry of a source about a device, before entries are joined. Texts are as they are written there, not checked, and ""
 * where the source has none.
 */
export interface DeviceSource {
  readonly id: string;
  readonly name: string;
  readonly localKey: string;
  readonly ip: string;
  readonly version: string;
  readonly category: string;
  readonly productKey: string;
  readonly gatewayId: string;
  readonly cid: string;
  /** Whether the source says that it is behind a gateway. */
  readonly isChild: boolean;
  readonly isGateway: boolean;
  readonly datapoints: readonly DataPointEntry[];
  readonly values?: Dps | undefined;
  readonly problems: readonly string[];
}

/** An entry that says nothing. */
export const NO_SOURCE: DeviceSource = {
  id: "",
  name: "",
  localKey: "",
  ip: "",
  version: "",
  category: "",
  productKey: "",
  gatewayId: "",
  cid: "",
  isChild: false,
  isGateway: false,
  datapoints: [],
  problems: [],
};

/** Reads a protocol version; undefined for anything else, so that the version will be found out by trying. */
export function readVersion(text: string): ProtocolVersion | undefined {
  const version = text.replace(/^v/i, "");
  return isProtocolVersion(version) ? version : undefined;
}

/** An address to connect to: an IPv4 address or a host name; "" for anything else a source writes there. */
export function readAddress(text: string): string {
  if (/^[\d.]*$/.test(text)) return isIPv4(text) && text !== "0.0.0.0" ? text : "";
  return /^(?=.*[a-z])[a-z\d][a-z\d-]*(?:\.[a-z\d-]+)+$/i.test(text) ? text : "";
}

/** Repairs a key that was damaged by copying, and says what is wrong with a key. The sentences never contain it. */
export function readKey(text: string): { readonly localKey: string; readonly problems: readonly string[] } {
  const reading = readLocalKey(text);
  switch (reading.kind) {
    case "key":
    case "variable":
      return { localKey: text, problems: [] };
    case "damaged":
      return {
        localKey: reading.key,
        problems: [`Its local key had ${reading.length} characters; the 16 that were meant were restored.`],
      };
    case "empty":
      return { localKey: "", problems: [NO_KEY] };
    case "unlikely":
      return { localKey: text, problems: ["Its local key contains a character that no key contains."] };
    case "length":
      return { localKey: text, problems: [`Its local key has ${reading.length} characters instead of 16.`] };
  }
}
