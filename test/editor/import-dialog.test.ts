import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { AWKWARD_KEY, deviceNode, inNode, TAB } from "../support/editor-flows";
import { inEditor } from "../support/in-editor";

/** Functions given to `evaluate` run in the page, where this is a global. */
declare const RED: { readonly actions: { invoke(name: string): void } };

const LIST = readFileSync("test/import/fixtures/devices.json", "utf8");
const FLOWS = [TAB, deviceNode("plug", { name: "Plug" }), inNode("plug-in", { device: "plug" })];

describe("import dialog", () => {
  inEditor(FLOWS, (editor) => {
    const open = () =>
      editor().whileTraysChange(1, () =>
        editor().page.evaluate(() => RED.actions.invoke("tuya:import-devices")),
      );

    it("creates the devices of a pasted list, in one step that can be undone", async () => {
      await open();
      await editor().screenshot("import-empty");
      await editor().page.fill(".tuya-import-text", LIST);
      await editor().page.locator(".tuya-import-table tbody tr").first().waitFor();
      await editor().screenshot("import-preview");
      assert.deepEqual(await editor().untranslated(), []);
      const html = await editor().page.content();
      assert.ok(!html.includes(AWKWARD_KEY));
      await editor().ok();
      await editor().screenshot("import-done");
    });
  });
});
