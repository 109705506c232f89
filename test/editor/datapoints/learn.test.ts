import assert from "node:assert/strict";
import { once } from "node:events";
import { deviceNode, inNode, TAB } from "../../support/editor-flows";
import { inEditor } from "../../support/in-editor";
import { DEVICE_ID, LOCAL_KEY, startDevice } from "../../support/virtual";

const TABS = "#tuya-device-tabs";
const FIELD = "#node-config-input-";
const LEARN = ".tuya-learn-start";
const STATUS = ".tuya-learn-status";
const CID = "a4c1380123456789";

const VALUES = { "1": true, "9": 0, "17": 1250, "18": 261, "19": 600, "20": 2301 };

const TABLE = [
  { dp: "1", code: "switch_1", type: "Boolean" },
  { dp: "20", code: "cur_voltage", type: "Integer", scale: 1, unit: "V" },
];

const flowsFor = (port: number, properties: object = {}) => [
  TAB,
  deviceNode("plug", {
    name: "Kitchen plug",
    deviceId: DEVICE_ID,
    port: String(port),
    credentials: { localKey: LOCAL_KEY },
    ...properties,
  }),
  deviceNode("child", { name: "Door", deviceId: "", ip: "", port: "", gateway: "plug", cid: CID }),
  inNode("plug-in", { device: "plug" }),
];

describe("Learn in the panel of tuya-device", () => {
  inEditor([TAB], (editor, server) => {
    const rows = () => editor().page.locator(".tuya-dp");
    const numbers = () =>
      rows().evaluateAll((items) => items.map((item) => item.querySelector("input")?.value ?? ""));
    const valueOf = async (dp: string) => {
      const index = (await numbers()).indexOf(dp);
      return (await rows().nth(index).locator(".tuya-dp-details > span").innerText()).trim();
    };
    const status = () => editor().page.locator(STATUS);
    const listening = () => editor().page.locator(`${STATUS}[data-tone="good"]`).waitFor();
    const open = async (id?: string) => {
      await editor().editConfig("tuya-device", id);
      await editor().showTab(TABS, "datapoints");
    };
    /** Fills the form of a new device. */
    const enter = async (port: number, localKey = LOCAL_KEY) => {
      await editor().editConfig("tuya-device");
      await editor().fill(`${FIELD}deviceId`, DEVICE_ID);
      await editor().fill(`${FIELD}localKey`, localKey);
      await editor().fill(`${FIELD}ip`, "127.0.0.1");
      await editor().fill(`${FIELD}port`, String(port));
      await editor().showTab(TABS, "datapoints");
    };
    /** From now on the numbers of rows that light up are kept, in their order. */
    const watchLights = () =>
      editor().page.evaluate(() => {
        const lit: string[] = [];
        Object.assign(window, { tuyaLit: lit });
        new MutationObserver((changes) => {
          for (const { target, oldValue } of changes) {
            const item = target as HTMLElement;
            const isNew = item.classList.contains("tuya-dp-lit") && !oldValue?.includes("tuya-dp-lit");
            if (isNew) lit.push(item.querySelector("input")?.value ?? "");
          }
        }).observe(document.querySelector("#tuya-device-datapoints") ?? document.body, {
          subtree: true,
          attributeFilter: ["class"],
          attributeOldValue: true,
        });
      });
    const lights = () => editor().page.evaluate(() => Reflect.get(window, "tuyaLit") as string[]);
    const untilLit = (dp: string) =>
      editor().page.waitForFunction(
        (wanted) => (Reflect.get(window, "tuyaLit") as string[]).includes(wanted),
        dp,
      );

    it("offers the divisor that makes a value what somebody says it is", async () => {
      const device = await startDevice("3.4", { dps: { "2": 43 } });
      await editor().replaceFlows(flowsFor(device.port, { datapoints: [] }));
      await open("plug");
      await editor().page.click(LEARN);
      await listening();
      await editor().page.locator(".tuya-dp-new").first().waitFor();
      const row = rows().first();
      const use = row.getByRole("button", { name: /^Use/ });
      await row.locator(".tuya-dp-details").click();
      await row.locator(".tuya-dp-unit").fill("°C");
      const said = row.getByLabel("In truth it is");
      await said.fill("31.7");
      assert.equal(await use.isVisible(), false);
      await said.fill("21.5");
      await editor().screenshot("learn-divisor");
      assert.equal((await use.innerText()).trim(), "Use ÷2");
      await use.click();
      assert.equal(await use.isVisible(), false);
      assert.equal(await valueOf("2"), "43 → 21.5 °C");
      assert.equal((await row.locator(".tuya-dp-example > span").innerText()).trim(), "43 → 21.5 °C");
      assert.deepEqual(await editor().untranslated(), []);
      await editor().ok();
      assert.deepEqual((await editor().saved("plug"))["datapoints"], [
        { dp: "2", type: "Integer", divisor: 2, unit: "°C" },
      ]);
    });

    it("shows values beside the rows, adds those nobody has named, and lights up what changes", async () => {
      const device = await startDevice("3.4", { dps: VALUES });
      await editor().replaceFlows(flowsFor(device.port, { datapoints: TABLE }));
      await open("plug");
      await editor().page.locator(".tuya-dp-value").first().waitFor();
      assert.equal(await valueOf("20"), "2301 → 230.1 V");
      assert.deepEqual(await numbers(), ["1", "20"]);
      await watchLights();
      await editor().page.click(LEARN);
      await listening();
      await editor().page.locator(".tuya-dp-new").nth(3).waitFor();
      assert.deepEqual(await numbers(), ["1", "20", "9", "17", "18", "19"]);
      assert.match(await status().innerText(), /what changes lights up\. 4 rows are new\./);
      assert.deepEqual(await lights(), []);

      device.set({ "1": false });
      await untilLit("1");
      await editor().screenshot("learn-lit");
      device.set({ "101": "single_click" });
      await untilLit("101");
      assert.deepEqual(await lights(), ["1", "101"]);
      assert.equal(await valueOf("1"), "false");
      assert.equal(await valueOf("101"), "single_click");
      assert.equal(device.clients, 1, "the connection of the flow is the only one");
      await editor().page.click(LEARN);
      assert.equal((await status().innerText()).trim(), "Learning has ended.");
      assert.deepEqual(await editor().untranslated(), []);
      await editor().ok();
      assert.deepEqual((await editor().saved("plug"))["datapoints"], [
        ...TABLE,
        { dp: "9", type: "Integer" },
        { dp: "17", type: "Integer" },
        { dp: "18", type: "Integer" },
        { dp: "19", type: "Integer" },
        { dp: "101", type: "String" },
      ]);
    });

    it("shows at once what a scale makes of the value, and what cannot be", async () => {
      const device = await startDevice("3.4", { dps: VALUES });
      await editor().replaceFlows(flowsFor(device.port, { datapoints: TABLE }));
      await open("plug");
      await editor().page.locator(".tuya-dp-value").first().waitFor();
      await rows().nth(1).locator(".tuya-dp-details").click();
      await rows().nth(1).locator('[data-field="scale"]').fill("2");
      assert.equal(await valueOf("20"), "2301 → 23.01 V");
      await rows().nth(0).locator('[data-field="type"]').selectOption("Enum");
      assert.equal(await editor().page.locator(".tuya-dp-odd").count(), 1);
      await editor().screenshot("learn-values-odd");
      await editor().cancel();
      assert.deepEqual((await editor().saved("plug"))["datapoints"], TABLE);
    });

    it("learns from a device that is only typed, over a connection that goes with the dialog", async () => {
      for (const close of [() => editor().cancel(), () => editor().ok()]) {
        const device = await startDevice("3.4", { dps: VALUES });
        await editor().replaceFlows([TAB]);
        await enter(device.port);
        await watchLights();
        await editor().page.click(LEARN);
        await listening();
        await editor().page.locator(".tuya-dp-new").nth(5).waitFor();
        device.set({ "9": 30 });
        await untilLit("9");
        assert.equal(device.clients, 1);
        const hungUp = once(device, "disconnect");
        await close();
        await hungUp;
        await device.close();
      }
    });

    it("scrolls to what has changed last, but not away from where somebody types", async () => {
      const many = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [String(index + 1), false]));
      const device = await startDevice("3.4", { dps: many });
      await editor().replaceFlows([TAB]);
      await enter(device.port);
      await watchLights();
      await editor().page.click(LEARN);
      await listening();
      await editor().page.locator(".tuya-dp-new").nth(39).waitFor();
      const isSeen = async (dp: number) => {
        const row = await rows()
          .nth(dp - 1)
          .boundingBox();
        const list = await editor().page.locator(".tuya-form .red-ui-editableList-container").boundingBox();
        return (
          row !== null &&
          list !== null &&
          row.y >= list.y - 1 &&
          row.y + row.height <= list.y + list.height + 1
        );
      };
      assert.equal(await isSeen(38), false);
      device.set({ "38": true });
      await untilLit("38");
      assert.equal(await isSeen(38), true);
      await editor().screenshot("learn-many");
      await rows().nth(37).locator('[data-field="code"]').click();
      device.set({ "1": true });
      await untilLit("1");
      assert.equal(await isSeen(1), false);
      await editor().cancel();
    });

    it("lights up a button that says the same again, and no meter that was asked", async () => {
      const device = await startDevice("3.4", { dps: { ...VALUES, "1": "single" } });
      await editor().replaceFlows([TAB]);
      await enter(device.port);
      await watchLights();
      await editor().page.click(LEARN);
      await listening();
      await editor().page.locator(".tuya-dp-new").nth(5).waitFor();
      device.set({ "1": "single" });
      await untilLit("1");
      assert.deepEqual(await lights(), ["1"]);
      await editor().cancel();
    });

    it("learns from a sub-device over its gateway", async () => {
      const device = await startDevice("3.4", { subDevices: { [CID]: { dps: { "1": true, "101": 20 } } } });
      await editor().replaceFlows(flowsFor(device.port));
      await open("child");
      await watchLights();
      await editor().page.click(LEARN);
      await listening();
      await editor().page.locator(".tuya-dp-new").nth(1).waitFor();
      device.set({ "101": 21 }, { cid: CID });
      await untilLit("101");
      assert.equal(await valueOf("101"), "21");
      await editor().cancel();
    });

    it("says why nothing can be learned, and keeps the key to itself", async () => {
      await editor().replaceFlows([TAB]);
      await enter(1, "too short");
      await editor().page.click(LEARN);
      await status().getByText("The local key has 9 characters instead of 16.").waitFor();
      assert.deepEqual(editor().takeMishaps(), [`400: ${server().url}tuya/learn`]);
      await editor().showTab(TABS, "connection");
      await editor().fill(`${FIELD}localKey`, LOCAL_KEY);
      await editor().showTab(TABS, "datapoints");
      await editor().page.click(LEARN);
      await status()
        .getByText(/refuses connections at 127\.0\.0\.1:1/)
        .waitFor();
      await editor().screenshot("learn-trouble");
      assert.ok(!server().output().includes("N0z/"));
      await editor().cancel();
    });

    it("gives way to the test, and the test to it", async () => {
      const device = await startDevice("3.4", { dps: VALUES, overrides: { clientLimit: 1 } });
      await editor().replaceFlows([TAB]);
      await enter(device.port);
      await editor().page.click(LEARN);
      await listening();
      await editor().showTab(TABS, "connection");
      const hungUp = once(device, "disconnect");
      await editor().page.click(".tuya-test-start");
      await hungUp;
      await editor().page.locator(".tuya-verdict[data-verdict]").waitFor();
      assert.equal((await status().textContent())?.trim(), "Learning has ended.");
      await editor().cancel();
    });
  });
});
