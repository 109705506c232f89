import assert from "node:assert/strict";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { readProfiles } from "../../../nodes/admin/templates/profile-folder";
import { PRESETS } from "../../../src/virtual/presets";
import { deviceNode, inNode, PLUG_DATAPOINTS, TAB } from "../../support/editor-flows";
import { inEditor } from "../../support/in-editor";
import { DEVICE_ID, LOCAL_KEY, startDevice } from "../../support/virtual";

const TABS = "#tuya-device-tabs";
const FILL = ".tuya-fill-open";
const SAVE = ".tuya-save-open";
const SAID = ".tuya-dp-said";
const NOTE = ".tuya-save [role='status']";

const flowsFor = (port: number, properties: object = {}) => [
  TAB,
  deviceNode("plug", {
    name: "Kitchen plug",
    deviceId: DEVICE_ID,
    port: String(port),
    credentials: { localKey: LOCAL_KEY },
    ...properties,
  }),
  inNode("plug-in", { device: "plug" }),
];

describe("templates in the panel of tuya-device", () => {
  inEditor([TAB], (editor, server) => {
    const page = () => editor().page;
    const button = (name: string | RegExp) => page().getByRole("button", { name });
    const templates = () => page().locator(".tuya-template");
    const names = () => page().locator(".tuya-template b").allInnerTexts();
    const open = async (datapoints: readonly object[] = [], port = 1) => {
      await editor().replaceFlows(flowsFor(port, { datapoints }));
      await editor().editConfig("tuya-device", "plug");
      await editor().showTab(TABS, "datapoints");
    };
    const openFill = async () => {
      await page().click(FILL);
      await templates().first().waitFor();
    };
    const said = async () => {
      await page().locator(`${SAID} > span`).waitFor();
      return (await page().innerText(SAID)).trim();
    };
    const saved = async (): Promise<unknown> => {
      await editor().ok();
      return (await editor().saved("plug"))["datapoints"];
    };
    const templateFile = (name: string) => path.join(server().userDir, "tuya-templates", name);

    afterEach(() => rm(templateFile(""), { recursive: true, force: true }));

    it("lists all templates, finds them by a word, and fills an empty table from one", async () => {
      const { profiles } = await readProfiles();
      await open();
      await openFill();
      assert.equal(await templates().count(), profiles.length);
      await editor().screenshot("templates");
      assert.deepEqual(await editor().untranslated(), []);
      await page().fill(".tuya-fill .tuya-find-filter", "breaker");
      assert.deepEqual(await names(), ["Circuit breaker with meter"]);
      await page().fill(".tuya-fill .tuya-find-filter", "nonsense");
      assert.match(await page().innerText(".tuya-templates"), /No template matches the filter/);
      await page().fill(".tuya-fill .tuya-find-filter", "dlq");
      await templates().click();
      assert.equal(await page().isVisible(".tuya-fill"), false);
      assert.match(await said(), /^Filled: 14 added\. Cancel takes it back\. Phases are reported seldom/);
      await editor().screenshot("templates-filled");
      const breaker = profiles.find(({ id }) => id === "breaker");
      const rows = (await saved()) as readonly { readonly dp: string }[];
      assert.deepEqual(
        rows.map(({ dp }) => dp),
        breaker?.dataPoints.map(({ dp }) => dp),
      );
    });

    it("offers to refresh a meter, where the template advises it and nobody has decided", async () => {
      await open();
      await openFill();
      await page().fill(".tuya-fill .tuya-find-filter", "breaker");
      await templates().click();
      await button("Refresh every 10 s").click();
      assert.equal(await editor().value("#node-config-input-refresh"), "10");
      assert.equal(await button("Refresh every 10 s").count(), 0);
      assert.equal(
        await said(),
        "Filled: 14 added. Cancel takes it back. It is asked to measure every 10 s, see Behaviour.",
      );
      await openFill();
      await page().fill(".tuya-fill .tuya-find-filter", "breaker");
      await templates().click();
      assert.equal(await button("Refresh every 10 s").count(), 0);
      await editor().ok();
      assert.equal((await editor().saved("plug"))["refresh"], "10");
      await open();
      await openFill();
      await page().fill(".tuya-fill .tuya-find-filter", "contact");
      await templates().first().click();
      assert.equal(await button(/^Refresh every/).count(), 0);
      await editor().cancel();
    });

    it("puts those that fit first, and fills what is missing without touching what is there", async () => {
      const device = await startDevice("3.4", { dps: PRESETS.plug.dps });
      const mine = [
        { dp: "20", code: "volts", type: "Integer", scale: 2 },
        { dp: "101", code: "mine", type: "Boolean", event: true },
      ];
      await open(mine, device.port);
      await page().locator(".tuya-dp-value").first().waitFor();
      await openFill();
      assert.deepEqual((await names()).slice(0, 1), ["Plug with metering"]);
      assert.match(await templates().first().innerText(), /fits 6 of 6 reported data points/);
      await editor().screenshot("templates-fit");
      await templates().first().click();
      assert.match(await said(), /^Filled: 5 added, 1 completed\. Cancel takes it back\./);
      const rows = (await saved()) as readonly Record<string, unknown>[];
      assert.deepEqual(rows.slice(0, 2), [
        { ...mine[0], label: "Voltage", unit: "V", access: "ro" },
        mine[1],
      ]);
      assert.deepEqual(
        rows.slice(2).map(({ dp }) => dp),
        ["1", "9", "17", "18", "19"],
      );
    });

    it("replaces what rows say where that is asked for, and Cancel takes all of it back", async () => {
      const mine = [
        { dp: "20", code: "volts", type: "Integer", scale: 2 },
        { dp: "101", code: "mine" },
      ];
      for (const keep of [false, true]) {
        await open(mine);
        await openFill();
        await page().check(".tuya-fill-replace input");
        await templates().getByText("Plug with metering", { exact: true }).click();
        assert.match(await said(), /1 completed/);
        if (!keep) {
          await editor().cancel();
          assert.deepEqual((await editor().saved("plug"))["datapoints"], mine);
          assert.equal(await editor().isDirty(), false);
          continue;
        }
        const rows = (await saved()) as readonly Record<string, unknown>[];
        assert.equal(rows[0]?.["code"], "cur_voltage");
        assert.equal(rows[0]["scale"], 1);
        assert.deepEqual(rows[1], mine[1]);
      }
    });

    it("saves the table as a template that other devices find first, and asks before it replaces one", async () => {
      await open(PLUG_DATAPOINTS);
      await page().click(SAVE);
      assert.equal(await page().inputValue(".tuya-save-name"), "Kitchen plug");
      await page()
        .getByText(`in ${templateFile("").replace(/\/$/, "")}`)
        .waitFor();
      await button("Save as template").click();
      const file = templateFile("kitchen-plug.json");
      await page().locator(NOTE).getByText(`Saved as ${file}.`).waitFor();
      await editor().screenshot("templates-saved");
      assert.deepEqual(await editor().untranslated(), []);
      assert.deepEqual(JSON.parse(await readFile(file, "utf8")), {
        name: "Kitchen plug",
        categories: [],
        datapoints: PLUG_DATAPOINTS,
      });
      await button("Save as template").click();
      await page().locator(NOTE).getByText("There is a template of this name already").waitFor();
      assert.deepEqual(editor().takeMishaps(), [`409: ${server().url}tuya/templates`]);
      await editor().screenshot("templates-conflict");
      await button("Replace it").click();
      await page().locator(NOTE).getByText(`Saved as ${file}.`).waitFor();
      await editor().cancel();

      await open();
      await openFill();
      assert.equal((await names())[0], "Kitchen plug");
      assert.match(await templates().first().innerText(), /9 data points\s+saved/);
      await templates().first().click();
      assert.deepEqual(await saved(), PLUG_DATAPOINTS);
    });

    it("says which files among the templates are none", async () => {
      // Before anything asks for the list: one that is on its way would be shown as it is.
      await mkdir(templateFile(""), { recursive: true });
      await writeFile(templateFile("broken.json"), "{");
      await open(PLUG_DATAPOINTS);
      await page().click(FILL);
      await page().getByText("Template broken.json: It is no JSON.").waitFor();
      await editor().screenshot("templates-broken");
      await editor().cancel();
    });

    it("brings a table into a file and back, whole, by choosing, pasting and dropping it", async () => {
      await open(PLUG_DATAPOINTS);
      await page().click(SAVE);
      await page().fill(".tuya-save-name", "My table / 1");
      const download = page().waitForEvent("download");
      await button("Download").click();
      const file = await (await download).path();
      assert.equal((await download).suggestedFilename(), "My-table-1.json");
      const text = await readFile(file, "utf8");
      await page().context().grantPermissions(["clipboard-read", "clipboard-write"]);
      await button("Copy").click();
      await page().locator(NOTE).getByText("Copied.").waitFor();
      assert.equal(await page().evaluate(() => navigator.clipboard.readText()), text);
      await editor().cancel();

      const ways: readonly (() => Promise<void>)[] = [
        () =>
          page().setInputFiles(".tuya-fill input[type='file']", {
            name: "t.json",
            mimeType: "application/json",
            buffer: Buffer.from(text),
          }),
        () =>
          page().setInputFiles(".tuya-fill input[type='file']", {
            name: "from-powershell.json",
            mimeType: "application/json",
            buffer: Buffer.from([0xff, 0xfe, ...Buffer.from(text, "utf16le")]),
          }),
        () => page().fill(".tuya-fill textarea", text),
        async () => {
          const data = await page().evaluateHandle((content) => {
            const transfer = new DataTransfer();
            transfer.items.add(new File([content], "t.json", { type: "application/json" }));
            return transfer;
          }, text);
          await page().dispatchEvent(".tuya-fill", "drop", { dataTransfer: data });
        },
      ];
      for (const bring of ways) {
        await open();
        await openFill();
        await bring();
        assert.equal(await said(), "Filled: 9 added. Cancel takes it back.");
        assert.deepEqual(await saved(), PLUG_DATAPOINTS);
      }
    });

    it("takes nothing from a file that was read only after the panel was closed", async () => {
      await open();
      await openFill();
      const held = await page().evaluateHandle(() => {
        const { prototype } = Blob;
        const read = Reflect.get(prototype, "arrayBuffer") as (this: Blob) => Promise<ArrayBuffer>;
        const holder = { isRead: false, goOn: (): void => undefined };
        prototype.arrayBuffer = async function (this: Blob) {
          prototype.arrayBuffer = read;
          const bytes = await read.call(this);
          holder.isRead = true;
          await new Promise<void>((resolve) => (holder.goOn = resolve));
          return bytes;
        };
        return holder;
      });
      await page().setInputFiles(".tuya-fill input[type='file']", {
        name: "t.json",
        mimeType: "application/json",
        buffer: Buffer.from(JSON.stringify({ name: "Plug", datapoints: PLUG_DATAPOINTS })),
      });
      await page().waitForFunction((holder) => holder.isRead, held);
      await page().click(FILL);
      await held.evaluate(async (holder) => {
        holder.goOn();
        await new Promise((resolve) => setTimeout(resolve, 0));
      });
      assert.deepEqual(await saved(), []);
    });

    it("reads tinytuya's mapping, and says what is wrong with a text that is none", async () => {
      await open();
      await openFill();
      await page().fill(".tuya-fill textarea", '{"devices": [\n {"id": "a", mapping: }]}');
      await page()
        .getByText(/^Line 2: /)
        .waitFor();
      await editor().screenshot("templates-bad-text");
      const mapping = { "20": { code: "cur_voltage", type: "Integer", values: '{"unit":"V","scale":1}' } };
      const devices = [
        { id: "other", key: LOCAL_KEY, mapping: { "1": { code: "x", type: "Boolean" } } },
        { id: DEVICE_ID, key: LOCAL_KEY, name: "Plug", mapping },
      ];
      await page().fill(".tuya-fill textarea", JSON.stringify(devices));
      assert.equal(await said(), "Filled: 1 added. Cancel takes it back.");
      assert.deepEqual(await saved(), [
        { dp: "20", code: "cur_voltage", type: "Integer", scale: 1, unit: "V" },
      ]);
    });

    it("reads a device file of tuya-local, and loads what reads YAML only then", async () => {
      const requests: string[] = [];
      const note = (request: { url(): string }) => requests.push(request.url());
      page().on("request", note);
      const resources = () => requests.filter((url) => url.includes("/resources/@localtuya/"));
      await open([{ dp: "2", code: "temp_set", type: "Integer" }]);
      await openFill();
      await page().fill(".tuya-fill textarea", '{"a": 1}');
      await page()
        .getByText(/What is known: tables saved from here/)
        .waitFor();
      assert.deepEqual(resources(), []);
      await page().fill(".tuya-fill textarea", "name: x\nentities: *unknown\n");
      await page()
        .getByText(/^Line 2: unidentified alias\.$/)
        .waitFor();
      await page().fill(
        ".tuya-fill textarea",
        "name: Floor\nprimary_entity:\n  entity: climate\n  dps:\n    - {id: 2, type: integer, name: temperature, unit: C, mapping: [{scale: 2}]}\n",
      );
      assert.equal(await said(), "Filled: 1 completed. Cancel takes it back.");
      assert.equal(resources().length, 1);
      assert.deepEqual(await saved(), [
        { dp: "2", code: "temp_set", type: "Integer", unit: "°C", divisor: 2 },
      ]);
      page().off("request", note);
    });

    it("takes what Home Assistant's diagnostics tell, and leaves rows without a number to be completed", async () => {
      await open([{ dp: "16", code: "switch" }]);
      await openFill();
      const device = {
        function: { switch: { type: "Boolean", value: {} } },
        status_range: { switch: { type: "Boolean", value: {} }, phase_a: { type: "Raw", value: {} } },
      };
      await page().fill(".tuya-fill textarea", JSON.stringify({ home_assistant: {}, data: device }));
      assert.match(
        await said(),
        /^Filled: 1 added, 1 completed\. .*does not tell the numbers of switch, phase_a/,
      );
      await editor().screenshot("templates-unnumbered");
      await page().locator('.tuya-dp-line [data-field="dp"]').last().fill("6");
      assert.deepEqual(await saved(), [
        { dp: "16", code: "switch", type: "Boolean", access: "rw" },
        { dp: "6", code: "phase_a", type: "Raw", access: "ro" },
      ]);
    });

    it("offers the template that fits a device without names, above the table and after the test", async () => {
      const device = await startDevice("3.4", { dps: PRESETS.plug.dps });
      await open([{ dp: "1", type: "Boolean" }], device.port);
      const offer = page().locator(".tuya-dp-offer");
      await offer.getByText("Looks like “Plug with metering”: fits 6 of 6 reported data points.").waitFor();
      await editor().screenshot("templates-offer");
      await editor().showTab(TABS, "connection");
      await page().click(".tuya-test-start");
      await page().locator(".tuya-verdict[data-verdict='OK']").waitFor();
      await button("Add 5 data points").waitFor();
      await button("Looks like “Plug with metering”: use these 6 data points").waitFor();
      await editor().screenshot("templates-offer-test");
      await button(/^Looks like/).click();
      await page().locator(".tuya-done").getByText("Filled: 5 added, 1 completed.").waitFor();
      assert.equal(await button(/^Add \d/).count(), 0);
      await editor().showTab(TABS, "datapoints");
      assert.equal(await offer.isVisible(), false);
      await editor().screenshot("templates-offer-used");
      const rows = (await saved()) as readonly Record<string, unknown>[];
      assert.deepEqual(
        rows.map(({ code }) => code),
        ["switch_1", "countdown_1", "add_ele", "cur_current", "cur_power", "cur_voltage"],
      );
    });

    it("uses an offer above the table with one click, and offers nothing where there are names", async () => {
      const device = await startDevice("3.4", { dps: PRESETS.plug.dps });
      await open([], device.port);
      await button("Use these 6 data points").click();
      assert.match(await said(), /^Filled: 6 added\. .* set a refresh interval/);
      assert.equal(await page().isVisible(".tuya-dp-offer"), false);
      await editor().cancel();
      await open([{ dp: "1", code: "mine" }], device.port);
      await page().locator(".tuya-dp-value").first().waitFor();
      assert.equal(await page().isVisible(".tuya-dp-offer"), false);
      await editor().cancel();
    });

    it("stays usable in a small window", async () => {
      await page().setViewportSize({ width: 860, height: 560 });
      try {
        await open(PLUG_DATAPOINTS);
        await openFill();
        await editor().screenshot("templates-narrow");
        await templates().last().scrollIntoViewIfNeeded();
        const tray = await page().locator(".red-ui-tray").boundingBox();
        const panel = await page().locator(".tuya-fill").boundingBox();
        assert.ok(tray && panel && panel.x >= tray.x && panel.x + panel.width <= tray.x + tray.width);
        await page().click(FILL);
        await page().locator(".tuya-dp-details").nth(3).click();
        await page().locator(".tuya-dp-more:visible").scrollIntoViewIfNeeded();
        await editor().screenshot("templates-narrow-details");
        await editor().cancel();
      } finally {
        await page().setViewportSize({ width: 1360, height: 860 });
      }
    });
  });
});
