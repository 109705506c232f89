import type { DataPoint } from "../datapoints/datapoint";

/** Standard codes of locks, doorbells and alarms: each report means that something happened just now. */
const HAPPENING = /^(?:unlock_\w+|hijack|alarm_(?:lock|message|msg)|doorbell\w*|initiative_message)$/;
/** Similar codes that are settings. Needed if the access is not known. */
const SETTING =
  /^(?:unlock_switch|doorbell_\w*(?:song|volume|tone|tune|type|switch|language|time|settings?))$/;
/** Codes of keys of scene switches and remote controls. On wall switches some of them are settings, which can be set. */
const KEY = /^(?:switch_mode_?\d*|switch_?\d*_value|switch_type_\d+|switch_scene\w*|scene(?:_switch)?_?\d*)$/;
/** Words for what is done to a key: `single_click`, `long_press`, `press_long`, `rotate_left`. */
const PRESS = /^(?:\w+_)?(?:click|press|push|hold|tap|release|rotate)(?:_\w+)?\d?$/;

/**
 * Whether each report of a data point is an event, so that two equal ones are two events. Decided by its access (what can
 * be set is a state) and its code. If the access is not known, a key is also recognized by its words, if all of them are
 * things done to a key; so are keys with codes of a manufacturer.
 */
export function isMomentary({ code, type, access, values }: DataPoint): boolean {
  if (access === "rw" || access === "wr") return false;
  if (HAPPENING.test(code)) return access === "ro" || !SETTING.test(code);
  if (type !== "Enum") return false;
  const isPressed = values.length > 0 && values.every((word) => PRESS.test(word));
  return isPressed || (access === "ro" && KEY.test(code));
}
