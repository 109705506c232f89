import type { ImportedDevice } from "../../../src/import/imported-device";
import type { ExistingDevice } from "../../../src/import/plan";
import type { ComparedKeys, KeysToCompare } from "../../contract/keys";
import type { Unchecked } from "../../contract/unchecked";
import { objectOf } from "../base/answers";
import { requestJson } from "../base/requests";
import { existingDevices } from "./apply";
import { translate } from "../base/texts";
import type { DeviceWithCredentials } from "../base/credentials";
import { findDevice } from "../base/red";

/** What is known about stored keys; filled when answers arrive. */
export interface StoredKeys {
  /** Ids of nodes without a key. */
  readonly keyless: Set<string>;
  /** Ids of devices whose nodes all have the key of the list. */
  readonly same: Set<string>;
}

/**
 * Makes the server compare the keys of a list with stored ones. It answers whether they are equal, never the keys. If a
 * key differs, it may be older or newer.
 *
 * @param changed called when something was added to the sets, perhaps after the dialog is closed
 */
export function compareKeys(
  devices: readonly ImportedDevice[],
  { keyless, same }: StoredKeys,
  changed: () => void,
): void {
  const nodes = unaskedNodes(devices, keyless);
  const keysOf = new Map(devices.map(({ id, localKey }) => [id, localKey]));
  const keys = nodes
    .map(({ nodeId, deviceId }) => ({ nodeId, localKey: keysOf.get(deviceId) ?? "" }))
    .filter(({ localKey }) => localKey !== "");
  if (keys.length === 0) return;
  const done = (answer: Unchecked<ComparedKeys>): void => {
    for (const { nodeId } of keys) if (answer[nodeId] === "none") keyless.add(nodeId);
    for (const { id } of devices) {
      const own = nodes.filter(({ deviceId }) => deviceId === id);
      if (own.length > 0 && own.every(({ nodeId }) => answer[nodeId] === "same")) same.add(id);
    }
    changed();
  };
  const failed = (): void => findKeyless(devices, keyless, changed);
  const body: KeysToCompare = { keys };
  requestJson("tuya/keys/compare", objectOf, { done, failed }, translate, body);
}

/** The nodes for these devices about whose credentials the editor knows nothing. */
function unaskedNodes(
  devices: readonly Pick<ImportedDevice, "id">[],
  keyless: ReadonlySet<string>,
): readonly ExistingDevice[] {
  const ids = new Set(devices.map(({ id }) => id));
  return existingDevices(keyless).filter(
    ({ nodeId, deviceId }) =>
      ids.has(deviceId) &&
      (findDevice(nodeId) as DeviceWithCredentials | undefined)?.credentials === undefined,
  );
}

/**
 * Asks which of the nodes for these devices have no stored key: nodes of an imported flow have none, because an export
 * contains no keys. Node-RED answers only whether there is a key. Adds ids of nodes to `keyless` when they are known.
 *
 * @param changed called for each id that was added, perhaps after the dialog is closed
 */
export function findKeyless(
  devices: readonly Pick<ImportedDevice, "id">[],
  keyless: Set<string>,
  changed: () => void,
): void {
  for (const { nodeId } of unaskedNodes(devices, keyless)) {
    const request = $.ajax({
      url: `credentials/tuya-device/${nodeId}`,
      dataType: "json",
      cache: false,
    });
    request.done((answer: { has_localKey?: unknown }) => {
      // For a node without credentials the answer is an empty object.
      if (answer.has_localKey === true) return;
      keyless.add(nodeId);
      changed();
    });
  }
}
