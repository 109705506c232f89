import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { Browser } from "playwright-core";
import type { Dps } from "../src/protocol/dps";
import type { VirtualDevice } from "../src/virtual/virtual-device";
import { findBrowser, launchBrowser } from "./support/browser";
import { ExampleOnDashboard, startWithDashboard } from "./support/dashboard";
import { type FlowNode, flowProblems, readFlowFile } from "./support/flow-file";
import type { NodeRedServer } from "./support/node-red";
import { LOADING_MS, PATIENCE_MS } from "./support/patience";

const LAMP_AND_COVER = "examples/Dashboard/01 - Lamp and cover.json";
const POWER_AND_HEATING = "examples/Dashboard/02 - Power and heating.json";

const executable = findBrowser();

/** How often, and after how long each time, page and Node-RED have a turn in which nothing happens, for it to have settled. */
const QUIET = { turns: 7, ms: 100 };

/** Every widget that can pass on what it is shown does. */
const passingOn = (node: FlowNode): FlowNode => ("passthru" in node ? { ...node, passthru: true } : node);

/** Resolves once that holds; rejects with what there is instead. */
async function until(holds: () => boolean | Promise<boolean>, describe: () => unknown): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await holds())) {
    if (Date.now() > deadline)
      throw new Error(`It did not come to that: ${JSON.stringify(await describe())}`);
    await sleep(20);
  }
}

/** What a device is told, from now on. */
function listen(
  device: VirtualDevice,
  example: ExampleOnDashboard,
): { readonly sets: Dps[]; readonly settled: () => Promise<void> } {
  const sets: Dps[] = [];
  device.on("set", ({ dps }) => sets.push(dps));
  const settled = async (): Promise<void> => {
    for (let before = -1; before !== sets.length;) {
      before = sets.length;
      for (let turn = 0; turn < QUIET.turns; turn++) {
        await sleep(QUIET.ms);
        await example.turn();
      }
    }
  };
  return { sets, settled };
}

describe("examples on a dashboard", function () {
  this.timeout(LOADING_MS + 60_000);
  let server: NodeRedServer;
  let browser: Browser;
  let shown: ExampleOnDashboard | undefined;

  before(async function () {
    if (!executable) this.skip();
    server = await startWithDashboard();
    browser = await launchBrowser(executable);
  });
  afterEach(() => shown?.page.close());
  after(async () => {
    await browser?.close();
    await server?.stop();
    if (server) await rm(server.userDir, { recursive: true, force: true });
  });

  async function open(file: string, change?: (node: FlowNode) => FlowNode): Promise<ExampleOnDashboard> {
    shown = await ExampleOnDashboard.open(browser, server, file, change);
    await shown.slider().waitFor();
    return shown;
  }

  const has = (device: VirtualDevice, dps: Dps) =>
    until(
      () => Object.entries(dps).every(([dp, value]) => device.values()[dp] === value),
      () => device.values(),
    );
  const shows = (value: () => Promise<unknown>, expected: unknown) =>
    until(async () => (await value()) === expected, value);

  for (const file of [LAMP_AND_COVER, POWER_AND_HEATING]) {
    it(`${file} can be imported, explains itself, and needs no glue`, () => {
      const nodes = readFlowFile(file);
      assert.deepEqual(
        flowProblems(nodes).filter((problem) => !/^ui-.* is of a foreign type$/.test(problem)),
        [],
      );
      assert.match(String(nodes.find(({ type }) => type === "comment")?.["info"]), /.{100}/s);
      const glue = nodes.filter(({ type }) =>
        ["function", "change", "template", "switch", "range"].includes(type),
      );
      assert.deepEqual(glue, []);
    });
  }

  for (const [what, change] of [
    ["as it is", undefined],
    ["with widgets that pass on what they are shown", passingOn],
  ] as const) {
    it(`a lamp with switch, slider and colour, ${what}`, async () => {
      const example = await open(LAMP_AND_COVER, change);
      const lamp = example.device("Lamp");
      const slider = example.slider();
      const value = () => slider.getAttribute("aria-valuenow");
      const colour = example.page.locator('input[type="color"]');
      const { sets, settled } = listen(lamp, example);
      await shows(value, "80");
      await settled();
      assert.deepEqual(sets, [], "showing a state sends nothing");

      await example.drag(slider, 0.25);
      await settled();
      const percent = Number(await value());
      assert.ok(percent > 15 && percent < 35, `dragged to ${percent}`);
      assert.equal(lamp.values()["22"], percent * 10);
      assert.equal(lamp.values()["21"], "white");

      await colour.fill("#0000ff");
      await colour.blur();
      await has(lamp, { "20": true, "21": "colour", "24": "00f003e803e8" });
      await shows(value, "100");
      await settled();
      await example.drag(slider, 0.5);
      await settled();
      const dimmed = Number(await value());
      const v = Math.round(dimmed * 10)
        .toString(16)
        .padStart(4, "0");
      assert.deepEqual([lamp.values()["21"], lamp.values()["24"]], ["colour", `00f003e8${v}`]);

      const told = sets.length;
      lamp.set({ "24": "000003e803e8" });
      await shows(() => colour.inputValue(), "#ff0000");
      lamp.set({ "20": false });
      await shows(value, "0");
      await shows(() => example.switch().isChecked(), false);
      await settled();
      assert.deepEqual(sets.slice(told), [], "what a device reports by itself is not sent back to it");
      assert.equal(lamp.values()["20"], false);

      await example.drag(slider, 0.75);
      await has(lamp, { "20": true });
      await shows(() => example.switch().isChecked(), true);
      await settled();
      await example.switch().click();
      await has(lamp, { "20": false });
      await shows(value, "0");
      await settled();
      assert.equal(lamp.values()["20"], false);
    });
  }

  it("a cover with slider and buttons", async () => {
    const example = await open(LAMP_AND_COVER);
    const cover = example.device("Cover");
    const slider = example.slider(1);
    const { sets, settled } = listen(cover, example);
    await example.drag(slider, 0.4);
    await settled();
    assert.equal(cover.values()["2"], Number(await slider.getAttribute("aria-valuenow")));
    await example.page.getByRole("button", { name: "Close" }).click();
    await until(
      () => sets.at(-1)?.["1"] === "close",
      () => sets,
    );
    cover.set({ "2": 10, "3": 10 });
    await shows(() => slider.getAttribute("aria-valuenow"), "10");
  });

  it("a meter with gauge and chart, and a thermostat", async () => {
    const example = await open(POWER_AND_HEATING);
    const plug = example.device("Plug");
    const thermostat = example.device("Thermostat");
    const gauge = (index: number) => example.page.locator(".nrdb-ui-gauge-value span").nth(index).innerText();
    plug.set({ "19": 12_345 });
    await shows(() => gauge(0), "1234.5");
    await example.page.locator("canvas, .nrdb-ui-chart svg").first().waitFor();
    await example.switch(0).click();
    await has(plug, { "1": false });

    thermostat.set({ "24": 187 });
    await shows(() => gauge(1), "18.7");
    const target = example.slider();
    const { settled } = listen(thermostat, example);
    await example.drag(target, 0.5);
    await settled();
    assert.equal(thermostat.values()["16"], Number(await target.getAttribute("aria-valuenow")) * 10);
    thermostat.set({ "16": 250 });
    await shows(() => target.getAttribute("aria-valuenow"), "25");
    await example.page.getByRole("combobox").first().click();
    await example.page.getByText("Automatic", { exact: true }).click();
    await has(thermostat, { "2": "auto" });
    await example.switch(1).click();
    await has(thermostat, { "1": false });
  });
});
