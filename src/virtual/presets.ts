import type { Dps, DpValue } from "../protocol/request";
import type { ProtocolVersion } from "../protocol/version";
import type { BehaviourName } from "./behaviours";
import type { Schema } from "./data-model";
import type { SubDeviceOptions } from "./options";
import type { Random } from "./random";
import type { Simulation } from "./simulation";

/** A product: what a virtual device can be without further ado. */
export interface Preset {
  readonly title: string;
  readonly version: ProtocolVersion;
  readonly behaviour?: BehaviourName | undefined;
  readonly dps: Dps;
  readonly schema: Schema;
  readonly subDevices?: Readonly<Record<string, SubDeviceOptions>> | undefined;
  readonly simulation?: Simulation | undefined;
}

const SWITCH = { kind: "bool" } as const;
const METER = { kind: "value", readOnly: true } as const;
const FAULT = { kind: "bitmap", readOnly: true } as const;

/** Steps between two reports of a meter. It measures at every step, and tells when asked. */
const REPORT_EVERY = 5;

function numberOf(dps: Dps, dp: string): number {
  const value = dps[dp];
  return typeof value === "number" ? value : 0;
}

/** A value that wanders by up to `stride` a step and stays between two limits. */
function wander(
  value: number,
  stride: number,
  [min, max]: readonly [number, number],
  random: Random,
): number {
  return Math.round(Math.min(max, Math.max(min, value + (random() * 2 - 1) * stride)));
}

/** Voltage and current of the meters below, as they follow from a load in units of 0.1 W. */
function mains(voltage: number, power: number, random: Random): { voltage: number; current: number } {
  const next = wander(voltage, 4, [2250, 2350], random);
  return { voltage: next, current: Math.round((power * 1000) / next) };
}

const PLUG: Preset = {
  title: "Metering plug",
  version: "3.3",
  dps: { "1": true, "9": 0, "17": 1250, "18": 261, "19": 600, "20": 2301 },
  schema: {
    "1": SWITCH,
    "9": { kind: "value", min: 0, max: 86_400 },
    "17": METER,
    "18": METER,
    "19": METER,
    "20": METER,
  },
  simulation: {
    everyMs: 1_000,
    next(dps, step, random) {
      const isOn = dps["1"] === true;
      const power = isOn ? wander(numberOf(dps, "19") || 600, 60, [300, 1_200], random) : 0;
      const { voltage, current } = mains(numberOf(dps, "20"), power, random);
      const energy = numberOf(dps, "17") + (isOn && step % 60 === 0 ? 1 : 0);
      const values = { "17": energy, "18": current, "19": power, "20": voltage };
      const countdown = numberOf(dps, "9");
      if (countdown === 1) return { report: { "1": !isOn, "9": 0 }, measure: values };
      const left = countdown > 1 ? { "9": countdown - 1 } : {};
      return step % REPORT_EVERY === 0
        ? { report: { ...values, ...left } }
        : { measure: { ...values, ...left } };
    },
    obey: (changed) => (changed["1"] === false ? { report: { "18": 0, "19": 0 } } : {}),
  },
};

const LAMP: Preset = {
  title: "Colour lamp",
  version: "3.4",
  dps: {
    "20": true,
    "21": "white",
    "22": 800,
    "23": 300,
    "24": "00dc03e803e8",
    "25": "000e0d0000000000000000c80000",
    "26": 0,
  },
  schema: {
    "20": SWITCH,
    "21": { kind: "enum", range: ["white", "colour", "scene", "music"] },
    "22": { kind: "value", min: 10, max: 1_000 },
    "23": { kind: "value", min: 0, max: 1_000 },
    "24": { kind: "string" },
    "25": { kind: "string" },
    "26": { kind: "value", min: 0, max: 86_400 },
  },
};

/** Voltage in 0.1 V (2 bytes), current in mA (3 bytes), power in W (3 bytes), as base64. */
function phase(voltage: number, current: number, power: number): string {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt16BE(voltage, 0);
  bytes.writeUIntBE(current, 2, 3);
  bytes.writeUIntBE(power, 5, 3);
  return bytes.toString("base64");
}

/** Voltage and power of the above; those of an idle line where it cannot be read. */
function readPhase(value: DpValue | undefined): { voltage: number; power: number } {
  const bytes = Buffer.from(typeof value === "string" ? value : "", "base64");
  return bytes.length === 8
    ? { voltage: bytes.readUInt16BE(0), power: bytes.readUIntBE(5, 3) }
    : { voltage: 2_300, power: 0 };
}

const BREAKER: Preset = {
  title: "Circuit breaker",
  version: "3.5",
  behaviour: "3.5p",
  dps: {
    "1": 158_230,
    "6": phase(2301, 4_390, 1_010),
    "9": 0,
    "11": false,
    "13": 0,
    "15": 3,
    "16": true,
    "17": "BAEAUAUBAGQGAQAj",
    "18": "AQEARgMBAQQEAQC0",
    "19": "VB000001",
  },
  schema: {
    "1": METER,
    "6": { kind: "raw", readOnly: true },
    "9": FAULT,
    "11": SWITCH,
    "13": METER,
    "15": METER,
    "16": SWITCH,
    "17": { kind: "raw" },
    "18": { kind: "raw" },
    "19": { kind: "string", readOnly: true },
  },
  simulation: {
    everyMs: 1_000,
    next(dps, step, random) {
      const before = readPhase(dps["6"]);
      const isOn = dps["16"] === true;
      const watts = isOn ? wander(before.power || 1_000, 90, [200, 3_500], random) : 0;
      const { voltage, current } = mains(before.voltage, watts * 10, random);
      const values = {
        "1": numberOf(dps, "1") + (isOn && step % 36 === 0 ? 1 : 0),
        "6": phase(voltage, current, watts),
        "15": isOn ? wander(numberOf(dps, "15"), 1, [1, 6], random) : 0,
      };
      return step % REPORT_EVERY === 0 ? { report: values } : { measure: values };
    },
    obey: (changed) => (changed["16"] === false ? { report: { "6": phase(2300, 0, 0), "15": 0 } } : {}),
  },
};

/** Percent a cover moves in one step. */
const COVER_STRIDE = 5;

const COVER: Preset = {
  title: "Cover",
  version: "3.3",
  dps: { "1": "stop", "2": 100, "3": 100, "7": "opening" },
  schema: {
    "1": { kind: "enum", range: ["open", "stop", "close"] },
    "2": { kind: "value", min: 0, max: 100 },
    "3": { kind: "value", min: 0, max: 100, readOnly: true },
    "7": { kind: "enum", range: ["opening", "closing"], readOnly: true },
  },
  simulation: {
    everyMs: 500,
    next(dps) {
      const [target, position] = [numberOf(dps, "2"), numberOf(dps, "3")];
      if (target === position) return {};
      const stride = Math.sign(target - position) * Math.min(COVER_STRIDE, Math.abs(target - position));
      const next = position + stride;
      return { report: { "3": next, ...(next === target ? { "1": "stop" } : {}) } };
    },
    obey(changed, dps) {
      const position = numberOf(dps, "3");
      const target = coverTarget(changed, position);
      if (target === undefined) return {};
      if (target === position) return { report: { "1": "stop", "2": position } };
      const opens = target > position;
      return {
        report: { "1": opens ? "open" : "close", "2": target, "7": opens ? "opening" : "closing" },
      };
    },
  },
};

/** Where a cover is to go after a set; undefined when the set says nothing of it. */
function coverTarget(changed: Dps, position: number): number | undefined {
  if (changed["1"] === "open") return 100;
  if (changed["1"] === "close") return 0;
  if (changed["1"] === "stop") return position;
  return typeof changed["2"] === "number" ? changed["2"] : undefined;
}

const SENSOR_CID = "00a1b2c3d4e5f601";
const SOCKET_CID = "00a1b2c3d4e5f602";

const GATEWAY: Preset = {
  title: "Gateway with a climate sensor and a socket",
  version: "3.4",
  dps: { "32": "normal", "45": "0" },
  schema: { "32": { kind: "string", readOnly: true }, "45": { kind: "string", readOnly: true } },
  subDevices: {
    [SENSOR_CID]: {
      dps: { "1": 215, "2": 480, "4": 87 },
      schema: { "1": METER, "2": METER, "4": METER },
    },
    [SOCKET_CID]: { dps: { "1": false }, schema: { "1": SWITCH } },
  },
  simulation: {
    everyMs: 10_000,
    next: (_dps, _step, random) => ({
      children: {
        [SENSOR_CID]: { "1": 205 + Math.round(random() * 20), "2": 450 + Math.round(random() * 60) },
      },
    }),
  },
};

const THERMOSTAT: Preset = {
  title: "Thermostat",
  version: "3.4",
  dps: { "1": true, "2": "manual", "16": 215, "24": 201, "36": "open", "40": false, "45": 0 },
  schema: {
    "1": SWITCH,
    "2": { kind: "enum", range: ["manual", "auto", "holiday"] },
    "16": { kind: "value", min: 50, max: 350 },
    "24": METER,
    "36": { kind: "enum", range: ["open", "close"], readOnly: true },
    "40": SWITCH,
    "45": FAULT,
  },
  simulation: {
    everyMs: 5_000,
    next(dps) {
      const temperature = numberOf(dps, "24");
      const heats = dps["1"] === true && temperature < numberOf(dps, "16");
      const next = Math.max(150, temperature + (heats ? 1 : -1));
      return { report: { "24": next, "36": heats ? "open" : "close" } };
    },
  },
};

/** Products by the name the command line knows them by. */
export const PRESETS = {
  plug: PLUG,
  lamp: LAMP,
  breaker: BREAKER,
  cover: COVER,
  gateway: GATEWAY,
  thermostat: THERMOSTAT,
} as const satisfies Record<string, Preset>;

export type PresetName = keyof typeof PRESETS;

export function isPresetName(name: string): name is PresetName {
  return Object.hasOwn(PRESETS, name);
}
