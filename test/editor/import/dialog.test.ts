import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { AWKWARD_KEY, deviceNode, inNode, rawNode, TAB } from "../../support/editor-flows";
import { inEditor } from "../../support/in-editor";

const FIELD = "#node-config-input-";
const ROW = ".tuya-import-table tbody tr";
const OTHER_KEY = "kV3tWq8ZrX1nLp5e";
const LIST = readFileSync("test/import/fixtures/devices.json", "utf8");

const KNOWN = "bf0123456789abcdefghij";
const KEYLESS = "bfkeyless00000000001";
const FLOWS = [
  TAB,
  deviceNode("known", { name: "Known plug", deviceId: KNOWN, credentials: { localKey: AWKWARD_KEY } }),
  deviceNode("keyless", { name: "From an export", deviceId: KEYLESS, credentials: {} }),
  inNode("known-in", { device: "known" }),
  inNode("keyless-in", { device: "keyless", y: 140 }),
  rawNode("free"),
];

/** A list of devices as tinytuya writes it. */
function listOf(...devices: readonly object[]): string {
  return JSON.stringify(devices, undefined, 4);
}

function wifi(id: string, more: object = {}): object {
  return { name: `Name of ${id}`, id, key: OTHER_KEY, ip: "192.0.2.1", version: "3.3", ...more };
}

/** Functions given to `evaluate` run in the page, where this is a global. */
declare const RED: {
  readonly actions: { invoke(name: string): void };
  readonly nodes: {
    eachConfig(
      take: (node: { readonly id: string; readonly type: string; readonly name: string }) => boolean,
    ): void;
  };
  readonly history: { depth(): number };
};

describe("import dialog", () => {
  inEditor(FLOWS, (editor) => {
    const open = () =>
      editor().whileTraysChange(1, () =>
        editor().page.evaluate(() => RED.actions.invoke("tuya:import-devices")),
      );
    const paste = async (text: string) => {
      await editor().page.fill(".tuya-import-text", text);
      await editor().page.locator(ROW).first().waitFor();
    };
    const row = (name: string) => editor().page.locator(ROW, { hasText: name });
    const cells = async (name: string) =>
      (await row(name).locator("th, td").allInnerTexts()).slice(1).map((text) => text.replace(/\s+/g, " "));
    const button = () => editor().page.innerText("#node-dialog-ok");
    /** Names of the devices of the editor. */
    const devices = () =>
      editor().page.evaluate(() => {
        const names: string[] = [];
        RED.nodes.eachConfig(({ type, name }) => {
          if (type === "tuya-device") names.push(name);
          return true;
        });
        return names.sort();
      });
    const idOf = (name: string) =>
      editor().page.evaluate((wanted) => {
        let found = "";
        RED.nodes.eachConfig((node) => {
          if (node.name === wanted) found = node.id;
          return true;
        });
        return found;
      }, name);
    const sentences = () => editor().page.locator(".tuya-import-sentences li").allInnerTexts();

    it("begins with one field, and says what it takes", async () => {
      await open();
      await editor().screenshot("import-empty");
      assert.equal(await editor().page.evaluate(() => document.activeElement?.tagName), "TEXTAREA");
      assert.equal(await editor().page.locator(".tuya-import-preview").count(), 0);
      assert.equal(await editor().page.getAttribute("#node-dialog-ok", "aria-disabled"), "true");
      assert.deepEqual(await editor().untranslated(), []);
      await editor().cancel();
    });

    it("says in one sentence what is wrong with a text, with the line, and takes nothing of it", async () => {
      await open();
      await paste(LIST);
      await editor().page.click(".tuya-import-after button");
      await editor().page.fill(".tuya-import-text", LIST.replace('"id": "bfplug', '"id" "bfplug'));
      const failure = editor().page.locator(".tuya-import-failure");
      await failure.waitFor();
      assert.match(await failure.innerText(), /^Line 4: .+\. Nothing was imported\.$/);
      await editor().screenshot("import-bad-file");
      assert.equal(await editor().page.locator(ROW).count(), 0);
      assert.ok(!(await failure.innerText()).includes("7{O"));
      // It is there to be mended.
      await editor().page.fill(".tuya-import-text", LIST);
      await editor().page.locator(ROW).first().waitFor();
      assert.equal(await failure.isVisible(), false);
      await editor().cancel();
    });

    it("shows what each device is, where it is, and what will happen, but no key", async () => {
      await open();
      await paste(LIST);
      assert.deepEqual(await cells("Kitchen plug"), [
        "Kitchen plug bfplug…0001",
        "Wi-Fi",
        "192.0.2.11 from the list",
        "16 characters",
        "6 from the list",
        "new",
      ]);
      assert.deepEqual(await cells("Bedroom sensor"), [
        "Bedroom sensor bfsens…0004",
        "behind Gateway",
        "by its gateway",
        "the gateway’s",
        "1 from the list",
        "new",
      ]);
      assert.equal(await editor().page.innerText(".tuya-import-summary"), "Pasted text: 5 devices");
      assert.equal(await button(), "Create 5 devices");
      const html = await editor().page.content();
      for (const key of [AWKWARD_KEY, OTHER_KEY]) {
        assert.ok(
          !html.includes(key) && !html.includes(key.replaceAll("&", "&amp;").replaceAll("<", "&lt;")),
        );
      }
      assert.equal(await editor().value(".tuya-import-text"), "");
      assert.deepEqual(await editor().untranslated(), []);
      await editor().cancel();
    });

    it("creates what is ticked in one step, and one step takes it all back", async () => {
      const before = await devices();
      const depth = await editor().page.evaluate(() => RED.history.depth());
      await open();
      await paste(LIST);
      await row("Hall lamp").locator("input").uncheck();
      assert.equal(await button(), "Create 4 devices");
      await editor().ok();
      await editor()
        .page.getByText("4 devices are ready. They connect once they are deployed and nodes use them.")
        .waitFor();
      assert.deepEqual(
        (await devices()).filter((name) => !before.includes(name)),
        ["Bedroom sensor", "Door", "Gateway", "Kitchen plug"],
      );
      assert.equal(await editor().page.evaluate(() => RED.history.depth()), depth + 1);
      assert.equal(await editor().isDirty(), true);
      const plug = await editor().saved(await idOf("Kitchen plug"));
      assert.equal(plug["ip"], "192.0.2.11");
      assert.equal(plug["version"], "3.3");
      assert.equal((plug["datapoints"] as object[]).length, 6);
      const door = await editor().saved(await idOf("Door"));
      assert.equal(door["gateway"], await idOf("Gateway"));
      assert.equal((await editor().node(await idOf("Gateway"))).valid, true);
      assert.equal((await editor().node(await idOf("Door"))).valid, true);

      await editor().undo();
      assert.deepEqual(await devices(), before);
      assert.equal(await editor().isDirty(), false);
    });

    it("ticks no child of a gateway that is not ticked, and says why", async () => {
      await open();
      await paste(LIST);
      await row("bfgate").locator("input").uncheck();
      assert.equal(await row("bfdoor").locator("input").isDisabled(), true);
      assert.equal(await row("bfdoor").locator("input").isChecked(), false);
      assert.equal((await cells("bfdoor")).at(-1), "new tick its gateway first");
      assert.equal(await button(), "Create 2 devices");
      await row("bfgate").locator("input").check();
      assert.equal(await row("bfdoor").locator("input").isChecked(), true);
      await editor().page.uncheck(".tuya-import-table thead input");
      assert.equal(await editor().page.getAttribute("#node-dialog-ok", "aria-disabled"), "true");
      await editor().page.check(".tuya-import-table thead input");
      assert.equal(await button(), "Create 5 devices");
      await editor().cancel();
    });

    it("offers another key to what is configured, and gives one to what has none", async () => {
      const text = listOf(
        wifi(KNOWN, { name: "Plug" }),
        wifi(KEYLESS, { name: "Export" }),
        wifi("bfshort0000000000001", { name: "Short", key: "short" }),
        wifi("bfnokey0000000000001", { name: "No key", key: "", ip: "" }),
        wifi("bforphan000000000001", { name: "Orphan", sub: true, node_id: "a1", parent: "bfelsewhere" }),
      );
      await open();
      await paste(text);
      await row("Export").getByText("add key").waitFor();
      await editor().screenshot("import-updates");
      const ticked = (name: string) => row(name).locator("input").isChecked();
      assert.deepEqual(await Promise.all(["Plug", "Export", "Short", "No key", "Orphan"].map(ticked)), [
        false,
        true,
        true,
        false,
        false,
      ]);
      assert.equal((await cells("Plug")).at(-1), "update key the stored one stays");
      assert.equal((await cells("Orphan")).at(-1), "not possible its gateway is missing");
      assert.equal(await row("Orphan").locator("input").isDisabled(), true);
      assert.deepEqual(await sentences(), [
        "Short: Its local key has 5 characters instead of 16.",
        "No key: It has no local key.",
        "Orphan is not created: its gateway is neither in the list nor configured.",
      ]);
      await row("Short").click();
      await row("Plug").click();
      assert.equal((await cells("Plug")).at(-1), "update key the stored one is replaced");
      assert.equal(await button(), "Update 2 keys");
      await editor().ok();
      await editor().page.getByText("2 devices have their keys. Deploy to use them.").waitFor();

      const request = editor().page.waitForRequest((sent) => sent.method() === "POST");
      await editor().deploy();
      const { flows } = (await request).postDataJSON() as {
        flows: { id: string; credentials?: Record<string, string> }[];
      };
      assert.deepEqual(
        flows.flatMap(({ id, credentials }) => (credentials ? [{ id, credentials }] : [])),
        [
          { id: "known", credentials: { localKey: OTHER_KEY } },
          { id: "keyless", credentials: { localKey: OTHER_KEY } },
        ],
      );
      assert.ok(!(await editor().flowsText()).includes(OTHER_KEY));
    });

    it("gives data points of a template to devices of which the list names none, unless told not to", async () => {
      await open();
      await paste(listOf(wifi("bfthermo000000000001", { category: "wk" }), wifi("bfother0000000000001")));
      await editor().page.locator("#tuya-import-templates").waitFor();
      const points = async (id: string) => (await cells(id))[4];
      assert.match((await points("bfther")) ?? "", /^\d+ from “Thermostat”$/);
      assert.equal(await points("bfothe"), "none");
      await editor().screenshot("import-templates");
      await editor().page.uncheck("#tuya-import-templates");
      assert.equal(await points("bfther"), "none");
      await editor().page.check("#tuya-import-templates");
      await editor().ok();
      const { datapoints } = await editor().saved(await idOf("Name of bfthermo000000000001"));
      assert.ok((datapoints as { code: string }[]).some(({ code }) => code === "temp_set"));
      await editor().undo();
    });

    it("reads localtuya's YAML, and says where one is broken", async () => {
      const yaml = `localtuya:
  - host: 192.168.0.23
    device_id: bfkettle000000000001
    local_key: '${AWKWARD_KEY.replaceAll("'", "''")}'
    friendly_name: Kettle
    protocol_version: 3.3
    entities: [{platform: switch, id: 1, friendly_name: Heat}]
`;
      await open();
      await editor().page.fill(".tuya-import-text", yaml.replace("'7", "*7"));
      const failure = editor().page.locator(".tuya-import-failure");
      await failure.waitFor();
      assert.match(await failure.innerText(), /^Line \d: [a-z ]+\. Nothing was imported\.$/);
      await paste(yaml);
      assert.match((await cells("Kettle")).join(" | "), /bfkettle000000000001|Kettle/);
      assert.equal(await button(), "Create 1 device");
      await editor().screenshot("import-yaml");
      await editor().cancel();
    });

    it("reads a file that is dropped, whatever its encoding, and one that is not the devices' says why", async () => {
      await open();
      const drop = (name: string, bytes: readonly number[]) =>
        editor().page.evaluate(
          ([fileName, content]) => {
            const transfer = new DataTransfer();
            transfer.items.add(new File([new Uint8Array(content)], fileName));
            const page = document.querySelector(".tuya-import-text");
            page?.dispatchEvent(
              new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true }),
            );
          },
          [name, bytes] as const,
        );
      await drop("notes.txt", [...Buffer.from("buy a lamp")]);
      const failure = editor().page.locator(".tuya-import-failure");
      await failure.waitFor();
      assert.match(await failure.innerText(), /^There is no list of devices in the text/);
      // As `tuya-cli wizard > devices.txt` writes it in a Windows console.
      await drop("devices.txt", [0xff, 0xfe, ...Buffer.from(LIST, "utf16le")]);
      await editor().page.getByText("devices.txt: 5 devices", { exact: true }).waitFor();
      assert.equal(await failure.isVisible(), false);
      assert.equal(await button(), "Create 5 devices");
      await editor().cancel();
    });

    it("can be used by the keyboard, and forgets everything when it is closed", async () => {
      await open();
      const { keyboard } = editor().page;
      // What is pasted goes where the cursor is.
      await keyboard.insertText(listOf(wifi("bfaaaa00000000000001"), wifi("bfbbbb00000000000001")));
      await editor().page.locator(ROW).first().waitFor();
      await editor().page.focus(`${ROW} input`);
      await keyboard.press("Space");
      assert.equal(await button(), "Create 1 device");
      await keyboard.press("Tab");
      await keyboard.press("Space");
      assert.equal(await editor().page.getAttribute("#node-dialog-ok", "aria-disabled"), "true");
      await keyboard.press("Space");
      await editor().cancel();
      await open();
      assert.equal(await editor().value(".tuya-import-text"), "");
      assert.equal(await editor().page.locator(ROW).count(), 0);
      await keyboard.insertText(listOf(wifi("bfaaaa00000000000001")));
      await editor().page.locator(ROW).first().waitFor();
      await editor().whileTraysChange(-1, () => keyboard.press("Control+Enter"));
      assert.ok((await devices()).includes("Name of bfaaaa00000000000001"));
      await editor().undo();
    });

    it("fits a narrow window", async () => {
      const size = editor().page.viewportSize() ?? { width: 1360, height: 860 };
      await editor().page.setViewportSize({ width: 960, height: 640 });
      await open();
      const tabsHeight = () =>
        editor().page.$eval(".tuya-import .red-ui-tabs", ({ clientHeight }) => clientHeight);
      const before = await tabsHeight();
      await paste(LIST);
      await editor().screenshot("import-narrow");
      const tooWide = await editor().page.$eval(
        ".tuya-import-table",
        ({ scrollWidth, clientWidth }) => scrollWidth - clientWidth,
      );
      assert.equal(tooWide, 0);
      assert.equal(await tabsHeight(), before);
      await editor().cancel();
      await editor().page.setViewportSize(size);
    });

    it("takes an update back, before it is deployed and after", async () => {
      const key = "another-new-key!";
      const update = async () => {
        await open();
        await paste(listOf(wifi(KNOWN, { key })));
        await row(KNOWN.slice(0, 6)).locator("input").check();
        await editor().ok();
      };
      await update();
      assert.equal((await editor().node("known")).credentials?.["localKey"], key);
      await editor().undo();
      assert.equal((await editor().node("known")).credentials, undefined);
      assert.equal(await editor().isDirty(), false);

      await update();
      await editor().deploy();
      await editor().undo();
      assert.equal((await editor().node("known")).credentials, undefined);
      assert.equal(await editor().isDirty(), true);
    });

    it("fills the form of a new device with the only one that is chosen", async () => {
      await editor().editConfig("tuya-device");
      await editor().openNested(".tuya-import-open");
      await paste(LIST);
      await editor().page.uncheck(".tuya-import-table thead input");
      await row("Kitchen plug").click();
      assert.equal(await button(), "Fill in the form");
      const before = await devices();
      await editor().ok();
      assert.equal(await editor().value(`${FIELD}name`), "Kitchen plug");
      assert.equal(await editor().value(`${FIELD}deviceId`), "bfplug00000000000001");
      assert.equal(await editor().value(`${FIELD}ip`), "192.0.2.11");
      assert.equal(await editor().value(`${FIELD}localKey`), AWKWARD_KEY);
      assert.equal(await editor().value(`${FIELD}version`), "3.3");
      await editor().screenshot("import-filled");
      assert.deepEqual(await devices(), before);
      await editor().ok();
      const id = await idOf("Kitchen plug");
      assert.equal(((await editor().saved(id))["datapoints"] as object[]).length, 6);
      assert.equal((await editor().node(id)).credentials?.["localKey"], AWKWARD_KEY);
      await editor().undo();
    });

    it("creates several from the form of a new device, which then is not needed any more", async () => {
      await editor().edit("free");
      assert.equal(await editor().page.locator(".tuya-import-link").isVisible(), false);
      await editor().openNested("#node-input-btn-device-add");
      await editor().openNested(".tuya-import-open");
      await paste(LIST);
      // The import dialog, and the empty form below it.
      await editor().whileTraysChange(-2, () => editor().page.click("#node-dialog-ok"));
      const offered = await editor().page.locator("#node-input-device option").allInnerTexts();
      assert.deepEqual(offered, [
        "Bedroom sensor",
        "Door",
        "From an export",
        "Gateway",
        "Hall lamp",
        "Kitchen plug",
        "Known plug",
        "none",
      ]);
      await editor().page.selectOption("#node-input-device", { label: "Door" });
      await editor().ok();
      assert.equal((await editor().saved("free"))["device"], await idOf("Door"));
      assert.equal((await editor().node("free")).valid, true);
      await editor().undo();
      await editor().undo();
    });

    it("keeps what was typed into the form of a new device", async () => {
      await editor().editConfig("tuya-device");
      await editor().fill(`${FIELD}name`, "Half done");
      await editor().openNested(".tuya-import-open");
      await paste(LIST);
      await editor().ok();
      assert.equal(await editor().value(`${FIELD}name`), "Half done");
      await editor().cancel();
      await editor().undo();
    });

    it("updates the key of the device whose form it was opened from", async () => {
      await editor().editConfig("tuya-device", "known");
      await editor().openNested(".tuya-import-open");
      await paste(listOf(wifi(KNOWN)));
      await row(KNOWN.slice(0, 6)).click();
      await editor().ok();
      assert.equal(await editor().value(`${FIELD}localKey`), "__PWRD__");
      await editor().ok();
      assert.equal((await editor().node("known")).credentials?.["localKey"], OTHER_KEY);
      await editor().undo();
      assert.equal((await editor().node("known")).credentials?.["localKey"], undefined);
    });
  });
});

describe("import dialog, where there is no device yet", () => {
  inEditor([TAB, inNode("in")], (editor) => {
    it("is offered by nodes that need one, and its only device is chosen", async () => {
      await editor().edit("in");
      await editor().page.getByRole("button", { name: "Import a list of devices" }).waitFor();
      await editor().screenshot("import-link");
      await editor().openNested(".tuya-import-link button");
      await editor().page.fill(
        ".tuya-import-text",
        listOf(wifi("bfonly00000000000001", { name: "Only one" })),
      );
      await editor().page.locator(ROW).first().waitFor();
      await editor().ok();
      assert.equal(await editor().page.locator("#node-input-device option:checked").innerText(), "Only one");
      assert.equal(await editor().page.locator(".tuya-import-link").isVisible(), false);
      await editor().ok();
      assert.equal((await editor().node("in")).valid, true);
    });
  });
});
