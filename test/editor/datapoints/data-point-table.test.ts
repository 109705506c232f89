import assert from "node:assert/strict";
import { deviceNode, inNode, PLUG_DATAPOINTS, TAB } from "../../support/editor-flows";
import { inEditor } from "../../support/in-editor";

const TABS = "#tuya-device-tabs";

const FLOWS = [
  TAB,
  deviceNode("plug", { datapoints: PLUG_DATAPOINTS }),
  inNode("plug-in", { device: "plug" }),
];

describe("table of data points", () => {
  inEditor(FLOWS, (editor) => {
    const rows = () => editor().page.locator(".tuya-dp");
    const cell = (row: number, field: string) => rows().nth(row).locator(`[data-field="${field}"]`);
    const open = async () => {
      await editor().editConfig("tuya-device", "plug");
      await editor().showTab(TABS, "datapoints");
    };
    /** Presses Update, and takes that back after having seen what would be saved. */
    const saved = async () => {
      await editor().ok();
      const { datapoints } = await editor().saved("plug");
      await editor().undo();
      assert.deepEqual((await editor().saved("plug"))["datapoints"], PLUG_DATAPOINTS);
      return datapoints;
    };

    it("shows saved data points, their details in one line", async () => {
      await open();
      assert.equal(await rows().count(), PLUG_DATAPOINTS.length);
      const details = (await rows().locator("button.tuya-dp-details").allInnerTexts()).map((text) =>
        text.trim(),
      );
      assert.deepEqual(details, [
        "",
        "s · 0…86400",
        "mA · 0…30000",
        "÷10 W · 0…80000",
        "÷10 V · 0…5000",
        "ov_cr, ov_vol, ov_pwr",
        "off, on, memory",
        "single_click, double_click",
        "set…",
      ]);
      await editor().cancel();
    });

    it("adds a row, unfolds what its type has, and saves it in the shape of the contract", async () => {
      await open();
      await editor().page.click(".red-ui-editableList-addButton");
      const last = PLUG_DATAPOINTS.length;
      await cell(last, "dp").fill("21");
      await cell(last, "code").fill("temp_current");
      await cell(last, "type").selectOption("Integer");
      await cell(last, "scale").fill("2");
      await cell(last, "unit").fill("°C");
      await cell(last, "min").fill("-400");
      await cell(last, "max").fill("1000");
      assert.match(await rows().nth(last).innerText(), /2301 → 23.01 °C/);
      await editor().screenshot("device-datapoints-unfolded");
      assert.deepEqual(await editor().untranslated(), []);
      await editor().ok();
      await editor().deploy();
      const { datapoints } = await editor().deployed("plug");
      assert.deepEqual(datapoints, [
        ...PLUG_DATAPOINTS,
        { dp: "21", code: "temp_current", type: "Integer", scale: 2, unit: "°C", min: -400, max: 1000 },
      ]);
      await editor().reload();
      await open();
      assert.equal(await cell(last, "code").inputValue(), "temp_current");
      await editor().cancel();
      await editor().replaceFlows(FLOWS);
    });

    it("saves values as a list and an event as such", async () => {
      await open();
      await cell(0, "type").selectOption("Enum");
      await cell(0, "values").fill("on, off , ");
      await cell(0, "event").check();
      assert.deepEqual(await saved(), [
        { dp: "1", code: "switch_1", type: "Enum", values: ["on", "off"], event: true },
        ...PLUG_DATAPOINTS.slice(1),
      ]);
    });

    it("edits and removes rows, and drops those nothing was typed into", async () => {
      await open();
      await cell(0, "code").fill("main_switch");
      await rows().nth(7).locator("~ .red-ui-editableList-item-remove").click();
      await rows().nth(8).waitFor({ state: "detached" });
      await editor().page.click(".red-ui-editableList-addButton");
      assert.deepEqual(await saved(), [
        { dp: "1", code: "main_switch", type: "Boolean" },
        ...PLUG_DATAPOINTS.slice(1, 7),
        { dp: "101" },
      ]);
    });

    it("saves rows in the order they were dragged into", async () => {
      await open();
      const handle = rows().first().locator("~ .red-ui-editableList-item-handle");
      const target = await rows().nth(2).boundingBox();
      assert.ok(target);
      await handle.hover();
      await editor().page.mouse.down();
      await editor().page.mouse.move(target.x, target.y + 10, { steps: 5 });
      await editor().page.mouse.move(target.x, target.y + target.height / 2, { steps: 5 });
      await editor().page.mouse.up();
      const [first, second, third, ...rest] = PLUG_DATAPOINTS;
      assert.deepEqual(await saved(), [second, third, first, ...rest]);
    });

    it("marks what cannot be right, and the device says so", async () => {
      await open();
      await cell(0, "dp").fill("9");
      assert.match((await cell(0, "dp").getAttribute("class")) ?? "", /input-error/);
      assert.match((await cell(1, "dp").getAttribute("class")) ?? "", /input-error/);
      assert.equal(await cell(0, "dp").getAttribute("title"), "number appears twice");
      await editor().screenshot("device-datapoints-problem");
      await editor().ok();
      assert.deepEqual((await editor().node("plug")).validationErrors, [
        "Data point 9: number appears twice",
      ]);
    });

    it("stays usable with thirty rows: compact, and the button in sight", async () => {
      const many = Array.from({ length: 30 }, (_, index) => ({
        dp: `${index + 1}`,
        code: `switch_${index + 1}`,
      }));
      await editor().replaceFlows([TAB, deviceNode("plug", { datapoints: many })]);
      await open();
      assert.equal(await rows().count(), 30);
      const box = await editor()
        .page.locator(".tuya-form .red-ui-editableList-container li")
        .nth(3)
        .boundingBox();
      assert.ok(box && box.height <= 34, `${box?.height} px`);
      assert.ok(await editor().page.isVisible(".red-ui-editableList-addButton"));
      const button = await editor().page.locator(".red-ui-editableList-addButton").boundingBox();
      const footer = await editor().page.locator(".red-ui-tray-footer").boundingBox();
      assert.ok(button && footer && button.y + button.height <= footer.y);
      const overflow = await editor()
        .page.locator(".red-ui-tray-content:visible")
        .evaluate((content) => content.scrollHeight - content.clientHeight);
      assert.equal(overflow, 0);
      const tray = await editor().page.locator(".red-ui-tray").boundingBox();
      assert.ok(tray && tray.width <= 520, `${tray?.width} px`);
      await editor().screenshot("device-datapoints-thirty");
      await editor().cancel();
    });
  });
});
