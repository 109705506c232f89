/**
 * Emitted with a list of devices in the form of a flow node, just opened, and `false` where it chooses none for the node. What a list of devices does comes with the
 * script of tuya-device, so that the editor does not load it once for each node type.
 */
export const LIST_EVENT = "tuya:devices-listed";
