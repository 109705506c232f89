import assert from "node:assert/strict";
import { TAB } from "../support/editor-flows";
import { inEditor } from "../support/in-editor";

const FIELD = "#node-input-";
const NODE = {
  id: "find",
  type: "tuya-discover",
  z: "tab",
  x: 180,
  y: 80,
  name: "",
  seconds: "10",
  output: "each",
  known: true,
  wires: [[]],
};

describe("panel of tuya-discover", () => {
  inEditor([TAB, NODE], (editor) => {
    const hint = () => editor().page.innerText("#tuya-discover-hint");

    it("translates all of its texts and changes nothing by itself", async () => {
      await editor().edit("find");
      assert.deepEqual(await editor().untranslated(), []);
      await editor().screenshot("discover");
      await editor().ok();
      assert.equal(await editor().isDirty(), false);
    });

    it("says what will come out, and when", async () => {
      await editor().edit("find");
      assert.match(await hint(), /A message starts the search\. Each device/);
      await editor().page.selectOption(`${FIELD}output`, "list");
      assert.match(await hint(), /A message starts the search\. The list/);
      await editor().fill(`${FIELD}seconds`, "0");
      assert.match(await hint(), /The list is sent whenever it changes/);
      await editor().page.selectOption(`${FIELD}output`, "each");
      assert.match(await hint(), /Each device is sent as soon as it is heard.*A message sends all/);
      await editor().cancel();
    });

    it("saves all of its properties and shows them again after a reload", async () => {
      await editor().edit("find");
      await editor().fill(`${FIELD}seconds`, "30");
      await editor().page.selectOption(`${FIELD}output`, "list");
      await editor().page.uncheck(`${FIELD}known`);
      await editor().fill(`${FIELD}name`, "Find");
      await editor().ok();
      await editor().deploy();
      const saved = { seconds: "30", output: "list", known: false, name: "Find" };
      assert.deepEqual({ ...(await editor().deployed("find")), x: NODE.x }, { ...NODE, ...saved });
      await editor().reload();
      await editor().edit("find");
      assert.equal(await editor().value(`${FIELD}seconds`), "30");
      assert.equal(await editor().value(`${FIELD}output`), "list");
      assert.equal(await editor().page.isChecked(`${FIELD}known`), false);
      await editor().cancel();
    });

    it("names a time that is none", async () => {
      await editor().edit("find");
      await editor().fill(`${FIELD}seconds`, "soon");
      await editor().ok();
      const { valid, validationErrors } = await editor().node("find");
      assert.deepEqual([valid, validationErrors], [false, ["Look for: a number of seconds, or 0"]]);
    });

    it("tells under the node that discovery is switched off", async () => {
      await editor().replaceFlows([TAB, { ...NODE, seconds: "0" }]);
      await editor()
        .page.locator('[id="find"] .red-ui-flow-node-status-label')
        .getByText("switched off")
        .waitFor();
    });

    it("has a help", async () => {
      await editor().showHelp("tuya-discover");
      await editor()
        .page.getByText(/Finds Tuya devices in the network by what they announce/)
        .waitFor();
    });
  });
});
