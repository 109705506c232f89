import type { DataPoint } from "../../../datapoints/datapoint";
import { type EntityContext, ON_OFF } from "../context";
import { type Entity, type Keys, keysOf } from "../entity";
import { named } from "../names";
import { offIfOneOf, onIfOneOf } from "../templates";

/** What a binary sensor detects, by code. As in Home Assistant's own integration of Tuya's platform. */
interface Detection {
  readonly codes: RegExp;
  readonly deviceClass: string;
  /** Words that mean on; default `ALARM`. */
  readonly on?: readonly string[];
  /** Words that mean off, if every other word means on. */
  readonly off?: readonly string[];
  readonly category?: "diagnostic";
}

/** The usual words for an alarm. Older devices report `1`. */
const ALARM = ["alarm", "1", "true"];
const CHARGING = ["charging", "true", "1"];
const NOBODY = ["none", "false", "0"];

const DETECTIONS: readonly Detection[] = [
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

function detectionOf({ code, type }: DataPoint): Detection | undefined {
  if (type !== "Boolean" && type !== "Enum" && type !== undefined) return undefined;
  return DETECTIONS.find(({ codes }) => codes.test(code));
}

/** Whether a code belongs to a detection: it cannot be set, even if its table does not say so. */
export function isDetection(point: DataPoint): boolean {
  return detectionOf(point) !== undefined;
}

/** A binary sensor. */
export function binarySensor(point: DataPoint, { topics }: EntityContext): Entity {
  const detection = detectionOf(point);
  return {
    ...named(point),
    platform: "binary_sensor",
    keys: keysOf({
      device_class: detection?.deviceClass,
      entity_category: detection?.category,
      state_topic: topics.value(point.dp),
      ...reading(point, detection),
    }),
  };
}

function reading(point: DataPoint, detection: Detection | undefined): Keys {
  if (point.type === "Boolean" || !detection) return ON_OFF;
  const { off, on = ALARM } = detection;
  return {
    value_template: off ? offIfOneOf(off) : onIfOneOf(on),
    ...(off && !reportsEnd(point, off) && { off_delay: LASTS_S }),
  };
}

/** Whether the end of a detection is reported, too. Some devices only report the beginning, again and again. */
function reportsEnd({ values }: DataPoint, off: readonly string[]): boolean {
  return values.length === 0 || values.some((word) => off.includes(word));
}

/** Such a sensor reports again within this time, in seconds, while somebody moves in front of it. */
const LASTS_S = 60;
