import assert from "node:assert/strict";
import { readDevices } from "../../../src/import/read-devices";
import { discoveryMessages } from "../../../src/mqtt/discovery/index";
import { type Example, houseOf } from "../../support/home-assistant/devices";
import { type Announced, expand } from "../../support/home-assistant/expand";
import { ruleProblems } from "../../support/home-assistant/rules";
import { schemaProblems } from "../../support/home-assistant/schemas";
import { sidesOf } from "../../support/home-assistant/sides";

/** A list as tinytuya's wizard writes it: of each data point code, type and values, and not whether it can be set. */
type Mapping = Readonly<Record<string, readonly [code: string, type: string, values?: object]>>;

const bool = (code: string) => [code, "Boolean"] as const;
const words = (code: string, ...range: readonly string[]) => [code, "Enum", { range }] as const;
const bits = (code: string, ...label: readonly string[]) => [code, "Bitmap", { label }] as const;
const bytes = (code: string) => [code, "Raw", { maxlen: 128 }] as const;
const text = (code: string) => [code, "String", { maxlen: 255 }] as const;
const int = (code: string, min: number, max: number, unit = "", scale = 0) =>
  [code, "Integer", { unit, min, max, scale, step: 1 }] as const;

/** Each with what Home Assistant is to have: platform and name by code, `null` where it is called like the device. */
const DEVICES: readonly {
  readonly what: string;
  readonly mapping: Mapping;
  readonly has: readonly (readonly [platform: string, name: string | null])[];
}[] = [
  {
    what: "metering plug",
    mapping: {
      1: bool("switch_1"),
      9: int("countdown_1", 0, 86_400, "s"),
      17: int("add_ele", 0, 50_000, "kwh", 3),
      18: int("cur_current", 0, 30_000, "mA"),
      19: int("cur_power", 0, 50_000, "W", 1),
      20: int("cur_voltage", 0, 5000, "V", 1),
      21: int("test_bit", 0, 5),
      22: int("voltage_coe", 0, 1_000_000),
      26: bits("fault", "ov_cr", "ov_vol", "ov_pwr", "ls_cr", "ls_vol", "ls_pow"),
      38: words("relay_status", "power_off", "power_on", "last"),
      39: bool("overcharge_switch"),
      40: words("light_mode", "relay", "pos", "none"),
      41: bool("child_lock"),
    },
    has: [
      ["switch", null],
      ["number", "Countdown 1"],
      ["sensor", "=energy"],
      ["sensor", "=current"],
      ["sensor", "=power"],
      ["sensor", "=voltage"],
      ["sensor", "Result of the factory test"],
      ["sensor", "Calibration of voltage"],
      ["binary_sensor", "=problem"],
      ["sensor", "Problem (names)"],
      ["select", "After a power cut"],
      ["switch", "Overcharge switch"],
      ["select", "Indicator light"],
      ["switch", "Child lock"],
    ],
  },
  {
    what: "colour lamp",
    mapping: {
      20: bool("switch_led"),
      21: words("work_mode", "white", "colour", "scene", "music"),
      22: int("bright_value_v2", 10, 1000),
      23: int("temp_value_v2", 0, 1000),
      24: ["colour_data_v2", "Json", { h: { min: 0, max: 360 } }],
      25: ["scene_data_v2", "Json", {}],
      26: int("countdown_1", 0, 86_400, "s"),
      28: ["control_data", "Json", {}],
      34: bool("do_not_disturb"),
    },
    has: [
      ["light", null],
      ["select", "Work mode"],
      ["number", "Countdown 1"],
      ["switch", "Do not disturb"],
    ],
  },
  {
    what: "curtain",
    mapping: {
      1: words("control", "open", "stop", "close", "continue"),
      2: int("percent_control", 0, 100, "%"),
      3: int("percent_state", 0, 100, "%"),
      5: words("control_back_mode", "forward", "back"),
      7: words("work_state", "opening", "closing"),
      9: int("countdown_left", 0, 86_400, "s"),
      10: int("time_total", 0, 120_000, "ms"),
      11: words("situation_set", "fully_open", "fully_close"),
      12: bits("fault", "motor_fault"),
    },
    has: [
      ["cover", null],
      ["select", "Motor direction"],
      ["sensor", "Operating state"],
      ["sensor", "Time left"],
      ["sensor", "Travel time"],
      ["sensor", "End position"],
      ["binary_sensor", "=problem"],
      ["sensor", "Problem (names)"],
    ],
  },
  {
    what: "thermostat",
    mapping: {
      1: bool("switch"),
      2: words("mode", "auto", "manual"),
      3: words("work_state", "hot", "stop"),
      8: words("window_state", "closed", "opened"),
      16: int("temp_set", 50, 350, "℃", 1),
      24: int("temp_current", 0, 500, "℃", 1),
      25: int("floor_temp", 0, 500, "℃", 1),
      27: int("temp_correction", -9, 9, "℃"),
      35: int("battery_percentage", 0, 100, "%"),
      40: bool("child_lock"),
      45: bits("fault", "e1", "e2"),
    },
    has: [
      ["climate", null],
      ["sensor", "Operating state"],
      ["binary_sensor", "=window"],
      ["sensor", "Floor temperature"],
      ["number", "Temperature correction"],
      ["sensor", "=battery"],
      ["switch", "Child lock"],
      ["binary_sensor", "=problem"],
      ["sensor", "Problem (names)"],
    ],
  },
  {
    what: "fan",
    mapping: {
      1: bool("switch"),
      2: words("mode", "nature", "sleep", "fresh"),
      3: int("fan_speed", 1, 6),
      4: bool("switch_horizontal"),
      22: words("countdown_set", "cancel", "1h", "2h"),
      23: int("countdown_left", 0, 1440, "min"),
      24: int("temp_current", -20, 50, "℃"),
      25: bits("fault", "1", "2"),
    },
    has: [
      ["fan", null],
      ["select", "Countdown"],
      ["sensor", "Time left"],
      ["sensor", "=temperature"],
      ["binary_sensor", "=problem"],
      ["sensor", "Problem (names)"],
    ],
  },
  {
    what: "dehumidifier",
    mapping: {
      1: bool("switch"),
      2: int("dehumidify_set_value", 30, 80, "%"),
      4: words("fan_speed_enum", "low", "high"),
      6: int("humidity_indoor", 0, 100, "%"),
      7: int("temp_indoor", -20, 50, "℃"),
      12: bool("defrost"),
      17: int("countdown_left", 0, 1440, "min"),
      19: bits("fault", "tankfull", "E1"),
    },
    has: [
      ["humidifier", null],
      ["select", "Fan speed"],
      ["sensor", "=temperature"],
      ["binary_sensor", "Defrost"],
      ["sensor", "Time left"],
      ["binary_sensor", "=problem"],
      ["sensor", "Problem (names)"],
    ],
  },
  {
    what: "smoke detector",
    mapping: {
      1: words("smoke_sensor_status", "alarm", "normal"),
      2: int("smoke_sensor_value", 0, 100, "", 1),
      4: bool("temper_alarm"),
      8: bool("self_checking"),
      9: words("checking_result", "checking", "check_success", "check_failure"),
      11: bits("fault", "fault"),
      12: bool("lifecycle"),
      14: words("battery_state", "low", "middle", "high"),
      15: int("battery_percentage", 0, 100, "%"),
      16: bool("muffling"),
    },
    has: [
      ["binary_sensor", "=smoke"],
      ["sensor", "Smoke concentration"],
      ["binary_sensor", "=tamper"],
      ["button", "Self checking"],
      ["sensor", "Checking result"],
      ["binary_sensor", "=problem"],
      ["sensor", "Problem (names)"],
      ["binary_sensor", "Lifecycle"],
      ["sensor", "Battery state"],
      ["sensor", "=battery"],
      ["switch", "Mute"],
    ],
  },
  {
    what: "door contact",
    mapping: {
      1: bool("doorcontact_state"),
      2: words("battery_state", "low", "middle", "high"),
      3: int("battery_value", 0, 3600, "mV"),
      5: bool("temper_alarm"),
    },
    has: [
      ["binary_sensor", "=door"],
      ["sensor", "Battery state"],
      ["sensor", "Battery voltage"],
      ["binary_sensor", "=tamper"],
    ],
  },
  {
    what: "PIR",
    mapping: {
      1: words("pir", "pir", "none"),
      4: int("battery_percentage", 0, 100, "%"),
      5: bool("temper_alarm"),
      9: words("pir_sensitivity", "low", "middle", "high"),
      10: words("pir_time", "30s", "60s"),
      12: int("illuminance_value", 0, 1000, "lux"),
      101: words("bright_value", "low", "middle", "high"),
    },
    has: [
      ["binary_sensor", "=motion"],
      ["sensor", "=battery"],
      ["binary_sensor", "=tamper"],
      ["select", "PIR sensitivity"],
      ["select", "PIR time"],
      ["sensor", "=illuminance"],
      ["sensor", "Brightness"],
    ],
  },
  {
    what: "soil sensor",
    mapping: {
      3: int("humidity", 0, 100, "%"),
      5: int("temp_current", -400, 1000, "℃", 1),
      9: words("temp_unit_convert", "c", "f"),
      14: words("battery_state", "low", "middle", "high"),
      15: int("battery_percentage", 0, 100, "%"),
    },
    has: [
      ["sensor", "=humidity"],
      ["sensor", "=temperature"],
      ["select", "Temperature unit"],
      ["sensor", "Battery state"],
      ["sensor", "=battery"],
    ],
  },
  {
    what: "temperature and humidity",
    mapping: {
      1: int("va_temperature", -200, 600, "℃", 1),
      2: int("va_humidity", 0, 100, "%"),
      3: words("battery_state", "low", "middle", "high"),
      10: int("maxtemp_set", -200, 600, "℃", 1),
      11: int("minitemp_set", -200, 600, "℃", 1),
      14: words("temp_alarm", "loweralarm", "upperalarm", "cancel"),
      15: words("hum_alarm", "loweralarm", "upperalarm", "cancel"),
      20: int("temp_sensitivity", 3, 50, "℃", 1),
    },
    has: [
      ["sensor", "=temperature"],
      ["sensor", "=humidity"],
      ["sensor", "Battery state"],
      ["number", "Highest temperature"],
      ["number", "Lowest temperature"],
      ["sensor", "Temperature alarm"],
      ["sensor", "Humidity alarm"],
      ["number", "Temperature sensitivity"],
    ],
  },
  {
    what: "siren",
    mapping: {
      1: words("alarm_state", "alarm_sound", "alarm_light", "alarm_sound_light", "normal"),
      5: words("alarm_volume", "low", "middle", "high", "mute"),
      6: bool("charge_state"),
      7: int("alarm_time", 1, 60, "min"),
      13: bool("alarm_switch"),
      15: int("battery_percentage", 0, 100, "%"),
      20: bool("temper_alarm"),
    },
    has: [
      ["select", "Alarm state"],
      ["select", "Alarm volume"],
      ["binary_sensor", "=battery_charging"],
      ["number", "Alarm duration"],
      ["siren", null],
      ["sensor", "=battery"],
      ["binary_sensor", "=tamper"],
    ],
  },
  {
    what: "pet feeder",
    mapping: {
      1: bytes("meal_plan"),
      2: bool("quick_feed"),
      3: int("manual_feed", 1, 12),
      4: words("feed_state", "standby", "feeding", "done"),
      9: bool("factory_reset"),
      11: int("battery_percentage", 0, 100, "%"),
      12: bool("charge_state"),
      14: bits("fault", "ex_motor", "ex_bat"),
      15: int("feed_report", 0, 12),
      19: bool("light"),
    },
    has: [
      ["switch", "Quick feed"],
      ["number", "Manual feed"],
      ["sensor", "Feed state"],
      ["button", "Factory reset"],
      ["sensor", "=battery"],
      ["binary_sensor", "=battery_charging"],
      ["binary_sensor", "=problem"],
      ["sensor", "Problem (names)"],
      ["sensor", "Feed report"],
      ["light", null],
    ],
  },
  {
    what: "IR blaster",
    mapping: {
      101: int("va_temperature", -200, 600, "℃", 1),
      102: int("va_humidity", 0, 100, "%"),
      201: text("ir_send"),
      202: text("ir_study_code"),
    },
    has: [
      ["sensor", "=temperature"],
      ["sensor", "=humidity"],
    ],
  },
  {
    what: "three-phase meter",
    mapping: {
      1: int("forward_energy_total", 0, 99_999_999, "kWh", 2),
      6: bytes("phase_a"),
      9: bits("fault", "short_circuit_alarm"),
      11: bool("switch_prepayment"),
      13: int("balance_energy", 0, 99_999_999, "kWh", 2),
      15: int("leakage_current", 0, 1000, "mA"),
      16: bool("switch"),
      18: text("meter_id"),
      19: int("energy_month", 0, 99_999, "kWh", 2),
      32: int("supply_frequency", 0, 9999, "Hz", 2),
    },
    has: [
      ["sensor", "Energy"],
      ["sensor", "Phase a voltage"],
      ["sensor", "Phase a current"],
      ["sensor", "Phase a power"],
      ["binary_sensor", "=problem"],
      ["sensor", "Problem (names)"],
      ["switch", "Switch prepayment"],
      ["sensor", "Balance energy"],
      ["sensor", "Leakage current"],
      ["switch", null],
      ["sensor", "Meter id"],
      ["sensor", "Energy month"],
      ["sensor", "=frequency"],
    ],
  },
  {
    what: "weather station",
    mapping: {
      2: int("humidity_value", 0, 100, "%"),
      38: int("temp_current_external", -400, 600, "℃", 1),
      1: int("temp_current", -200, 600, "℃", 1),
      54: int("atmospheric_pressture", 0, 11_000, "hPa", 1),
      56: int("windspeed_avg", 0, 700, "m/s", 1),
      60: int("rain_24h", 0, 999_999, "mm", 1),
      62: int("uv_index", 0, 180, "", 1),
      65: int("dew_point_temp", -400, 600, "℃", 1),
      101: words("wind_direct", "north", "south"),
      102: words("windspeed_unit_convert", "mph", "kmph"),
    },
    has: [
      ["sensor", "=humidity"],
      ["sensor", "Temperature"],
      ["sensor", "External temperature"],
      ["sensor", "=pressure"],
      ["sensor", "Wind speed"],
      ["sensor", "Rain 24h"],
      ["sensor", "UV index"],
      ["sensor", "Dew point temperature"],
      ["sensor", "Wind direction"],
      ["select", "Windspeed unit convert"],
    ],
  },
  {
    what: "door lock",
    mapping: {
      1: int("unlock_fingerprint", 0, 999),
      8: words("alarm_lock", "wrong_finger", "tongue_bad"),
      9: int("unlock_request", 0, 90, "s"),
      12: int("residual_electricity", 0, 100, "%"),
      13: bool("reverse_lock"),
      18: words("closed_opened", "open", "closed"),
      47: bool("lock_motor_state"),
    },
    has: [
      ["sensor", "Unlock fingerprint"],
      ["event", "Lock alarm"],
      ["sensor", "Unlock request"],
      ["sensor", "=battery"],
      ["binary_sensor", "Locked from inside"],
      ["sensor", "Door position"],
      ["binary_sensor", "=lock"],
    ],
  },
  {
    what: "gateway",
    mapping: {
      2: words("master_mode", "disarmed", "arm", "home", "sos"),
      4: bool("switch_alarm_sound"),
      32: words("master_state", "normal", "alarm"),
      34: bool("factory_reset"),
    },
    has: [
      ["select", "Master mode"],
      ["switch", "Switch alarm sound"],
      ["sensor", "Master state"],
      ["button", "Factory reset"],
    ],
  },
  {
    what: "wall switch behind the gateway",
    mapping: { 1: bool("switch_1"), 2: bool("switch_2"), 14: words("relay_status", "0", "1", "2") },
    has: [
      ["switch", "Switch 1"],
      ["switch", "Switch 2"],
      ["select", "After a power cut"],
    ],
  },
];

const KEY = "7{O<&\"$M}N0z/'|q";
const GATEWAY = "bfgateway00000000001";

/** `devices.json` with one device. */
function listOf({ what, mapping }: (typeof DEVICES)[number]): string {
  const written = Object.entries(mapping).map(([dp, [code, type, values = {}]]) => [
    dp,
    { code, type, values },
  ]);
  const isChild = what.includes("behind");
  const gateway = { id: GATEWAY, name: "Gateway", key: KEY, category: "wg2", mapping: {} };
  const device = {
    name: what,
    id: what === "gateway" ? GATEWAY : "bfinvented0000000001",
    key: KEY,
    mapping: Object.fromEntries(written) as object,
    ...(isChild && { sub: true, node_id: "a4c138fffe000001", parent: GATEWAY }),
  };
  return JSON.stringify(isChild ? [gateway, device] : [device]);
}

function importedAs(device: (typeof DEVICES)[number]): Example {
  const result = readDevices(listOf(device));
  assert.ok(result.ok);
  const imported = result.devices.find(({ name }) => name === device.what);
  assert.ok(imported);
  return { what: device.what, entries: imported.datapoints };
}

function announced(example: Example): readonly Announced[] {
  const house = houseOf([example]);
  const options = { base: "b", prefix: "ha", bridgeTopic: "b/bridge/state", shape: "device" } as const;
  const messages = house.flatMap((device) => discoveryMessages(device, options));
  const arrived = messages.map((message) => JSON.parse(JSON.stringify(message)) as typeof message);
  assert.deepEqual(arrived.flatMap(schemaProblems), []);
  assert.deepEqual(ruleProblems(arrived.flatMap(expand), sidesOf(house, "b")), []);
  return arrived.flatMap(expand).filter(({ uniqueId }) => !uniqueId.endsWith("_connection"));
}

/** `=power` where Home Assistant names it by its class. */
function calledIn({ keys }: Announced): string | null {
  return "name" in keys ? (keys["name"] as string | null) : `=${String(keys["device_class"])}`;
}

describe("devices of a tinytuya list, which says of nothing whether it can be set", () => {
  for (const device of DEVICES) {
    it(`a ${device.what} has the right entities, under people's names`, () => {
      const entities = announced(importedAs(device)).map((entity) => [entity.platform, calledIn(entity)]);
      const inOrder = (list: readonly (readonly unknown[])[]) => list.map(String).sort();
      assert.deepEqual(inOrder(entities), inOrder(device.has));
    });
  }

  it("what a list says of access counts more than a name", () => {
    const entry = { dp: "3", code: "work_state", type: "Enum", values: ["a", "b"] };
    const platforms = (["rw", "ro", "wr", undefined] as const).map(
      (access) => announced({ what: "D", entries: [{ ...entry, access }] })[0]?.platform,
    );
    assert.deepEqual(platforms, ["select", "sensor", "select", "sensor"]);
  });

  const settable =
    "relay_status relay_status_1 switch1_state alarm_state light_status power_on_state switch_state battery_mode work_mode sensitivity fan_left_turn unlock_mode";
  for (const code of settable.split(" ")) {
    it(`${code} stays a control`, () => {
      const [entity] = announced({
        what: "D",
        entries: [{ dp: "3", code, type: "Enum", values: ["a", "b"] }],
      });
      assert.equal(entity?.platform, "select");
    });
  }

  it("a Boolean that is called just state can be switched", () => {
    const platforms = ["Boolean", "Enum"].map(
      (type) =>
        announced({ what: "D", entries: [{ dp: "1", code: "state", type, values: ["a"] }] })[0]?.platform,
    );
    assert.deepEqual(platforms, ["switch", "sensor"]);
  });
});
