// Flows for tests of the editor. Every address is on loopback, because deployed devices are connected to.

/** An invented key with everything in it that is special to HTML, JSON, a shell or Node-RED. */
export const AWKWARD_KEY = `7{O<&"$M}N0z/'|q`;

/**
 * A `tuya-device` as the editor saves it, with a key unless `properties` say otherwise or it is behind a gateway; nothing
 * listens where it points.
 */
export function deviceNode(
  id: string,
  properties: { readonly cid?: string; readonly [name: string]: unknown } = {},
): object {
  return {
    ...(!properties.cid && { credentials: { localKey: AWKWARD_KEY } }),
    id,
    type: "tuya-device",
    name: "",
    deviceId: "bf0123456789abcdefghij",
    ip: "127.0.0.1",
    port: "1",
    version: "auto",
    gateway: "",
    cid: "",
    refresh: "",
    refreshDps: "",
    device22: false,
    sleepy: false,
    datapoints: [],
    ...properties,
  };
}

/** A `tuya-in` on tab `tab`, as the editor saves it. */
export function inNode(id: string, properties: object = {}): object {
  return {
    id,
    type: "tuya-in",
    z: "tab",
    x: 180,
    y: 80,
    name: "",
    device: "",
    output: "object",
    dps: "",
    when: "change",
    initial: true,
    state: false,
    outputs: 1,
    wires: [[]],
    ...properties,
  };
}

/** A `tuya-out` on tab `tab`, as the editor saves it. */
export function outNode(id: string, properties: object = {}): object {
  return {
    id,
    type: "tuya-out",
    z: "tab",
    x: 480,
    y: 80,
    name: "",
    device: "",
    dp: "",
    offline: "fail",
    queueSeconds: "60",
    confirm: "ack",
    wires: [[]],
    ...properties,
  };
}

/** A `tuya-raw` on tab `tab`, as the editor saves it. */
export function rawNode(id: string, properties: object = {}): object {
  return {
    id,
    type: "tuya-raw",
    z: "tab",
    x: 180,
    y: 200,
    name: "",
    device: "",
    direction: "both",
    wires: [[]],
    ...properties,
  };
}

export const TAB = { id: "tab", type: "tab", label: "Flow" };

/** Data points of a metering plug: every type of field there is. */
export const PLUG_DATAPOINTS = [
  { dp: "1", code: "switch_1", type: "Boolean" },
  { dp: "9", code: "countdown_1", type: "Integer", unit: "s", min: 0, max: 86400, step: 1 },
  { dp: "18", code: "cur_current", type: "Integer", unit: "mA", min: 0, max: 30000, step: 1 },
  { dp: "19", code: "cur_power", type: "Integer", scale: 1, unit: "W", min: 0, max: 80000, step: 1 },
  { dp: "20", code: "cur_voltage", type: "Integer", scale: 1, unit: "V", min: 0, max: 5000, step: 1 },
  { dp: "26", code: "fault", type: "Bitmap", values: ["ov_cr", "ov_vol", "ov_pwr"] },
  { dp: "38", code: "relay_status", type: "Enum", values: ["off", "on", "memory"] },
  { dp: "42", code: "scene_key", type: "Enum", values: ["single_click", "double_click"], event: true },
  { dp: "101" },
];
