/**
 * Emitted when the form of a flow node with a list of devices has opened: with the list, and `false` if it does not
 * choose the device of the node. The code for lists is in the script of tuya-device, so that the editor does not load it
 * for each node type.
 */
export const LIST_EVENT = "tuya:devices-listed";
