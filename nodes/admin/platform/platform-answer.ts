import { countCharacters } from "../../../src/local-key";
import type { ImportedDevice } from "../../../src/import/imported-device";
import type { ConfiguredKeys, KeyHolder } from "../keys/configured-keys";
import type { ComparedNode, PlatformDevice } from "../../contract/platform";

/** The fetched devices as they are sent to the browser: without keys. */
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
