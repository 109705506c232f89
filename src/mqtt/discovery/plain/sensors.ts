import type { DataPoint } from "../../../datapoints/datapoint";
import type { EntityContext } from "../context";
import { type Entity, type Keys, keysOf } from "../entity";
import { named, nameOf } from "../names";
import { field, JOINED, ON_IF_ANY } from "../templates";
import { wordsOf } from "../words";
import { classOfUnit, fittingClass, haUnit } from "../units";

/** A measured number, by code. */
interface Measurement {
  readonly codes: RegExp;
  readonly deviceClass: string | undefined;
  /** The unit that follows from the code, because tables often lack it. */
  readonly unit?: string;
  readonly stateClass?: "measurement" | "total" | "total_increasing";
  readonly category?: "diagnostic";
  /** Whether the entity is disabled by default. */
  readonly isHidden?: boolean;
}

/** With several channels the codes end in the number of the channel. */
const MEASUREMENTS: readonly Measurement[] = [
  { codes: /^(?:cur_power|power_total|active_power)(?:_\d)?$/, deviceClass: "power" },
  { codes: /^cur_voltage(?:_\d)?$/, deviceClass: "voltage" },
  { codes: /^(?:cur_current|leakage_current)(?:_\d)?$/, deviceClass: "current" },
  {
    codes: /^(?:total_)?(?:forward|reverse)_energy(?:_total)?$|^energy_(?:total|forword_\w|reverse_\w)$/,
    deviceClass: "energy",
    stateClass: "total_increasing",
  },
  { codes: /^balance_energy$/, deviceClass: "energy", stateClass: "total" },
  { codes: /^supply_frequency$/, deviceClass: "frequency", category: "diagnostic" },
  { codes: /^power_factor(?:_\d)?$/, deviceClass: "power_factor" },
  {
    codes:
      /^(?:va_temperature|temp_(?:current|indoor|value)(?:_external(?:_\d)?)?(?:_[cf])?|upper_temp(?:_f)?|floor_temp|temp_floor)$/,
    deviceClass: "temperature",
  },
  { codes: /^(?:va_humidity|humidity|humidity_(?:value|indoor|current|outdoor))$/, deviceClass: "humidity" },
  { codes: /^soil_humidity$/, deviceClass: "moisture" },
  { codes: /^(?:countdown_left|time_total|total_time)$/, deviceClass: "duration" },
  { codes: /^(?:bright_value|illuminance_value|light_intensity)$/, deviceClass: "illuminance" },
  { codes: /^pm25(?:_value)?$/, deviceClass: "pm25" },
  { codes: /^pm1(?:_value)?$/, deviceClass: "pm1" },
  { codes: /^pm10(?:_value)?$/, deviceClass: "pm10" },
  { codes: /^co2_value$/, deviceClass: "carbon_dioxide" },
  { codes: /^co_value$/, deviceClass: "carbon_monoxide" },
  { codes: /^(?:voc|tvoc)_value$/, deviceClass: "volatile_organic_compounds" },
  { codes: /^ch2o_value$/, deviceClass: undefined },
  { codes: /^(?:atmospheric_press(?:t)?ure|pressure_value)$/, deviceClass: "pressure" },
  {
    codes:
      /^(?:battery_percentage|va_battery|residual_electricity|electricity_left|wireless_electricity|battery)$/,
    deviceClass: "battery",
    unit: "%",
    category: "diagnostic",
  },
  { codes: /^battery_value$/, deviceClass: "voltage", category: "diagnostic" },
  { codes: /^(?:test_bit|\w+_coe)$/, deviceClass: undefined, category: "diagnostic", isHidden: true },
];

/** Words and texts about the device itself, not about its purpose. */
const DIAGNOSTIC_CODE =
  /^(?:battery_state|situation_set|work_state|(?:breaker|meter)_(?:id|number))$|(?:^|_)(?:version|id|sn)$/;
/** The word for a movement stays after the movement has ended, so it is not shown. */
const HIDDEN_CODE = /^work_state$/;

/** Whether a code belongs to a measurement: it cannot be set, even if its table does not say so. */
export function isMeasurement(point: DataPoint): boolean {
  if ((point.type !== "Integer" && point.type !== undefined) || point.access === "wr") return false;
  // The same code on a lamp is a level that can be set.
  if (/^(?:bright_value|temp_value|humidity)$/.test(point.code)) return point.access === "ro";
  return measurementOf(point) !== undefined || classOfMeasuredUnit(point) !== undefined;
}

function measurementOf({ code }: DataPoint): Measurement | undefined {
  return MEASUREMENTS.find(({ codes }) => codes.test(code));
}

/** A value in watts or volts is measured, unless its access says that it can be set. A temperature may be a setting. */
function classOfMeasuredUnit({ unit, access }: DataPoint): string | undefined {
  const deviceClass = classOfUnit(haUnit(unit));
  const isSet = access === "rw" || (access === undefined && deviceClass === "temperature");
  return isSet ? undefined : deviceClass;
}

/**
 * A sensor for a number. Increments are not announced as energy, only sums are; a class is left out if the unit does not
 * fit it.
 */
export function measurement(point: DataPoint, { topics }: EntityContext): Entity {
  const known = measurementOf(point);
  const unit = haUnit(point.unit) ?? known?.unit;
  const deviceClass = fittingClass(known ? known.deviceClass : classOfUnit(unit), unit);
  const stateClass =
    known?.stateClass ?? (unit !== undefined && !isCounted(unit) ? "measurement" : undefined);
  const decimals = point.divisor === undefined ? point.scale : undefined;
  return {
    ...named(point),
    platform: "sensor",
    keys: keysOf({
      device_class: deviceClass,
      unit_of_measurement: unit,
      state_class: stateClass,
      entity_category: known?.category,
      enabled_by_default: known?.isHidden ? false : undefined,
      suggested_display_precision: unit === undefined ? undefined : decimals,
      state_topic: topics.value(point.dp),
    }),
  };
}

/** Whether a unit is one of counted quantities, whose values may be increments or sums. */
function isCounted(unit: string): boolean {
  return unit.endsWith("Wh") || unit === "m³";
}

/** The sum of an increment. The increment itself is not announced, because its values would be taken for meter readings. */
export function total(point: DataPoint, { topics }: EntityContext): Entity {
  const unit = haUnit(point.unit);
  const isEnergy = fittingClass("energy", unit) !== undefined;
  const isWater = fittingClass("water", unit) !== undefined && /water|flow/.test(point.code);
  return {
    key: `${point.dp}_total`,
    platform: "sensor",
    name: isEnergy ? "Energy" : isWater ? "Water" : `${nameOf(point)} total`,
    otherName: `${nameOf(point)} total`,
    keys: keysOf({
      device_class: isEnergy ? "energy" : isWater ? "water" : undefined,
      unit_of_measurement: unit,
      state_class: "total_increasing",
      suggested_display_precision: unit === undefined ? undefined : point.scale,
      state_topic: topics.total(point.dp),
    }),
  };
}

/** Voltage, current and power of one phase. */
export function phase(point: DataPoint, { topics }: EntityContext): readonly Entity[] {
  return PHASE_FIELDS.map(([name, unit]) => ({
    key: `${point.dp}_${name}`,
    platform: "sensor" as const,
    name: `${nameOf(point)} ${name}`,
    keys: {
      device_class: name,
      unit_of_measurement: unit,
      state_class: "measurement",
      state_topic: topics.value(point.dp),
      value_template: field(name),
    },
  }));
}

const PHASE_FIELDS = [
  ["voltage", "V"],
  ["current", "A"],
  ["power", "W"],
] as const;

/** Two sensors for a Bitmap such as faults: whether any bit is set, and the names of those set. */
export function bits(point: DataPoint, { topics }: EntityContext): readonly Entity[] {
  const name = nameOf(point);
  const isProblem = /fault|error|alarm/.test(point.code);
  const problem: Keys = { device_class: "problem", value_template: ON_IF_ANY };
  return [
    ...(isProblem
      ? [
          {
            key: point.dp,
            platform: "binary_sensor" as const,
            name,
            keys: { ...problem, entity_category: "diagnostic", state_topic: topics.value(point.dp) },
          },
        ]
      : []),
    {
      key: `${point.dp}_names`,
      platform: "sensor",
      name: isProblem ? `${name} (names)` : name,
      keys: keysOf({
        entity_category: "diagnostic",
        state_topic: topics.value(point.dp),
        // Without names the number of all bits is published.
        value_template: point.values.length > 0 ? JOINED : undefined,
      }),
    },
  ];
}

/** A word or a text that is only reported. */
export function wordSensor(point: DataPoint, { topics }: EntityContext): Entity {
  const isDiagnostic = DIAGNOSTIC_CODE.test(point.code) || point.type === "String";
  const options = point.type === "Enum" ? wordsOf(point) : [];
  return {
    ...named(point),
    platform: "sensor",
    keys: keysOf({
      ...(options.length > 0 && { device_class: "enum", options }),
      entity_category: isDiagnostic ? "diagnostic" : undefined,
      enabled_by_default: HIDDEN_CODE.test(point.code) || isUnknownText(point) ? false : undefined,
      state_topic: topics.value(point.dp),
    }),
  };
}

/** Whether a text may be longer than the 255 characters of a state: then the entity is disabled by default. */
function isUnknownText(point: DataPoint): boolean {
  return point.type === "String" && !DIAGNOSTIC_CODE.test(point.code);
}
