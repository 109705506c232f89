/**
 * The answer of `GET tuya/values/<node id>`: the last values of a deployed `tuya-device` by data point number, as messages
 * show them; with `?raw=true` as the device reported them; with `?friendly=true` also those of its friendly names, by name.
 * Empty while the device is not connected, and for a node that is not deployed.
 */
export type PresentValues = Readonly<Record<string, unknown>>;
