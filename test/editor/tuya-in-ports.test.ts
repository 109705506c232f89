import assert from "node:assert/strict";
import { deviceNode, inNode, PLUG_DATAPOINTS, TAB } from "../support/editor-flows";
import { inEditor } from "../support/in-editor";

const FIELD = "#node-input-";

const LABELLED = PLUG_DATAPOINTS.map((point) =>
  point.dp === "20" ? { ...point, label: "Mains voltage" } : point,
);

const debug = (id: string, y: number): object => ({
  id,
  type: "debug",
  z: "tab",
  x: 500,
  y,
  complete: "true",
  wires: [],
});

/** As `change` of the panel is deployed; the wires tell which output is which. */
const PORTS = {
  device: "plug",
  output: "ports",
  dps: "switch_1, cur_voltage, cur_power",
  state: true,
  eventMode: "event-both",
  throttle: "",
  deadband: "",
  outputs: 4,
  wires: [["to-switch"], ["to-voltage"], ["to-power"], ["to-state"]],
};

const FLOWS = [
  TAB,
  deviceNode("plug", { name: "Kitchen plug", datapoints: LABELLED }),
  deviceNode("bare", { name: "Bare", deviceId: "bf33333333333333333333" }),
  inNode("in", { device: "plug", wires: [["to-switch"]] }),
  inNode("ports", { ...PORTS, y: 200 }),
  debug("to-switch", 80),
  debug("to-voltage", 140),
  debug("to-power", 200),
  debug("to-state", 260),
];

describe("list of data points in tuya-in", () => {
  inEditor(FLOWS, (editor) => {
    const rows = () => editor().page.locator("#tuya-in-dps li:visible");
    const texts = async () => (await rows().allInnerTexts()).map((text) => text.trim().replace(/\s+/g, " "));
    const box = (row: number) => rows().nth(row).locator("input");
    const checked = () => editor().page.locator("#tuya-in-dps input:checked").count();
    const written = () => editor().value(`${FIELD}dps`);

    it("shows the device's data points by name and type, and says what the text field says", async () => {
      await editor().edit("in");
      const expected = PLUG_DATAPOINTS.map(({ dp, code, type }) =>
        code === undefined ? dp : `${code} ${type} ${dp}`,
      );
      expected[4] = "Mains voltage cur_voltage Integer 20";
      expected.unshift("On Boolean on");
      assert.deepEqual(await texts(), expected);
      assert.equal(await checked(), 0);
      await box(5).check();
      await box(1).check();
      await box(9).check();
      assert.equal(await written(), "cur_voltage, switch_1, 101");
      // Only where the order means something is there a change of it.
      assert.deepEqual(await texts(), expected);
      await editor().screenshot("in-picker");
      await box(1).uncheck();
      assert.equal(await written(), "cur_voltage, 101");
      await editor().page.fill(`${FIELD}dps`, "20, switch_1, 77");
      assert.equal(await checked(), 3);
      assert.equal((await texts()).at(-1), "77");
      await box(5).uncheck();
      assert.equal(await written(), "switch_1, 77");
      assert.deepEqual(await editor().untranslated(), []);
      await editor().cancel();
    });

    it("finds data points by label, code and number", async () => {
      await editor().edit("in");
      for (const [words, found] of [
        ["MAINS", ["Mains voltage cur_voltage Integer 20"]],
        ["cur_", ["cur_current Integer 18", "cur_power Integer 19", "Mains voltage cur_voltage Integer 20"]],
        ["101", ["101"]],
        ["volt 20", ["Mains voltage cur_voltage Integer 20"]],
        ["nothing of the kind", []],
      ] as const) {
        await editor().page.fill("#tuya-in-filter", words);
        assert.deepEqual(await texts(), found, words);
      }
      await editor().page.fill("#tuya-in-filter", "cur_");
      await box(1).check();
      assert.equal(await written(), "cur_power");
      assert.equal((await texts()).length, 3);
      await editor().cancel();
    });

    it("can be used with the keyboard, and keeps the focus where it is", async () => {
      await editor().edit("ports");
      await box(0).focus();
      await editor().page.keyboard.press("Space");
      assert.equal(await written(), "cur_voltage, cur_power");
      await editor().page.keyboard.press("Space");
      assert.equal(await written(), "cur_voltage, cur_power, switch_1");
      await editor().cancel();
    });

    it("leaves the text field alone where the device has no data points", async () => {
      await editor().edit("in");
      await editor().page.selectOption(`${FIELD}device`, "bare");
      assert.equal(await editor().page.isVisible("#tuya-in-picker"), false);
      await editor().fill(`${FIELD}dps`, "1, 20");
      await editor().page.selectOption(`${FIELD}output`, "ports");
      await editor().ok();
      assert.equal((await editor().node("in")).outputs, 2);
      await editor().replaceFlows(FLOWS);
    });
  });
});

describe("one output per value in tuya-in", () => {
  inEditor(FLOWS, (editor) => {
    const saved = async (id: string) => {
      const { outputs, wires, dps } = await editor().saved(id);
      return { outputs, wires, dps };
    };
    const rows = () => editor().page.locator("#tuya-in-dps li");
    const change = async (id: string, act: () => Promise<unknown>) => {
      await editor().edit(id);
      await act();
      await editor().ok();
      return saved(id);
    };
    const write = (dps: string) => () => editor().fill(`${FIELD}dps`, dps);
    /** The label the editor shows at a port. */
    const label = async (id: string, index: number) => {
      const port = editor().page.locator(`[id="${id}"] .red-ui-flow-port-output`).nth(index);
      await port.hover();
      const text = await editor().page.locator(".red-ui-flow-port-tooltip").textContent();
      await editor().page.mouse.move(700, 600);
      await editor().page.locator(".red-ui-flow-port-tooltip").waitFor({ state: "detached" });
      return text?.trim();
    };

    it("changes nothing by itself", async () => {
      await editor().edit("ports");
      assert.deepEqual(await editor().untranslated(), []);
      await editor().screenshot("in-ports");
      await editor().ok();
      assert.equal(await editor().isDirty(), false);
    });

    it("labels outputs with what people call the data point, else with its code, else with its number", async () => {
      await change("ports", write("switch_1, 20, 101"));
      assert.deepEqual(
        [await label("ports", 0), await label("ports", 1), await label("ports", 2), await label("ports", 3)],
        ["switch_1", "Mains voltage", "101", "connection"],
      );
      await editor().replaceFlows(FLOWS);
    });

    it("has as many outputs as data points, and one for the connection", async () => {
      const now = await change("in", async () => {
        await editor().page.selectOption(`${FIELD}output`, "ports");
        await write("switch_1, cur_power, 101")();
        await editor().page.check(`${FIELD}state`);
      });
      assert.deepEqual(now, {
        dps: "switch_1, cur_power, 101",
        outputs: 4,
        wires: [["to-switch"], [], [], []],
      });
      await editor().deploy();
      assert.equal((await editor().deployed("in"))["outputs"], 4);
      const back = await change("in", () => editor().page.selectOption(`${FIELD}output`, "each"));
      assert.deepEqual(back, { ...now, outputs: 2, wires: [["to-switch"], []] });
      await editor().replaceFlows(FLOWS);
    });

    it("keeps wires with their data points when one is added, taken out or renamed, and undoes that", async () => {
      const less = await change("ports", write("switch_1, 19"));
      assert.deepEqual(less, {
        dps: "switch_1, 19",
        outputs: 3,
        wires: [["to-switch"], ["to-power"], ["to-state"]],
      });
      await editor().undo();
      assert.deepEqual(await saved("ports"), {
        dps: PORTS.dps,
        outputs: PORTS.outputs,
        wires: PORTS.wires,
      });
      const more = await change("ports", write(`101, ${PORTS.dps}`));
      assert.deepEqual(more.wires, [[], ...PORTS.wires]);
      await editor().replaceFlows(FLOWS);
    });

    it("moves wires along when data points are dragged", async () => {
      const moved = await change("ports", async () => {
        const handle = rows().nth(2).locator(".tuya-pick-handle");
        const target = await rows().nth(0).boundingBox();
        assert.ok(target);
        await handle.hover();
        await editor().page.mouse.down();
        await editor().page.mouse.move(target.x + 15, target.y + 12, { steps: 5 });
        await editor().page.mouse.move(target.x + 15, target.y + 2, { steps: 5 });
        await editor().page.mouse.up();
        assert.equal(await editor().value(`${FIELD}dps`), "cur_power, switch_1, cur_voltage");
        await editor().screenshot("in-ports-dragged");
      });
      assert.deepEqual(moved.wires, [["to-power"], ["to-switch"], ["to-voltage"], ["to-state"]]);
      await editor().undo();
      assert.deepEqual((await saved("ports")).wires, PORTS.wires);
      await editor().replaceFlows(FLOWS);
    });

    it("shows the ticked ones first, with the number of their output", async () => {
      await editor().edit("ports");
      const numbers = () => editor().page.locator(".tuya-pick-output").allInnerTexts();
      assert.deepEqual(await numbers(), ["→ 1", "→ 2", "→ 3"]);
      assert.match(await rows().nth(1).innerText(), /Mains voltage/);
      await editor().page.locator("#tuya-in-dps").getByLabel("cur_current").check();
      assert.equal(await editor().value(`${FIELD}dps`), `${PORTS.dps}, cur_current`);
      assert.match(await rows().nth(3).innerText(), /cur_current/);
      assert.deepEqual(await numbers(), ["→ 1", "→ 2", "→ 3", "→ 4"]);
      await editor().page.selectOption(`${FIELD}output`, "each");
      assert.deepEqual(await numbers(), []);
      await editor().cancel();
    });

    it("shows a small change to ignore only where changes are sent", async () => {
      await editor().edit("ports");
      const isShown = () => editor().page.isVisible(`${FIELD}deadband`);
      assert.equal(await isShown(), true);
      await editor().page.selectOption(`${FIELD}when`, "push");
      assert.equal(await isShown(), false);
      await editor().cancel();
    });

    it("demands a choice, and each data point once", async () => {
      const reasons = (properties: object) => editor().reasons("ports", { ...properties });
      assert.deepEqual(await reasons({ dps: "" }), [
        "Choose at least one data point: each has an output of its own",
      ]);
      assert.deepEqual(await reasons({ dps: "", output: "each" }), []);
      assert.deepEqual(await reasons({ dps: "switch_1, 20, 1" }), ["1 has an output already"]);
      assert.deepEqual(await reasons({ dps: "switch_1, 20, 1", output: "object" }), []);
      assert.deepEqual(await reasons({ dps: "77, 77" }), ["77 has an output already"]);
      const hasError = async () =>
        /input-error/.test((await editor().page.getAttribute(`${FIELD}dps`, "class")) ?? "");
      await editor().edit("in");
      assert.equal(await hasError(), false);
      await editor().page.selectOption(`${FIELD}output`, "ports");
      assert.equal(await hasError(), true);
      await rows().nth(0).locator("input").check();
      assert.equal(await hasError(), false);
      await editor().cancel();
    });
  });
});
