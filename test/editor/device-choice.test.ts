import assert from "node:assert/strict";
import { deviceNode, inNode, PLUG_DATAPOINTS, rawNode, TAB } from "../support/editor-flows";
import { inEditor } from "../support/in-editor";

const DEVICE = "#node-input-device";
const SEARCH = ".tuya-choices:visible input";
const ROW = ".tuya-choices:visible [data-value]";

/** Of different ids, all of the same length. */
function idOf(number: number): string {
  return `bf${String(1000 + number)}cdef0123456789`;
}

const LAMPS = Array.from({ length: 11 }, (_item, at) =>
  deviceNode(`lamp${at}`, { name: `Lamp ${at}`, deviceId: idOf(at), ip: `127.0.0.${at + 1}` }),
);

const FEW = [
  TAB,
  deviceNode("hub", { name: "Hub", deviceId: idOf(50) }),
  deviceNode("door", {
    name: "Door",
    deviceId: "",
    ip: "",
    port: "",
    gateway: "hub",
    cid: "a4c1380000000001",
  }),
  deviceNode("plug", { name: "Plug", deviceId: idOf(60), datapoints: PLUG_DATAPOINTS }),
  deviceNode("plug2", { name: "Plug", deviceId: idOf(61) }),
  inNode("in", { device: "plug" }),
  rawNode("raw", { device: "" }),
];

const MANY = [...FEW, ...LAMPS];

describe("choice of a device", () => {
  inEditor(MANY, (editor) => {
    const rows = async () =>
      (await editor().page.locator(ROW).allInnerTexts()).map((text) => text.trim().replace(/\s+/g, " "));
    const press = (key: string) => editor().page.keyboard.press(key);

    it("is searched where there are many: by name, id, address and gateway", async () => {
      await editor().edit("in");
      await editor().page.click(DEVICE);
      assert.equal((await rows()).length, 16);
      await editor().screenshot("device-choice");
      await editor().page.fill(SEARCH, "lamp 1");
      assert.deepEqual((await rows()).slice(0, 3), ["Lamp 1", "Lamp 10", "Lamp 0"]);
      await editor().page.fill(SEARCH, idOf(7));
      assert.deepEqual(await rows(), ["Lamp 7"]);
      await editor().page.fill(SEARCH, "127.0.0.4");
      assert.deepEqual(await rows(), ["Lamp 3"]);
      await editor().page.fill(SEARCH, "hub");
      assert.deepEqual(await rows(), ["Hub gateway", "Door behind Hub"]);
      await editor().page.fill(SEARCH, "cellar");
      assert.equal(await editor().page.innerText(".tuya-choices li"), "No device matches.");
      assert.deepEqual(await editor().untranslated(), []);
      await editor().page.fill(SEARCH, "3");
      await editor().page.click(`${ROW} >> nth=0`);
      assert.equal(await editor().value(DEVICE), "lamp3");
      assert.equal(await editor().page.locator(".tuya-choices:visible").count(), 0);
      await editor().ok();
      assert.equal((await editor().saved("in"))["device"], "lamp3");
      await editor().undo();
    });

    it("works with the keyboard alone, and leaves the dialog open", async () => {
      await editor().edit("in");
      await editor().page.focus(DEVICE);
      await press("l");
      await editor().page.keyboard.type("amp");
      await press("ArrowDown");
      await press("ArrowDown");
      const active = editor().page.locator(".tuya-choice-active");
      assert.equal((await active.innerText()).trim(), "Lamp 2");
      assert.equal(
        await editor().page.getAttribute(SEARCH, "aria-activedescendant"),
        await active.getAttribute("id"),
      );
      await press("Enter");
      assert.equal(await editor().value(DEVICE), "lamp2");
      assert.equal(await editor().page.evaluate(() => document.activeElement?.id), "node-input-device");
      await press("ArrowDown");
      assert.equal((await active.innerText()).trim(), "Lamp 2");
      await press("Escape");
      assert.equal(await editor().page.locator(".tuya-choices:visible").count(), 0);
      assert.equal(await editor().page.isVisible(DEVICE), true);
      await press("Space");
      await press("Tab");
      assert.equal(await editor().page.locator(".tuya-choices:visible").count(), 0);
      assert.equal(await editor().value(DEVICE), "lamp2");
      await editor().cancel();
    });

    it("stays complete when a device is renamed or added from it", async () => {
      await editor().edit("in");
      await editor().page.selectOption(DEVICE, "lamp5");
      await editor().openNested("#node-input-btn-device-edit");
      await editor().fill("#node-config-input-name", "Attic");
      await editor().ok();
      assert.equal(await editor().value(DEVICE), "lamp5");
      await editor().page.click(DEVICE);
      assert.equal((await rows())[0], "Attic");
      await press("Escape");
      await editor().cancel();
      await editor().replaceFlows(MANY);
    });

    it("offers a gateway neither itself nor sub-devices, those that are one first", async () => {
      await editor().editConfig("tuya-device", "door");
      const gateway = "#node-config-input-gateway";
      const groups = await editor().page.$$eval(`${gateway} optgroup`, (elements) =>
        elements.map((group) => [
          group.getAttribute("label"),
          ...[...group.children].slice(0, 2).map((option) => option.textContent),
        ]),
      );
      assert.deepEqual(groups, [
        ["Gateways in use", "Hub"],
        ["Other devices", "Lamp 0", "Lamp 1"],
      ]);
      assert.equal(await editor().page.locator(`${gateway} option[value="door"]`).count(), 0);
      assert.equal(await editor().value(gateway), "hub");
      await editor().page.click(gateway);
      await editor().screenshot("gateway-choice");
      assert.equal((await rows())[0], "Hub gateway");
      await press("Escape");
      await editor().cancel();
      await editor().editConfig("tuya-device", "hub");
      await editor().page.selectOption("#tuya-device-kind", "child");
      assert.equal(await editor().page.locator(`${gateway} option[value="hub"]`).count(), 0);
      assert.equal(await editor().page.locator(`${gateway} option[value="door"]`).count(), 0);
      await editor().cancel();
    });

    it("tells equal names apart, in lists and in the flow", async () => {
      const label = (id: string) =>
        editor().page.evaluate((node) => RED.utils.getNodeLabel(RED.nodes.node(node) as never, ""), id);
      assert.equal(await label("in"), "Plug (bf1060)");
      await editor().edit("raw");
      await editor().page.click(DEVICE);
      await editor().page.fill(SEARCH, "plug");
      assert.deepEqual(await rows(), ["Plug (bf1060)", "Plug (bf1061)"]);
      await press("Enter");
      await editor().ok();
      assert.equal(await label("raw"), "Plug (bf1060)");
      await editor().replaceFlows(MANY.filter((node) => !("id" in node) || node.id !== "plug2"));
      assert.equal(await label("in"), "Plug");
    });

    it("is Node-RED’s own list where there are few", async () => {
      await editor().replaceFlows(FEW);
      await editor().edit("in");
      await editor().page.focus(DEVICE);
      await press("ArrowDown");
      assert.equal(await editor().page.locator(".tuya-choices:visible").count(), 0);
      await editor().cancel();
      await editor().replaceFlows(MANY);
    });
  });
});

describe("texts of the panel of tuya-in", () => {
  inEditor(FEW, (editor) => {
    const example = () => editor().page.innerText("#tuya-in-example");
    const deadband = () => editor().page.innerText("#tuya-in-deadband-hint");

    it("show the data points of the device that is chosen", async () => {
      await editor().edit("in");
      assert.equal(await example(), "payload = {switch_1: true, cur_power: 100.2, …}");
      await editor().page.getByLabel("cur_voltage").check();
      assert.equal(await example(), 'topic = "Plug/cur_voltage", payload = 230.1');
      await editor().page.selectOption("#node-input-output", "ports");
      assert.equal(await example(), 'topic = "Plug/cur_voltage", payload = 230.1, on its own output');
      await editor().page.selectOption(DEVICE, "plug2");
      assert.equal(await example(), 'topic = "Lamp/cur_voltage", payload = 230.1, on its own output');
      await editor().cancel();
    });

    it("say what “Ignore below” does with the number that is typed", async () => {
      await editor().edit("in");
      assert.match(await deadband(), /^A number that has changed by less than this is not sent/);
      await editor().page.fill("#node-input-deadband", "2");
      assert.equal(
        await deadband(),
        "A number is sent again once it differs by 2 or more from the value sent last.",
      );
      await editor().page.getByLabel("cur_power").check();
      assert.equal(
        await deadband(),
        "A number is sent again once it differs by 2 W or more from the value sent last.",
      );
      await editor().page.fill("#node-input-deadband", "5 %");
      assert.match(await deadband(), /differs by 5% or more/);
      await editor().page.selectOption("#node-input-when", "push");
      assert.equal(await editor().page.isVisible("#tuya-in-deadband-hint"), false);
      await editor().cancel();
    });

    it("have a button that shows their part of the help", async () => {
      await editor().edit("in");
      await editor().page.click('.tuya-help[data-section="details"]');
      const heading = editor().page.locator("#tuya-in-help-details");
      await heading.waitFor();
      const inSight = await heading.evaluate((element) => {
        const { top } = element.getBoundingClientRect();
        return top > 0 && top < window.innerHeight;
      });
      assert.equal(inSight, true);
      await editor().cancel();
    });
  });
});
