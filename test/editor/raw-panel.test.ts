import assert from "node:assert/strict";
import { deviceNode, rawNode, TAB } from "../support/editor-flows";
import { inEditor } from "../support/in-editor";

const FIELD = "#node-input-";
const X = 180;

const FLOWS = [
  TAB,
  deviceNode("plug", { name: "Kitchen plug" }),
  rawNode("raw", { device: "plug" }),
  rawNode("alone", { y: 260 }),
];

describe("panel of tuya-raw", () => {
  inEditor(FLOWS, (editor) => {
    it("translates all of its texts and changes nothing by itself", async () => {
      for (const id of ["raw", "alone"]) {
        await editor().edit(id);
        assert.deepEqual(await editor().untranslated(), []);
        await editor().screenshot(id);
        await editor().ok();
        assert.equal(await editor().isDirty(), false, id);
      }
    });

    it("saves all of its properties and shows them again after a reload", async () => {
      await editor().edit("alone");
      await editor().page.selectOption(`${FIELD}device`, "plug");
      await editor().page.selectOption(`${FIELD}direction`, "in");
      await editor().fill(`${FIELD}name`, "Frames");
      await editor().ok();
      await editor().deploy();
      assert.deepEqual(
        // A longer label makes a wider node, and the editor keeps its left edge.
        { ...(await editor().deployed("alone")), x: X },
        rawNode("alone", { y: 260, device: "plug", direction: "in", name: "Frames" }),
      );
      await editor().reload();
      await editor().edit("alone");
      assert.equal(await editor().value(`${FIELD}device`), "plug");
      assert.equal(await editor().value(`${FIELD}direction`), "in");
      assert.equal(await editor().value(`${FIELD}name`), "Frames");
      await editor().cancel();
      await editor().replaceFlows(FLOWS);
    });

    it("can do without a device, but not with one that is gone", async () => {
      const reasons = (properties: object) => editor().reasons("raw", { ...properties });
      assert.deepEqual(await reasons({ device: "" }), []);
      assert.deepEqual(await reasons({ device: "plug" }), []);
      assert.deepEqual(await reasons({ device: "${DEVICE}" }), []);
      assert.deepEqual(await reasons({ device: "gone" }), ["The device no longer exists"]);
      assert.equal((await editor().node("alone")).valid, true);
    });

    it("is called by its device, and says that it has none", async () => {
      const label = (id: string) => editor().page.locator(`[id="${id}"] .red-ui-flow-node-label`);
      assert.equal(await label("raw").textContent(), "Kitchen plug");
      assert.equal(await label("alone").textContent(), "tuya raw");
      await editor()
        .page.locator('[id="alone"] .red-ui-flow-node-status-label')
        .getByText("no device chosen")
        .waitFor();
    });

    it("has a help that is shown as it was written", async () => {
      const help = await editor().showHelp("tuya-raw");
      const text = (await help.innerText()).replace(/\s+/g, " ");
      for (const phrase of ["DP_QUERY", "session key", "0x2a"]) assert.ok(text.includes(phrase), phrase);
      assert.ok((await help.locator("dt").count()) > 10);
    });
  });
});
