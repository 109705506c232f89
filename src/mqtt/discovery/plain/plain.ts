import { kindOf } from "../../../datapoints/conversions/kind";
import type { DataPoint } from "../../../datapoints/datapoint";
import { isSettable } from "../../virtual/points";
import type { EntityContext } from "../context";
import type { Entity } from "../entity";
import { wordsOf } from "../words";
import { binarySensor, isDetection } from "./binary-sensors";
import { button, isButton, isMainSwitch, number, select, switchOf, text } from "./controls";
import { event } from "./events";
import { bits, isMeasurement, measurement, phase, total, wordSensor } from "./sensors";

/** Long texts that people cannot read: scenes, music, programmes. */
const UNREADABLE =
  /^(?:(?:flash_)?scene_(?:data|\d)|scene_data_v2|music_data|control_data|rhythm_mode|sleep_mode|wakeup_mode|power_memory|cycle_time|random_time|switch_inching|\w*_schedule|schedule\w*|timer\w*|ir_\w+|key_\w+)$/;
/** Increments: the reported value is no meter reading, so the sum is announced instead. */
const INCREMENT = /^(?:add_ele|pro_add_ele)(?:_?\d)?$/;

/** The entities of one data point that belongs to no larger entity: by its code if that is known, otherwise by its type. */
export function plainEntities(point: DataPoint, context: EntityContext): readonly Entity[] {
  return unnamed(point, entitiesFor(point, context));
}

function entitiesFor(point: DataPoint, context: EntityContext): readonly Entity[] {
  const isReported = !isSettable(point);
  if (point.accumulate) return [total(point, context)];
  if (INCREMENT.test(point.code)) return [];
  if (isDetection(point)) return [binarySensor(point, context)];
  // The possible values of a number, such as the number of a finger, cannot be listed as event types.
  if (point.event && point.type === "Integer") return [measurement(point, context)];
  if (point.event) return event(point, context);
  if (isMeasurement(point)) return [measurement(point, context)];
  switch (kindOf(point)) {
    case "Boolean":
      return [flag(point, context)];
    case "Integer":
      return [isReported ? measurement(point, context) : number(point, context)];
    case "cover-control":
      return point.type === "Boolean" ? [flag(point, context)] : choice(point, context);
    case "Enum":
      return choice(point, context);
    case "String":
      return textual(point, context);
    case "Bitmap":
      return bits(point, context);
    case "phase":
      return phase(point, context);
    case "untyped":
      return [isMainSwitch(point) && !isReported ? switchOf(point, context) : wordSensor(point, context)];
    // People cannot read or write bytes and objects.
    case "Raw":
    case "Json":
    case "colour":
    case "infrared-send":
    case "infrared-learned":
      return [];
  }
}

function flag(point: DataPoint, context: EntityContext): Entity {
  if (point.access === "ro") return binarySensor(point, context);
  return isButton(point) ? button(point, context) : switchOf(point, context);
}

function choice(point: DataPoint, context: EntityContext): readonly Entity[] {
  if (point.access === "ro") return [wordSensor(point, context)];
  return wordsOf(point).length > 0 ? [select(point, context)] : textual(point, context);
}

function textual(point: DataPoint, context: EntityContext): readonly Entity[] {
  if (UNREADABLE.test(point.code) || point.access === "wr") return [];
  return [point.access === "ro" ? wordSensor(point, context) : text(point, context)];
}

/** The meaning of a data point without a code is not known: its entities are disabled by default. */
function unnamed({ code }: DataPoint, entities: readonly Entity[]): readonly Entity[] {
  if (code !== "") return entities;
  return entities.map((entity) => ({ ...entity, keys: { ...entity.keys, enabled_by_default: false } }));
}
