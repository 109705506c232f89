import assert from "node:assert/strict";
import { PRESETS } from "../../src/virtual/presets";
import { AWKWARD_KEY, deviceNode, inNode, outNode, PLUG_DATAPOINTS, TAB } from "../support/editor-flows";
import { inEditor } from "../support/in-editor";
import { startDevice } from "../support/virtual";

const FIELD = "#node-input-";

/** A point of each kind of value, as tables have them. */
const POINTS = [
  ...PLUG_DATAPOINTS.map((point) =>
    point.dp === "20" ? { ...point, label: "Mains voltage", access: "ro" } : point,
  ),
  {
    dp: "16",
    code: "temp_set",
    label: "Temperature to keep",
    type: "Integer",
    scale: 1,
    min: 50,
    max: 350,
    unit: "°C",
  },
  { dp: "24", code: "colour_data", label: "Colour", type: "String" },
  { dp: "2", code: "control", type: "Enum", values: ["ZZ", "FZ", "STOP"] },
  { dp: "201", code: "ir_send", type: "String" },
];

const FLOWS = [
  TAB,
  deviceNode("plug", { name: "Kitchen plug", datapoints: POINTS }),
  deviceNode("bare", { name: "Bare", deviceId: "bf33333333333333333333" }),
  outNode("out", { device: "plug" }),
  inNode("in", { device: "plug" }),
];

describe("list of data points in tuya-out", () => {
  inEditor(FLOWS, (editor) => {
    const rows = () => editor().page.locator("#tuya-out-dps li:visible");
    const texts = async () => (await rows().allInnerTexts()).map((text) => text.trim().replace(/\s+/g, " "));
    const radio = (name: string) => rows().filter({ hasText: name }).locator("input");
    const chosen = () => editor().page.locator("#tuya-out-dps input:checked").inputValue();
    const written = () => editor().value(`${FIELD}dp`);
    const hint = () => editor().page.innerText("#tuya-out-dp-hint");

    it("shows the device's data points by name, code and number, and what kind of values they have", async () => {
      await editor().edit("out");
      const shown = await texts();
      assert.deepEqual(shown.slice(0, 7), [
        "automatic",
        "On Boolean on",
        "Brightness % brightness",
        "Colour colour",
        "Target temperature Integer target",
        "switch_1 Boolean 1",
        "countdown_1 Integer 9",
      ]);
      assert.ok(shown.includes("Mains voltage cur_voltage Integer 20"), shown.join("\n"));
      assert.equal(shown.length, POINTS.length + 5);
      assert.equal(await chosen(), "");
      assert.match(await hint(), /^Automatic: /);
      assert.deepEqual(await editor().untranslated(), []);
      await editor().screenshot("out-picker");
      await editor().cancel();
    });

    it("writes the chosen one into the field, and follows what is typed there", async () => {
      await editor().edit("out");
      await radio("switch_1").check();
      assert.equal(await written(), "switch_1");
      await editor().screenshot("out-picker-chosen");
      await editor().fill(`${FIELD}dp`, "24");
      assert.equal(await chosen(), "colour_data");
      await editor().fill(`${FIELD}dp`, "177");
      assert.equal((await texts()).at(-1), "177");
      assert.equal(await chosen(), "177");
      await radio("automatic").check();
      assert.equal(await written(), "");
      await radio("Temperature to keep").check();
      await editor().ok();
      assert.equal((await editor().saved("out"))["dp"], "temp_set");
      await editor().replaceFlows(FLOWS);
    });

    it("says what the chosen one takes", async () => {
      await editor().edit("out");
      const sentences: [string, string][] = [
        ["switch_1", 'Takes true, false or "toggle".'],
        ["temp_set", 'Takes a number from 5 to 35 °C, or a change: "+10", "-10".'],
        ["colour_data", 'Takes a colour: "#ff8800", "red", {r, g, b} or {h, s, v}.'],
        ["control", 'Takes one of "open", "close", "stop".'],
        ["relay_status", 'Takes one of "off", "on", "memory".'],
        ["fault", 'Takes a list of names, out of "ov_cr", "ov_vol", "ov_pwr".'],
        ["ir_send", "Takes {learn: true}, {learn: false} or {send: code}."],
        ["cur_voltage", "The device only reports it: it cannot be set."],
        ["101", "Takes true or false, a number or a text, as the device reports it."],
        ["177", "Not in the device’s table: values are sent as they are."],
        ["no_such_name", ""],
      ];
      for (const [name, sentence] of sentences) {
        await editor().fill(`${FIELD}dp`, name);
        assert.equal(await hint(), sentence, name);
      }
      await editor().cancel();
    });

    it("finds data points by label, code and number, and keeps the way back to automatic", async () => {
      await editor().edit("out");
      await editor().page.fill("#tuya-out-filter", "temperature");
      assert.deepEqual(await texts(), [
        "automatic",
        "Target temperature Integer target",
        "Temperature to keep temp_set Integer 16",
      ]);
      await editor().cancel();
    });

    it("leaves the text field alone where the device has no data points", async () => {
      await editor().edit("out");
      await editor().page.selectOption(`${FIELD}device`, "bare");
      assert.equal(await editor().page.isVisible("#tuya-out-picker"), false);
      await editor().fill(`${FIELD}dp`, "22");
      assert.match(await hint(), /^Not in the device’s table/);
      await editor().cancel();
    });

    it("shows live values beside the names, there and in tuya-in", async () => {
      const { dps, schema } = PRESETS.plug;
      const virtual = await startDevice("3.3", { dps, schema, localKey: AWKWARD_KEY });
      await editor().replaceFlows([
        TAB,
        deviceNode("plug", {
          name: "Kitchen plug",
          ip: virtual.host,
          port: String(virtual.port),
          version: "3.3",
          deviceId: virtual.id,
          datapoints: POINTS,
          credentials: { localKey: AWKWARD_KEY },
        }),
        outNode("out", { device: "plug" }),
        inNode("in", { device: "plug" }),
      ]);
      const cell = (list: string, name: string) =>
        editor().page.locator(`${list} li`).filter({ hasText: name }).locator(".tuya-pick-live");
      await editor().edit("out");
      await cell("#tuya-out-dps", "Mains voltage").filter({ hasText: "230.1 V" }).waitFor();
      await cell("#tuya-out-dps", "switch_1").filter({ hasText: "true" }).waitFor();
      await editor().screenshot("out-picker-live");
      virtual.set({ "20": 2345 });
      await cell("#tuya-out-dps", "Mains voltage").filter({ hasText: "234.5 V" }).waitFor();
      await editor().cancel();
      await editor().edit("in");
      await cell("#tuya-in-dps", "Mains voltage").filter({ hasText: "234.5 V" }).waitFor();
      await editor().screenshot("in-picker-live");
      await editor().cancel();
      await virtual.close();
      await editor().replaceFlows(FLOWS);
    });
  });
});
