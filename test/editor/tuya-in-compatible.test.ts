import assert from "node:assert/strict";
import { deviceNode, inNode, PLUG_DATAPOINTS, TAB } from "../support/editor-flows";
import { inEditor } from "../support/in-editor";

const FIELD = "#node-input-";

const debug = (id: string, y: number): object => ({
  id,
  type: "debug",
  z: "tab",
  x: 500,
  y,
  complete: "true",
  wires: [],
});

const FLOWS = [
  TAB,
  deviceNode("plug", { name: "Kitchen plug", datapoints: PLUG_DATAPOINTS }),
  inNode("in", { device: "plug", wires: [["data"]] }),
  debug("data", 80),
  debug("state", 140),
];

/** A node as a converted flow holds it. */
const CONVERTED = inNode("in", {
  device: "plug",
  output: "compatible",
  eventMode: "event-data",
  when: "all",
  initial: false,
  state: true,
  outputs: 2,
  wires: [["data"], ["state"]],
});

describe("output of tuya-smart-device in the panel of tuya-in", () => {
  inEditor(FLOWS, (editor) => {
    const isVisible = (selector: string) => editor().page.isVisible(selector);

    it("shows the fields that mean something, for it and for the others", async () => {
      await editor().edit("in");
      assert.equal(await isVisible(`${FIELD}eventMode`), false);
      await editor().page.selectOption(`${FIELD}output`, "compatible");
      assert.equal(await isVisible(`${FIELD}eventMode`), true);
      for (const name of ["dps", "when", "deadband", "throttle"])
        assert.equal(await isVisible(`${FIELD}${name}`), false, name);
      for (const name of ["initial", "state", "name"])
        assert.equal(await isVisible(`${FIELD}${name}`), true, name);
      assert.equal(await isVisible("#tuya-in-picker"), false);
      assert.equal(await editor().value(`${FIELD}eventMode`), "event-both");
      assert.deepEqual(await editor().untranslated(), []);
      await editor().screenshot("in-compatible");
      await editor().page.selectOption(`${FIELD}output`, "each");
      assert.equal(await isVisible(`${FIELD}eventMode`), false);
      assert.equal(await isVisible("#tuya-in-picker"), true);
      await editor().screenshot("in-after-compatible");
      await editor().cancel();
    });

    it("saves the event mode, keeps the wire of the values, and adds one for the connection", async () => {
      await editor().edit("in");
      await editor().page.selectOption(`${FIELD}output`, "compatible");
      await editor().page.selectOption(`${FIELD}eventMode`, "event-dp-refresh");
      await editor().page.check(`${FIELD}state`);
      await editor().ok();
      await editor().deploy();
      const { output, eventMode, outputs, wires } = (await editor().deployed("in")) as Record<
        string,
        unknown
      >;
      assert.deepEqual(
        { output, eventMode, outputs, wires },
        { output: "compatible", eventMode: "event-dp-refresh", outputs: 2, wires: [["data"], []] },
      );
      await editor().reload();
      await editor().edit("in");
      assert.equal(await editor().value(`${FIELD}eventMode`), "event-dp-refresh");
      await editor().cancel();
      await editor().replaceFlows(FLOWS);
    });

    it("changes nothing of a converted node by itself", async () => {
      await editor().replaceFlows(FLOWS.map((node) => ("id" in node && node.id === "in" ? CONVERTED : node)));
      await editor().edit("in");
      assert.equal(await editor().value(`${FIELD}eventMode`), "event-data");
      await editor().screenshot("in-converted");
      await editor().ok();
      assert.equal(await editor().isDirty(), false);
    });

    it("does not complain of fields it does not use", async () => {
      const wrong = { dps: "no such, name", throttle: "soon", deadband: "%" };
      assert.equal((await editor().reasons("in", { ...wrong, output: "object" })).length, 3);
      assert.deepEqual(await editor().reasons("in", { ...wrong, output: "compatible" }), []);
      assert.deepEqual(await editor().reasons("in", { output: "compatible", device: "" }), [
        "Choose a device",
      ]);
    });
  });
});
