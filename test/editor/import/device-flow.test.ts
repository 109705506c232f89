import assert from "node:assert/strict";
import { deviceNode, inNode, TAB } from "../../support/editor-flows";
import { discoveryOn, freeUdpPort } from "../../support/editor-discovery";
import { inEditor } from "../../support/in-editor";
import type { Editor } from "../../support/editor";
import { DEVICE_ID, startDevice } from "../../support/virtual";

/** Functions given to `evaluate` run in the page, where this is a global. */
declare const RED: {
  readonly actions: { invoke(name: string): void };
  readonly history: { depth(): number };
  readonly utils: { getNodeLabel(node: object): string };
  readonly workspaces: { active(): string; show(id: string): void; refresh: () => void };
  readonly nodes: {
    eachNode(take: (node: DrawnNode) => boolean): void;
    eachConfig(
      take: (node: { readonly id: string; readonly type: string; readonly name: string }) => boolean,
    ): void;
    eachLink(take: (link: { readonly source: DrawnNode; readonly target: DrawnNode }) => void): void;
    eachWorkspace(take: (workspace: { readonly id: string; readonly label: string }) => void): void;
  };
};

interface DrawnNode {
  readonly id: string;
  readonly type: string;
  readonly z: string;
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
  readonly device?: string;
  readonly valid: boolean;
}

const KEY = "kV3tWq8ZrX1nLp5e";
const ROW = ".tuya-import-table tbody tr";
/** What a status under a node takes, and a button beside it, as Node-RED draws them. */
const STATUS = 25;
const BUTTON = 25;

/** A list as tinytuya writes it: every tenth device is a gateway with two sub-devices; names have all lengths. */
function listOf(count: number): object[] {
  const devices: object[] = [];
  for (let number = 0; devices.length < count; number++) {
    const id = `bf${String(1000 + number)}cdef0123456789`;
    const name = `Device ${number} ${"in a far away room ".repeat(number % 3)}`.trim();
    const isGateway = number % 10 === 0;
    const mapping = { "1": { code: "switch_1", type: "Boolean", values: {} } };
    devices.push({ id, name, key: KEY, ip: "", version: "3.3", ...(number % 2 === 1 && { mapping }) });
    for (const child of isGateway ? ["a", "b"] : []) {
      if (devices.length === count) break;
      const nodeId = `a4c13800${String(1000 + number)}${child}`;
      devices.push({
        id: `${id}${child}`,
        name: `Sensor ${child} of ${number}`,
        key: KEY,
        sub: true,
        node_id: nodeId,
        gateway_id: id,
      });
    }
  }
  return devices;
}

async function open(editor: Editor): Promise<void> {
  await editor.whileTraysChange(1, () =>
    editor.page.evaluate(() => RED.actions.invoke("tuya:import-devices")),
  );
}

async function paste(editor: Editor, devices: readonly object[]): Promise<void> {
  await editor.page.fill(".tuya-import-text", JSON.stringify(devices));
  await editor.page.locator(ROW).first().waitFor();
}

/** What is in the editor: devices, and the nodes of the tab that is shown, as they are drawn. */
function present({ page }: Editor) {
  return page.evaluate(() => {
    const nodes: (DrawnNode & { readonly label: string })[] = [];
    RED.nodes.eachNode((node) => {
      const { id, type, z, x, y, w, h, device = "", valid } = node;
      const label = RED.utils.getNodeLabel(node);
      if (z === RED.workspaces.active()) nodes.push({ id, type, z, x, y, w, h, device, valid, label });
      return true;
    });
    const wires: string[] = [];
    RED.nodes.eachLink(({ source, target }) => {
      if (source.z === RED.workspaces.active()) wires.push(`${source.type} → ${target.type}`);
    });
    const devices: { readonly id: string; readonly name: string }[] = [];
    RED.nodes.eachConfig(({ id, type, name }) => {
      if (type === "tuya-device") devices.push({ id, name });
      return true;
    });
    const tabs: string[] = [];
    RED.nodes.eachWorkspace(({ label }) => {
      tabs.push(label);
    });
    return { nodes, wires, devices, tabs };
  });
}

function count(list: readonly string[], word: string): number {
  return list.filter((each) => each === word).length;
}

describe("flow of imported devices", () => {
  inEditor([TAB], (editor) => {
    for (const size of [40, 200]) {
      it(`shows and commands each of ${size} devices, tidily, and goes with one undo`, async function () {
        this.timeout(6 * editor().patienceMs);
        await editor().replaceFlows([TAB]);
        const depth = await editor().page.evaluate(() => RED.history.depth());
        await open(editor());
        await paste(editor(), listOf(size));
        // Nothing uses a device yet, so a flow is what somebody wants.
        assert.equal(await editor().page.isChecked("#tuya-import-flow"), true);
        await editor().ok();
        await editor()
          .page.getByText(`${size} devices are ready, with a flow. Deploy to connect them.`)
          .waitFor({ timeout: 4 * editor().patienceMs });
        await editor().page.waitForFunction(
          () => document.querySelectorAll(".red-ui-flow-node").length > 100,
        );
        const { nodes, wires, devices, tabs } = await present(editor());
        await editor().screenshot(`import-flow-${size}`);
        assert.deepEqual(tabs, ["Flow", "Tuya devices"]);
        assert.equal(devices.length, size);
        for (const type of ["tuya-in", "tuya-out"]) {
          const used = nodes.filter((node) => node.type === type);
          assert.deepEqual(new Set(used.map(({ device }) => device)), new Set(devices.map(({ id }) => id)));
          assert.deepEqual(used.map(({ label }) => label).sort(), devices.map(({ name }) => name).sort());
        }
        assert.equal(count(wires, "tuya-in → debug"), size);
        const switched = nodes.filter(({ type }) => type === "inject").length;
        assert.ok(switched > size / 4 && switched < size, `${switched} can be switched`);
        assert.equal(count(wires, "inject → tuya-out"), switched);
        assert.equal(wires.length, size + switched);
        assert.deepEqual(
          nodes.filter(({ valid }) => !valid),
          [],
        );

        const boxes = nodes.map(({ x, y, w, h }) => ({
          left: x - w / 2 - BUTTON,
          right: x + w / 2 + BUTTON,
          top: y - h / 2,
          bottom: y + h / 2 + STATUS,
        }));
        const overlapping = boxes.filter((a, at) =>
          boxes
            .slice(at + 1)
            .some((b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom),
        );
        assert.deepEqual(overlapping, []);
        for (const { left, right, top, bottom } of boxes) {
          assert.equal((left + BUTTON) % 20, 0, "on the grid");
          assert.ok(left >= 0 && right <= 8000 && top >= 0 && bottom <= 8000, `${right} ${bottom}`);
        }
        // One below the other, as in the list: a gateway before what is behind it.
        const first = nodes.filter(({ type }) => type === "tuya-in").slice(0, 3);
        assert.deepEqual(
          first.map(({ label }) => label),
          ["Device 0", "Sensor a of 0", "Sensor b of 0"],
        );
        assert.deepEqual(
          [...first].sort((a, b) => a.y - b.y),
          first,
        );

        assert.equal(await editor().page.evaluate(() => RED.history.depth()), depth + 1);
        const refreshed = await editor().page.evaluate(() => {
          let count = 0;
          const { refresh } = RED.workspaces;
          RED.workspaces.refresh = () => {
            count += 1;
            refresh();
          };
          RED.actions.invoke("core:undo");
          RED.workspaces.refresh = refresh;
          return count;
        });
        // Not for each node that goes.
        assert.ok(refreshed > 0 && refreshed < 10, `${refreshed} times`);
        const undone = await present(editor());
        assert.deepEqual(undone, { nodes: [], wires: [], devices: [], tabs: ["Flow"] });
        assert.equal(await editor().isDirty(), false);
        await editor().page.evaluate(() => {
          RED.actions.invoke("core:redo");
          RED.nodes.eachWorkspace(({ id, label }) => {
            if (label === "Tuya devices") RED.workspaces.show(id);
          });
        });
        const redone = await present(editor());
        assert.deepEqual(redone.tabs, ["Flow", "Tuya devices"]);
        assert.deepEqual(
          [redone.devices.length, redone.nodes.length, redone.wires.length],
          [size, nodes.length, wires.length],
        );
        assert.equal(await editor().isDirty(), true);
        await editor().undo();
      });
    }

    it("is not made where nobody wants it, and not offered for keys alone", async () => {
      await editor().replaceFlows([TAB]);
      await open(editor());
      await paste(editor(), listOf(2));
      await editor().page.uncheck("#tuya-import-flow");
      await editor().ok();
      await editor()
        .page.getByText("2 devices are ready. They connect once they are deployed and nodes use them.")
        .waitFor();
      assert.deepEqual((await present(editor())).tabs, ["Flow"]);
      await editor().undo();
      await editor().replaceFlows([
        TAB,
        deviceNode("known", { deviceId: "bf1001cdef0123456789" }),
        inNode("in", { device: "known" }),
      ]);
      await open(editor());
      await paste(editor(), listOf(4).slice(3));
      assert.equal(await editor().page.isVisible("#tuya-import-flow"), false);
      await editor().cancel();
      await open(editor());
      await paste(editor(), listOf(4));
      assert.equal(await editor().page.isVisible("#tuya-import-flow"), true);
      // Somebody who has flows has his own ways.
      assert.equal(await editor().page.isChecked("#tuya-import-flow"), false);
      await editor().cancel();
    });

    it("has a tab of another name where there is one", async () => {
      await editor().replaceFlows([{ ...TAB, label: "Tuya devices" }]);
      await open(editor());
      await paste(editor(), listOf(1));
      await editor().ok();
      await editor().page.getByText("1 device is ready, with a flow. Deploy to connect it.").waitFor();
      assert.deepEqual((await present(editor())).tabs, ["Tuya devices", "Tuya devices 2"]);
      await editor().undo();
    });
  });
});

describe("table of the import", () => {
  let udpPort = 0;

  inEditor(
    [TAB],
    (editor) => {
      const page = () => editor().page;
      const names = async () =>
        (await page().locator(`${ROW} .tuya-import-device > span`).allInnerTexts()).map((name) =>
          name.trim(),
        );
      const button = () => page().innerText("#node-dialog-ok");

      it("shows what matches the filter, and imports all the same what does not", async () => {
        await open(editor());
        await paste(editor(), listOf(40));
        await page().fill(".tuya-import-filter > input", "sensor 30");
        assert.deepEqual(await names(), ["Sensor a of 30", "Sensor b of 30"]);
        assert.match(await page().innerText(".tuya-import-filter"), /2 of 40 shown/);
        assert.equal(await button(), "Create 40 devices");
        await page().locator(".tuya-import-table thead input").uncheck();
        assert.equal(await button(), "Create 38 devices");
        await page().keyboard.press("Tab");
        await page().focus(".tuya-import-filter > input");
        await page().keyboard.press("Escape");
        assert.equal((await names()).length, 40);
        assert.equal(await button(), "Create 38 devices");
        await editor().cancel();
      });

      it("changes names, by mouse and keyboard, and says which devices would be called alike", async () => {
        await open(editor());
        await paste(editor(), listOf(5));
        const line = (name: string) => page().locator(ROW, { hasText: name });
        await line("Device 1").locator(".tuya-import-rename").click();
        await page().keyboard.type("Sauna");
        await editor().screenshot("import-rename");
        await page().keyboard.press("Enter");
        assert.deepEqual(await names(), [
          "Device 0",
          "Sensor a of 0",
          "Sensor b of 0",
          "Sauna",
          "Device 2 in a far away room in a far away room",
        ]);
        // The keyboard is on the line again.
        await page().keyboard.press("F2");
        await page().keyboard.type("never");
        await page().keyboard.press("Escape");
        assert.equal((await names())[3], "Sauna");
        await line("Device 2").locator(".tuya-import-rename").click();
        await page().keyboard.type("Sauna");
        await page().locator(".tuya-import-summary").click();
        assert.equal(
          (await line("Sauna").first().locator("small").first().innerText()).trim(),
          "bf1001…, named as another one is",
        );
        const sentence = page().locator(".tuya-import-sentences li");
        assert.match(await sentence.innerText(), /^Several devices are called alike: Sauna\./);
        await editor().screenshot("import-namesakes");
        assert.deepEqual(await editor().untranslated(), []);
        // A press on the pencil is none on the line.
        assert.equal(await button(), "Create 5 devices");
        await editor().ok();
        const { nodes } = await present(editor());
        assert.deepEqual(
          nodes
            .filter(({ type, label }) => type === "tuya-out" && label.startsWith("Sauna"))
            .map(({ label }) => label),
          ["Sauna (bf1001)", "Sauna (bf1002)"],
        );
        await editor().undo();
      });

      it("restricts itself to what is on the network, as it is heard", async function () {
        this.timeout(4 * editor().patienceMs);
        const device = await startDevice("3.4", {});
        await open(editor());
        await paste(editor(), [...listOf(6), { id: DEVICE_ID, name: "Here", key: KEY }]);
        await page().getByLabel("only those heard on the network").check();
        assert.deepEqual(await names(), []);
        assert.equal(await button(), "Create");
        assert.equal(await page().getByText("none of the 7 heard so far").isVisible(), true);
        const heard = page().locator(ROW, { hasText: "Here" });
        for (let tries = 0; tries < 100 && (await heard.count()) === 0; tries++) {
          await device.announce({ port: udpPort });
          await page().waitForTimeout(200);
        }
        assert.deepEqual(await names(), ["Here"]);
        // What is heard while somebody types a name is shown when he has done.
        const second = await startDevice("3.4", { id: "bf1003cdef0123456789" });
        await heard.locator(".tuya-import-rename").click();
        await page().keyboard.type("At home");
        const told = () => page().waitForResponse((response) => response.url().includes("tuya/devices"));
        await second.announce({ port: udpPort });
        await told();
        await told();
        assert.equal(await page().locator(ROW).count(), 1);
        assert.equal(await page().inputValue(`${ROW} input[type="text"]`), "At home");
        await page().keyboard.press("Enter");
        assert.deepEqual(await names(), ["Device 3", "At home"]);
        await second.close();
        assert.equal(await button(), "Create 2 devices");
        await editor().screenshot("import-only-heard");
        await page().getByLabel("only those heard on the network").uncheck();
        assert.equal((await names()).length, 7);
        await editor().cancel();
        await device.close();
      });
    },
    async () => {
      udpPort = await freeUdpPort();
      return discoveryOn(udpPort);
    },
  );
});
