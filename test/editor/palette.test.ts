import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { inEditor } from "../support/in-editor";
import { deviceNode, inNode, outNode, PLUG_DATAPOINTS, TAB } from "../support/editor-flows";

const FLOWS = [
  TAB,
  deviceNode("plug", { name: "Kitchen plug", datapoints: PLUG_DATAPOINTS, credentials: {} }),
  inNode("in", { device: "plug", state: true, outputs: 2, wires: [[], []] }),
  outNode("out", { device: "plug" }),
  inNode("named", { device: "plug", name: "Voltage", y: 140 }),
  outNode("unset", { y: 140 }),
];

const NODES = {
  "tuya-in": { label: "tuya in", color: "rgb(212, 140, 95)" },
  "tuya-out": { label: "tuya out", color: "rgb(212, 140, 95)" },
  "tuya-discover": { label: "tuya find", color: "rgb(212, 140, 95)" },
  "tuya-raw": { label: "tuya raw", color: "rgb(212, 140, 95)" },
} as const;

/** Characters that fit on the 82 pixels Node-RED has for a line, in any usual font: 8 pixels each. */
const LONGEST_LABEL = 10;

describe("palette", () => {
  inEditor(FLOWS, (editor) => {
    it("has a category of its own with the nodes in it, and no config node", async () => {
      const { page } = editor();
      assert.equal(await page.textContent("#red-ui-palette-header-tuya"), "tuya");
      const types = await page.$$eval("#red-ui-palette-container-tuya .red-ui-palette-node", (nodes) =>
        nodes.map((node) => node.getAttribute("data-palette-type")),
      );
      assert.deepEqual(types, Object.keys(NODES));
    });

    for (const [type, { label, color }] of Object.entries(NODES)) {
      it(`shows ${type} with its label, colour and our icon`, async () => {
        const node = editor().page.locator(`.red-ui-palette-node[data-palette-type="${type}"]`);
        // Not what is displayed: where lines break depends on the fonts of the machine.
        assert.equal(await node.getAttribute("data-palette-label"), label);
        assert.ok(label.length <= LONGEST_LABEL);
        assert.equal(await node.evaluate((element) => getComputedStyle(element).backgroundColor), color);
        const icon = await node
          .locator(".red-ui-palette-icon")
          .evaluate((element) => getComputedStyle(element).backgroundImage);
        const url = /url\("(.*)"\)/.exec(icon)?.[1] ?? "";
        assert.match(url, new RegExp(`/icons/@localtuya/node-red-tuya/${type}\\.svg$`));
        const answer = await fetch(url);
        assert.equal(await answer.text(), readFileSync(`icons/${type}.svg`, "utf8"));
      });
    }
  });
});

describe("icons", () => {
  for (const name of ["tuya-in", "tuya-out", "tuya-discover", "tuya-raw"]) {
    it(`${name} is white on nothing, two to three`, () => {
      const svg = readFileSync(`icons/${name}.svg`, "utf8");
      assert.match(svg, /width="40" height="60" viewBox="0 0 40 60"/);
      const colours = [...svg.matchAll(/(?:fill|stroke)="([^"]*)"/g)].map((match) => match[1]);
      assert.deepEqual(new Set(colours), new Set(["#fff", "none"]));
    });
  }
});

describe("nodes in a flow", () => {
  inEditor(FLOWS, (editor) => {
    const label = (id: string) => editor().page.locator(`[id="${id}"] .red-ui-flow-node-label`);

    it("are called by their own name, else by their device's, else by their type", async () => {
      assert.equal(await label("named").textContent(), "Voltage");
      assert.equal(await label("in").textContent(), "Kitchen plug");
      assert.equal(await label("out").textContent(), "Kitchen plug");
      assert.equal(await label("unset").textContent(), "tuya out");
      await editor().screenshot("flow");
    });

    it("show only names of their own in italics", async () => {
      assert.match((await label("named").getAttribute("class")) ?? "", /node_label_italic/);
      assert.doesNotMatch((await label("in").getAttribute("class")) ?? "", /node_label_italic/);
    });

    it("take on the device's new name as soon as it has one", async () => {
      await editor().editConfig("tuya-device", "plug");
      await editor().fill("#node-config-input-name", "Garage plug");
      await editor().ok();
      await label("in").getByText("Garage plug").waitFor();
      await label("out").getByText("Garage plug").waitFor();
    });

    it("show where they stand, in words", async () => {
      await editor()
        .page.locator('[id="unset"] .red-ui-flow-node-status-label')
        .getByText("no device chosen")
        .waitFor();
      await editor()
        .page.locator('[id="in"] .red-ui-flow-node-status-label')
        .getByText("not configured")
        .waitFor();
    });

    it("label their ports", async () => {
      const labels = await editor().page.evaluate(() => {
        const portLabel = (id: string, index: number): unknown => {
          const node = RED.nodes.node(id) as unknown as {
            _def: { outputLabels(this: unknown, index: number): string };
          };
          return node._def.outputLabels.call(node, index);
        };
        return [portLabel("in", 0), portLabel("in", 1), portLabel("out", 0)];
      });
      assert.deepEqual(labels, ["values", "connection", "confirmed"]);
    });

    it("say that no device is chosen", async () => {
      const { valid, validationErrors } = await editor().node("unset");
      assert.equal(valid, false);
      assert.deepEqual(validationErrors, ["Choose a device"]);
    });
  });
});

declare const RED: { nodes: { node(id: string): object | null } };
