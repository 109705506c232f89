import type { DataPoint } from "../../../datapoints/datapoint";
import { type EntityContext, ON_OFF } from "../context";
import { type Entity, type Keys, keysOf } from "../entity";
import { named } from "../names";
import { offIfOneOf, onIfOneOf } from "../templates";

/** A binary sensor by code. As in Home Assistant's own integration of Tuya's platform. */
interface Finding {
  readonly codes: RegExp;
  readonly deviceClass: string;
  /** Words that mean on; default `ALARM`. */
  readonly on?: readonly string[];
  /** Words that mean off, if every other word means on. */
  readonly off?: readonly string[];
  readonly category?: "diagnostic";
}

/** Older devices report `1`. */
const ALARM = ["alarm", "1", "true"];
const CHARGING = ["charging", "true", "1"];
const NOBODY = ["none", "false", "0"];

const FINDINGS: readonly Finding[] = [
  { codes: /^doorcontact_state(?:_\d)?$/, deviceClass: "door", on: ["open", "1", "true"] },
  { codes: /^(?:pir|pir_state)$/, deviceClass: "motion", off: NOBODY },
  { codes: /^presence_state$/, deviceClass: "occupancy", off: NOBODY },
  { codes: /^smoke_sensor_(?:status|state)$/, deviceClass: "smoke" },
  { codes: /^(?:gas_sensor_(?:status|state)|ch4_sensor_state)$/, deviceClass: "gas" },
  { codes: /^co_(?:status|state)$/, deviceClass: "carbon_monoxide" },
  { codes: /^(?:co2_state|pm25_state|voc_state|ch2o_state)$/, deviceClass: "safety" },
  { codes: /^watersensor_state$/, deviceClass: "moisture" },
  { codes: /^temper_alarm$/, deviceClass: "tamper", category: "diagnostic" },
  { codes: /^sos_state$/, deviceClass: "safety" },
  { codes: /^shock_state$/, deviceClass: "vibration", on: ["vibration", ...ALARM] },
  { codes: /^window_state$/, deviceClass: "window", on: ["opened", "open", "1", "true"] },
  {
    codes: /^(?:charge_state|charging)$/,
    deviceClass: "battery_charging",
    category: "diagnostic",
    on: CHARGING,
  },
  { codes: /^lock_motor_state$/, deviceClass: "lock", on: ["true", "1"] },
];

function findingOf({ code, type }: DataPoint): Finding | undefined {
  if (type !== "Boolean" && type !== "Enum" && type !== undefined) return undefined;
  return FINDINGS.find(({ codes }) => codes.test(code));
}

/** Whether a code belongs to a detection: it cannot be set, even if its table does not say so. */
export function isFinding(point: DataPoint): boolean {
  return findingOf(point) !== undefined;
}

/** A binary sensor. */
export function binarySensor(point: DataPoint, { topics }: EntityContext): Entity {
  const finding = findingOf(point);
  return {
    ...named(point),
    platform: "binary_sensor",
    keys: keysOf({
      device_class: finding?.deviceClass,
      entity_category: finding?.category,
      state_topic: topics.value(point.dp),
      ...reading(point, finding),
    }),
  };
}

function reading(point: DataPoint, finding: Finding | undefined): Keys {
  if (point.type === "Boolean" || !finding) return ON_OFF;
  const { off, on = ALARM } = finding;
  return {
    value_template: off ? offIfOneOf(off) : onIfOneOf(on),
    ...(off && !isEnding(point, off) && { off_delay: LASTS_S }),
  };
}

/** Whether the end is reported, too. Some devices only report the beginning, repeatedly. */
function isEnding({ values }: DataPoint, off: readonly string[]): boolean {
  return values.length === 0 || values.some((word) => off.includes(word));
}

/** While somebody moves in front of a sensor it reports again within this time. */
const LASTS_S = 60;
