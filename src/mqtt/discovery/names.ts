import type { DataPoint } from "../../datapoints/datapoint";
import type { Entity } from "./entity";

/** Names for Tuya's standard codes, as in Home Assistant where it has one. */
const WORDS: ReadonlyMap<string, string> = new Map([
  ["cur_power", "Power"],
  ["cur_voltage", "Voltage"],
  ["cur_current", "Current"],
  ["supply_frequency", "Frequency"],
  ["active_power", "Power"],
  ["power_total", "Total power"],
  ["total_forward_energy", "Energy"],
  ["forward_energy_total", "Energy"],
  ["energy_total", "Energy"],
  ["reverse_energy_total", "Energy fed back"],
  ["va_temperature", "Temperature"],
  ["temp_current", "Temperature"],
  ["temp_current_f", "Temperature in °F"],
  ["temp_indoor", "Temperature"],
  ["temp_current_external", "External temperature"],
  ["cur_temp_f", "Temperature in °F"],
  ["floor_temp", "Floor temperature"],
  ["va_humidity", "Humidity"],
  ["humidity_current", "Humidity"],
  ["humidity_indoor", "Humidity"],
  ["humidity_value", "Humidity"],
  ["humidity_outdoor", "Outdoor humidity"],
  ["atmospheric_pressture", "Pressure"],
  ["atmospheric_pressure", "Pressure"],
  ["pressure_value", "Pressure"],
  ["windspeed_avg", "Wind speed"],
  ["wind_direct", "Wind direction"],
  ["soil_humidity", "Moisture"],
  ["bright_value", "Brightness"],
  ["illuminance_value", "Illuminance"],
  ["light_intensity", "Illuminance"],
  ["pm1_value", "PM1"],
  ["pm10_value", "PM10"],
  ["pm25_value", "PM2.5"],
  ["pm1", "PM1"],
  ["pm10", "PM10"],
  ["pm25", "PM2.5"],
  ["co2_value", "Carbon dioxide"],
  ["co_value", "Carbon monoxide"],
  ["co_status", "Carbon monoxide"],
  ["co_state", "Carbon monoxide"],
  ["voc_value", "Volatile organic compounds"],
  ["tvoc_value", "Volatile organic compounds"],
  ["eco2", "eCO₂"],
  ["ch2o_value", "Formaldehyde"],
  ["battery_percentage", "Battery"],
  ["va_battery", "Battery"],
  ["residual_electricity", "Battery"],
  ["electricity_left", "Battery"],
  ["wireless_electricity", "Battery"],
  ["battery_value", "Battery voltage"],
  ["charge_state", "Charging"],
  ["fault", "Problem"],
  ["doorcontact_state", "Door"],
  ["pir", "Motion"],
  ["pir_state", "Motion"],
  ["presence_state", "Occupancy"],
  ["smoke_sensor_status", "Smoke"],
  ["smoke_sensor_state", "Smoke"],
  ["smoke_sensor_value", "Smoke concentration"],
  ["gas_sensor_status", "Gas"],
  ["gas_sensor_state", "Gas"],
  ["gas_sensor_value", "Gas concentration"],
  ["ch4_sensor_state", "Gas"],
  ["watersensor_state", "Moisture"],
  ["temper_alarm", "Tamper"],
  ["shock_state", "Vibration"],
  ["window_state", "Window"],
  ["alarm_lock", "Lock alarm"],
  ["hijack", "Duress"],
  ["open_inside", "Opened from inside"],
  ["closed_opened", "Door position"],
  ["reverse_lock", "Locked from inside"],
  ["sd_storge", "SD storage"],
  ["lock_motor_state", "Lock"],
  ["sos_state", "SOS"],
  ["temp_set", "Target temperature"],
  ["temp_correction", "Temperature correction"],
  ["maxtemp_set", "Highest temperature"],
  ["minitemp_set", "Lowest temperature"],
  ["maxhum_set", "Highest humidity"],
  ["minihum_set", "Lowest humidity"],
  ["temp_unit_convert", "Temperature unit"],
  ["temp_alarm", "Temperature alarm"],
  ["hum_alarm", "Humidity alarm"],
  ["relay_status", "After a power cut"],
  ["light_mode", "Indicator light"],
  ["control_back", "Reverse motor"],
  ["control_back_mode", "Motor direction"],
  ["work_state", "Operating state"],
  ["situation_set", "End position"],
  ["time_total", "Travel time"],
  ["countdown_left", "Time left"],
  ["countdown_set", "Countdown"],
  ["voltage_coe", "Calibration of voltage"],
  ["electric_coe", "Calibration of current"],
  ["power_coe", "Calibration of power"],
  ["electricity_coe", "Calibration of energy"],
  ["test_bit", "Result of the factory test"],
  ["led_type", "Kind of lamp"],
  ["brightness_min", "Lowest brightness"],
  ["brightness_max", "Highest brightness"],
  ["fan_speed_enum", "Fan speed"],
  ["windspeed", "Fan speed"],
  ["dehumidify_set_value", "Target humidity"],
  ["humidity_set", "Target humidity"],
  ["muffling", "Mute"],
  ["alarm_time", "Alarm duration"],
  ["surplus_grain", "Food left"],
]);

/** Spellings of parts of codes. */
const SPELLINGS: ReadonlyMap<string, string> = new Map([
  ["temp", "temperature"],
  ["hum", "humidity"],
  ["co2", "CO₂"],
  ["pm25", "PM2.5"],
  ...["IR", "LED", "PIR", "PM", "RGB", "SD", "SOS", "USB", "UV", "TVOC", "VOC"].map(
    (word) => [word.toLowerCase(), word] as const,
  ),
]);

/** Names of Home Assistant's device classes that are not the class in words. */
const CLASS_NAMES: ReadonlyMap<string, string> = new Map([
  ["battery_charging", "Charging"],
  ["pm1", "PM1"],
  ["pm10", "PM10"],
  ["pm25", "PM2.5"],
]);

/** The name of an entity of one data point: its label, otherwise its code as words, otherwise its number. */
export function nameOf(point: Pick<DataPoint, "label" | "code" | "dp">): string {
  const { label, code } = point;
  if (label !== undefined) return label;
  const [, kind = code, channel] = /^(.*?)_(\d+)$/.exec(code) ?? [];
  const known = WORDS.get(kind);
  if (known === undefined) return WORDS.get(code) ?? spelled(codeInWords(point));
  return channel === undefined ? known : `${known} ${channel}`;
}

/** Key and names of an entity of one data point. If two have the same name, the code becomes a part of it. */
export function named(point: DataPoint): Pick<Entity, "key" | "name" | "otherName" | "isLabelled"> {
  const isLabelled = point.label !== undefined;
  return { key: point.dp, name: nameOf(point), otherName: codeInWords(point), isLabelled };
}

function codeInWords({ code, dp }: Pick<DataPoint, "code" | "dp">): string {
  const words = code.replace(/_+/g, " ").trim();
  return words === "" ? `DP ${dp}` : capital(words);
}

function spelled(words: string): string {
  return capital(words.replace(/[a-z]+(?:\d+\b)?/gi, (word) => SPELLINGS.get(word.toLowerCase()) ?? word));
}

/** The name Home Assistant gives a sensor of this class if it has no name of its own, in English. */
export function classNameOf(deviceClass: unknown): string | undefined {
  if (typeof deviceClass !== "string") return undefined;
  return CLASS_NAMES.get(deviceClass) ?? capital(deviceClass.replaceAll("_", " "));
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
