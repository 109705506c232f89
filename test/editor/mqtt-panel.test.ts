import assert from "node:assert/strict";
import { PRESETS } from "../../src/virtual/presets";
import { AWKWARD_KEY, deviceNode, inNode, outNode, PLUG_DATAPOINTS, TAB } from "../support/editor-flows";
import { inEditor } from "../support/in-editor";
import { profile } from "../support/kind";
import { until } from "../support/settled";
import { startDevice } from "../support/virtual";

const FIELD = "#node-input-";

const LAMP = profile("lamp-colour");

const FLOWS = [
  TAB,
  { id: "off", type: "tab", label: "Off", disabled: true },
  deviceNode("plug", { name: "Kitchen plug", datapoints: PLUG_DATAPOINTS }),
  deviceNode("lamp", { name: "Lamp", deviceId: "bf2222222222222222aaaa", datapoints: LAMP }),
  deviceNode("twin", { name: "Lamp", deviceId: "bf2222222222222222bbbb", datapoints: LAMP }),
  // Neither of them will be there.
  deviceNode("third", { name: "Attic/hub", deviceId: "bf2222222222222222cccc", d: true }),
  deviceNode("fourth", { name: "Attic+hub", deviceId: "bf2222222222222222dddd", z: "off" }),
  deviceNode("hub", { name: "Attic/hub", deviceId: "bf4444444444444444hubb" }),
  deviceNode("door", {
    deviceId: "",
    gateway: "hub",
    cid: "c1/2",
    datapoints: [{ dp: "1", code: "doorcontact_state", type: "Boolean", access: "ro" }],
  }),
  inNode("in", { device: "lamp", state: true, outputs: 2, wires: [[], []] }),
  inNode("all", { scope: "all", output: "mqtt", y: 140 }),
  outNode("out", { device: "plug" }),
];

describe("sharing over MQTT, in the editor", () => {
  inEditor(FLOWS, (editor) => {
    const page = () => editor().page;
    const topics = () => page().locator("#tuya-in-topics li");
    const lines = async () =>
      (await topics().allInnerTexts()).map((text) => text.trim().replace(/\s+/g, " "));
    const start = () => page().innerText("#tuya-in-topics code");
    const isVisible = (selector: string) => page().isVisible(selector);
    const openAll = async (device: string) => {
      await editor().edit("all");
      await page().selectOption("#tuya-in-topics-of", device);
      await topics().first().waitFor();
    };
    const copied = async (button: string) => {
      await page().evaluate(() => {
        const { clipboard } = (window as unknown as { RED: { clipboard: Record<string, unknown> } }).RED;
        clipboard["copyText"] = (text: string) => document.body.setAttribute("data-copied", text);
      });
      await page().click(button);
      return page().getAttribute("body", "data-copied");
    };

    it("shows the topics of the device that is chosen, what may be in them and where commands go", async () => {
      await editor().edit("in");
      assert.equal(await isVisible("#tuya-in-mqtt"), false);
      await page().selectOption(`${FIELD}output`, "mqtt");
      await topics().first().waitFor();
      assert.equal(await isVisible("#tuya-in-topics-of"), false);
      const shown = await lines();
      assert.ok(shown[0]?.startsWith('lamp {"state":"ON"'), shown[0]);
      assert.ok(shown.includes("switch_led true /set"), shown.join("\n"));
      assert.ok(shown.includes("brightness/set 60"), shown.join("\n"));
      assert.ok(shown.includes("availability online"), shown.join("\n"));
      assert.deepEqual(await editor().untranslated(), []);
      await editor().screenshot("mqtt-lamp");
      await page().selectOption(`${FIELD}device`, "plug");
      assert.equal(await start(), "tuya/Kitchen plug/");
      assert.ok((await lines()).includes("cur_power 100.2 /set"), (await lines()).join("\n"));
      assert.equal(await page().locator("#tuya-in-topics .tuya-topic-once").count(), 1);
      await editor().cancel();
    });

    it("calls devices as the runtime does: equal names by their ids, those that are off not at all", async () => {
      await openAll("lamp");
      assert.equal(await start(), "tuya/Lamp (aaaa)/");
      await page().selectOption("#tuya-in-topics-of", "twin");
      assert.equal(await start(), "tuya/Lamp (bbbb)/");
      await page().selectOption("#tuya-in-topics-of", "hub");
      assert.equal(await start(), "tuya/Attic_hub/");
      assert.deepEqual(await lines(), [
        "availability online",
        "connection connected",
        "operation/set refresh",
      ]);
      await page().selectOption("#tuya-in-topics-of", "door");
      assert.equal(await start(), "tuya/c1_2/");
      assert.equal((await lines())[0], "doorcontact_state true");
      await editor().cancel();
    });

    it("follows the base and the chosen data points, and copies whole topics", async () => {
      await openAll("plug");
      await page().fill(`${FIELD}base`, "house/attic");
      assert.equal(await start(), "house/attic/Kitchen plug/");
      assert.match(await page().innerText("#tuya-in-topics-hint"), /house\/attic\/\+\/\+\/set/);
      await page().fill(`${FIELD}dps`, "cur_power, on");
      assert.deepEqual((await lines()).slice(0, 2), ["cur_power 100.2 /set", "on true /set"]);
      assert.equal(
        await copied("#tuya-in-topics .tuya-topic-level >> nth=0"),
        "house/attic/Kitchen plug/cur_power",
      );
      assert.equal(
        await copied("#tuya-in-topics .tuya-topic-set >> nth=0"),
        "house/attic/Kitchen plug/cur_power/set",
      );
      await editor().cancel();
      await editor().startAfresh(FLOWS);
    });

    it("looks at devices whose names fit, where only those are shared", async () => {
      await openAll("lamp");
      await page().fill(`${FIELD}filter`, "kitchen*, attic*");
      assert.equal(await start(), "tuya/Attic_hub/");
      const offered = page().locator("#tuya-in-topics-of option:not([hidden])");
      assert.deepEqual(await offered.allInnerTexts(), ["Attic/hub (bf4444)", "Kitchen plug"]);
      await page().fill(`${FIELD}filter`, "nobody");
      assert.equal(await isVisible("#tuya-in-topics"), false);
      await page().fill(`${FIELD}filter`, "");
      assert.equal(await isVisible("#tuya-in-topics"), true);
      await editor().cancel();
    });

    it("tells what Home Assistant will find, once it is to find something", async () => {
      await openAll("lamp");
      assert.equal(await isVisible(`${FIELD}discoveryPrefix`), false);
      assert.equal(await isVisible("#tuya-in-entities"), false);
      await page().selectOption(`${FIELD}discovery`, "device");
      assert.equal(await isVisible(`${FIELD}discoveryPrefix`), true);
      const entities = await page().innerText("#tuya-in-entities");
      assert.match(entities, /Lamp \(light\)/);
      assert.match(entities, /Connection \(sensor\)/);
      assert.deepEqual(await editor().untranslated(), []);
      await editor().screenshot("mqtt-all");
      await editor().cancel();
    });

    it("has one output, and asks for nothing that means nothing here", async () => {
      const ports = page().locator('[id="in"] .red-ui-flow-port-output');
      const become = (count: number) => until(async () => (await ports.count()) === count);
      await become(2);
      await editor().edit("in");
      await page().selectOption(`${FIELD}output`, "mqtt");
      for (const field of ["initial", "state", "lastValue", "eventMode", "bridgeTopic"]) {
        assert.equal(await isVisible(FIELD + field), false, field);
      }
      for (const field of ["dps", "when", "throttle", "deadband"]) {
        assert.equal(await isVisible(FIELD + field), true, field);
      }
      await page().click("#tuya-in-several");
      assert.equal(await page().getAttribute(`${FIELD}bridgeTopic`, "placeholder"), "tuya/bridge/state");
      await editor().fill(`${FIELD}bridgeTopic`, "tuya/bridge/attic");
      await editor().fill(`${FIELD}base`, "tuya/attic");
      await page().selectOption(`${FIELD}discovery`, "single");
      await editor().fill(`${FIELD}discoveryPrefix`, "ha");
      await editor().ok();
      await become(1);
      const { output, base, discovery, discoveryPrefix, bridgeTopic, outputs } = await editor().saved("in");
      assert.deepEqual(
        { output, base, discovery, discoveryPrefix, bridgeTopic, outputs },
        {
          output: "mqtt",
          base: "tuya/attic",
          discovery: "single",
          discoveryPrefix: "ha",
          bridgeTopic: "tuya/bridge/attic",
          outputs: 1,
        },
      );
      await editor().edit("in");
      assert.equal(await isVisible(`${FIELD}bridgeTopic`), true);
      assert.equal(await editor().value(`${FIELD}base`), "tuya/attic");
      await editor().cancel();
      await editor().startAfresh(FLOWS);
    });

    it("says what is wrong with a base", async () => {
      const reasons = (properties: object) => editor().reasons("all", { ...properties });
      const wrong = ["Base topic: words with / between them, without + and #"];
      for (const base of ["", "a/", "/a", "a//b", "a/+", "#", "$SYS", "a/ b"]) {
        assert.deepEqual(await reasons({ base }), wrong, base);
      }
      for (const base of ["tuya", "house/1st floor", "${BASE}", undefined]) {
        assert.deepEqual(await reasons({ base }), [], base);
      }
      assert.deepEqual(await reasons({ base: "a/", output: "each" }), []);
      assert.deepEqual(await reasons({ discoveryPrefix: "a#" }), [
        "Its prefix: words with / between them, without + and #",
      ]);
      assert.deepEqual(await reasons({ bridgeTopic: "" }), []);
      assert.deepEqual(await reasons({ bridgeTopic: "a/" }), [
        "State topic: words with / between them, without + and #, or nothing",
      ]);
      const out = (properties: object) => editor().reasons("out", { ...properties });
      assert.deepEqual(await out({ scope: "message", base: "a+" }), [
        "MQTT base: words with / between them, without + and #, or nothing",
      ]);
      assert.deepEqual(await out({ scope: "message", base: "" }), []);
      assert.deepEqual(await out({ scope: "device", base: "a+" }), []);
    });

    it("shows no topics where there is no device, and offers the import once", async () => {
      await editor().replaceFlows([TAB, inNode("all", { scope: "all", output: "mqtt" })]);
      await editor().edit("all");
      assert.equal(await isVisible("#tuya-in-topics"), false);
      assert.equal(await isVisible("#tuya-in-topics-of"), false);
      assert.equal(await page().locator(".tuya-import-link").count(), 1);
      await editor().cancel();
      await editor().replaceFlows(FLOWS);
    });

    it("marks the base as wrong while it is typed", async () => {
      const hasError = async () =>
        /input-error/.test((await page().getAttribute(`${FIELD}base`, "class")) ?? "");
      await editor().edit("all");
      await editor().fill(`${FIELD}base`, "a/#");
      assert.equal(await hasError(), true);
      await editor().fill(`${FIELD}base`, "a");
      assert.equal(await hasError(), false);
      await editor().cancel();
    });

    it("has a tuya-out hear MQTT, with the topic to subscribe to ready to be copied", async () => {
      await editor().edit("out");
      assert.equal(await isVisible(`${FIELD}base`), false);
      await page().selectOption(`${FIELD}scope`, "message");
      assert.equal(await editor().value(`${FIELD}base`), "");
      assert.match(await page().innerText("#tuya-out-base-hint"), /^With a base such as tuya/);
      await page().fill(`${FIELD}base`, "tuya");
      assert.match(await page().innerText("#tuya-out-base-hint"), /tuya\/\+\/\+\/set/);
      assert.deepEqual(await editor().untranslated(), []);
      await editor().screenshot("mqtt-out");
      assert.equal(await copied("#tuya-out-base-hint button"), "tuya/+/+/set");
      await editor().ok();
      const { scope, base } = await editor().saved("out");
      assert.deepEqual([scope, base], ["message", "tuya"]);
      await editor().startAfresh(FLOWS);
    });

    it("shows what a device says, as it will be published", async () => {
      const { dps, schema, version } = PRESETS["lamp"];
      const virtual = await startDevice(version, { dps, schema, localKey: AWKWARD_KEY });
      await editor().replaceFlows([
        TAB,
        deviceNode("lamp", {
          name: "Lamp",
          ip: virtual.host,
          port: String(virtual.port),
          version,
          deviceId: virtual.id,
          datapoints: LAMP,
          credentials: { localKey: AWKWARD_KEY },
        }),
        inNode("in", { device: "lamp", output: "mqtt" }),
      ]);
      await editor().edit("in");
      virtual.set({ "20": false, "21": "colour", "24": "007803e803e8" });
      const line = topics().filter({ hasText: "colour_data" });
      await line.locator(".tuya-topic-known").filter({ hasText: '"h":120' }).waitFor();
      assert.match((await lines())[0] ?? "", /^lamp \{"state":"OFF".*"hs".*"h":120,"s":100/);
      await editor().screenshot("mqtt-live");
      await editor().cancel();
      await virtual.close();
      await editor().replaceFlows(FLOWS);
    });
  });
});
