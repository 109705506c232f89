import { type Kind, product, profile, value } from "./kind";

/** Lamps and dimmers of both generations. */
export const LIGHTS: readonly Kind[] = [
  {
    what: "colour lamp",
    version: "3.4",
    datapoints: profile("lamp-colour"),
    ...product("lamp"),
    sends: [
      [value("#ff8000"), { "20": true, "21": "colour", "24": "001e03e803e8" }],
      [value({ colour: "blue", brightness: 50 }), { "20": true, "21": "colour", "24": "00f003e801f4" }],
      [value({ h: 240, s: 40, v: 60 }), { "20": true, "21": "colour", "24": "00f001900258" }],
      [value({ r: 255, g: 127, b: 63 }), { "20": true, "21": "colour", "24": "001402f003e8" }],
      [value({ brightness: 40 }), { "24": "001402f00190" }],
      [value({ kelvin: 2700 }), { "21": "white", "23": 0 }],
      [value({ brightness: 40 }), { "21": "white", "22": 400 }],
      [value({ brightness: "+10" }), { "21": "white", "22": 500 }],
      [value(60), { "21": "white", "22": 600 }],
      [value({ brightness: 0.1 }), { "21": "white", "22": 10 }],
      [value(40, { topic: "brightness" }), { "21": "white", "22": 400 }],
      [value("#0000ff", { dp: "colour_data" }), { "20": true, "21": "colour", "24": "00f003e803e8" }],
      [value({ brightness: 0 }), { "20": false }],
      [value({ brightness: 30 }), { "20": true, "24": "00f003e8012c" }],
      [value({ kelvin: 4600 }), { "21": "white", "23": 500 }],
      [
        value({ temperature: 100, brightness: 100, on: true }),
        { "20": true, "21": "white", "22": 1000, "23": 1000 },
      ],
      [value({ bright_value: 500 }), { "22": 500 }],
      [value("off"), { "20": false }],
    ],
    refuses: [
      [value({ bright_value: 5 }), /bright_value \(data point 22\) takes a number from 10 to 1000, not 5/],
      [
        value({ brightness: 101 }),
        /brightness takes a number from 0 to 100 percent, not 101; a change such as "\+10"/,
      ],
      [
        value({ work_mode: "disco" }),
        /takes one of "white", "colour", "scene", "music", not the text "disco"/,
      ],
      [value({ colour_data: "mauvish" }), /takes a colour such as "#ff8800".*, not the text "mauvish"/],
      [value({ colour: "red", kelvin: 2700 }), /shows a colour or a white of some temperature, not both/],
    ],
    reports: [
      [{ "24": "001402f003e8" }, { colour_data: { h: 20, s: 75.2, v: 100, hex: "#ff7f3f" } }],
      [
        { "21": "scene", "22": 10 },
        { work_mode: "scene", bright_value: 10 },
      ],
    ],
  },
  {
    what: "colour lamp of the first generation",
    version: "3.1",
    datapoints: profile("lamp-colour-old"),
    ...product("lamp-old"),
    sends: [
      [value("#00f"), { "1": true, "2": "colour", "5": "0000ff00f0ffff" }],
      [value({ brightness: 40 }), { "5": "00006600f0ff66" }],
      [value({ temperature: 100 }), { "2": "white", "4": 255 }],
      [value({ brightness: 40 }), { "2": "white", "3": 102 }],
      [value({ brightness: 1 }), { "2": "white", "3": 25 }],
    ],
    refuses: [[value({ bright_value: 256 }), /takes a number from 25 to 255, not 256/]],
    reports: [[{ "5": "7f3f1f0013c17f" }, { colour_data: { h: 19, s: 75.7, v: 49.9, hex: "#7f3f1f" } }]],
  },
  {
    what: "dimmer",
    version: "3.5",
    datapoints: profile("dimmer"),
    ...product("dimmer"),
    sends: [
      [value({ brightness: 50 }), { "2": 500 }],
      [value({ brightness: "-10" }), { "2": 400 }],
      [value(300, { topic: "bright_value_2" }), { "8": 300 }],
      [value({ on: false }), { "1": false }],
      [value({ switch_led_2: "toggle" }), { "7": true }],
    ],
    refuses: [[value(5, { dp: 8 }), /bright_value_2 \(data point 8\) takes a number from 10 to 1000, not 5/]],
    reports: [
      [
        { "2": 250, "4": "halogen" },
        { bright_value_1: 250, led_type_1: "halogen" },
      ],
    ],
  },
  {
    what: "dimmer of the first generation",
    version: "3.2",
    datapoints: profile("dimmer-old"),
    dps: { "1": true, "2": 200 },
    schema: { "1": { kind: "bool" }, "2": { kind: "value", min: 25, max: 255 } },
    sends: [
      [value({ brightness: 50 }), { "2": 127 }],
      [value({ brightness: 100 }), { "2": 255 }],
      [value({ brightness: 0 }), { "1": false }],
      [value(1), { "1": true, "2": 25 }],
    ],
    refuses: [[value({ bright_value: 300 }), /takes a number from 25 to 255, not 300/]],
    reports: [[{ "2": 25 }, { bright_value: 25 }]],
  },
];
