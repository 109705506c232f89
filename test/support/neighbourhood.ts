import { PROTOCOL_VERSIONS } from "../../src/protocol/version";
import { VirtualDevice } from "../../src/virtual/virtual-device";
import { AWKWARD_KEY, deviceNode, inNode } from "./editor-flows";

/** Many devices, some of them in trouble: one of each cause. All in 127.0.1.0/24, those that answer each at its own address. */
export interface Neighbourhood {
  /** Flow with all of them, and a tuya-in for each that is used. */
  readonly flow: readonly object[];
  /** All keys there are. */
  readonly keys: readonly string[];
  /** Devices that answer, by the id of their node. */
  readonly devices: ReadonlyMap<string, VirtualDevice>;
  close(): Promise<void>;
}

const ROOMS = [
  "Kitchen",
  "Living room",
  "Bedroom",
  "Hall",
  "Bath",
  "Study",
  "Garage",
  "Garden",
  "Attic",
  "Cellar",
];
const THINGS = ["lamp", "plug", "blinds", "heater", "fan", "meter"];

const GATEWAY_KEY = "gateway-key-0001";
const WRONG_KEY = "not-its-key-0001";
const QUICK = { closeDelayMs: 20, slotReleaseMs: 0 };

/** @param count how many work, besides those in trouble */
export async function openNeighbourhood(count: number): Promise<Neighbourhood> {
  const devices = new Map<string, VirtualDevice>();
  const flow: object[] = [{ id: "tab", type: "tab", label: "House" }];
  const keys = new Set([AWKWARD_KEY, GATEWAY_KEY, WRONG_KEY]);

  const place = (id: string, name: string, properties: object, localKey: string, isUsed = true): void => {
    const credentials = localKey === "" ? {} : { localKey };
    flow.push(deviceNode(id, { name, version: "auto", ...properties, credentials }));
    const [x, y] = [180 + 240 * (flow.length % 4), 60 + 20 * Math.floor(flow.length / 4)];
    if (isUsed) flow.push(inNode(`in-${id}`, { device: id, x, y }));
  };
  const add = async (
    id: string,
    name: string,
    options: Partial<ConstructorParameters<typeof VirtualDevice>[0]>,
    settings: { readonly localKey?: string; readonly isUsed?: boolean; readonly version?: string } = {},
  ): Promise<void> => {
    const localKey = `key-of-${id}`.padEnd(16, "-").slice(0, 16);
    const device = new VirtualDevice({
      id: `bfv${id}x`.padEnd(20, "0"),
      localKey: options.localKey ?? localKey,
      version: "3.4",
      dps: { "1": true },
      overrides: QUICK,
      host: `127.0.1.${10 + (devices.size % 240)}`,
      ...options,
    });
    await device.listen();
    devices.set(id, device);
    const key = settings.localKey ?? options.localKey ?? localKey;
    keys.add(key);
    const { version = "auto", isUsed } = settings;
    const { id: deviceId, host: ip, port } = device;
    place(id, name, { deviceId, ip, port: String(port), version }, key, isUsed);
  };

  for (let index = 0; index < count; index++) {
    const room = ROOMS[index % ROOMS.length] ?? "";
    const thing = THINGS[Math.floor(index / ROOMS.length) % THINGS.length] ?? "";
    const storey = Math.floor(index / (ROOMS.length * THINGS.length));
    const version = PROTOCOL_VERSIONS[index % PROTOCOL_VERSIONS.length] ?? "3.4";
    const key = index === 0 ? { localKey: AWKWARD_KEY } : {};
    await add(`ok${index}`, `${room} ${thing}${storey === 0 ? "" : ` ${storey + 1}`}`, { version, ...key });
  }
  await add("wrongkey", "Boiler", {}, { localKey: WRONG_KEY });
  await add("keyorversion", "Doorbell", { version: "3.3" }, { localKey: WRONG_KEY });
  await add("otherversion", "Radiator", { version: "3.5" }, { version: "3.3" });
  await add("busy", "Sauna", { faults: { busy: true } });
  await add("silent", "Aquarium", { faults: { silent: true } });
  await add("unused", "Spare plug", {}, { isUsed: false });
  await add("unused2", "Spare plug", { version: "3.5" }, { isUsed: false });
  place("refused", "Pond pump", { deviceId: "bfvrefused0000000000", port: "1" }, "refused-key-0001");
  place("keyless", "New lamp", { deviceId: "bfvkeyless0000000000", port: "1" }, "");
  place("nowhere", "Caravan", { deviceId: "bfvnowhere0000000000", ip: "", port: "" }, "nowhere-key-0001");
  place(
    "asleep",
    "Door sensor",
    { deviceId: "bfvasleep00000000000", port: "1", sleepy: true },
    "asleep-key-00001",
  );
  await add("hub", "Zigbee hub", {
    localKey: GATEWAY_KEY,
    subDevices: {
      a4c1380000000001: { dps: { "1": 215 } },
      a4c1380000000002: { dps: { "1": 198 } },
      a4c1380000000003: { dps: { "1": false }, online: false },
    },
  });
  const child = (id: string, name: string, cid: string): void =>
    place(id, name, { deviceId: "", ip: "", port: "", gateway: "hub", cid }, "");
  child("child1", "Window sensor", "a4c1380000000001");
  child("child2", "Climate sensor", "a4c1380000000002");
  child("child3", "Smoke detector", "a4c1380000000003");
  child("child4", "Lost button", "a4c1380000000009");
  return {
    flow,
    keys: Array.from(keys),
    devices,
    close: async () => void (await Promise.all(Array.from(devices.values(), (device) => device.close()))),
  };
}
