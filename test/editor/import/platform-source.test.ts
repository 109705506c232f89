import assert from "node:assert/strict";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Editor } from "../../support/editor";
import { deviceNode, inNode, TAB } from "../../support/editor-flows";
import { inEditor } from "../../support/in-editor";
import {
  ACCESS_ID,
  ACCESS_SECRET,
  platformDevice,
  PLUG_MODEL,
  TuyaPlatform,
} from "../../support/tuya-platform";
import { DEVICE_ID, LOCAL_KEY, startDevice } from "../../support/virtual";

/** Functions given to `evaluate` run in the page, where this is a global. */
declare const RED: {
  readonly actions: { invoke(name: string): void };
  readonly editor: { validateNode(node: object): boolean };
  readonly nodes: {
    eachConfig(take: (node: { readonly id: string; readonly type: string }) => boolean): void;
    node(id: string): Record<string, unknown>;
    dirty(isDirty: boolean): void;
  };
};

const OLD_KEY = "old0old0old0old0";
const GATEWAY = "bfgate00000000000003";
const HOME = [
  platformDevice(GATEWAY, { name: "Gateway", category: "wgcf", product_id: "product0gate0003" }),
  platformDevice("bfsens00000000000004", {
    name: "Bedroom sensor",
    category: "wsdcg",
    product_id: "product0sens0004",
    sub: true,
    node_id: "a4c1380000000004",
    gateway_id: GATEWAY,
  }),
  platformDevice("bflamp00000000000002", { name: "Lamp <b>", ip: "192.168.1.20", local_key: "" }),
];
const MODELS = { product0plug0001: PLUG_MODEL };

describe("import from the Tuya platform", () => {
  const platform = new TuyaPlatform({});
  before(() => platform.listen());
  after(() => platform.close());

  inEditor(
    [TAB, inNode("plug-in", { device: "" })],
    (editor, server) => {
      const page = () => editor().page;
      const open = (action: string) => openDialog(editor(), action);
      const showPlatform = () =>
        page().locator(".tuya-import-tabs").getByText("From the Tuya platform", { exact: true }).click();
      const fill = async (dataCentre: string): Promise<void> => {
        await page().fill("#tuya-platform-id", ` ${ACCESS_ID} `);
        await page().fill("#tuya-platform-secret", ACCESS_SECRET);
        await page().selectOption("#tuya-platform-data-centre", dataCentre);
      };
      const press = () => page().click(".tuya-platform-fetch");
      const noSecretIn = (text: string): void => {
        for (const secret of [ACCESS_SECRET, LOCAL_KEY, JSON.stringify(LOCAL_KEY).slice(1, -1), OLD_KEY])
          assert.ok(!text.includes(secret), secret);
      };
      const storedKeys = async (): Promise<Record<string, unknown>> =>
        JSON.parse(await readFile(path.join(server().userDir, "flows_cred.json"), "utf8")) as Record<
          string,
          unknown
        >;

      it("says what is wrong and where the devices are, and gets them from there with one click", async () => {
        platform.centres = { eu: {}, "eu-w": { devices: HOME, models: MODELS } };
        await open("tuya:import-devices");
        await showPlatform();
        await page().waitForSelector("#tuya-platform-id");
        assert.match(
          await page().innerText(".tuya-platform"),
          /Asks openapi\.tuyaeu\.com, only when you press this/,
        );
        await page().click(".tuya-platform-guide > summary");
        await editor().screenshot("platform-empty");
        await press();
        await page().getByText("The access id is missing.").waitFor();
        await page().click(".tuya-platform-guide > summary");

        await fill("eu");
        await press();
        await page().getByText("Your 3 devices are in Western Europe, not in Central Europe.").waitFor();
        await editor().screenshot("platform-elsewhere");
        await page().getByText("Use Western Europe", { exact: true }).click();
        await page().getByText("Tuya platform: 3 devices").waitFor();
        await editor().screenshot("platform-fetched");
        assert.equal(await editor().value("#tuya-platform-secret"), "");
        noSecretIn(await page().content());
        assert.deepEqual(await editor().untranslated(), []);
        assert.equal(await page().locator(".tuya-import-table tbody tr").count(), 3);
        assert.equal(await page().innerText("#node-dialog-ok"), "Create 2 devices");
        await editor().cancel();
        assert.equal(await page().locator("#tuya-platform-secret").count(), 0);
      });

      it("shows refusals with what to click, and can be cancelled", async () => {
        platform.centres = { eu: {} };
        platform.refuse(/token/, [28841002, "No permissions. Your subscription has expired."], { times: 1 });
        await open("tuya:import-devices");
        await showPlatform();
        await fill("eu");
        await press();
        await page().getByText("press Extend Trial Period").waitFor();
        await editor().screenshot("platform-refused");

        const asked = new Promise((resolve) => platform.misbehave(/token/, resolve));
        await press();
        await asked;
        await page().getByText("Asking openapi.tuyaeu.com …").waitFor();
        await press();
        await page().getByText("Fetch devices", { exact: true }).waitFor();
        assert.ok(await page().locator(".tuya-platform-progress").isHidden());
        platform.misbehave(/^$/, () => undefined);
        await editor().cancel();
      });

      it("creates a device, which connects after the deploy with a key no browser has seen", async () => {
        const virtual = await startDevice("3.4");
        platform.centres = {
          eu: { devices: [...HOME, platformDevice(DEVICE_ID, { name: "Plug" })], models: MODELS },
        };
        const seen: string[] = [];
        page().on("response", (response) => {
          if (!response.url().includes("/tuya/")) return;
          void response.text().then(
            (text) => seen.push(text),
            () => undefined,
          );
        });
        await open("tuya:import-devices");
        await showPlatform();
        await fill("eu");
        await press();
        await page().getByText("Tuya platform: 4 devices").waitFor();
        await editor().ok();
        await page()
          .getByText("3 devices are ready. They connect once they are deployed and nodes use them.")
          .waitFor();

        const nodeId = await page().evaluate(
          ([id, host, port]) => {
            let found = "";
            RED.nodes.eachConfig((node) => {
              if ((node as { deviceId?: string }).deviceId === id) found = node.id;
              return true;
            });
            // The list of the platform names no port, and no device is announced here.
            Object.assign(RED.nodes.node(found), { ip: host, port, version: "3.4" });
            Object.assign(RED.nodes.node("plug-in"), { device: found, changed: true });
            RED.editor.validateNode(RED.nodes.node("plug-in"));
            RED.nodes.dirty(true);
            return found;
          },
          [DEVICE_ID, virtual.host, String(virtual.port)] as const,
        );
        await editor().editConfig("tuya-device", nodeId);
        assert.match(await page().innerText(".red-ui-tray"), /Stored\. It never leaves the server/);
        assert.equal(await page().locator(".tuya-dp").count(), 2);
        await editor().cancel();

        const connected = once(virtual, "negotiate");
        await editor().deploy();
        await connected;
        const keys = await storedKeys();
        assert.deepEqual(keys[nodeId], { localKey: LOCAL_KEY });
        const withKey = Object.values(keys).filter(
          (credentials) => Object.keys(credentials as object).length > 0,
        );
        assert.equal(withKey.length, 2, "the sub-device has none, the lamp was not created");
        noSecretIn(await editor().flowsText());
        noSecretIn(seen.join("\n"));
        noSecretIn(server().output());
        assert.ok(seen.some((text) => text.includes("ticket")));
      });

      it("compares keys, and updates those of devices that were paired again", async () => {
        const virtual = await startDevice("3.4");
        const place = { ip: virtual.host, port: String(virtual.port), version: "3.4", deviceId: DEVICE_ID };
        await editor().replaceFlows([
          TAB,
          deviceNode("plug", { ...place, name: "Plug", credentials: { localKey: OLD_KEY } }),
          deviceNode("gate", { deviceId: GATEWAY, name: "Gateway", credentials: { localKey: LOCAL_KEY } }),
          inNode("plug-in", { device: "plug" }),
        ]);
        platform.centres = {
          eu: { devices: [...HOME, platformDevice(DEVICE_ID, { name: "Plug" })], models: MODELS },
        };
        await open("tuya:compare-keys");
        await fill("eu");
        await press();
        await page()
          .getByText("1 device was paired again and needs its new key. 1 has its present key.")
          .waitFor();
        await editor().screenshot("platform-compared");
        assert.equal(await page().locator(".tuya-import-table tbody tr").count(), 2);
        assert.equal(await page().innerText("#node-dialog-ok"), "Update 1 key");
        await editor().ok();

        const connected = once(virtual, "negotiate");
        await editor().deploy();
        await connected;
        assert.deepEqual(await storedKeys(), {
          plug: { localKey: LOCAL_KEY },
          gate: { localKey: LOCAL_KEY },
        });

        await open("tuya:compare-keys");
        await fill("eu");
        await press();
        await page().getByText("All 2 configured devices have the key they were paired with last.").waitFor();
        await editor().cancel();
      });

      it("makes nothing where the keys were forgotten meanwhile", async () => {
        platform.centres = { eu: { devices: HOME.slice(0, 1), models: MODELS } };
        await editor().replaceFlows([TAB]);
        await open("tuya:import-devices");
        await showPlatform();
        await fill("eu");
        await press();
        await page().getByText("Tuya platform: 1 device").waitFor();
        const gone = {
          status: 410,
          json: { message: "The fetched keys are not kept any longer. Fetch the devices again." },
        };
        await page().route("**/tuya/platform/apply", (route) => route.fulfill(gone));
        await page().click("#node-dialog-ok");
        await page().getByText("The fetched keys are not kept any longer.").waitFor();
        await page().unroute("**/tuya/platform/apply");
        assert.equal(await editor().isDirty(), false);
        assert.deepEqual(
          editor()
            .takeMishaps()
            .map((text) => text.slice(0, 4)),
          ["410:"],
        );
        await editor().cancel();
      });
    },
    () => Promise.resolve({ tuyaDevicePlatform: { loopbackPort: platform.port } }),
  );
});

async function openDialog(editor: Editor, action: string): Promise<void> {
  await editor.whileTraysChange(1, () => editor.page.evaluate((name) => RED.actions.invoke(name), action));
}
