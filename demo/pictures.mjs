// Makes the pictures of the README from the demo, in docs/pictures/: `npm run pictures`. Needs Chromium; all of it stays on
// 127.0.0.1, and all names, ids and keys in them are invented.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { openNeighbourhood } from "../dist/test/support/neighbourhood.js";
import { findBrowser, launchBrowser } from "../dist/test/support/browser.js";
import { startDevices } from "./devices.mjs";
import { startNodeRed } from "./node-red.mjs";
import { smallPng } from "./small-png.mjs";

const FOLDER = path.join(import.meta.dirname, "..", "docs", "pictures");
const MAX_BYTES = 120_000;
const VIEWPORT = { width: 1120, height: 700 };
/** Panels slide, devices connect, and badges settle. */
const SETTLE_MS = 600;

const ROOMS = ["Kitchen", "Living room", "Bedroom", "Hall", "Bath", "Study", "Garage", "Garden"];
const THINGS = ["lamp", "plug", "blinds", "heater", "fan"];

/** Forty devices as tinytuya lists them. */
function fortyDevices() {
  return THINGS.flatMap((thing, row) =>
    ROOMS.map((room, column) => {
      const number = row * ROOMS.length + column;
      return {
        name: `${room} ${thing}`,
        id: `bfexample${String(number).padStart(11, "0")}`,
        key: `example-key-${String(number).padStart(4, "0")}`,
        ip: `192.0.2.${20 + number}`,
        version: number % 3 === 0 ? "3.5" : "3.4",
        mapping: { 1: { code: "switch_1", type: "Boolean", values: {} } },
      };
    }),
  );
}

async function loaded(page) {
  await page.waitForSelector("#red-ui-palette-container .red-ui-palette-node", { state: "attached" });
  await page.waitForSelector("#red-ui-loading-progress", { state: "hidden" });
}

const settle = (page) => page.waitForTimeout(SETTLE_MS);

async function openPanel(page, id) {
  await page.evaluate((node) => RED.editor.editConfig("", "tuya-device", node, null), id);
  await page.waitForSelector("#tuya-device-form");
  await settle(page);
}

async function closePanel(page) {
  await page.click("#node-config-dialog-cancel, #node-dialog-cancel");
  await page.waitForSelector(".red-ui-tray", { state: "detached" });
}

const TRAY = "#red-ui-editor-stack > .red-ui-tray:last-child";

/** Each leads to what is to be seen, and returns the selector of the part of the page that is the picture. */
const PICTURES = {
  async "demo-flow"(page) {
    for (const name of ["core:toggle-sidebar", "core:toggle-palette"]) {
      await page.evaluate((action) => RED.actions.invoke(action), name);
    }
    await page.evaluate(() => RED.workspaces.show("demo-start"));
    await page.evaluate(() => document.querySelector("#red-ui-workspace-chart").scrollTo(0, 0));
    await page.waitForTimeout(4_000);
    return "#red-ui-workspace-chart";
  },

  async "test-wrong-key"(page) {
    await openPanel(page, "demo-wrong-key");
    await page.click(".tuya-test-start");
    await page.waitForSelector(".tuya-verdict[data-verdict]", { timeout: 20_000 });
    await settle(page);
    return TRAY;
  },

  async learn(page, { devices }) {
    await closePanel(page);
    await openPanel(page, "demo-lamp");
    await page.click('#tuya-device-tabs a[href="#datapoints"]');
    await page.click(".tuya-learn-start");
    await page.waitForSelector('.tuya-learn-status[data-tone="good"]', { timeout: 20_000 });
    await page.waitForTimeout(1_000);
    const { device } = devices.find(({ name }) => name === "Lamp");
    device.set({ 20: true, 22: 640 });
    await page.waitForSelector(".tuya-dp-lit");
    return TRAY;
  },

  async "mqtt-topics"(page) {
    await closePanel(page);
    await page.evaluate(() => {
      const nodes = [];
      RED.nodes.eachNode((node) => nodes.push(node));
      RED.editor.edit(nodes.find(({ type, device }) => type === "tuya-in" && device === "demo-lamp"));
    });
    await page.waitForSelector("#tuya-in-form");
    await page.selectOption("#node-input-scope", "all");
    await page.selectOption("#node-input-output", "mqtt");
    await page.selectOption("#node-input-discovery", "device");
    await page.selectOption("#tuya-in-topics-of", "demo-lamp");
    await page.locator("#tuya-in-topics .tuya-topic-known").first().waitFor();
    // All of it is to be seen.
    await page.setViewportSize({ ...VIEWPORT, height: 1_000 });
    await settle(page);
    return "#tuya-in-mqtt";
  },

  async "import-forty"(page) {
    await closePanel(page);
    await page.evaluate(() => RED.actions.invoke("tuya:import-devices"));
    await page.fill(".tuya-import-text", JSON.stringify(fortyDevices()));
    await page.locator(".tuya-import-table tbody tr").nth(39).waitFor();
    await settle(page);
    return TRAY;
  },

  /** Of another house, in which some devices are in trouble. */
  async "side-bar"(page, { url, flow }) {
    await fetch(new URL("flows", url), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(flow),
    });
    await page.reload();
    await loaded(page);
    await page.evaluate(() => RED.actions.invoke("tuya:show-devices"));
    await page.selectOption(".tuya-order", "state");
    await page.locator('.tuya-row[data-id="busy"][data-trouble="true"]').waitFor();
    await page.click('.tuya-row[data-id="wrongkey"]');
    await page.mouse.move(0, 0);
    await page.waitForTimeout(8_000);
    return "#red-ui-sidebar";
  },
};

async function run() {
  const executable = findBrowser();
  if (!executable) throw new Error("There is no Chromium. Set CHROMIUM to its path.");
  await mkdir(FOLDER, { recursive: true });
  const userDir = await mkdtemp(path.join(tmpdir(), "tuya-pictures-"));
  const { devices, stop } = await startDevices(0);
  const house = await openNeighbourhood(20);
  let nodeRed;
  let browser;
  try {
    const silent = () => undefined;
    nodeRed = await startNodeRed({ port: 0, userDir, devices, onSend: silent, onLog: silent });
    browser = await launchBrowser(executable);
    const page = await browser.newPage({
      viewport: VIEWPORT,
      deviceScaleFactor: 2,
      colorScheme: "light",
      locale: "en-US",
    });
    await page.goto(nodeRed.url);
    await loaded(page);
    for (const [name, prepare] of Object.entries(PICTURES)) {
      await page.setViewportSize(VIEWPORT);
      const selector = await prepare(page, { devices, url: nodeRed.url, flow: house.flow });
      // A button under the pointer would look pressed.
      await page.mouse.move(0, 0);
      const png = await smallPng(browser, await page.locator(selector).screenshot());
      if (png.length > MAX_BYTES)
        throw new Error(`${name}.png has ${png.length} bytes; ${MAX_BYTES} are allowed.`);
      await writeFile(path.join(FOLDER, `${name}.png`), png);
      console.log(`docs/pictures/${name}.png  ${Math.round(png.length / 1_000)} kB`);
    }
  } finally {
    await browser?.close();
    await nodeRed?.stop();
    await Promise.all([stop(), house.close()]);
    await rm(userDir, { recursive: true, force: true });
  }
}

await run();
process.exit(0);
