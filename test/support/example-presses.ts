import type { Dps } from "../../src/protocol/dps";

/** What a button of an example leads to. */
export interface Press {
  readonly button: string;
  /** Name of the debug node its message arrives at. */
  readonly at: string;
  /** Values sent, by data point number. */
  readonly dps?: object;
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
  "01 - Switch a plug.json": {
    presses: [
      { button: "off", at: "confirmed", dps: { "1": false } },
      { button: "on", at: "confirmed", dps: { "1": true } },
      { button: "toggle", at: "confirmed", dps: { "1": false } },
    ],
  },
  "02 - Power meter.json": { presses: [{ button: "measure now", at: "asked" }] },
  "03 - Lamp - brightness and colour.json": {
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
  "04 - One message per value.json": { presses: [] },
  "05 - When something goes wrong.json": {
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
  "06 - Commands for a device that is offline.json": {
    presses: [
      { button: "on", at: "confirmed", dps: { "1": true } },
      { button: "disconnect", at: "done" },
      { button: "off", at: "confirmed", dps: { "1": false }, later: true },
      { button: "connect", at: "done" },
    ],
    silent: ["failed"],
  },
  "07 - Devices behind a gateway.json": {
    presses: [
      { button: "toggle", at: "answer", dps: { "1": true } },
      { button: "read all", at: "answer", answer: { switch_1: true } },
    ],
  },
  "08 - Connection of all devices.json": { presses: [] },
  "09 - Messages of tuya-smart-device.json": {
    presses: [
      { button: "dps and set alone", at: "answer", dps: { "1": false } },
      { button: "SET dps 1", at: "answer", dps: { "1": true } },
      { button: "multiple", at: "answer", dps: { "1": true, "9": 30 } },
      { button: "GET schema", at: "answer", answer: { switch_1: true, countdown_1: 30 } },
      { button: "REFRESH", at: "answer" },
      { button: "CONTROL RECONNECT", at: "answer" },
    ],
  },
  "10 - Find devices.json": {
    presses: [
      { button: "look for devices", at: "device" },
      { button: "list of new devices", at: "new devices" },
    ],
    silent: ["changed or silent"],
    announced: "vdev0000000000announced",
  },
  "11 - One output per value.json": { presses: [] },
  "12 - Look at the frames.json": {
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
  "13 - Switch with several gangs.json": {
    presses: [
      { button: "first on", at: "confirmed", dps: { "1": true } },
      { button: "second toggle", at: "confirmed", dps: { "2": true } },
      { button: "third on for ten minutes", at: "confirmed", dps: { "3": true, "11": 600 } },
      { button: "all off", at: "confirmed", dps: { "1": false, "2": false, "3": false } },
    ],
  },
  "14 - Dimmer.json": {
    presses: [
      { button: "half", at: "confirmed", dps: { "2": 500 } },
      { button: "brighter", at: "confirmed", dps: { "2": 600 } },
      { button: "darker", at: "confirmed", dps: { "2": 500 } },
      { button: "off", at: "confirmed", dps: { "1": false } },
      { button: "second channel on, a quarter", at: "confirmed", dps: { "7": true, "8": 250 } },
    ],
  },
  "15 - Cover.json": {
    presses: [
      { button: "close", at: "confirmed", dps: { "1": "close" } },
      { button: "stop", at: "confirmed", dps: { "1": "stop" } },
      { button: "30 %", at: "confirmed", dps: { "2": 30 } },
      { button: "a little further", at: "confirmed", dps: { "2": 40 } },
      { button: "open", at: "confirmed", dps: { "1": "open" } },
    ],
  },
  "16 - Thermostat.json": {
    presses: [
      { button: "21.5 °C", at: "confirmed", dps: { "16": 215 } },
      { button: "half a degree more", at: "confirmed", dps: { "16": 220 } },
      { button: "automatic", at: "confirmed", dps: { "2": "auto" } },
      { button: "child lock on", at: "confirmed", dps: { "40": true } },
    ],
  },
  "17 - Sensor - temperature and humidity.json": {
    presses: [],
    happens: [{ device: "Sensor", dps: { "1": -5 } }],
  },
  "18 - Circuit breaker.json": {
    presses: [
      { button: "off", at: "confirmed", dps: { "16": false } },
      { button: "on", at: "confirmed", dps: { "16": true } },
    ],
    happens: [{ device: "Breaker", dps: { "9": 6 } }],
  },
  "19 - Fan.json": {
    presses: [
      { button: "on", at: "confirmed", dps: { "1": true } },
      { button: "speed 60", at: "confirmed", dps: { "3": 60 } },
      { button: "slower", at: "confirmed", dps: { "3": 40 } },
      { button: "for the night", at: "confirmed", dps: { "2": "sleep", "9": false } },
      { button: "light", at: "confirmed", dps: { "9": true } },
      { button: "off", at: "confirmed", dps: { "1": false } },
    ],
  },
  "20 - IR blaster - learn and send.json": {
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
  "21 - Energy counter.json": {
    presses: [],
    happens: [{ device: "Plug", dps: { "17": 5 } }],
  },
  "22 - Buttons and scenes.json": {
    presses: [],
    happens: [
      { device: "Scene switch", dps: { "1": "single_click" } },
      { device: "Scene switch", dps: { "1": "double_click" } },
      { device: "Scene switch", dps: { "1": "long_press" } },
      { device: "Scene switch", dps: { "2": "long_press" } },
    ],
  },
};
