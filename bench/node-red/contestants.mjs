/* The two packages that are compared: how each is installed, and the flow that gives each device its node. */

/** As in `profiles/`: what users have who let the editor fill in the table. */
const DATA_POINTS = [
  { dp: "1", code: "switch_1", type: "Boolean" },
  { dp: "9", code: "countdown_1", type: "Integer", unit: "s", min: 0, max: 86400, step: 1 },
  { dp: "18", code: "cur_current", type: "Integer", unit: "mA", min: 0, max: 30000, step: 1 },
  { dp: "19", code: "cur_power", type: "Integer", scale: 1, unit: "W", min: 0, max: 80000, step: 1 },
  { dp: "20", code: "cur_voltage", type: "Integer", scale: 1, unit: "V", min: 0, max: 5000, step: 1 },
  {
    dp: "26",
    code: "fault",
    type: "Bitmap",
    values: ["ov_cr", "ov_vol", "ov_pwr", "ls_cr", "ls_vol", "ls_pow"],
  },
];

const nameOf = (id) => `Plug ${id}`;
const names = (places) => places.map(({ id }) => nameOf(id));

const LOCAL = { ip: "127.0.0.1" };

/** A tab, where all messages go, and where commands come from: an output for the node of each device. */
const frame = (targets) => [
  { id: "tab", type: "tab", label: "Benchmark" },
  { id: "sink", type: "bench-sink", z: "tab", wires: [] },
  { id: "source", type: "bench-source", z: "tab", wires: targets.map((target) => [target]) },
];

/** This package: a `tuya-device` and a `tuya-in` each, and a `tuya-out` where `commands` are measured. */
export const ours = {
  modules: { "@localtuya/node-red-tuya": "../..", "bench-sink-node": "sink-node" },
  settings: ({ announcePort }) => ({
    tuyaDeviceDiscovery: { bind: "127.0.0.1", ports: [announcePort], probe: [] },
  }),
  flows(places, localKey, { commands = false } = {}) {
    const flows = places.flatMap(({ id, version, port }) => {
      const device = {
        id: `d${id}`,
        type: "tuya-device",
        name: nameOf(id),
        deviceId: id,
        ...LOCAL,
        port: String(port),
        version,
      };
      const node = { z: "tab", device: device.id, name: "", wires: [["sink"]] };
      return [
        { ...device, datapoints: DATA_POINTS },
        { ...node, id: `i${id}`, type: "tuya-in", output: "object", dps: "", when: "change", initial: true },
        ...(commands
          ? [{ ...node, id: `o${id}`, type: "tuya-out", dp: "", offline: "fail", confirm: "ack" }]
          : []),
      ];
    });
    return {
      flows: [...frame(commands ? places.map(({ id }) => `o${id}`) : []), ...flows],
      credentials: Object.fromEntries(places.map(({ id }) => [`d${id}`, { localKey }])),
      names: names(places),
    };
  },
  names,
  /** What turns the plug off and on. */
  payloads: (count) => Array.from({ length: count }, () => [{ switch_1: false }, { switch_1: true }]),
};

/** The node on tuyapi. */
export const peer = {
  modules: { "bench-tuyapi-node": "tuyapi-node", "bench-sink-node": "sink-node" },
  settings: () => ({}),
  flows(places, deviceKey) {
    const flows = places.map(({ id, version, port }) => ({
      id: `d${id}`,
      type: "bench-tuyapi",
      z: "tab",
      deviceName: nameOf(id),
      deviceId: id,
      deviceKey,
      ...LOCAL,
      port,
      version,
      wires: [["sink"], []],
    }));
    return {
      flows: [...frame(flows.map(({ id }) => id)), ...flows],
      credentials: {},
      names: names(places),
    };
  },
  names,
  payloads: (count) =>
    Array.from({ length: count }, () => [
      { dps: 1, set: false },
      { dps: 1, set: true },
    ]),
};
