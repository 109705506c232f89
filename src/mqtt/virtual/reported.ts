import { acceptedBy } from "../../datapoints/accepts";
import type { DataPoint, DataPointType } from "../../datapoints/datapoint";

/** Codes that are only reported, whatever a list leaves out. */
interface Reported {
  readonly codes: RegExp;
  /** Of these types only: as another type the same code may be set. */
  readonly types?: readonly DataPointType[];
  /** Of the same pattern, and set all the same. */
  readonly not?: RegExp;
}

/**
 * By Tuya's standard instruction sets, where these stand under status and not under functions, and by what such names mean
 * elsewhere. tinytuya's lists say of no data point whether it can be set.
 */
const REPORTED: readonly Reported[] = [
  // How something is. What a relay or a lamp does after a power cut is called so, too, and the noise of a siren.
  {
    codes: /_(?:state|status)(?:_\d+)?$/,
    not: /(?:^|_)(?:alarm|relay\d*|switch\d*|light\d*|led|power|on|off|backlight|memory|start|startup|restart|init|initial|default|beep|buzzer|indicator)_(?:state|status)(?:_\d+)?$/,
  },
  // A Boolean that is called no more than that is what switches the device.
  { codes: /^(?:state|status)$/, types: ["Enum", "Integer", "String"] },
  // What is measured.
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
  // An Enum of that name is how bright it is around; a number without lux is how bright a lamp is to be.
  { codes: /^bright_value$/, types: ["Enum"] },
  { codes: /^(?:water_level|liquid_level_percent|liquid_depth|surplus_grain|weight)$/, types: ["Integer"] },
  // What is counted.
  { codes: /^(?:time_total|total_\w+|\w+_total(?:_\w+)?)$/, types: ["Integer"], not: /switch/ },
  { codes: /_left$/, types: ["Integer"], not: /switch|swing|wind|move|turn/ },
  { codes: /^(?:clean_area|clean_time|clean_count|feed_report)$/, types: ["Integer"] },
  { codes: /^(?:time_use|use_time(?:_\w+)?|water_once|flow_count)$/, types: ["Integer"] },
  {
    codes: /^energy_\w*(?:day|today|month|year)$|^(?:power|electricity|energy)_consum\w*$/,
    types: ["Integer"],
  },
  // The weather, and who is in a room.
  { codes: /^(?:windspeed_(?:avg|gust)|rain_(?:\d+h|rate|today)|uv_index|wind_direct)$/ },
  {
    codes: /^(?:dew_point|feellike|heat_index|windchill)(?:_temp|_index)?$|^target_dis_\w+$|^dis_current$/,
    types: ["Integer"],
  },
  // What wears out.
  { codes: /^(?:filter|filter_(?:life|days|used|percent))$/, types: ["Integer"] },
  { codes: /^lifecycle$/ },
  { codes: /^(?:edge|roll|side|main)_brush(?:_life|_time)?$|^duster_cloth$/, types: ["Integer"] },
  // Batteries.
  { codes: /^battery(?:$|_)/, not: /_(?:type|mode|set|save|saver|saving|switch)(?:_|$)/ },
  { codes: /^(?:va_battery|residual_electricity|electricity_left|wireless_electricity|charging)$/ },
  { codes: /^low_?(?:battery|power)(?:_alarm|_warning)?$/ },
  // What is wrong or has happened.
  { codes: /(?:^|_)(?:fault|error)(?:_?(?:code|info|\d+))?$/ },
  { codes: /^(?:temper|temp|hum|humidity|lowbattery|leak)_alarm$/ },
  { codes: /^(?:check|checking)_result$/ },
  { codes: /^(?:defrost|tankfull|tank_full|wet)$/, types: ["Boolean"] },
  { codes: /^unlock_\w+$/, types: ["Integer", "Enum"], not: /_(?:switch|mode|time|delay|method|set)$/ },
  { codes: /^(?:alarm_lock|hijack|open_inside|closed_opened|doorbell|reverse_lock)$/ },
  { codes: /^(?:movement_detect_pic|doorbell_pic|alarm_message|initiative_message|sd_storge)$/ },
  // Where a curtain is, in a word; it is called as if it could be set.
  { codes: /^situation_set$/ },
  // What it is.
  { codes: /(?:^|_)(?:version|rssi|signal_strength|iccid)$|^(?:breaker|meter)_(?:id|number)$/ },
];

/**
 * A data point with the access its code tells, where nobody said: `ro` for what is only reported. It stays settable under its
 * topic, for what is unknown is not forbidden; so it is published as what can be set is, and its words are those.
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
