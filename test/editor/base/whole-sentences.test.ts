import assert from "node:assert/strict";
import { startDevice } from "../../support/virtual";
import { deviceNode, TAB } from "../../support/editor-flows";
import { inEditor } from "../../support/in-editor";

/** Functions given to `evaluate` run in the page, where this is a global. */
declare const RED: {
  readonly actions: { invoke(name: string): void };
};

const at = (x: number, y: number) => ({ z: "tab", x, y, wires: [[]] });

describe("what our nodes report, in the debug side bar", () => {
  inEditor([TAB], (editor, server) => {
    const messages = () => editor().page.locator(".red-ui-debug-msg");
    const said = (text: string | RegExp) => messages().filter({ hasText: text });

    async function load(flows: readonly object[]): Promise<void> {
      const { page } = editor();
      await page.evaluate(() => RED.actions.invoke("core:show-debug-tab"));
      await page.evaluate(() => RED.actions.invoke("core:clear-debug-messages"));
      await editor().replaceFlows(flows);
    }

    it("stands there as a whole sentence, under the name of the device", async () => {
      const virtual = await startDevice("3.4", { localKey: "an0ther_w-key_16" });
      const { id: deviceId, host: ip, port } = virtual;
      await load([
        TAB,
        deviceNode("lamp", {
          name: "Kitchen lamp",
          deviceId,
          ip,
          port: String(port),
          version: "3.4",
          credentials: { localKey: "0123456789abcdef" },
        }),
        { id: "in", type: "tuya-in", device: "lamp", ...at(200, 100) },
        { id: "out", type: "tuya-out", device: "lamp", ...at(200, 160) },
        {
          id: "inject",
          type: "inject",
          ...at(80, 160),
          props: [{ p: "payload", v: "true", vt: "bool" }],
          wires: [["out"]],
        },
      ]);
      const sentence =
        "Kitchen lamp rejects the local key. A device gets a new key each time it is paired: fetch the present one and enter it.";
      await said(sentence).waitFor();
      await fetch(new URL("inject/inject", server().url), { method: "POST" });
      await said(sentence).nth(1).waitFor();
      for (const message of await said(sentence).all()) {
        assert.equal(await message.locator(".red-ui-debug-msg-name").innerText(), "node: Kitchen lamp");
        assert.equal(await message.locator(".red-ui-debug-msg-payload").innerText(), sentence);
        const box = await message.locator(".red-ui-debug-msg-object-header").boundingBox();
        const list = await editor().page.locator(".red-ui-debug-content-list").boundingBox();
        assert.ok(
          box && list && box.x + box.width <= list.x + list.width,
          "it does not fit into the side bar",
        );
      }
      await editor().screenshot("debug-side-bar");
    });

    it("leaves what Debug nodes show as it is", async () => {
      const long = "a word ".repeat(30);
      await load([
        TAB,
        {
          id: "debug",
          type: "debug",
          active: true,
          tosidebar: true,
          complete: "payload",
          ...at(300, 100),
          wires: [],
        },
        {
          id: "inject",
          type: "inject",
          once: true,
          onceDelay: 0.3,
          ...at(80, 100),
          wires: [["debug"]],
          props: [{ p: "payload" }],
          payload: long,
          payloadType: "str",
        },
      ]);
      await said("a word").first().waitFor();
      assert.equal(await messages().locator(".red-ui-debug-msg-object-handle").count(), 1);
    });
  });
});
