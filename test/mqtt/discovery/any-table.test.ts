import assert from "node:assert/strict";
import { DATA_POINT_ACCESS, DATA_POINT_TYPES, type DataPointType } from "../../../src/datapoints/datapoint";
import { discoveryMessages } from "../../../src/mqtt/discovery/index";
import { type Example, houseOf } from "../../support/home-assistant/devices";
import { expand } from "../../support/home-assistant/expand";
import { HomeAssistant } from "../../support/home-assistant/home-assistant";
import { PaperDevice, possibleValues } from "../../support/home-assistant/paper-device";
import { ruleProblems } from "../../support/home-assistant/rules";
import { schemaProblems } from "../../support/home-assistant/schemas";
import { sidesOf } from "../../support/home-assistant/sides";
import { Random } from "../../support/random";

/** Codes that mean something, alone or together. */
const CODES =
  "switch switch_1 switch_2 switch_led led_switch light switch_led_2 power fan_switch bright_value bright_value_v2 bright_value_2 temp_value temp_value_v2 colour_data colour_data_v2 work_mode scene_data control control_2 mach_operate percent_control percent_control_2 percent_state position control_back temp_set temp_set_f temp_current upper_temp mode windspeed fan_speed fan_speed_enum fan_speed_percent fan_mode fan_direction switch_horizontal switch_vertical swing shake humidity_set humidity_current dehumidify_set_value valve_state power_go status suction seek switch_charge alarm_switch alarm_volume alarm_time cur_power cur_voltage cur_current add_ele total_forward_energy balance_energy phase_a fault countdown_1 child_lock relay_status lock lock_motor_state pir presence_state doorcontact_state smoke_sensor_status sos_state temper_alarm switch_mode1 battery_percentage battery_state va_temperature va_humidity pm25_value reset_filter work_state situation_set countdown_left time_total humidity soil_humidity charge_state temp_alarm feed_report illuminance_value lamp hvac_mode vacuum availability set a/b #".split(
    " ",
  );
const WORDS =
  "on off auto manual none None white colour scene open close stop ZZ FZ low middle high 1 2 3 level_1 cold hot wet wind lock unlock locked unlocked forward reverse alarm normal pir chargego smart it's \"".split(
    " ",
  );
const UNITS = ["", "℃", "℉", "%", "W", "kWh", "mA", "V", "s", "min", "ppm", "ug/m3", "bananas", "m³"];
const LIMITS: readonly (readonly [min?: number | undefined, max?: number])[] = [
  [],
  [0, 100],
  [1, 6],
  [10, 1000],
  [-400, 1000],
  [0, 1],
  [100, 0],
  [7, 7],
  [5],
  [undefined, -5],
  [undefined, 255],
];

/** The types these codes mostly have. */
const USUAL_TYPES: readonly (readonly [codes: RegExp, type: DataPointType])[] = [
  [/mode|speed_enum|windspeed|status|suction|direction|state$|state_|control(?:_2)?$|volume|^pir$/, "Enum"],
  [/switch|^light$|power$|power_go|swing|shake|lock$|seek|alarm$|reset/, "Boolean"],
  [/colour|data$/, "String"],
  [/fault/, "Bitmap"],
  [/phase/, "Raw"],
  [/./, "Integer"],
];

/** Tables as nobody would write them, and some imports make them. */
function tables(seed: number, count: number): readonly Example[] {
  const random = new Random(seed);
  const some = <T>(list: readonly T[]): T => list[random.below(list.length)] as T;
  const point = (dp: number) => {
    const [min, max] = some(LIMITS);
    const code = some(CODES);
    const usual = USUAL_TYPES.find(([codes]) => codes.test(code))?.[1];
    const type = some([usual, usual, usual, some([undefined, ...DATA_POINT_TYPES])]);
    // Of what counts the other way round one end alone says nothing.
    const isWhole = (min === undefined) === (max === undefined);
    return {
      dp: String(dp),
      code,
      type,
      access: some([undefined, undefined, ...DATA_POINT_ACCESS]),
      values: Array.from({ length: type === "Enum" || type === "Bitmap" ? random.below(5) : 0 }, () =>
        some(WORDS),
      ),
      unit: type === "Integer" ? some(UNITS) : "",
      min,
      max,
      step: some([undefined, 0, 1, 5]),
      scale: some([0, 0, 0, 1, 2]),
      divisor: some([undefined, undefined, undefined, 2]),
      event: random.below(10) === 0,
      accumulate: random.below(10) === 0,
      invert: isWhole && random.below(10) === 0,
      label: some([undefined, undefined, "Label"]),
    };
  };
  return Array.from({ length: count }, (_none, index) => ({
    what: `Table ${index}`,
    entries: Array.from({ length: random.between(1, 14) }, (_point, at) => point(at + 1)),
  }));
}

/** `SEED=5 TABLES=3000` tries others, and more of them. */
describe("any table of data points", () => {
  const house = houseOf(tables(Number(process.env["SEED"] ?? 7), Number(process.env["TABLES"] ?? 300)));
  const options = { base: "b", prefix: "ha", bridgeTopic: "b/bridge/state" } as const;

  for (const shape of ["device", "single"] as const) {
    it(`is announced as Home Assistant takes it, by ${shape}`, () => {
      const messages = house.flatMap((device) => discoveryMessages(device, { ...options, shape }));
      const arrived = messages.map((message) => JSON.parse(JSON.stringify(message)) as typeof message);
      assert.deepEqual(arrived.flatMap(schemaProblems), []);
      assert.deepEqual(ruleProblems(arrived.flatMap(expand), sidesOf(house, "b")), []);
    });
  }

  it("shows whatever the device may say, and takes whatever can be pressed", () => {
    for (const device of house) {
      const ha = new HomeAssistant("ha");
      for (const { topic, payload } of discoveryMessages(device, { ...options, shape: "device" }))
        ha.receive(topic, JSON.stringify(payload), true);
      const paper = new PaperDevice(device, "b", (topic, payload, isRetained) =>
        ha.receive(topic, payload, isRetained),
      );
      const table = JSON.stringify(device.dataPoints.dataPoints);
      try {
        paper.tellAll();
        for (const point of device.dataPoints.dataPoints)
          for (const value of possibleValues(point)) {
            paper.change(point.dp, value);
            for (const entity of ha.entities) ha.shown(entity);
          }
        for (const entity of ha.entities) {
          for (const press of ha.presses(entity)) {
            paper.command(press.topic, press.payload);
            assert.ok(ha.shows(entity, press.expected), `${press.what} ${press.payload}`);
          }
        }
      } catch (error) {
        throw new Error(`${String(error)}\n${table}`, { cause: error });
      }
    }
  });
});
