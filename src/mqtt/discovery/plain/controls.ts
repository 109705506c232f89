import type { DataPoint } from "../../../datapoints/datapoint";
import { toPeople } from "../../../datapoints/scale";
import { type EntityContext, ON_OFF, topicsOf } from "../context";
import { type Entity, type Keys, keysOf } from "../entity";
import { named } from "../names";
import { classOfUnit, fittingClass, haUnit } from "../units";
import { wordsOf } from "../words";

/** Codes of main switches. */
const MAIN_SWITCH = /^(?:power|switch(?:_\d|_usb\d)?|start)$/;
/** Sirens. */
const SIREN = /^(?:alarm_switch|siren_switch)$/;
/** Switches that are settings. */
const CONFIG_SWITCH =
  /^(?:child_lock|lock|overcharge_switch|do_not_disturb|switch_prepayment|control_back|\w+_lock|switch_backlight|frost|window_check|anion|led|auto_lock|beep|mute|muffling|sound|light_mode|relay_status|temp_unit_convert)$/;
/** Buttons: the device sets their value back by itself. */
const BUTTON = /^(?:reset_\w+|\w+_reset|clear_\w+|self_checking|self_test)$/;

/** Numbers that are settings. */
const SETTING =
  /^(?:countdown(?:_\w+)?|\w*_?countdown|maxtemp_set|minitemp_set|maxhum_set|minihum_set|sensitivity|alarm_time|volume_set|alarm_volume|temp_correction|\w+_calibration|brightness_(?:min|max)_\d|delay_\w+|\w+_interval|charge_energy|upper_temp_set|lower_temp_set|\w+_sensitivity)$/;
const CORRECTION = /correction|calibration/;
/** Choices that are settings. */
const CONFIG_CHOICE =
  /^(?:relay_status(?:_\d)?|light_mode|temp_unit_convert|control_back(?:_mode)?|led_type_\d|switch_type(?:_\d)?|countdown(?:_\w+)?|\w*_?countdown|alarm_volume|\w*sensitivity|motor_mode)$/;

/** The largest number that firmware can hold (32 bits with a sign), used if a table has no limits. */
const MOST_INT = 0x7fff_ffff;
/** The smallest step in Home Assistant. */
const LEAST_STEP = 0.001;

/** Whether a Boolean is a button: it is not reported, or the device sets it back by itself. */
export function isButton({ code, access }: DataPoint): boolean {
  return access === "wr" || (access !== "ro" && BUTTON.test(code));
}

/** Whether a code is that of a main switch, which has only on and off. */
export function isMainSwitch({ code }: DataPoint): boolean {
  return MAIN_SWITCH.test(code);
}

/** A switch; for a siren a siren. */
export function switchOf(point: DataPoint, context: EntityContext): Entity {
  const isMain = isMainSwitch(point);
  const isSiren = SIREN.test(point.code);
  const keys = { ...topicsOf(point, context), ...ON_OFF };
  const isOutlet = isMain && isMetered(context);
  if (isSiren) return { ...named(point), platform: "siren", isMain: true, keys: { ...keys, ...SIREN_KEYS } };
  return {
    ...named(point),
    platform: "switch",
    isMain,
    keys: {
      ...keys,
      ...(isOutlet && { device_class: "outlet" }),
      ...(!isMain && CONFIG_SWITCH.test(point.code) && { entity_category: "config" }),
    },
  };
}

/** Whether it measures the power it switches: then it is a socket. (A breaker measures phases.) */
function isMetered({ parts: { rest } }: EntityContext): boolean {
  return rest.free.some(({ code }) => /^(?:cur_power|add_ele)$/.test(code));
}

/** Without templates, Home Assistant sends JSON to a siren. */
const SIREN_KEYS: Keys = {
  support_duration: false,
  support_volume_set: false,
  command_template: "{{ value }}",
  command_off_template: "{{ value }}",
};

/** A button, whose press sends `true`. */
export function button(point: DataPoint, context: EntityContext): Entity {
  return {
    ...named(point),
    platform: "button",
    keys: {
      command_topic: context.topics.set(context.topics.value(point.dp)),
      payload_press: "true",
      entity_category: "config",
    },
  };
}

/** A number within its limits, or within those of firmware if they are not known. */
export function number(point: DataPoint, context: EntityContext): Entity {
  const unit = haUnit(point.unit);
  const deviceClass = fittingClass(numberClass(point, unit), unit);
  return {
    ...named(point),
    platform: "number",
    keys: keysOf({
      ...topicsOf(point, context),
      ...limits(point, deviceClass === "duration" ? 0 : -MOST_INT),
      unit_of_measurement: unit,
      device_class: deviceClass,
      entity_category: SETTING.test(point.code) ? "config" : undefined,
    }),
  };
}

function numberClass({ code }: DataPoint, unit: string | undefined): string | undefined {
  if (/countdown|time|delay|interval/.test(code)) return "duration";
  const deviceClass = classOfUnit(unit);
  return deviceClass === "temperature" && CORRECTION.test(code) ? "temperature_delta" : deviceClass;
}

/** @param lowest in device units; used if the table has no minimum */
function limits(point: DataPoint, lowest: number): Keys {
  const { min, max, step = 1, invert } = point;
  const most = max ?? (invert ? INVERTED.max : MOST_INT);
  const least = min ?? Math.min(invert ? INVERTED.min : lowest, most);
  const isNarrow = min !== undefined && most - least <= SLIDER_STEPS;
  return {
    min: toPeople(least, point),
    max: toPeople(most, point),
    step: Math.max(LEAST_STEP, toPeople(step > 0 ? step : 1, point)),
    mode: isNarrow && !SETTING.test(point.code) ? "auto" : "box",
  };
}

/** The limits of inverted numbers if the table has none. */
const INVERTED = { min: 0, max: 100 };

/** With more steps a slider is too fine for a finger. */
const SLIDER_STEPS = 1000;

/** A choice of one of several words. */
export function select(point: DataPoint, context: EntityContext): Entity {
  return {
    ...named(point),
    platform: "select",
    keys: keysOf({
      ...topicsOf(point, context),
      options: wordsOf(point),
      entity_category: CONFIG_CHOICE.test(point.code) ? "config" : undefined,
    }),
  };
}

/**
 * A text, or a choice whose words are not known. Disabled by default: only a user who knows the device knows what to
 * write.
 */
export function text(point: DataPoint, context: EntityContext): Entity {
  return {
    ...named(point),
    platform: "text",
    keys: { ...topicsOf(point, context), max: 255, entity_category: "config", enabled_by_default: false },
  };
}
