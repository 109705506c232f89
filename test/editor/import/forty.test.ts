import assert from "node:assert/strict";
import { writeFile, rm } from "node:fs/promises";
import path from "node:path";
import { dialectOf } from "../../../src/protocol/version";
import type { VirtualDevice } from "../../../src/virtual/virtual-device";
import { openHouse, type House, type HouseDevice } from "../../support/house";
import { discoveryOn, freeUdpPort } from "../../support/editor-discovery";
import { TAB } from "../../support/editor-flows";
import { inEditor } from "../../support/in-editor";

/** Steps of this test for each of which the editor is waited for as long as for any. */
const STEPS = 12;
const POLL_MS = 200;

/** Functions given to `evaluate` run in the page, where this is a global. */
declare const RED: {
  readonly workspaces: { active(): string };
  readonly nodes: {
    eachNode(take: (node: EditorNode) => boolean): void;
    node(id: string): EditorNode;
    addLink(link: object): void;
    moveNodeToTab(node: object, tab: string): void;
  };
};

interface EditorNode {
  readonly type: string;
  readonly z: string;
  readonly device?: string;
}

/** Notes what every tuya-in says, under the id of its device. */
const NOTEBOOK = {
  id: "notebook",
  type: "function",
  z: "tab",
  func: 'global.set(msg.tuya.name.replace(/\\W/g, "_"), msg.payload.level);',
  outputs: 0,
  x: 480,
  y: 80,
  wires: [],
};

describe("from a devices.json with forty devices to forty working ones", () => {
  let udpPort = 0;
  let house: House | undefined;

  afterEach(() => house?.close());

  inEditor(
    [TAB, NOTEBOOK],
    (editor, server) => {
      it("takes three clicks, and no key shows anywhere", async function () {
        const { patienceMs } = editor();
        this.timeout(STEPS * patienceMs);
        house = await openHouse();
        const { devices, devicesJson, keys } = house;
        const file = path.join(server().userDir, "devices.json");
        await writeFile(file, devicesJson);
        const { page } = editor();
        const said: string[] = [];
        page.on("console", (message) => said.push(message.text()));
        let clicks = 0;
        const click = async (selector: string): Promise<void> => {
          clicks += 1;
          await page.click(selector);
        };
        const noKeyIn = (text: string, where: string): void => {
          for (const key of keys) {
            for (const form of [key, JSON.stringify(key).slice(1, -1), asHtml(key)])
              assert.ok(!text.includes(form), `a key is in ${where}`);
          }
        };

        // By the keyboard: the list of actions.
        await page.keyboard.press("Control+Shift+p");
        await page.keyboard.type("import tuya");
        await page.getByText("Import Tuya devices", { exact: true }).first().waitFor();
        await page.keyboard.press("Enter");
        const chooser = page.waitForEvent("filechooser");
        await click(".tuya-import-choose");
        await (await chooser).setFiles(file);
        await page.getByText("devices.json: 40 devices", { exact: true }).waitFor();
        const heard = page.locator("td.tuya-import-address > small").getByText("heard", { exact: true });
        const announced = devices.filter(({ isAnnounced }) => isAnnounced);
        assert.equal(announced.length, 17);
        // Over and over, as devices do.
        const deadline = performance.now() + patienceMs;
        while ((await heard.count()) < announced.length && performance.now() < deadline) {
          for (const { device } of announced) await device.announce({ port: udpPort });
          await page.waitForTimeout(250);
        }
        assert.equal(await heard.count(), announced.length);
        await editor().screenshot("import-forty");
        noKeyIn(await page.content(), "the page");
        assert.equal(await page.innerText("#node-dialog-ok"), "Create 40 devices");

        await click("#node-dialog-ok");
        await page.getByText("40 devices are ready, with a flow. Deploy to connect them.").waitFor();
        await editor().screenshot("import-forty-done");
        noKeyIn(await page.content(), "the page afterwards");

        // The tab that is shown now has the flow. What its nodes say is noted as well, without a click.
        const flow = await page.evaluate(() => {
          const users: EditorNode[] = [];
          RED.nodes.eachNode((node) => {
            if (node.z === RED.workspaces.active()) users.push(node);
            return true;
          });
          const notebook = RED.nodes.node("notebook");
          RED.nodes.moveNodeToTab(notebook, RED.workspaces.active());
          for (const source of users.filter(({ type }) => type === "tuya-in"))
            RED.nodes.addLink({ source, sourcePort: 0, target: notebook });
          return users.map(({ type, device = "" }) => `${type} ${device}`.trim());
        });
        for (const type of ["tuya-in", "tuya-out"])
          assert.equal(new Set(flow.filter((node) => node.startsWith(`${type} `))).size, 40);

        const deployed = page.waitForResponse(
          (response) => response.url().endsWith("/flows") && response.request().method() === "POST",
        );
        await click("#red-ui-header-button-deploy");
        assert.equal((await deployed).status(), 200);
        assert.equal(clicks, 3);

        const values = async (): Promise<Readonly<Record<string, string>>> => {
          const response = await fetch(new URL("context/global", server().url));
          const { memory = {} } = (await response.json()) as { memory?: Record<string, { msg: string }> };
          return Object.fromEntries(Object.entries(memory).map(([name, { msg }]) => [name, msg]));
        };
        // Where only an announcement says that a device is, nothing is believed in clear: 3.1 and 3.2 answer queries so.
        const tellsOnlyByItself = ({ device, isAnnounced }: HouseDevice): boolean =>
          isAnnounced && dialectOf(device.version).encrypts !== "all";
        const expected = (isMeant: (device: HouseDevice) => boolean) =>
          Object.fromEntries(
            devices
              .filter((device) => device.id !== "vhousegateway0000000" && isMeant(device))
              .map(({ name, device, cid }) => [
                name.replace(/\W/g, "_"),
                String(Number(device.values(cid)["1"])),
              ]),
          );
        const arrive = async (wanted: Readonly<Record<string, string>>): Promise<void> => {
          const end = performance.now() + 2 * patienceMs;
          const present = async () => sorted(await values());
          while (performance.now() < end) {
            if (JSON.stringify(await present()) === JSON.stringify(sorted(wanted))) return;
            await new Promise((resolve) => setTimeout(resolve, POLL_MS));
          }
          assert.deepEqual(await present(), sorted(wanted));
        };
        const connected = async (wanted: readonly VirtualDevice[]): Promise<void> => {
          const end = performance.now() + patienceMs;
          while (wanted.some(({ clients }) => clients === 0) && performance.now() < end)
            await new Promise((resolve) => setTimeout(resolve, POLL_MS));
        };
        // The state of each device as it connects, and then what each of them reports by itself.
        await arrive(expected((device) => !tellsOnlyByItself(device)));
        await connected(devices.map(({ device }) => device));
        for (const { device, cid, id } of devices) {
          if (id === "vhousegateway0000000") continue;
          device.set({ "1": Number(device.values(cid)["1"]) + 500 }, cid === undefined ? {} : { cid });
        }
        await arrive(expected(() => true));
        for (const { device, id } of devices) assert.equal(device.clients, 1, id);

        noKeyIn(await editor().flowsText(), "GET /flows");
        noKeyIn(await page.content(), "the page in the end");
        noKeyIn(said.join("\n"), "the console");
        noKeyIn(server().output(), "the log");
        await rm(file);
      });
    },
    async () => {
      udpPort = await freeUdpPort();
      return discoveryOn(udpPort);
    },
  );
});

function sorted(values: Readonly<Record<string, string>>): readonly (readonly [string, string])[] {
  return Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1));
}

function asHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
