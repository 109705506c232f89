import type { DataPoint } from "../datapoints/datapoint";

/** Reports of locks, doorbells and alarms, in Tuya's standard codes: each says that something happened just now. */
const HAPPENING = /^(?:unlock_\w+|hijack|alarm_(?:lock|message|msg)|doorbell\w*|initiative_message)$/;
/** What is called alike and is a setting, where nobody says what can be set. */
const SETTING =
  /^(?:unlock_switch|doorbell_\w*(?:song|volume|tone|tune|type|switch|language|time|settings?))$/;
/** Keys of scene switches and remote controls. On wall switches some of these are settings, and those can be set. */
const KEY = /^(?:switch_mode_?\d*|switch_?\d*_value|switch_type_\d+|switch_scene\w*|scene(?:_switch)?_?\d*)$/;
/** What is done to a key: `single_click`, `long_press`, `press_long`, `rotate_left`. */
const PRESS = /^(?:\w+_)?(?:click|press|push|hold|tap|release|rotate)(?:_\w+)?\d?$/;

/**
 * Whether every report of a data point says that something happened: two equal ones are two. Told by who may set it, for
 * what can be set is a state, and by its code. Only where nobody says who may set it, keys are also known by their words,
 * if all of them are of things that are done to a key; those a maker has added are known by them as well.
 */
export function isMomentary({ code, type, access, values }: DataPoint): boolean {
  if (access === "rw" || access === "wr") return false;
  if (HAPPENING.test(code)) return access === "ro" || !SETTING.test(code);
  if (type !== "Enum") return false;
  const isPressed = values.length > 0 && values.every((word) => PRESS.test(word));
  return isPressed || (access === "ro" && KEY.test(code));
}
