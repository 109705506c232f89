import type { ImportedDevice } from "../../../src/import/imported-device";
import { STORED } from "../base/credentials";
import type { FetchLine, KeysToStore, PlatformDevice } from "../../contract/platform";

/** The fetched devices for the preview. */
export interface Offered {
  readonly devices: readonly ImportedDevice[];
  /** Names of devices, and of the environment variables that their keys come from, with another value than the fetched key. */
  readonly variables: readonly { readonly name: string; readonly variable: string }[];
  /** How many of the devices have a stored key equal to the fetched one, and how many have another. */
  readonly counts: { readonly same: number; readonly other: number };
}

/** The devices to show: all, or for a comparison of keys only the configured ones. */
export function offeredDevices(devices: readonly PlatformDevice[], isComparison: boolean): Offered {
  const shown = isComparison ? devices.filter(({ nodes }) => nodes.length > 0) : devices;
  const imported = shown.map(toImported);
  const count = (state: "same" | "other"): number =>
    imported.filter(({ keyState }) => keyState === state).length;
  const variables = shown.flatMap(({ name, nodes }) =>
    nodes.flatMap(({ key, variable }) =>
      variable !== undefined && key !== "same" ? [{ name, variable }] : [],
    ),
  );
  return { devices: imported, variables, counts: { same: count("same"), other: count("other") } };
}

/** The device for the preview. A key from a variable does not count as another one: storing a key would not change it. */
function toImported({ nodes, keyState: _keyState, ...device }: PlatformDevice): ImportedDevice {
  const { keyLength } = device;
  const isOther = nodes.some(({ key, variable }) => key !== "same" && variable === undefined);
  return {
    ...device,
    // The keys are stored before a deploy sends this.
    localKey: keyLength > 0 ? STORED : "",
    ...(keyLength > 0 && nodes.length > 0 && { keyState: isOther ? ("other" as const) : ("same" as const) }),
  };
}

/**
 * The nodes that get a fetched key, with the device ids of their keys. Without sub-devices, which use the key of
 * their gateway, and without nodes whose key comes from a variable.
 */
export function keysToStore(
  devices: readonly PlatformDevice[],
  nodeIds: ReadonlyMap<string, readonly string[]>,
): KeysToStore["nodes"] {
  const keys: Record<string, string> = {};
  for (const { id, kind, keyLength, nodes } of devices) {
    if (kind === "child" || keyLength === 0) continue;
    for (const nodeId of nodeIds.get(id) ?? []) {
      const isVariable = nodes.some((node) => node.nodeId === nodeId && node.variable !== undefined);
      if (!isVariable) keys[nodeId] = id;
    }
  }
  return keys;
}

/** Reads a line of the answer; undefined for any other line. */
export function readFetchLine(object: object): FetchLine | undefined {
  const line = object as Partial<Record<"step" | "problem" | "ticket" | "devices", unknown>>;
  const isLine =
    typeof line.step === "string" ||
    (typeof line.problem === "object" && line.problem !== null) ||
    (typeof line.ticket === "string" && Array.isArray(line.devices));
  return isLine ? (object as FetchLine) : undefined;
}
