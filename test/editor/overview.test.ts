import assert from "node:assert/strict";
import { type Neighbourhood, openNeighbourhood } from "../support/neighbourhood";
import { deviceNode, inNode, TAB } from "../support/editor-flows";
import { inEditor } from "../support/in-editor";
import { discoveryOn, freeUdpPort } from "../support/editor-discovery";

/** Functions given to `evaluate` run in the page, where this is a global. */
declare const RED: {
  readonly actions: { invoke(name: string): void };
  readonly sidebar: { show(id: string): void };
  readonly nodes: { node(id: string): { readonly version?: string; readonly refresh?: string } | null };
  readonly history: { clear(): void };
};

declare const jQuery: (selector: string) => { append(html: string): void };

const FINE = 12;
/** How many are in trouble besides: one of each cause. */
const PATIENCE_MS = 60_000;

describe("the side-bar tab of all devices", () => {
  let hood: Neighbourhood;

  before(async () => {
    hood = await openNeighbourhood(FINE);
  });
  after(() => hood.close());

  let udpPort = 0;
  inEditor(
    [TAB],
    (editor) => {
      const row = (id: string) => editor().page.locator(`.tuya-row[data-id="${id}"]`);
      const part = (id: string, name: string) => row(id).locator(`[data-part="${name}"]`);
      const show = (): Promise<void> => editor().page.evaluate(() => RED.actions.invoke("tuya:show-devices"));
      const names = () => editor().page.locator(".tuya-row [data-part=name]").allTextContents();
      const said = (id: string, word: string) => part(id, "state").getByText(word, { exact: true });

      async function load(): Promise<void> {
        await editor().replaceFlows(hood.flow);
        await show();
        await row("ok0").waitFor();
      }

      it("says what to do first while there is no device", async () => {
        const { page } = editor();
        await show();
        await page.getByText("There is no Tuya device yet.").waitFor();
        await editor().screenshot("overview-empty");
        const buttons = page.locator(".tuya-first b");
        assert.deepEqual(await buttons.allTextContents(), [
          "Import a list",
          "Find devices",
          "Enter one by hand",
        ]);
        await page.click(".tuya-first[data-action=import]");
        await page
          .getByRole("heading", { name: "Import Tuya devices" })
          .or(page.locator(".tuya-import"))
          .first()
          .waitFor();
        await editor().cancel();
      });

      it("shows each device in the words of the badges, and what is wrong in a sentence", async function () {
        this.timeout(PATIENCE_MS);
        await load();
        await said("ok3", "connected").waitFor();
        for (const [id, word] of [
          ["wrongkey", "wrong key"],
          ["keyorversion", "key or version wrong"],
          ["busy", "busy: app or other program?"],
          ["refused", "unreachable"],
          ["keyless", "not configured"],
          ["nowhere", "searching…"],
          ["unused", "not used"],
          ["asleep", "asleep"],
          ["child1", "connected"],
          ["child3", "sub-device offline"],
          ["child4", "sub-device offline"],
        ] as const) {
          await said(id, word).waitFor();
        }
        assert.match(
          (await part("wrongkey", "sentence").textContent()) ?? "",
          /^Boiler rejects the local key\./,
        );
        assert.equal(await part("ok3", "sentence").textContent(), "");
        assert.equal(await part("ok3", "ip").textContent(), "127.0.1.13");
        assert.equal(await part("ok3", "version").textContent(), "3.4");
        // Two have the same name.
        assert.equal(await part("unused", "id").textContent(), "bfvunusedx");
        // What is behind the hub stands below it.
        const all = await names();
        const hub = all.indexOf("Zigbee hub");
        assert.deepEqual(all.slice(hub + 1, hub + 5), [
          "Climate sensor",
          "Lost button",
          "Smoke detector",
          "Window sensor",
        ]);
        const html = await editor().page.locator(".tuya-overview").innerHTML();
        for (const key of hood.keys) assert.ok(!html.includes(key), "a key is in the side bar");
        await editor().screenshot("overview");
      });

      it("is kept up to date without asking again", async function () {
        this.timeout(PATIENCE_MS);
        const { page } = editor();
        const asked: string[] = [];
        page.on("request", (request) => asked.push(new URL(request.url()).pathname));
        const lamp = hood.devices.get("ok4");
        await lamp?.close();
        await said("ok4", "unreachable").waitFor({ timeout: PATIENCE_MS });
        await lamp?.listen();
        await said("ok4", "connected").waitFor({ timeout: PATIENCE_MS });
        assert.deepEqual(asked, []);
      });

      it("changes nothing but the line of the device that has changed", async () => {
        await editor().page.evaluate(() => {
          const changed = new Set<string>();
          Object.assign(window, { changed });
          new MutationObserver((records) => {
            for (const { target } of records) {
              const element = target instanceof Element ? target : target.parentElement;
              // How long each has been connected is shown as well.
              if (element?.closest("[data-part=seen]")) continue;
              changed.add(element?.closest<HTMLElement>(".tuya-row")?.dataset["id"] ?? "list");
            }
          }).observe(document.querySelector(".tuya-rows") as Element, {
            subtree: true,
            childList: true,
            attributes: true,
            characterData: true,
          });
        });
        const lamp = hood.devices.get("ok3");
        await lamp?.close();
        await said("ok3", "unreachable").waitFor({ timeout: PATIENCE_MS });
        const changed = await editor().page.evaluate(() => [
          ...(Reflect.get(window, "changed") as Set<string>),
        ]);
        assert.ok(changed.includes("ok3"));
        // Their state stayed what it was; the list itself would have been changed by lines that move.
        for (const id of ["list", "ok2", "ok4", "ok7", "ok8", "hub", "child1", "unused"])
          assert.ok(!changed.includes(id), id);
        await lamp?.listen();
        await said("ok3", "connected").waitFor({ timeout: PATIENCE_MS });
      });

      it("searches, filters and sorts", async () => {
        const { page } = editor();
        await page.fill(".tuya-search", "lamp kit");
        assert.deepEqual(await names(), ["Kitchen lamp"]);
        await page.fill(".tuya-search", "nothing like it");
        await page.getByText("No device matches.").waitFor();
        await page.press(".tuya-search", "Escape");
        await page.click(".tuya-filter[data-filter=unused]");
        assert.deepEqual(await names(), ["Spare plug", "Spare plug"]);
        await page.click(".tuya-filter[data-filter=gateway]");
        assert.deepEqual(await names(), ["Zigbee hub"]);
        await page.click(".tuya-filter[data-filter=gateway]");
        await page.selectOption(".tuya-order", "state");
        const trouble = await page.locator(".tuya-row[data-trouble=true]").count();
        assert.ok(trouble >= 8, String(trouble));
        assert.equal(await page.locator(".tuya-row").first().getAttribute("data-trouble"), "true");
        await page.selectOption(".tuya-order", "name");
      });

      it("is one stop for the Tab key; arrows move, Enter opens, Escape closes", async () => {
        const { page } = editor();
        const focused = () =>
          page.evaluate(() => (document.activeElement as HTMLElement).dataset["id"] ?? "");
        await page.focus(".tuya-filter[data-filter=gateway]");
        await page.keyboard.press("Tab");
        const [first = "", second = ""] = await page
          .locator(".tuya-row")
          .evaluateAll((rows) => rows.map((each) => (each as HTMLElement).dataset["id"] ?? ""));
        // The line that was there last; from it the keys move.
        await row(await focused()).waitFor();
        await page.keyboard.press("Home");
        assert.equal(await focused(), first);
        await page.keyboard.press("ArrowDown");
        assert.equal(await focused(), second);
        await page.keyboard.press("End");
        await page.keyboard.press("Home");
        await page.keyboard.press("ArrowUp");
        assert.equal(await focused(), first);
        await page.keyboard.press("Enter");
        assert.equal(await row(first).getAttribute("aria-expanded"), "true");
        await page.keyboard.press("Tab");
        assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("data-action")), "edit");
        await page.keyboard.press("Escape");
        assert.equal(await row(first).getAttribute("aria-expanded"), "false");
        assert.equal(await focused(), first);
      });

      it("tells of one device what happened and how it is doing, and makes a report fit for others", async () => {
        const { page } = editor();
        await row("ok4").click();
        const details = page.locator(".tuya-details");
        await details.locator(".tuya-events li").filter({ hasText: "refuses connections" }).first().waitFor();
        await details.getByText("Connected at 127.0.1.14, protocol 3.5.").first().waitFor();
        await editor().screenshot("overview-open");
        await details.getByRole("button", { name: "Copy report…" }).click();
        const report = await details.locator("textarea").inputValue();
        assert.match(report, /Connected 2 times; lost: 1 × /);
        assert.match(report, /127\.0\.1\.x/);
        for (const told of ["Bath lamp", "bfvok4", "127.0.1.14", ...hood.keys]) {
          assert.ok(!report.includes(told) || told === "bfvok4", `${told} in:\n${report}`);
        }
        assert.ok(!report.includes("bfvok4x0000000000000"), report);
        await details.getByRole("button", { name: "Show nodes (1)" }).click();
        await page.locator(".red-ui-flow-node-highlighted, .red-ui-flow-node-selected").first().waitFor();
        await row("ok4").click();
      });

      it("tests a device, connects it anew, and opens its panel, which says the same", async function () {
        this.timeout(PATIENCE_MS);
        const { page } = editor();
        await row("wrongkey").click();
        const details = page.locator(".tuya-details");
        await details.getByRole("button", { name: "Test" }).click();
        await details.locator('.tuya-verdict[data-verdict="WRONG_KEY"]').waitFor({ timeout: PATIENCE_MS });
        await editor().screenshot("overview-test");
        await row("ok3").click();
        await details.getByRole("button", { name: "Reconnect" }).click();
        await details.getByText("Connecting anew.").waitFor();
        await details.locator("li", { hasText: "Connected anew on request of the editor." }).waitFor();
        await said("ok3", "connected").waitFor();
        await editor().openNested('.tuya-details button[data-action="edit"]');
        await page.getByText(/^connected for \d+ s · 127\.0\.1\.13 · version 3\.4/).waitFor();
        await editor().screenshot("overview-live-line");
        await editor().cancel();
        await row("ok3").click();
      });

      it("chooses a range by mouse, and no text in it", async () => {
        const { page } = editor();
        await page
          .locator(".tuya-row")
          .nth(1)
          .click({ modifiers: ["Control"] });
        await page
          .locator(".tuya-row")
          .nth(3)
          .click({ modifiers: ["Shift"] });
        await page.getByText("3 devices chosen").waitFor();
        assert.equal(await page.evaluate(() => String(getSelection())), "");
        await page.getByText("Choose none").click();
      });

      it("sets version and refresh of several, tests them, deletes the unused; undo brings all back", async function () {
        this.timeout(PATIENCE_MS);
        const { page } = editor();
        const held = (id: string) =>
          page.evaluate((nodeId) => {
            const { version, refresh } = RED.nodes.node(nodeId) ?? {};
            return [version, refresh];
          }, id);
        await page.evaluate(() => RED.history.clear());
        for (const id of ["ok1", "child1", "unused", "unused2"])
          await row(id).click({ modifiers: ["Control"] });
        await page.getByText("4 devices chosen").waitFor();
        await page.selectOption(".tuya-bulk select", "3.5");
        await page.getByText("3 devices changed. Deploy to use them.").waitFor();
        await page.fill(".tuya-bulk-refresh", "1");
        await page.click(".tuya-bulk button[data-action=set]");
        await page.getByText("Refresh: seconds, 2 at least, or nothing").first().waitFor();
        await page.fill(".tuya-bulk-refresh", "30");
        await page.press(".tuya-bulk-refresh", "Enter");
        assert.deepEqual(await held("ok1"), ["3.5", "30"]);
        assert.deepEqual(await held("child1"), ["auto", ""]);
        assert.equal(await row("ok1").getAttribute("data-undeployed"), "true");
        await page.locator(".tuya-filter[data-filter=undeployed][data-count='3']").waitFor();
        await page.click(".tuya-bulk button[data-action=test]");
        await page.getByText("Tested 4: ").waitFor({ timeout: PATIENCE_MS });
        await page.locator('[data-tested="passed"]').first().waitFor();
        await editor().screenshot("overview-bulk");
        await page.click(".tuya-bulk button[data-action=delete]");
        await row("unused").waitFor({ state: "detached" });
        assert.equal(await row("unused2").count(), 0);
        assert.equal(await row("ok1").count(), 1);
        await editor().undo();
        await row("unused").waitFor();
        await row("unused2").waitFor();
        await editor().undo();
        await editor().undo();
        assert.deepEqual(await held("ok1"), ["auto", ""]);
        assert.equal(await editor().isDirty(), false);
        await page.evaluate(() => RED.actions.invoke("core:redo"));
        assert.deepEqual(await held("ok1"), ["3.5", ""]);
        assert.equal(await editor().isDirty(), true);
        await editor().undo();
      });

      it("is there once, and works, after the node type was switched off and on again", async () => {
        const { page } = editor();
        await page.evaluate(async () => {
          const url = "nodes/@localtuya/node-red-tuya/tuya-device";
          const answer = await fetch(url, { headers: { accept: "text/html" } });
          jQuery("body").append(await answer.text());
        });
        await show();
        await row("ok0").waitFor();
        assert.equal(await page.locator(".tuya-overview").count(), 1);
      });

      it("says of the nodes that name a device whether they use it", async function () {
        this.timeout(PATIENCE_MS);
        const off = { id: "off", type: "tab", label: "Off", disabled: true };
        await editor().replaceFlows([...hood.flow, off, inNode("off-in", { z: "off", device: "unused" })]);
        await said("unused", "not used").waitFor();
        assert.equal(await part("unused", "users").textContent(), "1");
        assert.equal(
          await part("unused", "users").getAttribute("title"),
          "1 node names it, but does not connect it",
        );
        assert.equal(await part("ok3", "users").getAttribute("title"), "used by 1 node");
      });

      it("counts and shows the nodes of a gateway with those of its sub-devices", async function () {
        this.timeout(PATIENCE_MS);
        const { page } = editor();
        await editor().replaceFlows([...hood.flow, inNode("second", { device: "child1", x: 180, y: 400 })]);
        await part("hub", "users").getByText("6", { exact: true }).waitFor();
        await part("child1", "users").getByText("2", { exact: true }).waitFor();
        await row("hub").click();
        await page.locator(".tuya-details").getByRole("button", { name: "Show nodes (6)" }).click();
        await page.locator(".red-ui-flow-node-highlighted, .red-ui-flow-node-selected").first().waitFor();
        await row("hub").click();
      });

      it("finds devices: a known one is shown, another one gets a panel filled in", async function () {
        this.timeout(PATIENCE_MS);
        const { page } = editor();
        await editor().startAfresh([
          TAB,
          deviceNode("known", { name: "Known lamp", deviceId: "bfvok3x0000000000000" }),
        ]);
        await show();
        await page.click(".tuya-head button[data-action=find]");
        const heard = page.locator(".tuya-found-row");
        for (let times = 0; times < 40 && (await heard.count()) < 2; times++) {
          for (const id of ["ok3", "ok8"]) await hood.devices.get(id)?.announce({ port: udpPort });
          await page.waitForTimeout(200);
        }
        assert.equal(await heard.locator(".tuya-badge", { hasText: /^new$/ }).isVisible(), true);
        await heard.filter({ hasText: "Known lamp" }).click();
        assert.equal(await row("known").getAttribute("aria-expanded"), "true");
        await page.click(".tuya-head button[data-action=find]");
        await editor().openNested('.tuya-found-row:has-text("new")');
        assert.equal(await editor().value("#node-config-input-deviceId"), "bfvok8x0000000000000");
        assert.equal(await editor().value("#node-config-input-ip"), "127.0.1.18");
        await editor().cancel();
      });
    },
    async () => {
      udpPort = await freeUdpPort();
      return discoveryOn(udpPort);
    },
  );
});
