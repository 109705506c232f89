import type { Dps } from "../../src/protocol/dps";

/** What a button of an example leads to. */
export interface Press {
  readonly button: string;
  /** Name of the debug node its message arrives at. */
  readonly at: string;
  /** Values sent, by data point number. */
  readonly dps?: object;
  /** What is sent to each of several devices. */
  readonly told?: readonly object[];
  /** Values by name that the answer contains, among others. */
  readonly answer?: object;
  /** The error the message ends in. */
  readonly code?: string;
  /** What one of the values sent matches, where it is not the same each time. */
  readonly like?: RegExp;
  /** The answer comes only when a later button was pressed. */
  readonly later?: true;
  /** Name of a debug node that is to hear something before the button is pressed. */
  readonly after?: string;
}

/** Something a device reports by itself. */
export interface Happening {
  readonly device: string;
  readonly dps: Dps;
}

export interface Expectation {
  readonly presses: readonly Press[];
  /** What happens to the devices before any button is pressed. */
  readonly happens?: readonly Happening[];
  /** Debug nodes that nothing reaches, because nothing is wrong enough. All others hear something. */
  readonly silent?: readonly string[];
  /** Id of a device that announces itself meanwhile. */
  readonly announced?: string;
}

const white = (brightness: number, temperature: number): object => ({
  "21": "white",
  "22": brightness,
  "23": temperature,
});

const coloured = (colour: string): object => ({ "20": true, "21": "colour", "24": colour });

/** What every example is expected to do, by file. */
export const EXPECTED: Readonly<Record<string, Expectation>> = {
  "Devices/01 - Switch a plug.json": {
    presses: [
      { button: "off", at: "confirmed", dps: { "1": false } },
      { button: "on", at: "confirmed", dps: { "1": true } },
      { button: "toggle", at: "confirmed", dps: { "1": false } },
    ],
  },
  "Devices/02 - Power meter.json": { presses: [{ button: "measure now", at: "asked" }] },
  "Devices/03 - Lamp - brightness and colour.json": {
    presses: [
      { button: "toggle", at: "confirmed", dps: { "20": false } },
      { button: "brightness 10 %", at: "confirmed", dps: { "20": true, "21": "white", "22": 100 } },
      { button: "a little brighter", at: "confirmed", dps: { "21": "white", "22": 200 } },
      { button: "warm and dim", at: "confirmed", dps: white(200, 0) },
      { button: "cold and bright", at: "confirmed", dps: white(1000, 1000) },
      { button: "orange", at: "confirmed", dps: coloured("001e03e803e8") },
      { button: "pale blue", at: "confirmed", dps: coloured("00f001900258") },
      { button: "half red", at: "confirmed", dps: coloured("000003e801f4") },
    ],
  },
  "Devices/04 - Dimmer.json": {
    presses: [
      { button: "half", at: "confirmed", dps: { "2": 500 } },
      { button: "brighter", at: "confirmed", dps: { "2": 600 } },
      { button: "darker", at: "confirmed", dps: { "2": 500 } },
      { button: "off", at: "confirmed", dps: { "1": false } },
      { button: "second channel on, a quarter", at: "confirmed", dps: { "7": true, "8": 250 } },
    ],
  },
  "Devices/05 - Cover.json": {
    presses: [
      { button: "close", at: "confirmed", dps: { "1": "close" } },
      { button: "stop", at: "confirmed", dps: { "1": "stop" } },
      { button: "30 %", at: "confirmed", dps: { "2": 30 } },
      { button: "a little further", at: "confirmed", dps: { "2": 40 } },
      { button: "open", at: "confirmed", dps: { "1": "open" } },
    ],
  },
  "Devices/06 - Thermostat.json": {
    presses: [
      { button: "21.5 °C", at: "confirmed", dps: { "16": 215 } },
      { button: "half a degree more", at: "confirmed", dps: { "16": 220 } },
      { button: "automatic", at: "confirmed", dps: { "2": "auto" } },
      { button: "child lock on", at: "confirmed", dps: { "40": true } },
    ],
  },
  "Devices/07 - Sensor - temperature and humidity.json": {
    presses: [],
    happens: [{ device: "Sensor", dps: { "1": -5 } }],
  },
  "Devices/08 - Fan.json": {
    presses: [
      { button: "on", at: "confirmed", dps: { "1": true } },
      { button: "speed 60", at: "confirmed", dps: { "3": 60 } },
      { button: "slower", at: "confirmed", dps: { "3": 40 } },
      { button: "for the night", at: "confirmed", dps: { "2": "sleep", "9": false } },
      { button: "light", at: "confirmed", dps: { "9": true } },
      { button: "off", at: "confirmed", dps: { "1": false } },
    ],
  },
  "Devices/09 - Switch with several gangs.json": {
    presses: [
      { button: "first on", at: "confirmed", dps: { "1": true } },
      { button: "second toggle", at: "confirmed", dps: { "2": true } },
      { button: "third on for ten minutes", at: "confirmed", dps: { "3": true, "11": 600 } },
      { button: "all off", at: "confirmed", dps: { "1": false, "2": false, "3": false } },
    ],
  },
  "Devices/10 - Circuit breaker.json": {
    presses: [
      { button: "off", at: "confirmed", dps: { "16": false } },
      { button: "on", at: "confirmed", dps: { "16": true } },
    ],
    happens: [{ device: "Breaker", dps: { "9": 6 } }],
  },
  "Devices/11 - Buttons and scenes.json": {
    presses: [],
    happens: [
      { device: "Scene switch", dps: { "1": "single_click" } },
      { device: "Scene switch", dps: { "1": "double_click" } },
      { device: "Scene switch", dps: { "1": "long_press" } },
      { device: "Scene switch", dps: { "2": "long_press" } },
    ],
  },
  "Devices/12 - Energy counter.json": {
    presses: [],
    happens: [{ device: "Plug", dps: { "17": 5 } }],
  },
  "Devices/13 - IR blaster - learn and send.json": {
    presses: [
      { button: "learn", at: "confirmed", dps: { "201": '{"control":"study"}' } },
      // A code of 68 marks and spaces, as the virtual blaster hears it.
      {
        button: "send what was learned",
        at: "confirmed",
        like: /^\{"control":"send_ir","type":0,"head":"","key1":"1KCOUE[\w+/]{175,}=*"\}$/,
        after: "learned",
      },
      { button: "stop learning", at: "confirmed", dps: { "201": '{"control":"study_exit"}' } },
      { button: "NEC code", at: "confirmed", like: /"key1":"1KCOUETAC/ },
      {
        button: "marks and spaces",
        at: "confirmed",
        dps: { "201": '{"control":"send_ir","type":0,"head":"","key1":"1KCOUETACMAIwApoGMAJAnA=="}' },
      },
    ],
  },
  "Devices/14 - Devices behind a gateway.json": {
    presses: [
      { button: "toggle", at: "answer", dps: { "1": true } },
      { button: "read all", at: "answer", answer: { switch_1: true } },
    ],
  },
  "Diagnosis/01 - When something goes wrong.json": {
    presses: [
      { button: "on", at: "done", dps: { "20": true } },
      { button: 'brightness "blue"', at: "wrong message", code: "BAD_INPUT" },
      { button: "no such name", at: "wrong message", code: "BAD_INPUT" },
      { button: "disconnect", at: "done" },
      { button: "on", at: "not connected", code: "OFFLINE" },
      { button: "connect", at: "done" },
      { button: "on", at: "done", dps: { "20": true } },
    ],
    silent: ["fetch the key again", "something else"],
  },
  "Diagnosis/02 - Connection of all devices.json": { presses: [] },
  "Diagnosis/03 - Find devices.json": {
    presses: [
      { button: "look for devices", at: "device" },
      { button: "list of new devices", at: "new devices" },
    ],
    silent: ["changed or silent"],
    announced: "vdev0000000000announced",
  },
  "Diagnosis/04 - Look at the frames.json": {
    presses: [
      { button: "read all", at: "frames", answer: { direction: "in", name: "DP_QUERY_NEW", valid: true } },
      {
        button: "are you there?",
        at: "frames",
        answer: { direction: "in", name: "HEART_BEAT", valid: true },
      },
      { button: "reset", at: "refused", code: "BAD_INPUT" },
      { button: "decode an announcement", at: "frames" },
    ],
    silent: ["not readable"],
  },
  "Messages/01 - One message per value.json": { presses: [] },
  "Messages/02 - One output per value.json": { presses: [] },
  "Messages/03 - All devices in one log.json": { presses: [] },
  "Messages/04 - One node for all commands.json": {
    presses: [
      { button: "plug on", at: "done", dps: { "1": true } },
      { button: "lamp at 40 %", at: "done", dps: { "21": "white", "22": 400 } },
      { button: "lamp blue", at: "done", dps: coloured("00f003e803e8") },
      { button: "cover half open", at: "done", dps: { "2": 50 } },
      { button: "ask the lamp", at: "done", answer: { work_mode: "colour" } },
      { button: "a name nobody has", at: "failed", code: "BAD_INPUT" },
    ],
  },
  "Messages/05 - All lights off.json": {
    presses: [
      { button: "all lights off", at: "done", told: [{ "20": false }] },
      { button: "all lights at 20 %", at: "done", told: [{ "20": true, "21": "white", "22": 200 }] },
      { button: "all blinds down", at: "done", told: [{ "2": 0 }] },
      { button: "everything off", at: "done", told: [{ "1": false }, { "20": false }] },
      { button: "refused: off to whom?", at: "failed", code: "BAD_INPUT" },
    ],
  },
  "Messages/06 - Commands for a device that is offline.json": {
    presses: [
      { button: "on", at: "confirmed", dps: { "1": true } },
      { button: "disconnect", at: "done" },
      { button: "off", at: "confirmed", dps: { "1": false }, later: true },
      { button: "connect", at: "done" },
    ],
    silent: ["failed"],
  },
  "Messages/07 - Messages of tuya-smart-device.json": {
    presses: [
      { button: "dps and set alone", at: "answer", dps: { "1": false } },
      { button: "SET dps 1", at: "answer", dps: { "1": true } },
      { button: "multiple", at: "answer", dps: { "1": true, "9": 30 } },
      { button: "GET schema", at: "answer", answer: { switch_1: true, countdown_1: 30 } },
      { button: "REFRESH", at: "answer" },
      { button: "CONTROL RECONNECT", at: "answer" },
    ],
  },
  // Has no buttons and no devices: `sharing.test.ts` runs it.
  "Sharing/01 - Share all devices over MQTT.json": { presses: [] },
};
