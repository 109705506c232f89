import assert from "node:assert/strict";
import type { Editor } from "../support/editor";
import { deviceNode, inNode, outNode, PLUG_DATAPOINTS, TAB } from "../support/editor-flows";
import { inEditor } from "../support/in-editor";
import { until } from "../support/settled";

const FIELD = "#node-input-";

/** Where the nodes of these tests are drawn. */
const X = 180;

const DEBUG = { id: "debug", type: "debug", z: "tab", x: 500, y: 200, complete: "true", wires: [] };

const FLOWS = [
  TAB,
  deviceNode("plug", { name: "Kitchen plug", datapoints: PLUG_DATAPOINTS }),
  deviceNode("bare", { name: "Bare", deviceId: "bf33333333333333333333" }),
  inNode("in", { device: "plug", wires: [["debug"]] }),
  inNode("in-bare", { device: "bare", y: 140 }),
  outNode("out", { device: "plug", x: X, y: 260 }),
  DEBUG,
];

/** Edits one node, presses Done and deploys. */
async function change(
  editor: Editor,
  id: string,
  fill: () => Promise<unknown>,
): Promise<Record<string, unknown>> {
  await editor.edit(id);
  await fill();
  await editor.ok();
  await editor.deploy();
  // A longer label makes a wider node, and the editor keeps its left edge.
  return { ...(await editor.deployed(id)), x: X };
}

describe("panels of nodes in a flow that somebody wrote by hand", () => {
  const types = ["tuya-in", "tuya-out", "tuya-raw", "tuya-discover"];
  const nodes = types.map((type, at) => ({ id: type, type, z: "tab", x: X, y: 80 + 60 * at, wires: [[]] }));

  inEditor([TAB, ...nodes], (editor) => {
    for (const type of types) {
      it(`${type}: show what the node does, and change nothing by themselves`, async () => {
        await editor().edit(type);
        const empty = await editor().page.$$eval(`#${type}-form select:visible`, (selects) =>
          selects.filter((select) => (select as HTMLSelectElement).value === "").map(({ id }) => id),
        );
        const mayBeEmpty = ["node-input-device", "node-input-discovery"];
        assert.deepEqual(
          empty.filter((id) => !mayBeEmpty.includes(id)),
          [],
        );
        await editor().screenshot(type);
        await editor().ok();
        assert.equal(await editor().isDirty(), false);
      });
    }
  });
});

describe("panel of tuya-in", () => {
  inEditor(FLOWS, (editor) => {
    it("translates all of its texts and changes nothing by itself", async () => {
      await editor().edit("in");
      assert.deepEqual(await editor().untranslated(), []);
      await editor().screenshot("in");
      await editor().ok();
      assert.equal(await editor().isDirty(), false);
    });

    it("saves all of its properties and shows them again after a reload", async () => {
      const saved = await change(editor(), "in", async () => {
        await editor().page.selectOption(`${FIELD}device`, "bare");
        await editor().page.selectOption(`${FIELD}output`, "each");
        await editor().page.selectOption(`${FIELD}when`, "push");
        await editor().fill(`${FIELD}dps`, "1, 20");
        await editor().page.uncheck(`${FIELD}initial`);
        await editor().page.check(`${FIELD}state`);
        await editor().fill(`${FIELD}throttle`, " 2.5");
        await editor().fill(`${FIELD}name`, "Voltage");
      });
      const expected = {
        ...inNode("in", { device: "bare", output: "each", dps: "1, 20", when: "push", name: "Voltage" }),
        initial: false,
        state: true,
        eventMode: "event-both",
        throttle: "2.5",
        deadband: "",
        scope: "device",
        filter: "",
        lastValue: false,
        base: "tuya",
        discovery: "",
        discoveryPrefix: "homeassistant",
        bridgeTopic: "",
        outputs: 2,
        wires: [["debug"], []],
      };
      assert.deepEqual(saved, expected);
      await editor().reload();
      await editor().edit("in");
      assert.equal(await editor().value(`${FIELD}device`), "bare");
      assert.equal(await editor().value(`${FIELD}output`), "each");
      assert.equal(await editor().value(`${FIELD}when`), "push");
      assert.equal(await editor().page.isChecked(`${FIELD}initial`), false);
      assert.equal(await editor().page.isChecked(`${FIELD}state`), true);
      await editor().cancel();
      await editor().replaceFlows(FLOWS);
    });

    it("has a second output with the check box, which goes and takes its wires along", async () => {
      const ports = editor().page.locator('[id="in"] .red-ui-flow-port-output');
      const become = (count: number) => until(async () => (await ports.count()) === count);
      await become(1);
      await editor().edit("in");
      await editor().page.check(`${FIELD}state`);
      await editor().ok();
      await become(2);
      assert.equal((await editor().node("in")).outputs, 2);

      await editor().replaceFlows(
        FLOWS.map((node) =>
          "id" in node && node.id === "in"
            ? inNode("in", { device: "plug", state: true, outputs: 2, wires: [["debug"], ["debug"]] })
            : node,
        ),
      );
      await become(2);
      const saved = await change(editor(), "in", () => editor().page.uncheck(`${FIELD}state`));
      await become(1);
      assert.deepEqual(
        { outputs: saved["outputs"], wires: saved["wires"] },
        { outputs: 1, wires: [["debug"]] },
      );
      await editor().replaceFlows(FLOWS);
    });

    it("judges names by the device chosen in the open dialog", async () => {
      const hasError = async () =>
        /input-error/.test((await editor().page.getAttribute(`${FIELD}dps`, "class")) ?? "");
      await editor().edit("in");
      await editor().fill(`${FIELD}dps`, "switch_1");
      assert.equal(await hasError(), false);
      await editor().page.selectOption(`${FIELD}device`, "bare");
      assert.equal(await hasError(), true);
      await editor().cancel();
    });

    it("offers data points that were named just now, in the dialog of the device", async () => {
      await editor().edit("in-bare");
      await editor().openNested("#node-input-btn-device-edit");
      await editor().showTab("#tuya-device-tabs", "datapoints");
      await editor().page.click(".red-ui-editableList-addButton");
      await editor().fill('.tuya-dp [data-field="dp"]', "5");
      await editor().fill('.tuya-dp [data-field="code"]', "humidity");
      await editor().ok();
      await editor().page.getByLabel("humidity").check();
      assert.equal(await editor().value(`${FIELD}dps`), "humidity");
      await editor().cancel();
      await editor().replaceFlows(FLOWS);
    });

    it("says what is wrong", async () => {
      const reasons = (properties: object) => editor().reasons("in", { ...properties });
      assert.deepEqual(await reasons({ dps: "1,,2" }), [
        "Data points: codes or numbers with commas between them",
      ]);
      assert.deepEqual(await reasons({ dps: "switch 1" }), [
        "Data points: codes or numbers with commas between them",
      ]);
      assert.deepEqual(await reasons({ device: "" }), ["Choose a device"]);
      assert.deepEqual(await reasons({ device: "gone" }), ["The device no longer exists"]);
      assert.deepEqual(await reasons({ device: "${DEVICE}", dps: "${DPS}" }), []);
      assert.deepEqual(await reasons({ dps: "switch_1, 20, 199" }), []);
      assert.deepEqual(await reasons({ dps: "switch_1, switch_9" }), [
        "The device has no data point named switch_9",
      ]);
      assert.deepEqual(await reasons({ dps: "switch_9", device: "${DEVICE}" }), []);
      const throttle = ["At most every: seconds, more than 0, or nothing"];
      for (const wrong of ["0", "-1", "soon"])
        assert.deepEqual(await reasons({ throttle: wrong }), throttle, wrong);
      for (const right of ["", "0.5", "60", "${SECONDS}"])
        assert.deepEqual(await reasons({ throttle: right }), [], right);
      const deadband = ["Ignore below: a number or a percentage such as 5%, more than 0, or nothing"];
      for (const wrong of ["0", "-1", "5 W", "%"])
        assert.deepEqual(await reasons({ deadband: wrong }), deadband, wrong);
      for (const right of ["", "0.5", "5%", "2 %", "${BAND}"])
        assert.deepEqual(await reasons({ deadband: right }), [], right);
    });
  });
});

describe("panel of tuya-out", () => {
  inEditor(FLOWS, (editor) => {
    it("translates all of its texts and changes nothing by itself", async () => {
      await editor().edit("out");
      assert.deepEqual(await editor().untranslated(), []);
      await editor().screenshot("out");
      await editor().ok();
      assert.equal(await editor().isDirty(), false);
    });

    it("saves all of its properties and shows them again after a reload", async () => {
      const saved = await change(editor(), "out", async () => {
        await editor().fill(`${FIELD}dp`, " switch_1");
        await editor().page.selectOption(`${FIELD}confirm`, "report");
        await editor().page.selectOption(`${FIELD}offline`, "queue");
        await editor().fill(`${FIELD}queueSeconds`, "15");
        await editor().fill(`${FIELD}name`, "Switch");
      });
      assert.deepEqual(
        saved,
        outNode("out", {
          device: "plug",
          dp: "switch_1",
          confirm: "report",
          offline: "queue",
          queueSeconds: "15",
          name: "Switch",
          scope: "device",
          base: "",
          x: X,
          y: 260,
        }),
      );
      await editor().reload();
      await editor().edit("out");
      assert.equal(await editor().value(`${FIELD}dp`), "switch_1");
      assert.equal(await editor().value(`${FIELD}confirm`), "report");
      assert.equal(await editor().value(`${FIELD}queueSeconds`), "15");
      await editor().cancel();
      await editor().replaceFlows(FLOWS);
    });

    it("asks for seconds only where messages are to wait", async () => {
      await editor().edit("out");
      assert.equal(await editor().page.isVisible(`${FIELD}queueSeconds`), false);
      await editor().page.selectOption(`${FIELD}offline`, "queue");
      assert.equal(await editor().page.isVisible(`${FIELD}queueSeconds`), true);
      await editor().screenshot("out-queue");
      await editor().fill(`${FIELD}queueSeconds`, "0");
      assert.match((await editor().page.getAttribute(`${FIELD}queueSeconds`, "class")) ?? "", /input-error/);
      await editor().page.selectOption(`${FIELD}offline`, "fail");
      assert.doesNotMatch(
        (await editor().page.getAttribute(`${FIELD}queueSeconds`, "class")) ?? "",
        /input-error/,
      );
      await editor().cancel();
    });

    it("says what is wrong", async () => {
      const reasons = (properties: object) => editor().reasons("out", { ...properties });
      const wait = ["Wait: seconds, more than 0"];
      for (const queueSeconds of ["", "0", "-5", "long"]) {
        assert.deepEqual(await reasons({ offline: "queue", queueSeconds }), wait, queueSeconds);
        assert.deepEqual(await reasons({ offline: "fail", queueSeconds }), []);
      }
      assert.deepEqual(await reasons({ offline: "queue", queueSeconds: "0.5" }), []);
      assert.deepEqual(await reasons({ offline: "queue", queueSeconds: "${WAIT}" }), []);
      assert.deepEqual(await reasons({ dp: "1, 2" }), ["Data point: one code or number, or nothing"]);
      assert.deepEqual(await reasons({ dp: "" }), []);
      assert.deepEqual(await reasons({ dp: "199" }), []);
      assert.deepEqual(await reasons({ dp: "switch_9" }), ["The device has no data point named switch_9"]);
      assert.deepEqual(await reasons({ device: "" }), ["Choose a device"]);
      assert.deepEqual(await reasons({ device: "gone" }), ["The device no longer exists"]);
    });
  });
});

describe("help", () => {
  inEditor(FLOWS, (editor) => {
    for (const [type, phrases] of [
      ["tuya-device", ["Where the key comes from", "KEY_OR_VERSION", "${KITCHEN_KEY}", "&lt; instead of <"]],
      ["tuya-in", ["msg.tuya", '"Kitchen plug/cur_voltage"', "connected"]],
      ["tuya-out", ['"toggle"', "REJECTED", "requestedDPS"]],
    ] as const) {
      it(`of ${type} is shown, as it was written`, async () => {
        const help = await editor().showHelp(type);
        const text = (await help.innerText()).replace(/\s+/g, " ");
        for (const phrase of phrases) assert.ok(text.includes(phrase), `${phrase} in ${text}`);
        assert.ok((await help.locator("dt").count()) > 5);
        const tooWide = await help.evaluate((element) => {
          // As it is in the side bar of Node-RED 5.
          element.style.width = "282px";
          const edge = element.getBoundingClientRect().right;
          return [...element.querySelectorAll("code, pre")]
            .filter((example) => example.getBoundingClientRect().right > edge)
            .map((example) => example.textContent);
        });
        assert.deepEqual(tooWide, []);
        await editor().screenshot(`help-${type}`);
      });
    }
  });
});
