import { randomInt } from "node:crypto";
import { PROTOCOL_VERSIONS } from "../../src/protocol/version";
import { VirtualDevice } from "../../src/virtual/virtual-device";

/** The port of every device: lists of devices do not name any. */
const TUYA_PORT = 6668;
const ATTEMPTS = 20;

/** Invented keys with what is special to JSON, HTML, a shell, Node-RED, or the people who copy them. */
const AWKWARD_KEYS: readonly string[] = [
  "7{O<&\"$M}N0z/'|q",
  "${HOME}${PATH}$$",
  "&lt;&amp;&gt;&#3",
  "\\\"\\u0041\\n\\t'\\xy",
  "';DROP_TABLE_x--",
  "</script><b>$&`_",
  "__proto__.__key_",
  '"{[(<`%~^;:,.!?@',
];

/** A device of the house, and how it is found in a list. */
export interface HouseDevice {
  readonly id: string;
  readonly name: string;
  /** What speaks for it: itself, or its gateway. */
  readonly device: VirtualDevice;
  readonly cid: string | undefined;
  /** It announces itself; its entry has no address. */
  readonly isAnnounced: boolean;
}

export interface House {
  readonly devices: readonly HouseDevice[];
  readonly keys: readonly string[];
  /** As tinytuya writes it. */
  readonly devicesJson: string;
  close(): Promise<void>;
}

/**
 * A house full of devices of all versions: 34 on Wi-Fi, a gateway and 5 sensors behind it. Each has an address of its own
 * and the port of real devices. Every other one of those on Wi-Fi announces itself and has no address in the list.
 */
export async function openHouse(): Promise<House> {
  for (let attempt = 1; ; attempt++) {
    // Other programs of this machine may use the same port, so each house has a street of its own.
    const street = `127.${randomInt(16, 250)}.${randomInt(1, 250)}`;
    const house = await build(street).catch((error: unknown) => {
      if (attempt === ATTEMPTS) throw error;
    });
    if (house) return house;
  }
}

async function build(street: string): Promise<House> {
  const wifi = Array.from({ length: 34 }, (_none, index) => wifiDevice(index, `${street}.${index + 1}`));
  const cids = Array.from({ length: 5 }, (_none, index) => `a4c138000000000${index}`);
  const gateway = new VirtualDevice({
    id: "vhousegateway0000000",
    localKey: keyOf(34),
    version: "3.4",
    host: `${street}.100`,
    port: TUYA_PORT,
    subDevices: Object.fromEntries(cids.map((cid, index) => [cid, { dps: { "1": index } }])),
    overrides: QUICK,
  });
  const opened = await Promise.allSettled([...wifi, gateway].map((device) => device.listen()));
  const close = async (): Promise<void> => {
    await Promise.all([...wifi, gateway].map((device) => device.close()));
  };
  const refused = opened.find((result) => result.status === "rejected");
  if (refused) {
    await close();
    throw refused.reason;
  }
  const devices: readonly HouseDevice[] = [
    ...wifi.map((device, index) => ({
      id: device.id,
      name: `Room ${index + 1} <lamp> & "plug"`,
      device,
      cid: undefined,
      isAnnounced: index % 2 === 1,
    })),
    { id: gateway.id, name: "Hub", device: gateway, cid: undefined, isAnnounced: false },
    ...cids.map((cid, index) => ({
      id: `vhousesensor00000${index}`,
      name: `Sensor ${index + 1}`,
      device: gateway,
      cid,
      isAnnounced: false,
    })),
  ];
  const keys = devices.map((_device, index) => keyOf(Math.min(index, 34)));
  const devicesJson = JSON.stringify(
    devices.map((item, index) => entryOf(item, keys[index] ?? "", gateway.id)),
    undefined,
    4,
  );
  return { devices, keys: [...new Set(keys)], devicesJson, close };
}

/** What takes a second on real devices. */
const QUICK = { closeDelayMs: 20, slotReleaseMs: 0 };

function wifiDevice(index: number, host: string): VirtualDevice {
  const version = PROTOCOL_VERSIONS[index % PROTOCOL_VERSIONS.length] ?? "3.3";
  return new VirtualDevice({
    id: `vhousewifi00000000${String(index).padStart(2, "0")}`,
    localKey: keyOf(index),
    version,
    host,
    port: TUYA_PORT,
    dps: { "1": index, "2": false },
    overrides: QUICK,
  });
}

function keyOf(index: number): string {
  return AWKWARD_KEYS[index] ?? `house-key-no${String(index).padStart(4, "0")}`;
}

/** tinytuya's devices.json, with the mapping the cloud gives. */
function entryOf(
  { id, name, device, cid, isAnnounced }: HouseDevice,
  key: string,
  gatewayId: string,
): object {
  return {
    name,
    id,
    key,
    mac: "",
    category: cid === undefined ? "cz" : "wsdcg",
    product_name: "",
    sub: cid !== undefined,
    ...(cid !== undefined && { node_id: cid, parent: gatewayId }),
    ip: cid !== undefined || isAnnounced ? "" : device.host,
    version: cid === undefined ? device.version : "",
    mapping: {
      "1": { code: "level", type: "Integer", values: { unit: "", min: 0, max: 1000, scale: 0, step: 1 } },
      ...(cid === undefined && { "2": { code: "switch_1", type: "Boolean", values: {} } }),
    },
  };
}
