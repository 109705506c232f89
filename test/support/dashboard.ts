import { mkdir, readFile, symlink } from "node:fs/promises";
import path from "node:path";
import type { Browser, Locator, Page } from "playwright-core";
import { isPresetName, PRESETS } from "../../src/virtual/presets";
import type { VirtualDevice } from "../../src/virtual/virtual-device";
import type { FlowNode } from "./flow-file";
import { newUserDir, type NodeRedServer, startNodeRed } from "./node-red";
import { LOADING_MS } from "./patience";
import { LOCAL_KEY, startDevice } from "./virtual";

const DASHBOARD = path.join("@flowfuse", "node-red-dashboard");

/**
 * Starts a Node-RED in which this package and FlowFuse's Dashboard 2 are installed. Whoever starts it stops it, and removes
 * its `userDir`.
 */
export async function startWithDashboard(): Promise<NodeRedServer> {
  const userDir = await newUserDir();
  await mkdir(path.join(userDir, "node_modules", path.dirname(DASHBOARD)), { recursive: true });
  const installed = path.resolve("node_modules", DASHBOARD);
  await symlink(installed, path.join(userDir, "node_modules", DASHBOARD), "junction");
  return startNodeRed({ userDir, settings: { httpNodeRoot: "/" } });
}

/** An example on a dashboard: deployed with virtual devices in place of its own, and open in a browser. */
export class ExampleOnDashboard {
  readonly page: Page;
  /** The device behind each name. */
  readonly devices: ReadonlyMap<string, VirtualDevice>;
  readonly #server: NodeRedServer;

  private constructor(page: Page, devices: ReadonlyMap<string, VirtualDevice>, server: NodeRedServer) {
    this.page = page;
    this.devices = devices;
    this.#server = server;
  }

  /** @param change what is to be different from the example, for each of its nodes */
  static async open(
    browser: Browser,
    server: NodeRedServer,
    file: string,
    change: (node: FlowNode) => FlowNode = (node) => node,
  ): Promise<ExampleOnDashboard> {
    const nodes = (JSON.parse(await readFile(file, "utf8")) as FlowNode[]).map(change);
    const devices = new Map<string, VirtualDevice>();
    const flows: object[] = [];
    for (const node of nodes) {
      if (node.type !== "tuya-device") {
        flows.push(node);
        continue;
      }
      const { name = "" } = node;
      const preset = name.toLowerCase();
      if (!isPresetName(preset)) throw new Error(`There is no virtual ${name}.`);
      const { version, ...product } = PRESETS[preset];
      const device = await startDevice(version, {
        ...product,
        simulation: undefined,
        id: String(node["deviceId"]),
      });
      devices.set(name, device);
      const place = { ip: device.host, port: String(device.port), version };
      flows.push({ ...node, ...place, credentials: { localKey: LOCAL_KEY } });
    }
    const answer = await fetch(`${server.url}flows`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "Node-RED-Deployment-Type": "full" },
      body: JSON.stringify(flows),
    });
    if (!answer.ok) throw new Error(`The example could not be deployed: ${answer.status}`);
    const page = await browser.newPage({ viewport: { width: 1100, height: 900 } });
    page.setDefaultTimeout(LOADING_MS);
    const pageNode = nodes.find(({ type }) => type === "ui-page");
    await page.goto(`${server.url}dashboard${String(pageNode?.["path"])}`);
    return new ExampleOnDashboard(page, devices, server);
  }

  device(name: string): VirtualDevice {
    const device = this.devices.get(name);
    if (!device) throw new Error(`The example has no ${name}.`);
    return device;
  }

  /** Resolves when the page and Node-RED have each done something else in between: what was due has been done, too. */
  async turn(): Promise<void> {
    await this.page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
    await fetch(`${this.#server.url}settings`);
  }

  /** The sliders of the page, in the order of their widgets. */
  slider(index = 0): Locator {
    return this.page.getByRole("slider").nth(index);
  }

  switch(index = 0): Locator {
    return this.page.locator('input[type="checkbox"]').nth(index);
  }

  /** Drags a slider with the mouse, in steps, to a share of its length. */
  async drag(slider: Locator, share: number): Promise<void> {
    const thumb = await slider.boundingBox();
    const track = await slider
      .locator("xpath=ancestor::*[contains(@class, 'v-slider__container')]")
      .boundingBox();
    if (!thumb || !track) throw new Error("The slider is not to be seen.");
    const { mouse } = this.page;
    const y = thumb.y + thumb.height / 2;
    await mouse.move(thumb.x + thumb.width / 2, y);
    await mouse.down();
    await mouse.move(track.x + track.width * share, y, { steps: 25 });
    await mouse.up();
  }
}
