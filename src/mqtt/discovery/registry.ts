import type { DiscoveryOptions, Json, MqttDevice } from "../types";
import type { Keys } from "./entity";

const MANUFACTURER = "Tuya";
const ORIGIN = "node-red-tuya";

/** Identifies a device in Home Assistant for ever, so it contains neither its name nor the base. */
export function identifierOf({ id, cid, gatewayId }: MqttDevice): string {
  return cid !== undefined && gatewayId !== undefined ? `tuya_${gatewayId}_${cid}` : `tuya_${id}`;
}

/** The entry of a device in Home Assistant's device registry. */
export function registryEntry(device: MqttDevice): Keys {
  const { name, model, gatewayId } = device;
  return {
    identifiers: [identifierOf(device)],
    name,
    manufacturer: MANUFACTURER,
    ...(model !== undefined && model !== "" && { model }),
    ...(gatewayId !== undefined && { via_device: `tuya_${gatewayId}` }),
  };
}

/** The origin of a discovery message: this package. */
export function originOf({ version }: Pick<DiscoveryOptions, "version">): Keys {
  return { name: ORIGIN, ...(version !== undefined && { sw_version: version }) };
}

/** The topics that all have to be online for a device to be available: this Node-RED, and the device itself. */
export function availabilityOf(topics: readonly string[]): { readonly [key: string]: Json } {
  return { availability: topics.map((topic) => ({ topic })), availability_mode: "all" };
}

/** A text as an id for discovery topics: Home Assistant allows letters, digits, `_` and `-` only. */
export function objectId(text: string): string {
  return text.replace(/[^\w-]/gu, (character) => `-${character.codePointAt(0)?.toString(16)}-`);
}
