import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import type { Browser } from "playwright-core";
import { Editor } from "./editor";
import { deviceNode, inNode, TAB } from "./editor-flows";
import type { NodeRedServer } from "./node-red";

/** Wide enough for something to be beside the widest dialog. */
const WINDOW = { width: 1800, height: 860 };

/** Functions given to `evaluate` run in the page, where this is a global. */
declare const RED: {
  readonly actions: { invoke(name: string): void };
  readonly nodes: { eachConfig(take: (node: { readonly type: string }) => boolean): void };
};

/** Does in an editor what differs from one Node-RED to the next: dialogs within dialogs, an import, and undoing it. */
export async function tryEditor(browser: Browser, server: NodeRedServer): Promise<void> {
  const flows = [TAB, deviceNode("device", { name: "Lamp" }), inNode("in", { device: "device" })];
  const editor = await Editor.open(browser, server, flows);
  await editor.page.setViewportSize(WINDOW);
  await showPanels(editor);
  await importDevices(editor);
  assert.deepEqual(editor.takeMishaps(), []);
}

async function showPanels(editor: Editor): Promise<void> {
  await editor.edit("in");
  assert.equal(await editor.value("#node-input-device"), "device");
  assert.deepEqual(await editor.untranslated(), []);
  await editor.openNested("#node-input-btn-device-edit");
  assert.equal(await editor.value("#node-config-input-name"), "Lamp");
  assert.deepEqual(await editor.untranslated(), []);
  await editor.cancel();
  await editor.cancel();
}

async function importDevices(editor: Editor): Promise<void> {
  const { page } = editor;
  const devices = (): Promise<number> =>
    page.evaluate(() => {
      let count = 0;
      RED.nodes.eachConfig(({ type }) => {
        if (type === "tuya-device") count++;
        return true;
      });
      return count;
    });
  await editor.whileTraysChange(1, () => page.evaluate(() => RED.actions.invoke("tuya:import-devices")));
  await page.fill(".tuya-import-text", await readFile("test/import/fixtures/devices.json", "utf8"));
  await page.locator(".tuya-import-table tbody tr").nth(4).waitFor();
  // Node-RED 5 takes a click beside a dialog for one on its primary button.
  await page.click("#red-ui-editor-shade", { position: { x: 30, y: 300 } });
  assert.equal(await devices(), 1);
  await editor.ok();
  assert.equal(await devices(), 6);
  await editor.undo();
  assert.equal(await devices(), 1);
}
