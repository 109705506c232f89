import assert from "node:assert/strict";
import { AWKWARD_KEY, deviceNode, inNode, TAB } from "../../../support/editor-flows";
import { discoveryOn, freeUdpPort } from "../../../support/editor-discovery";
import { inEditor } from "../../../support/in-editor";
import { startDevice } from "../../../support/virtual";
import { announcement, openUdp, sendUdp } from "../../../support/udp";

/** Functions given to `evaluate` run in the page, where this is a global. */
declare const RED: { readonly actions: { invoke(name: string): void } };

const FIELD = "#node-config-input-";
const ROW = ".tuya-found-row";
/** Time between two questions to the server. */
const POLL_MS = 1_000;
const LAMP_ID = "bf0000000000000000lamp";

const FLOWS = [
  TAB,
  deviceNode("plug", { name: "Kitchen plug", credentials: { localKey: AWKWARD_KEY } }),
  deviceNode("lamp", { name: "Lamp in the attic", deviceId: LAMP_ID }),
  deviceNode("child", {
    name: "Door",
    deviceId: "",
    ip: "",
    port: "",
    gateway: "plug",
    cid: "a4c1380123456789",
  }),
  inNode("plug-in", { device: "plug" }),
  inNode("lamp-in", { device: "lamp", y: 140 }),
  inNode("child-in", { device: "child", y: 200 }),
];

describe("Find in the panel of tuya-device", () => {
  let port = 0;
  inEditor(
    FLOWS,
    (editor) => {
      before(() => editor().page.clock.install());
      /** Time passes in the page: what is due in it happens at once. */
      const pass = (ms: number) => editor().page.clock.runFor(ms);
      const open = async (id?: string) => {
        await editor().editConfig("tuya-device", id);
        // The server listens from the first question on, if not before.
        const answer = editor().page.waitForResponse(/tuya\/devices/);
        await editor().page.click(".tuya-find-open");
        await answer;
      };
      const rowOf = (id: string) => editor().page.locator(`${ROW}[title^="${id}"]`);
      const announceAll = async (ids: readonly string[], more: object = {}) => {
        const socket = await openUdp();
        for (const [index, id] of ids.entries()) {
          await sendUdp(socket, announcement(id, { ip: `127.0.1.${index + 1}`, ...more }), port);
        }
        await pass(POLL_MS);
      };

      it("says for how long nothing was heard, and after ten seconds why that may be", async () => {
        await open("plug");
        await pass(2 * POLL_MS);
        // It shows the time of the last answer, and the page's own clock goes on meanwhile.
        await editor()
          .page.getByText(/^Nothing heard yet… \([2-6] s\)$/)
          .waitFor();
        assert.equal(await editor().page.isVisible(".tuya-network"), false);
        await editor().screenshot("find-nothing-yet");
        await pass(8 * POLL_MS);
        await editor().page.locator(".tuya-network").waitFor();
        const text = await editor().page.innerText(".tuya-network");
        assert.match(text, new RegExp(`Listening for announcements on UDP ${port}\\.`));
        assert.match(text, /Not a single packet has arrived\./);
        assert.match(text, /The network has not been asked/);
        assert.match(text, /container|other networks/);
        await editor().screenshot("find-nothing-heard");
        assert.deepEqual(await editor().untranslated(), []);
        await editor().page.getByRole("button", { name: "Enter the address" }).click();
        assert.equal(await editor().page.evaluate(() => document.activeElement?.id), "node-config-input-ip");
        assert.equal(await editor().page.locator(".tuya-form > .tuya-find").isVisible(), false);
        await editor().cancel();
      });

      it("shows devices as soon as they are heard, and fills the form from the chosen one", async () => {
        const device = await startDevice("3.4", { id: "vdev00000000000found", productKey: "vproduct34" });
        await open();
        await device.announce({ port });
        await pass(POLL_MS);
        const row = rowOf(device.id);
        await row.waitFor();
        assert.deepEqual((await row.innerText()).split(/\n+/), [
          "vdev00…ound",
          "vproduct34",
          "127.0.0.1",
          "3.4",
          "new",
        ]);
        await editor().page.getByText("1 device heard, listening…").waitFor();
        await row.click();
        assert.equal(await editor().value(`${FIELD}deviceId`), device.id);
        assert.equal(await editor().value(`${FIELD}ip`), "127.0.0.1");
        assert.equal(await editor().value(`${FIELD}version`), "auto");
        assert.equal(await editor().page.locator(".tuya-form > .tuya-find").isVisible(), false);
        const said = await editor().page.innerText(".tuya-picked");
        assert.match(said, /announces version 3\.4; Auto measures it/);
        assert.match(said, /Its local key is still missing\.$/);
        await editor().screenshot("find-picked");
        await editor().cancel();
      });

      it("tells new devices from those that are configured and from the one in the form", async () => {
        await open("plug");
        await announceAll(["bf0123456789abcdefghij", LAMP_ID], { version: "3.9" });
        await rowOf(LAMP_ID).waitFor();
        const badge = (id: string) => rowOf(id).locator(".tuya-badge").innerText();
        assert.equal(await badge(LAMP_ID), "configured");
        assert.equal(await badge("bf0123456789abcdefghij"), "this one");
        assert.equal(await badge("vdev00000000000found"), "new");
        assert.equal(await rowOf(LAMP_ID).locator(".tuya-found-title").innerText(), "Lamp in the attic");
        assert.equal(await rowOf(LAMP_ID).locator(".tuya-found-version").innerText(), "3.9");
        assert.equal(await editor().page.isVisible(".tuya-find-filter"), false);
        assert.deepEqual(await editor().untranslated(), []);
        await rowOf(LAMP_ID).click();
        assert.match(await editor().page.innerText(".tuya-picked"), /key is still that of the former device/);
        await editor().cancel();
      });

      it("has a filter for many devices, and a list that the keyboard can use while it grows", async () => {
        const ids = Array.from({ length: 12 }, (_none, index) => `bf77777777777777device${index + 10}`);
        await open();
        await announceAll(ids.slice(0, 10));
        await rowOf(ids[9] ?? "").waitFor();
        await editor().screenshot("find-many");
        await editor().page.focus(`${ROW}[tabindex="0"]`);
        const focused = () => editor().page.evaluate(() => document.activeElement?.getAttribute("title"));
        const first = await focused();
        await editor().page.keyboard.press("ArrowDown");
        const second = await focused();
        assert.notEqual(second, first);
        await announceAll(ids);
        await rowOf(ids[11] ?? "").waitFor();
        assert.equal(await focused(), second);
        await editor().page.keyboard.press("ArrowUp");
        assert.equal(await focused(), first);
        await editor().page.keyboard.press("End");
        assert.match((await focused()) ?? "", /already configured/);

        await editor().page.fill(".tuya-find-filter", "attic");
        await editor()
          .page.getByText(/^1 of \d+ devices heard$/)
          .waitFor();
        assert.equal(await editor().page.locator(ROW).count(), 1);
        await editor().page.locator(ROW).press("Enter");
        assert.equal(await editor().value(`${FIELD}deviceId`), LAMP_ID);
        await editor().cancel();
      });

      it("explains on request why a device may be missing", async () => {
        await open("lamp");
        await editor().page.getByRole("button", { name: "Not in the list?" }).click();
        await editor()
          .page.getByText(/^\d+ announcements have arrived, so listening works\./)
          .waitFor();
        await editor().screenshot("find-missing");
        await editor().page.getByRole("button", { name: "Not in the list?" }).click();
        assert.equal(await editor().page.isVisible(".tuya-network"), false);
        await editor().cancel();
      });

      it("fills the form it belongs to, where one dialog is open within another", async () => {
        await editor().editConfig("tuya-device", "child");
        await editor().openNested("#node-config-input-btn-gateway-add");
        await editor().page.click(".tuya-find-open");
        await rowOf(LAMP_ID).click();
        assert.equal(await editor().value(`${FIELD}deviceId`), LAMP_ID);
        await editor().cancel();
        assert.equal(await editor().value(`${FIELD}cid`), "a4c1380123456789");
        assert.equal(await editor().value(`${FIELD}deviceId`), "");
        assert.equal(await editor().page.innerText(".tuya-picked"), "");
        await editor().page.selectOption("#tuya-device-kind", "wifi");
        await editor().page.click(".tuya-find-open");
        await rowOf(LAMP_ID).click();
        assert.equal(await editor().value(`${FIELD}deviceId`), LAMP_ID);
        await editor().cancel();
      });

      it("asks the server no more once the dialog is closed, however that happens", async () => {
        for (const closing of [() => editor().cancel(), () => editor().ok()]) {
          await open("lamp");
          await editor().page.locator(ROW).first().waitFor();
          await closing();
          let asked = 0;
          const count = () => (asked += 1);
          editor().page.on("request", count);
          await pass(5 * POLL_MS);
          editor().page.off("request", count);
          assert.equal(asked, 0);
        }
      });

      it("says what is wrong when the server refuses, and goes on", async () => {
        const refusal = { status: 403, contentType: "application/json", body: "{}" };
        await editor().page.route("**/tuya/devices*", (route) => route.fulfill(refusal));
        await open("lamp");
        await editor().page.getByText("Your account may not do this here.").waitFor();
        await editor().page.unroute("**/tuya/devices*");
        await rowOf(LAMP_ID).waitFor();
        assert.ok(
          editor()
            .takeMishaps()
            .every((mishap) => mishap.startsWith("403: ")),
        );
        await editor().cancel();
      });
    },
    async () => {
      port = await freeUdpPort();
      return discoveryOn(port);
    },
  );
});

describe("Find where discovery is switched off", () => {
  inEditor([TAB], (editor) => {
    it("says so at once, and what follows", async () => {
      const { page } = editor();
      await editor().editConfig("tuya-device");
      await page.clock.install();
      await page.click(".tuya-find-open");
      await page.getByText("Discovery is switched off: nothing will be found.").waitFor();
      assert.match(
        await page.innerText(".tuya-network"),
        /tuyaDeviceDiscovery: false.*none is followed to a new address, and each needs its address here/,
      );
      assert.equal(await page.isVisible(".tuya-find .fa-spinner"), false);
      await editor().screenshot("find-switched-off");
      await page.getByRole("button", { name: "Enter the address" }).click();
      await editor().cancel();
      // The same in the side bar, where it is the first thing a newcomer presses.
      await page.evaluate(() => RED.actions.invoke("tuya:show-devices"));
      await page.click(".tuya-first[data-action=find]");
      await page.locator(".tuya-overview").getByText("Discovery is switched off").waitFor();
    });
  });
});
