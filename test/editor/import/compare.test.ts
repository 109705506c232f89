import assert from "node:assert/strict";
import { AWKWARD_KEY, deviceNode, inNode, TAB } from "../../support/editor-flows";
import { inEditor } from "../../support/in-editor";

/** Functions given to `evaluate` run in the page, where this is a global. */
declare const RED: { readonly actions: { invoke(name: string): void } };

const SAME = "bfsame00000000000001";
const OTHER = "bfother0000000000002";

describe("import of a list for devices that are configured", () => {
  inEditor(
    [
      TAB,
      deviceNode("same", { deviceId: SAME, credentials: { localKey: AWKWARD_KEY } }),
      deviceNode("twin", { deviceId: SAME, credentials: { localKey: AWKWARD_KEY } }),
      deviceNode("other", { deviceId: OTHER, credentials: { localKey: "old0old0old0old0" } }),
      inNode("in", { device: "same" }),
    ],
    (editor) => {
      it("tells those with another key from those with the same, and replaces none unasked", async () => {
        const answers: string[] = [];
        editor().page.on("response", (response) => {
          if (response.url().endsWith("tuya/keys/compare"))
            void response.text().then((text) => answers.push(text));
        });
        await editor().whileTraysChange(1, () =>
          editor().page.evaluate(() => RED.actions.invoke("tuya:import-devices")),
        );
        const list = [
          { id: SAME, name: "Same", key: AWKWARD_KEY, ip: "127.0.0.1", version: "3.3" },
          { id: OTHER, name: "Other", key: AWKWARD_KEY, ip: "127.0.0.1", version: "3.3" },
        ];
        await editor().page.fill(".tuya-import-text", JSON.stringify(list));
        const row = (name: string) => editor().page.locator(".tuya-import-table tbody tr", { hasText: name });
        await row("Same").getByText("nothing new").waitFor();
        assert.equal(await row("Same").locator("input").isDisabled(), true);
        await row("Other").getByText("update key").waitFor();
        assert.equal(await row("Other").locator("input").isChecked(), false);
        assert.deepEqual(
          answers.map((text) => JSON.parse(text) as unknown),
          [{ same: "same", twin: "same", other: "other" }],
        );
        await editor().cancel();
      });
    },
  );
});
