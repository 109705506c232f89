import { countCharacters } from "../../../src/local-key";
import type { ImportedDevice } from "../../../src/import/imported-device";
import type { ConfiguredKeys, KeyComparison, KeyHolder } from "../keys/configured-keys";

/** A `tuya-device` node that is configured for a device, and how its stored key compares with the one fetched. */
export interface ComparedNode {
  readonly nodeId: string;
  readonly name: string;
  readonly key: KeyComparison;
  /** The environment variable its key comes from, if it does: replacing the key would replace the variable. */
  readonly variable?: string;
}

/** A device as `POST tuya/platform/fetch` answers it: with all but the key. */
export interface PlatformDevice extends Omit<ImportedDevice, "localKey" | "keyState" | "keyLength"> {
  /** Characters; 0 = the platform has none for it. */
  readonly keyLength: number;
  /** `new` = no node is configured for it. `same`, `other`: than that of all, or any, of `nodes`. */
  readonly keyState: "new" | "same" | "other" | "none";
  readonly nodes: readonly ComparedNode[];
}

/** Devices as they may leave the server. */
export function toPlatformDevices(
  devices: readonly ImportedDevice[],
  configured: ConfiguredKeys,
): readonly PlatformDevice[] {
  const holders = configured.holders();
  return devices.map((device) => {
    const { localKey, values: _values, keyLength: _keyLength, keyState: _keyState, ...rest } = device;
    const nodes = holders
      .filter(({ deviceId }) => deviceId === device.id)
      .map((holder) => comparedNode(holder, localKey, configured));
    return { ...rest, keyLength: countCharacters(localKey), keyState: stateOf(localKey, nodes), nodes };
  });
}

function comparedNode(
  { nodeId, name, variable }: KeyHolder,
  localKey: string,
  configured: ConfiguredKeys,
): ComparedNode {
  return { nodeId, name, key: configured.compare(nodeId, localKey), ...(variable && { variable }) };
}

function stateOf(localKey: string, nodes: readonly ComparedNode[]): PlatformDevice["keyState"] {
  if (localKey === "") return "none";
  if (nodes.length === 0) return "new";
  return nodes.every(({ key }) => key === "same") ? "same" : "other";
}
