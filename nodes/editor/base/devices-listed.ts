/**
 * Emitted on `RED.events` when the form of a flow node with a list of devices has opened: with the list, and with `false`
 * as the second argument if it does not choose the device of the node. The script of tuya-device listens and prepares the
 * list, so that the editor does not load that code for each node type.
 */
export const LIST_EVENT = "tuya:devices-listed";
