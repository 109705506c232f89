import { PRESETS } from "../../src/virtual/presets";
import { type Kind, product, profile, value } from "./kind";
import { LIGHTS } from "./lights";

/** 229.9 V, 4.39 A and 1009 W as the bytes of a meter: 08fb, 001126, 0003f1. */
const PHASE = Buffer.from("08fb" + "001126" + "0003f1", "hex").toString("base64");

/** 9000 = 0x2328 and 4500 = 0x1194, then 560 = 0x0230 six times: low byte first. */
const CODE = Buffer.from("28239411" + "3002".repeat(6), "hex").toString("base64");
const PULSES = [9000, 4500, 560, 560, 560, 560, 560, 560];

/** Every kind of device there is a profile for. */
export const KINDS: readonly Kind[] = [
  {
    what: "switch with several gangs",
    version: "3.1",
    datapoints: profile("switch"),
    ...product("switch"),
    sends: [
      [value(true), { "1": true }],
      [value("toggle"), { "1": false }],
      [value("toggle", { topic: "switch_2" }), { "2": true }],
      [value({ switch_3: "on", "2": false }), { "2": false, "3": true }],
      [value({ countdown_1: 60 }), { "9": 60 }],
      [value("+30", { dp: "countdown_1" }), { "9": 90 }],
    ],
    refuses: [
      [value({ switch_1: "maybe" }), /switch_1 \(data point 1\) takes true or false, not the text "maybe"/],
      [value({ countdown_1: 90_000 }), /takes a number from 0 to 86400 s, not 90000; nothing was sent/],
      [
        value({ switch_7: true }),
        /"switch_7" is no data point of this device; use a number or one of switch_1,/,
      ],
    ],
    reports: [
      [
        { "2": true, "9": 12 },
        { switch_2: true, countdown_1: 12 },
      ],
      [{ "101": "odd" }, { "101": "odd" }],
    ],
  },
  {
    what: "plug with metering",
    version: "3.3",
    datapoints: profile("plug-metering"),
    dps: { ...PRESETS.plug.dps, "26": 0 },
    schema: { ...PRESETS.plug.schema, "26": { kind: "bitmap", readOnly: true } },
    sends: [
      [value(false), { "1": false }],
      [value({ countdown_1: "10" }), { "9": 10 }],
    ],
    refuses: [
      [
        value({ cur_power: 5 }),
        /cur_power \(data point 19\) is only reported by the device and cannot be set/,
      ],
      [value({ switch_1: null }), /null is no value for switch_1/],
    ],
    reports: [
      [
        { "18": 4390, "19": 10_101, "20": 2299 },
        { cur_current: 4390, cur_power: 1010.1, cur_voltage: 229.9 },
      ],
      [{ "26": 5 }, { fault: ["ov_cr", "ov_pwr"] }],
      [{ "26": 128 }, { fault: ["bit 7"] }],
    ],
  },
  ...LIGHTS,
  {
    what: "cover",
    version: "3.3",
    datapoints: profile("cover"),
    ...product("cover"),
    sends: [
      [value("close"), { "1": "close" }],
      [value("Stop"), { "1": "stop" }],
      [value({ position: 30 }), { "2": 30 }],
      [value({ position: "+20" }), { "2": 50 }],
      [value({ control: "open", position: 100 }), { "1": "open", "2": 100 }],
    ],
    refuses: [
      [value({ position: 101 }), /position takes a number from 0 to 100 percent/],
      [value({ percent_state: 5 }), /percent_state \(data point 3\) is only reported/],
    ],
    reports: [
      [
        { "1": "close", "2": 0, "7": "closing" },
        { control: "close", percent_control: 0, work_state: "closing" },
      ],
      [{ "12": 1 }, { fault: ["motor_fault"] }],
    ],
  },
  {
    what: "cover with words of its own that counts the other way round",
    version: "3.5",
    datapoints: profile("cover", {
      1: { values: ["FZ", "ZZ", "STOP"] },
      2: { invert: true },
      3: { invert: true },
    }),
    dps: { "1": "STOP", "2": 0, "3": 0 },
    schema: {
      "1": { kind: "enum", range: ["FZ", "ZZ", "STOP"] },
      "2": { kind: "value", min: 0, max: 100 },
      "3": { kind: "value", min: 0, max: 100, readOnly: true },
    },
    sends: [
      [value("open"), { "1": "ZZ" }],
      [value("close"), { "1": "FZ" }],
      [value({ control: "stop" }), { "1": "STOP" }],
      [value({ position: 30 }), { "2": 70 }],
      [value({ position: "+20" }), { "2": 50 }],
    ],
    refuses: [[value({ control: "continue" }), /takes one of "open", "close", "stop", "FZ", "ZZ", "STOP"/]],
    reports: [
      [
        { "1": "FZ", "3": 75 },
        { control: "close", percent_state: 25 },
      ],
    ],
  },
  {
    what: "thermostat",
    version: "3.4",
    datapoints: profile("thermostat", { 45: { values: ["e1", "e2", "e3"] } }),
    ...product("thermostat"),
    sends: [
      [value({ temp_set: 19.5 }), { "16": 195 }],
      [value("21", { topic: "temp_set" }), { "16": 210 }],
      [value("+0.5", { dp: "temp_set" }), { "16": 215 }],
      [value({ mode: "auto", child_lock: true }), { "2": "auto", "40": true }],
      [value({ temp_set: "+100" }), { "16": 350 }],
    ],
    refuses: [
      [value({ temp_set: 36 }), /temp_set \(data point 16\) takes a number from 5 to 35 °C, not 36/],
      [value({ temp_current: 20 }), /is only reported by the device/],
    ],
    reports: [
      [
        { "16": 185, "24": 193, "36": "close" },
        { temp_set: 18.5, temp_current: 19.3, valve_state: "close" },
      ],
      [{ "45": 6 }, { fault: ["e2", "e3"] }],
    ],
  },
  {
    what: "sensor",
    version: "3.5",
    datapoints: profile("sensor-climate"),
    ...product("sensor"),
    sends: [[value({ maxtemp_set: 26.5, temp_unit_convert: "F" }), { "9": "f", "10": 265 }]],
    refuses: [[value({ va_temperature: 20 }), /is only reported by the device/]],
    reports: [
      [
        { "1": -55, "2": 61, "14": "loweralarm" },
        { va_temperature: -5.5, va_humidity: 61, temp_alarm: "loweralarm" },
      ],
    ],
  },
  {
    what: "breaker",
    version: "3.5",
    datapoints: profile("breaker"),
    ...product("breaker"),
    sends: [
      [value("off"), { "16": false }],
      [value({ alarm_set_1: Buffer.from([1, 0, 0, 90]) }), { "17": "AQAAWg==" }],
      [value({ alarm_set_2: "AQAARg==" }), { "18": "AQAARg==" }],
    ],
    refuses: [
      [
        value({ alarm_set_1: "no bytes!" }),
        /takes a Buffer, or a text of base64 or hex digits, not the text "no bytes!"/,
      ],
      [value({ phase_a: PHASE }), /phase_a \(data point 6\) is only reported/],
    ],
    reports: [
      [{ "6": PHASE }, { phase_a: { voltage: 229.9, current: 4.39, power: 1009 } }],
      // With residual current, and with a head: other firmware of the same kind.
      [
        { "6": "CQYAEgwABFYAFQ==" },
        { phase_a: { voltage: 231, current: 4.62, power: 1110, residual: 0.021 } },
      ],
      [
        { "6": "AQ8JBgAF3AABWQAACgABWmQ=" },
        { phase_a: { voltage: 231, current: 1.5, power: 345, reactive: 10, apparent: 346, factor: 1 } },
      ],
      [
        { "1": 158_231, "9": 2 ** 2 + 2 ** 10 },
        { total_forward_energy: 1582.31, fault: ["overload_alarm", "ov_vol"] },
      ],
    ],
  },
  {
    what: "fan",
    version: "3.2",
    datapoints: profile("fan", {
      2: { values: ["normal", "nature", "sleep"] },
      3: { type: "Integer", min: 1, max: 100, unit: "%" },
    }),
    ...product("fan"),
    sends: [
      [value(true), { "1": true }],
      [value({ fan_speed: 60, mode: "Sleep" }), { "2": "sleep", "3": 60 }],
      [value("-10", { dp: "fan_speed" }), { "3": 50 }],
      [value("-100", { dp: "fan_speed" }), { "3": 1 }],
    ],
    refuses: [[value({ fan_speed: 0 }), /fan_speed \(data point 3\) takes a number from 1 to 100 %, not 0/]],
    reports: [
      [
        { "1": true, "3": 20 },
        { switch: true, fan_speed: 20 },
      ],
    ],
  },
  {
    what: "infra-red blaster",
    version: "3.3",
    datapoints: profile("ir-blaster"),
    ...product("ir-blaster"),
    sends: [
      [value({ learn: true }), { "201": '{"control":"study"}' }],
      [value({ learn: false }), { "201": '{"control":"study_exit"}' }],
      [value({ send: CODE }), { "201": `{"control":"send_ir","type":0,"head":"","key1":"1${CODE}"}` }],
      [value({ learn: "on" }), { "201": '{"control":"study"}' }],
      [value({ send: PULSES }), { "201": `{"control":"send_ir","type":0,"head":"","key1":"1${CODE}"}` }],
      [value({ control: "rf_study" }, { dp: 201 }), { "201": '{"control":"rf_study"}' }],
      [value(`1${CODE}`), { "201": `{"control":"send_ir","type":0,"head":"","key1":"1${CODE}"}` }],
    ],
    refuses: [
      [
        value({ send: "volume up" }),
        /send takes a learned code \(base64\), .*, not the text "volume up"; nothing/,
      ],
      [value({ learn: 5 }), /learn takes true to learn a code, or false to stop learning, not 5; nothing/],
      [value({ learn: true, send: CODE }), /not both at once/],
      [
        value("volume up", { dp: 201 }),
        /ir_send \(data point 201\) takes \{learn: true\}, \{learn: false\}, or/,
      ],
    ],
    reports: [
      [{ "202": `1${CODE}` }, { ir_study_code: CODE }],
      [{ "201": '{"control":"study"}' }, { ir_send: { learn: true } }],
    ],
  },
  {
    what: "infra-red blaster with a data point for each field",
    version: "3.4",
    datapoints: profile("ir-blaster-fields"),
    dps: { "1": "study_exit", "2": "", "7": "", "13": 0 },
    schema: {
      "1": { kind: "enum", range: ["send_ir", "study", "study_exit", "study_key"] },
      "2": { kind: "string", readOnly: true },
      "7": { kind: "string" },
      "13": { kind: "value" },
    },
    sends: [
      [value({ learn: true }), { "1": "study" }],
      [value({ learn: false }), { "1": "study_exit" }],
      [value({ send: CODE }), { "1": "study_key", "7": CODE, "13": 0 }],
    ],
    refuses: [[value({ send: 5 }), /send takes a learned code \(base64\).*, not 5; nothing was sent/]],
    reports: [
      [
        { "1": "study", "2": CODE },
        { control: "study", study_code: CODE },
      ],
    ],
  },
];
