import assert from "node:assert/strict";
import { deviceNode, inNode, outNode, PLUG_DATAPOINTS, TAB } from "../support/editor-flows";
import { inEditor } from "../support/in-editor";
import { profile } from "../support/kind";

const FIELD = "#node-input-";

const FLOWS = [
  TAB,
  deviceNode("plug", { name: "Kitchen plug", datapoints: PLUG_DATAPOINTS }),
  deviceNode("lamp", {
    name: "Attic",
    deviceId: "bf22222222222222222222",
    datapoints: profile("lamp-colour"),
  }),
  deviceNode("bare", { name: "Bare", deviceId: "bf33333333333333333333" }),
  inNode("in", { device: "lamp" }),
  outNode("out", { device: "lamp" }),
];

describe("friendly names and all devices, in the editor", () => {
  inEditor(FLOWS, (editor) => {
    const texts = async (list: string) =>
      (await editor().page.locator(`${list} li:visible`).allInnerTexts()).map((text) =>
        text.trim().replace(/\s+/g, " "),
      );
    const tick = (name: string) =>
      editor().page.locator(`#tuya-in-dps li:visible input[value="${name}"]`).click();
    const label = (id: string) =>
      editor().page.evaluate((node) => RED.utils.getNodeLabel(RED.nodes.node(node) as never, ""), id);

    it("stand first in the lists of both nodes", async () => {
      await editor().edit("in");
      assert.deepEqual((await texts("#tuya-in-dps")).slice(0, 6), [
        "On Boolean on",
        "Brightness % brightness",
        "Colour colour",
        "Colour temperature % temperature",
        "Colour temperature K kelvin",
        "Switch switch_led Boolean 20",
      ]);
      await editor().cancel();
      await editor().edit("out");
      assert.equal((await texts("#tuya-out-dps"))[2], "Brightness % brightness");
      await editor().page.locator('#tuya-out-dps input[value="brightness"]').click();
      assert.match(await editor().page.innerText("#tuya-out-dp-hint"), /0 switches off/);
      assert.deepEqual(await editor().untranslated(), []);
      await editor().screenshot("out-words");
      await editor().cancel();
    });

    it("are valid where the device has them, or may have them", async () => {
      const wrong = ["The device has no data point named position"];
      assert.deepEqual(await editor().reasons("in", { dps: "brightness,colour,color" }), []);
      assert.deepEqual(await editor().reasons("in", { dps: "position" }), wrong);
      assert.deepEqual(await editor().reasons("out", { dp: "kelvin" }), []);
      assert.deepEqual(await editor().reasons("out", { dp: "position" }), wrong);
      assert.deepEqual(await editor().reasons("out", { dp: "position", device: "bare" }), []);
      assert.deepEqual(await editor().reasons("in", { dps: "kelvin", scope: "all", device: "" }), []);
      assert.deepEqual(await editor().reasons("in", { dps: "nonsense", scope: "all" }), [
        "The device has no data point named nonsense",
      ]);
      assert.deepEqual(await editor().reasons("out", { device: "", scope: "message" }), []);
    });

    it("choose one message per value for a single one, unless somebody chose an output himself", async () => {
      const output = () => editor().value(`${FIELD}output`);
      await editor().edit("in");
      assert.equal(await output(), "object");
      await tick("brightness");
      assert.equal(await output(), "each");
      assert.equal(await editor().page.isVisible(`${FIELD}lastValue`), true);
      await tick("colour");
      assert.equal(await output(), "object");
      await tick("colour");
      assert.equal(await output(), "each");
      await editor().screenshot("in-words");
      await editor().page.selectOption(`${FIELD}output`, "object");
      await tick("colour");
      await tick("colour");
      assert.equal(await output(), "object");
      await editor().cancel();
    });

    it("name the data point in the node's label", async () => {
      await editor().replaceFlows([
        ...FLOWS.slice(0, 4),
        inNode("in", { device: "lamp", dps: "brightness" }),
        inNode("two", { device: "lamp", dps: "on, 22", y: 140 }),
        inNode("three", { device: "lamp", dps: "20, 21, 22", y: 200 }),
        inNode("all", { scope: "all", filter: "Kitchen*", dps: "switch_1", y: 260 }),
        outNode("out", { device: "lamp", dp: "colour" }),
        outNode("each", { scope: "message", y: 140 }),
      ]);
      assert.equal(await label("in"), "Attic · Brightness %");
      assert.equal(await label("two"), "Attic · On, Brightness");
      assert.equal(await label("three"), "Attic");
      assert.equal(await label("all"), "Kitchen* · switch_1");
      assert.equal(await label("out"), "Attic · Colour");
      assert.equal(await label("each"), "device of the message");
      await editor().screenshot("labels");
      await editor().replaceFlows(FLOWS);
    });

    it("count every device as used where a node hears all of them", async () => {
      const isSaidToBeUnused = () =>
        editor().page.evaluate(() => {
          const { _def, users } = RED.nodes.node("bare") as unknown as {
            _def: { hasUsers?: boolean };
            users: unknown[];
          };
          return _def.hasUsers !== false && users.length === 0;
        });
      assert.equal(await isSaidToBeUnused(), true);
      await editor().replaceFlows([...FLOWS, inNode("all", { scope: "all", y: 260 })]);
      assert.equal(await isSaidToBeUnused(), false);
      await editor().replaceFlows(FLOWS);
      assert.equal(await isSaidToBeUnused(), true);
    });

    it("hear and command all devices: no device to choose, and the names of all of them", async () => {
      await editor().edit("in");
      assert.equal(await editor().page.isVisible(`${FIELD}filter`), false);
      await editor().page.selectOption(`${FIELD}output`, "ports");
      await editor().page.selectOption(`${FIELD}scope`, "all");
      assert.equal(await editor().page.isVisible(`${FIELD}device`), false);
      assert.equal(await editor().value(`${FIELD}output`), "each");
      const names = await texts("#tuya-in-dps");
      assert.ok(
        names.some((name) => name.startsWith("Brightness %")),
        names.join(),
      );
      assert.equal(names.filter((name) => name.startsWith("switch_1")).length, 1, names.join());
      assert.deepEqual(await editor().untranslated(), []);
      await editor().screenshot("in-all");
      await editor().fill(`${FIELD}filter`, "Kitchen*");
      await editor().ok();
      await editor().edit("out");
      await editor().page.selectOption(`${FIELD}scope`, "message");
      assert.equal(await editor().page.isVisible(`${FIELD}device`), false);
      assert.deepEqual(await editor().untranslated(), []);
      await editor().screenshot("out-message");
      await editor().ok();
      await editor().deploy();
      const { scope, filter } = await editor().deployed("in");
      assert.deepEqual([scope, filter], ["all", "Kitchen*"]);
      assert.equal((await editor().deployed("out"))["scope"], "message");
      await editor().replaceFlows(FLOWS);
    });
  });
});
