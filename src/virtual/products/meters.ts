import type { Preset } from "../preset";
import type { Random } from "../random";
import { FAULT, METER, numberOf, SWITCH, wander } from "./common";
import type { DpValue } from "../../protocol/dps";

/** Steps between two reports of a meter. It measures at every step, and tells when asked. */
const REPORT_EVERY = 5;

/** Steps, of a second each, after which the plug tells the energy used in them. */
const COUNT_EVERY = 60;
const SECONDS_PER_HOUR = 3_600;

/** Voltage and current of the meters below, as they follow from a load in units of 0.1 W. */
function mains(voltage: number, power: number, random: Random): { voltage: number; current: number } {
  const next = wander(voltage, 4, [2250, 2350], random);
  return { voltage: next, current: Math.round((power * 1000) / next) };
}

/** A plug of category `cz`, with the data points of `profiles/plug-metering.json`: mA, tenths of a watt, tenths of a volt. */
export const PLUG: Preset = {
  title: "Metering plug",
  version: "3.3",
  dps: { "1": true, "9": 0, "17": 1, "18": 261, "19": 600, "20": 2301 },
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
      const values = { "18": current, "19": power, "20": voltage };
      // In Wh, and only what came since the last report: there is no total in the device.
      const used = ((power / 10) * COUNT_EVERY) / SECONDS_PER_HOUR;
      const energy = isOn && step % COUNT_EVERY === 0 ? { "17": Math.round(used) } : {};
      const countdown = numberOf(dps, "9");
      if (countdown === 1) return { report: { "1": !isOn, "9": 0 }, measure: values };
      const left = countdown > 1 ? { "9": countdown - 1 } : {};
      return step % REPORT_EVERY === 0
        ? { report: { ...values, ...energy, ...left } }
        : { measure: { ...values, ...left } };
    },
    obey: (changed) => (changed["1"] === false ? { report: { "18": 0, "19": 0 } } : {}),
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

/** A breaker of category `dlq`, with the data points of `profiles/breaker.json`. It counts as if it used 1 kW: 10 Wh in 36 s. */
export const BREAKER: Preset = {
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
