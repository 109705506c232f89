import { acceptedBy } from "../../datapoints/accepts";
import type { DataPoint, DataPointType } from "../../datapoints/datapoint";

/** Codes that are only reported, even if the access is not configured. */
interface Reported {
  readonly codes: RegExp;
  /** Only for these types: with another type the same code may be settable. */
  readonly types?: readonly DataPointType[];
  /** Codes that match the pattern, but can be set. */
  readonly not?: RegExp;
}

/**
 * From Tuya's standard instruction sets (codes that are under status and not under functions), and from the usual meaning
 * of such names. Needed because tinytuya's lists have no access.
 */
const REPORTED: readonly Reported[] = [
  // States. Exceptions: what a relay or a lamp does after a power cut, and the sound of a siren.
  {
    codes: /_(?:state|status)(?:_\d+)?$/,
    not: /(?:^|_)(?:alarm|relay\d*|switch\d*|light\d*|led|power|on|off|backlight|memory|start|startup|restart|init|initial|default|beep|buzzer|indicator)_(?:state|status)(?:_\d+)?$/,
  },
  // A Boolean with this code is a switch.
  { codes: /^(?:state|status)$/, types: ["Enum", "Integer", "String"] },
  // Measurements.
  { codes: /^(?:cur|va)_/ },
  { codes: /^(?:temp|humidity|hum|level|water|light|floor|pressure|leakage)_current(?:_|$)/ },
  {
    codes:
      /^temp_(?:indoor|outdoor|floor|external|room)(?:_|$)|^(?:floor|room|indoor|outdoor|external)_temp(?:_|$)/,
  },
  {
    codes: /^(?:soil_|air_|indoor_|outdoor_)?humidity(?:_(?:value|indoor|outdoor)(?:_\d)?)?$/,
    types: ["Integer"],
  },
  {
    codes: /^(?:smoke|gas|co|co2|ch2o|ch4|voc|tvoc|pm\d+|illuminance|pressure)_(?:sensor_)?value$/,
    types: ["Integer"],
  },
  { codes: /^(?:pm1|pm2_?5|pm10|pm100|tvoc|eco2|co2|ch2o|hcho|aqi|light_intensity)$/, types: ["Integer"] },
  { codes: /^air_quality(?:_index|_level)?$/ },
  // As an Enum it is the ambient light; as a number without the unit lux it is the brightness of a lamp.
  { codes: /^bright_value$/, types: ["Enum"] },
  { codes: /^(?:water_level|liquid_level_percent|liquid_depth|surplus_grain|weight)$/, types: ["Integer"] },
  // Counters.
  { codes: /^(?:time_total|total_\w+|\w+_total(?:_\w+)?)$/, types: ["Integer"], not: /switch/ },
  { codes: /_left$/, types: ["Integer"], not: /switch|swing|wind|move|turn/ },
  { codes: /^(?:clean_area|clean_time|clean_count|feed_report)$/, types: ["Integer"] },
  { codes: /^(?:time_use|use_time(?:_\w+)?|water_once|flow_count)$/, types: ["Integer"] },
  {
    codes: /^energy_\w*(?:day|today|month|year)$|^(?:power|electricity|energy)_consum\w*$/,
    types: ["Integer"],
  },
  // Weather, and presence in a room.
  { codes: /^(?:windspeed_(?:avg|gust)|rain_(?:\d+h|rate|today)|uv_index|wind_direct)$/ },
  {
    codes: /^(?:dew_point|feellike|heat_index|windchill)(?:_temp|_index)?$|^target_dis_\w+$|^dis_current$/,
    types: ["Integer"],
  },
  // Parts that wear out.
  { codes: /^(?:filter|filter_(?:life|days|used|percent))$/, types: ["Integer"] },
  { codes: /^lifecycle$/ },
  { codes: /^(?:edge|roll|side|main)_brush(?:_life|_time)?$|^duster_cloth$/, types: ["Integer"] },
  // Batteries.
  { codes: /^battery(?:$|_)/, not: /_(?:type|mode|set|save|saver|saving|switch)(?:_|$)/ },
  { codes: /^(?:va_battery|residual_electricity|electricity_left|wireless_electricity|charging)$/ },
  { codes: /^low_?(?:battery|power)(?:_alarm|_warning)?$/ },
  // Faults and events.
  { codes: /(?:^|_)(?:fault|error)(?:_?(?:code|info|\d+))?$/ },
  { codes: /^(?:temper|temp|hum|humidity|lowbattery|leak)_alarm$/ },
  { codes: /^(?:check|checking)_result$/ },
  { codes: /^(?:defrost|tankfull|tank_full|wet)$/, types: ["Boolean"] },
  { codes: /^unlock_\w+$/, types: ["Integer", "Enum"], not: /_(?:switch|mode|time|delay|method|set)$/ },
  { codes: /^(?:alarm_lock|hijack|open_inside|closed_opened|doorbell|reverse_lock)$/ },
  { codes: /^(?:movement_detect_pic|doorbell_pic|alarm_message|initiative_message|sd_storge)$/ },
  // The position of a curtain as a word; cannot be set in spite of its name.
  { codes: /^situation_set$/ },
  // Facts about the device.
  { codes: /(?:^|_)(?:version|rssi|signal_strength|iccid)$|^(?:breaker|meter)_(?:id|number)$/ },
];

/**
 * A data point without access gets `ro` here if its code is one of these. Commands to its topic still work, because an
 * unknown access forbids nothing.
 */
export function withLikelyAccess(point: DataPoint): DataPoint {
  if (point.access !== undefined || !isReportedByName(point)) return point;
  const accepted = acceptedBy(point);
  return { ...point, access: "ro", values: accepted.kind === "word" ? accepted.words : point.values };
}

function isReportedByName({ code, type, unit }: DataPoint): boolean {
  if (code === "bright_value" && /^lu?x$/i.test(unit?.trim() ?? "")) return true;
  return REPORTED.some(
    ({ codes, types, not }) =>
      codes.test(code) &&
      (types === undefined || type === undefined || types.includes(type)) &&
      not?.test(code) !== true,
  );
}
