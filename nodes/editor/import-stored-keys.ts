import type { ImportedDevice } from "../../src/import/imported-device";
import { existingDevices } from "./import-apply";
import { findDevice } from "./red";

/**
 * Asks which of the nodes for these devices have no key stored: an export contains none, so nodes of an imported flow are
 * still without. Node-RED says whether there is a key, never which. Ids of nodes are added to `keyless` as they are known.
 */
export function findKeyless(
  devices: readonly ImportedDevice[],
  keyless: Set<string>,
  changed: () => void,
): void {
  const ids = new Set(devices.map(({ id }) => id));
  const unasked = existingDevices(keyless).filter(
    ({ nodeId, deviceId }) =>
      ids.has(deviceId) &&
      (findDevice(nodeId) as { credentials?: object } | undefined)?.credentials === undefined,
  );
  for (const { nodeId } of unasked) {
    const request = $.ajax({
      url: `credentials/tuya-device/${nodeId}`,
      dataType: "json",
      cache: false,
    });
    request.done((answer: { has_localKey?: unknown }) => {
      // Of a node without any credentials it answers an empty object.
      if (answer.has_localKey === true) return;
      keyless.add(nodeId);
      changed();
    });
  }
}
