import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Editor } from "../support/editor";
import { AWKWARD_KEY, deviceNode, inNode, PLUG_DATAPOINTS, TAB } from "../support/flows";
import { inEditor } from "../support/in-editor";

const FIELD = "#node-config-input-";
const TABS = "#tuya-device-tabs";

const PLUG = {
  name: "Kitchen plug",
  version: "3.4",
  refresh: "30",
  refreshDps: "18, cur_power",
  datapoints: PLUG_DATAPOINTS,
  credentials: { localKey: AWKWARD_KEY },
};
const GATEWAY = { name: "Gateway", deviceId: "bf0123456789abcdefghgw" };
const CHILD = {
  name: "Door",
  deviceId: "",
  ip: "",
  port: "",
  gateway: "gateway",
  cid: "a4c1380123456789",
  sleepy: true,
};

const FLOWS = [
  TAB,
  deviceNode("plug", PLUG),
  deviceNode("gateway", GATEWAY),
  deviceNode("child", CHILD),
  inNode("plug-in", { device: "plug" }),
  inNode("child-in", { device: "child", y: 140 }),
  inNode("gateway-in", { device: "gateway", y: 200 }),
];

/** Texts on the screen or in tooltips and placeholders that are keys nobody translated. */
async function rawKeys(editor: Editor): Promise<string[]> {
  const texts = await editor.page.$$eval(".red-ui-tray *", (elements) =>
    elements.flatMap((element) => [
      ...["placeholder", "title", "aria-label"].map((name) => element.getAttribute(name) ?? ""),
      ...(element.children.length === 0 ? [element.textContent] : []),
    ]),
  );
  assert.ok(texts.length > 100);
  return texts.filter((text) => /tuya-(device|in|out)[.:]|__\w+__/.test(text));
}

describe("panel of tuya-device", () => {
  inEditor(FLOWS, (editor) => {
    it("shows what is saved and translates all of its texts", async () => {
      await editor().editConfig("tuya-device", "plug");
      assert.equal(await editor().value(`${FIELD}name`), "Kitchen plug");
      assert.equal(await editor().value("#tuya-device-kind"), "wifi");
      assert.equal(await editor().value(`${FIELD}version`), "3.4");
      assert.equal(await editor().value(`${FIELD}refreshDps`), "18, cur_power");
      assert.deepEqual(await editor().page.locator(`${FIELD}version option`).allTextContents(), [
        "Auto (measured)",
        "3.1",
        "3.2",
        "3.3",
        "3.4",
        "3.5",
      ]);
      await editor().screenshot("device-connection");
      assert.deepEqual(await rawKeys(editor()), []);
      await editor().showTab(TABS, "datapoints");
      await editor().screenshot("device-datapoints");
      await editor().showTab(TABS, "behaviour");
      await editor().screenshot("device-behaviour");
      await editor().cancel();
    });

    it("changes nothing when it is closed without a change", async () => {
      await editor().editConfig("tuya-device", "plug");
      await editor().ok();
      assert.equal(await editor().isDirty(), false);
      // Node-RED itself takes a credential that was never set for a changed one.
      for (const id of ["gateway", "child"]) {
        const before = await editor().saved(id);
        await editor().editConfig("tuya-device", id);
        await editor().ok();
        assert.deepEqual(await editor().saved(id), before);
      }
    });

    it("saves a new device in the shape of the contract, and shows it again after a reload", async () => {
      await editor().edit("gateway-in");
      await editor().openNested("#node-input-btn-device-add");
      await editor().fill(`${FIELD}name`, "New lamp");
      await editor().fill(`${FIELD}deviceId`, "  bf99999999999999999999 ");
      await editor().fill(`${FIELD}ip`, "127.0.0.1");
      await editor().fill(`${FIELD}port`, "1");
      await editor().page.selectOption(`${FIELD}version`, "3.5");
      await editor().showTab(TABS, "behaviour");
      await editor().fill(`${FIELD}refresh`, "15");
      await editor().fill(`${FIELD}refreshDps`, "18,19");
      await editor().page.check(`${FIELD}device22`);
      await editor().page.check(`${FIELD}sleepy`);
      await editor().ok();
      const id = await editor().value("#node-input-device");
      await editor().ok();
      await editor().deploy();
      assert.deepEqual(await editor().deployed(id), {
        id,
        type: "tuya-device",
        name: "New lamp",
        deviceId: "bf99999999999999999999",
        ip: "127.0.0.1",
        port: "1",
        version: "3.5",
        gateway: "",
        cid: "",
        refresh: "15",
        refreshDps: "18,19",
        device22: true,
        sleepy: true,
        datapoints: [],
      });
      await editor().reload();
      await editor().editConfig("tuya-device", id);
      assert.equal(await editor().value(`${FIELD}deviceId`), "bf99999999999999999999");
      assert.equal(await editor().value(`${FIELD}version`), "3.5");
      assert.equal(await editor().page.isChecked(`${FIELD}device22`), true);
      await editor().cancel();
    });

    it("starts a new device with the defaults of the contract", async () => {
      await editor().edit("plug-in");
      await editor().openNested("#node-input-btn-device-add");
      await editor().fill(`${FIELD}deviceId`, "bf00000000000000000000");
      await editor().ok();
      const id = await editor().value("#node-input-device");
      const saved = await editor().saved(id);
      assert.deepEqual(saved, {
        id,
        type: "tuya-device",
        name: "",
        deviceId: "bf00000000000000000000",
        ip: "",
        port: "",
        version: "auto",
        gateway: "",
        cid: "",
        refresh: "",
        refreshDps: "",
        device22: false,
        sleepy: false,
        datapoints: [],
      });
      await editor().cancel();
      await editor().reload();
    });
  });
});

describe("reasons why a tuya-device is invalid", () => {
  inEditor(FLOWS, (editor) => {
    const CASES = [
      ["deviceId", ["", " "], "Device id is missing"],
      ["deviceId", ["bf01 23"], "Device id: no blanks inside"],
      ["ip", ["http://127.0.0.1", "127.0.0.300"], "Address: an IPv4 address or a host name, or nothing"],
      ["port", ["0", "65536", "x"], "Port: a number from 1 to 65535, or nothing for 6668"],
      ["refresh", ["1", "0", "often"], "Refresh: seconds, 2 at least, or nothing"],
      [
        "refreshDps",
        ["18,,19", "18, cur_nothing"],
        "Data points to refresh: numbers or codes of this device, with commas between them",
      ],
    ] as const;
    for (const [property, values, reason] of CASES) {
      it(`${reason} (${values.map((value) => JSON.stringify(value)).join(", ")})`, async () => {
        for (const value of values) {
          assert.deepEqual(await editor().reasons("plug", { [property]: value }), [reason], value);
        }
      });
    }

    it("none for an environment variable in any field", async () => {
      for (const variable of ["${PLUG_SETTING}", "$(PLUG_SETTING)"]) {
        const properties = ["deviceId", "ip", "port", "refresh", "refreshDps"];
        const values = Object.fromEntries(properties.map((name) => [name, variable]));
        assert.deepEqual(await editor().reasons("plug", values), []);
        assert.deepEqual(await editor().reasons("child", { gateway: variable, cid: variable }), []);
      }
    });

    it("none where optional fields are left empty, or are full and right", async () => {
      const empty = { ip: "", port: "", refresh: "", refreshDps: "", name: "" };
      assert.deepEqual(await editor().reasons("plug", empty), []);
      const full = { ip: "lamp.lan", port: "6668", refresh: "2", refreshDps: "1, cur_voltage" };
      assert.deepEqual(await editor().reasons("plug", full), []);
    });

    it("behind a gateway: no node id, no gateway, one that is gone, itself, or itself behind a gateway", async () => {
      const gateway = async (id: string) => editor().reasons("child", { gateway: id });
      assert.deepEqual(await editor().reasons("child", { cid: "" }), [
        "Node id is missing: the id by which the gateway knows the device",
      ]);
      assert.deepEqual(await gateway(""), ["Choose the gateway this device is behind"]);
      assert.deepEqual(await gateway("nobody"), ["The gateway no longer exists"]);
      assert.deepEqual(await gateway("plug-in"), ["The gateway no longer exists"]);
      assert.deepEqual(await gateway("child"), ["A device cannot be its own gateway"]);
      assert.deepEqual(await editor().reasons("plug", { gateway: "child", cid: "1" }), [
        "The chosen gateway is itself behind a gateway",
      ]);
    });

    it("are shown in the open dialog, and the device can be saved all the same", async () => {
      await editor().editConfig("tuya-device", "plug");
      await editor().fill(`${FIELD}port`, "99999");
      assert.match((await editor().page.getAttribute(`${FIELD}port`, "class")) ?? "", /input-error/);
      await editor().page.hover(`${FIELD}port`);
      await editor().page.getByText("Port: a number from 1 to 65535, or nothing for 6668").waitFor();
      await editor().screenshot("device-invalid");
      // A field that does not count does not stand in the way.
      await editor().page.selectOption("#tuya-device-kind", "child");
      await editor().page.selectOption("#tuya-device-kind", "wifi");
      await editor().ok();
      assert.equal((await editor().node("plug")).valid, false);
      assert.equal((await editor().saved("plug"))["port"], "99999");
      assert.equal((await editor().node("plug-in")).valid, false);
      assert.deepEqual((await editor().node("plug-in")).validationErrors, [
        "The device is not properly configured",
      ]);
      await editor().undo();
    });

    it("do not depend on what another device's dialog shows at the moment", async () => {
      await editor().editConfig("tuya-device", "plug");
      assert.deepEqual(await editor().reasons("child", { cid: "" }), [
        "Node id is missing: the id by which the gateway knows the device",
      ]);
      assert.deepEqual(await editor().reasons("gateway", { refreshDps: "cur_power" }), [
        "Data points to refresh: numbers or codes of this device, with commas between them",
      ]);
      await editor().cancel();
    });
  });
});

describe("devices behind a gateway", () => {
  inEditor(FLOWS, (editor) => {
    const visible = async (...names: string[]) => {
      const shown = await Promise.all(names.map((name) => editor().page.isVisible(FIELD + name)));
      return names.filter((_name, index) => shown[index]);
    };
    const ALL = ["gateway", "cid", "deviceId", "localKey", "ip", "port", "version"];

    it("have the fields they need and no others", async () => {
      await editor().editConfig("tuya-device", "child");
      assert.equal(await editor().value("#tuya-device-kind"), "child");
      assert.deepEqual(await visible(...ALL), ["gateway", "cid", "deviceId"]);
      await editor().screenshot("device-child");
      await editor().page.selectOption("#tuya-device-kind", "wifi");
      assert.deepEqual(await visible(...ALL), ["deviceId", "localKey", "ip", "port", "version"]);
      await editor().page.selectOption("#tuya-device-kind", "child");
      assert.equal(await editor().value(`${FIELD}cid`), "a4c1380123456789");
      await editor().showTab(TABS, "behaviour");
      assert.deepEqual(await visible("refresh", "refreshDps", "device22", "sleepy"), []);
      assert.deepEqual(await rawKeys(editor()), []);
      await editor().cancel();
    });

    it("are not offered themselves and other sub-devices as gateway", async () => {
      await editor().editConfig("tuya-device", "child");
      const offered = await editor().page.$$eval(`${FIELD}gateway option`, (options) =>
        options.map((option) => option.getAttribute("value")),
      );
      assert.deepEqual(new Set(offered), new Set(["_ADD_", "gateway", "plug"]));
      await editor().cancel();
    });

    it("lose gateway and node id when they become Wi-Fi devices", async () => {
      await editor().editConfig("tuya-device", "child");
      await editor().page.selectOption("#tuya-device-kind", "wifi");
      await editor().fill(`${FIELD}deviceId`, "bf11111111111111111111");
      await editor().fill(`${FIELD}ip`, "127.0.0.1");
      await editor().fill(`${FIELD}port`, "1");
      await editor().ok();
      assert.deepEqual((await editor().node("child")).validationErrors, []);
      await editor().deploy();
      const { gateway, cid, deviceId } = await editor().deployed("child");
      assert.deepEqual(
        { gateway, cid, deviceId },
        { gateway: "", cid: "", deviceId: "bf11111111111111111111" },
      );
      await editor().replaceFlows(FLOWS);
    });

    it("can be given a new gateway from within their own dialog, in a dialog with the same fields", async () => {
      await editor().editConfig("tuya-device", "child");
      await editor().openNested("#node-config-input-btn-gateway-add");
      assert.equal(await editor().value(`${FIELD}name`), "");
      assert.equal(await editor().value("#tuya-device-kind"), "wifi");
      await editor().fill(`${FIELD}name`, "Second gateway");
      await editor().fill(`${FIELD}deviceId`, "bf22222222222222222222");
      await editor().fill(`${FIELD}ip`, "127.0.0.1");
      await editor().fill(`${FIELD}port`, "1");
      await editor().showTab(TABS, "datapoints");
      await editor().page.click(".red-ui-editableList-addButton");
      await editor().fill('.tuya-dp [data-field="dp"]', "7");
      await editor().ok();
      const gateway = await editor().value(`${FIELD}gateway`);
      assert.equal(await editor().value(`${FIELD}name`), "Door");
      assert.equal(await editor().value(`${FIELD}cid`), "a4c1380123456789");
      await editor().ok();
      await editor().deploy();
      const child = await editor().deployed("child");
      assert.equal(child["gateway"], gateway);
      assert.deepEqual(child["datapoints"], []);
      const saved = await editor().deployed(gateway);
      assert.equal(saved["name"], "Second gateway");
      assert.deepEqual(saved["datapoints"], [{ dp: "7" }]);
    });
  });
});

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
      assert.deepEqual(await rawKeys(editor()), []);
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
      const tray = await editor().page.locator(".red-ui-tray").boundingBox();
      assert.ok(tray && tray.width <= 520, `${tray?.width} px`);
      await editor().screenshot("device-datapoints-thirty");
      await editor().cancel();
    });
  });
});

describe("local key", () => {
  inEditor(FLOWS, (editor, server) => {
    const KEY = `${FIELD}localKey`;
    const count = () => editor().page.textContent(".tuya-key-count");
    const note = async () => (await editor().page.innerText(".tuya-key-note > span")).trim();
    const storedKeys = async () =>
      JSON.parse(await readFile(path.join(server().userDir, "flows_cred.json"), "utf8")) as Record<
        string,
        unknown
      >;
    /** Everything of the page that can be read: its source, its fields, the editor's nodes. */
    const everything = () =>
      editor().page.evaluate(() => {
        const fields = [...document.querySelectorAll("input, textarea, select")].map((element) =>
          "value" in element ? String(element.value) : "",
        );
        const nodes = ["plug", "gateway"].map((id) => {
          const { credentials, ...node } = (RED.nodes.node(id) ?? {}) as {
            credentials?: object;
            name?: string;
          };
          return JSON.stringify({ credentials, name: node.name });
        });
        return [document.documentElement.outerHTML, ...fields, ...nodes].join("\n");
      });

    it("never reaches the browser once it is stored", async () => {
      await editor().editConfig("tuya-device", "plug");
      assert.equal(await editor().value(KEY), "__PWRD__");
      assert.equal(await editor().page.getAttribute(KEY, "type"), "password");
      assert.equal(await count(), "");
      assert.equal(await editor().page.isVisible(".tuya-key-eye"), false);
      assert.match(await note(), /^Stored\./);
      const text = await everything();
      assert.ok(!text.includes(AWKWARD_KEY) && !text.includes("N0z/"));
      assert.deepEqual((await editor().node("plug")).credentials?.["has_localKey"], true);
      await editor().cancel();
    });

    it("is saved as it was typed, as a credential and nowhere else", async () => {
      await editor().editConfig("tuya-device", "gateway");
      assert.match(await note(), /^16 characters\./);
      await editor().page.locator(KEY).pressSequentially(AWKWARD_KEY);
      assert.equal(await count(), "16/16");
      assert.equal(await note(), "The right length.");
      assert.equal(await editor().page.locator(".tuya-key-note button").count(), 0);
      await editor().ok();
      await editor().deploy();
      assert.deepEqual(await storedKeys(), {
        plug: { localKey: AWKWARD_KEY },
        gateway: { localKey: AWKWARD_KEY },
      });
      assert.ok(!(await editor().flowsText()).includes("N0z/"));
      const credentials = await fetch(new URL("credentials/tuya-device/gateway", server().url));
      assert.deepEqual(await credentials.json(), { has_localKey: true });
      await editor().editConfig("tuya-device", "gateway");
      assert.equal(await editor().value(KEY), "__PWRD__");
      assert.ok(!(await everything()).includes("N0z/"));
      await editor().cancel();
      await editor().reload();
      assert.ok(!(await everything()).includes("N0z/"));
      assert.ok(!server().output().includes("N0z/"));
    });

    it("stays stored when something else is changed", async () => {
      await editor().editConfig("tuya-device", "plug");
      await editor().page.focus(KEY);
      await editor().fill(`${FIELD}name`, "Plug in the kitchen");
      await editor().ok();
      await editor().deploy();
      assert.deepEqual((await storedKeys())["plug"], { localKey: AWKWARD_KEY });
    });

    it("is replaced as a whole by what is typed or pasted over it, wherever the cursor stands", async () => {
      for (const cursor of ["Home", "End", "ArrowLeft"]) {
        await editor().editConfig("tuya-device", "plug");
        await editor().page.focus(KEY);
        await editor().page.keyboard.press(cursor);
        await editor().page.keyboard.insertText("0123456789abcdef");
        assert.equal(await editor().value(KEY), "0123456789abcdef");
        await editor().cancel();
      }
    });

    it("can be taken away, which is said and can be undone at a click", async () => {
      await editor().editConfig("tuya-device", "plug");
      await editor().page.focus(KEY);
      await editor().page.keyboard.press("End");
      await editor().page.keyboard.press("Backspace");
      assert.equal(await editor().value(KEY), "");
      assert.equal(await count(), "0/16");
      assert.equal(await note(), "The stored key will be removed.");
      await editor().page.click(".tuya-key-note button");
      assert.equal(await editor().value(KEY), "__PWRD__");
      await editor().ok();
      assert.equal(await editor().isDirty(), false);
    });

    it("that was damaged by copying is repaired at a click, and only then", async () => {
      await editor().editConfig("tuya-device", "plug");
      for (const [pasted, damage] of [
        [`  ${AWKWARD_KEY} `, "blanks"],
        [`"${AWKWARD_KEY}"`, "quotes"],
        [`\u200b${AWKWARD_KEY}`, "invisible characters"],
        ["7{O&lt;&amp;&quot;$M}N0z/&#39;|q", "HTML escapes"],
        ["7{O&amp;lt;&amp;amp;&amp;quot;$M}N0z/&amp;#39;|q", "HTML escapes"],
        [String.raw`"7{O\u003c\u0026\"$M}N0z/'|q"`, "quotes, JSON escapes"],
      ] as const) {
        await editor().page.fill(KEY, "");
        await editor().page.keyboard.insertText(pasted);
        assert.equal(await editor().value(KEY), pasted);
        assert.equal(await count(), `${pasted.length}/16`);
        assert.equal(
          await note(),
          `${pasted.length} characters, but a key has 16. This one has picked up: ${damage}.`,
        );
        await editor().screenshot("device-key-damaged");
        await editor().page.click(".tuya-key-note button");
        assert.equal(await editor().value(KEY), AWKWARD_KEY);
        assert.equal(await count(), "16/16");
        assert.equal(await note(), "The right length.");
      }
      await editor().cancel();
    });

    it("says of an environment variable that it is one", async () => {
      await editor().editConfig("tuya-device", "plug");
      await editor().fill(KEY, "${PLUG_KEY}");
      assert.equal(await count(), "");
      assert.equal(await note(), "Read from the environment variable PLUG_KEY when the flow starts.");
      await editor().cancel();
    });

    it("of a wrong length is saved as it stands", async () => {
      await editor().editConfig("tuya-device", "gateway");
      await editor().fill(KEY, " tooshort");
      assert.equal(await count(), "9/16");
      assert.equal(await note(), "9 characters, but a key has 16. It is saved as it stands.");
      await editor().ok();
      await editor().deploy();
      assert.deepEqual((await storedKeys())["gateway"], { localKey: " tooshort" });
    });

    it("can be seen while it is typed", async () => {
      await editor().editConfig("tuya-device", "plug");
      await editor().fill(KEY, AWKWARD_KEY);
      await editor().page.click(".tuya-key-eye");
      assert.equal(await editor().page.getAttribute(KEY, "type"), "text");
      await editor().screenshot("device-key-shown");
      await editor().page.click(".tuya-key-eye");
      assert.equal(await editor().page.getAttribute(KEY, "type"), "password");
      await editor().cancel();
    });
  });
});

/** In the page. */
declare const RED: { nodes: { node(id: string): object | null } };
