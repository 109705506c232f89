import assert from "node:assert/strict";
import { once } from "node:events";
import type { VirtualDevice } from "../../../../src/virtual/virtual-device";
import { deviceNode, inNode, TAB } from "../../../support/editor-flows";
import { inEditor } from "../../../support/in-editor";
import { DEVICE_ID, LOCAL_KEY, startDevice } from "../../../support/virtual";

const FIELD = "#node-config-input-";
const ASK = ".tuya-children-open";
const ROW = ".tuya-children .tuya-found-row";
const STATUS = ".tuya-children .tuya-find-status";
const [DOOR, PLUG, MOTION, LOST] = [
  "a4c1380000000001",
  "a4c1380000000002",
  "a4c1380000000003",
  "a4c1380000000004",
];

/** A gateway with its key stored, a sub-device of it that is complete, and one without a node id. */
const flowsFor = (port: number, properties: object = {}) => [
  TAB,
  deviceNode("hub", {
    name: "Hub",
    deviceId: DEVICE_ID,
    port: String(port),
    credentials: { localKey: LOCAL_KEY },
    ...properties,
  }),
  childNode("door", { name: "Front door", cid: DOOR }),
  childNode("new", { name: "New" }),
  inNode("door-in", { device: "door" }),
];

function childNode(id: string, properties: object): object {
  return deviceNode(id, { deviceId: "", ip: "", port: "", gateway: "hub", ...properties });
}

function startHub(): Promise<VirtualDevice> {
  return startDevice("3.4", {
    dps: { "1": "hub" },
    subDevices: {
      [DOOR]: { dps: { "1": false, "2": 96 } },
      [PLUG]: { dps: { "1": true, "17": 43250, "18": 4310, "19": 9970, "20": 2310, "38": "memory" } },
      [MOTION]: { dps: { "1": "none", "4": 81 } },
      [LOST]: { dps: { "1": 215 }, online: false },
    },
  });
}

describe("Ask the gateway in the panel of tuya-device", () => {
  inEditor([TAB], (editor, server) => {
    const open = async (id?: string) => {
      await editor().editConfig("tuya-device", id);
      if (id === undefined) {
        await editor().page.selectOption("#tuya-device-kind", "child");
        await editor().page.selectOption(`${FIELD}gateway`, "hub");
      }
      await editor().page.click(ASK);
    };
    const rowOf = (cid: string) => editor().page.locator(`${ROW}[title^="${cid}"]`);
    const rowTexts = async (cid: string) => (await rowOf(cid).innerText()).split(/\n+/);
    const order = () =>
      editor().page.$$eval(ROW, (rows) => rows.map((row) => (row.getAttribute("title") ?? "").slice(0, 16)));
    const isSaid = (text: string | RegExp) => editor().page.locator(STATUS, { hasText: text }).waitFor();

    it("lists what is behind a deployed gateway, new ones first, with their values", async () => {
      const hub = await startHub();
      const connected = once(hub, "negotiate");
      await editor().replaceFlows(flowsFor(hub.port));
      await connected;
      await open("new");
      await isSaid(/^4 sub-devices of Hub\. Which is which\?/);
      await rowOf(PLUG).locator("small", { hasText: "1 = true" }).waitFor();
      await rowOf(LOST).locator("small", { hasText: "215" }).waitFor();
      assert.deepEqual(await order(), [PLUG, MOTION, LOST, DOOR]);
      assert.deepEqual(await rowTexts(DOOR), [
        `Front door ${DOOR}`,
        "1 = false · 2 = 96",
        "online",
        "configured",
      ]);
      assert.deepEqual(await rowTexts(LOST), [LOST, "1 = 215", "offline", "new"]);
      assert.deepEqual(await editor().untranslated(), []);
      // The connection in use is asked: it is the only one.
      assert.equal(hub.clients, 1);
      await editor().screenshot("children-listed");

      await rowOf(MOTION).click();
      assert.equal(await editor().value(`${FIELD}cid`), MOTION);
      assert.equal(await editor().page.locator(".tuya-children").isVisible(), false);
      assert.equal(await editor().page.innerText(".tuya-twin"), "");
      await editor().ok();
      assert.equal((await editor().saved("new"))["cid"], MOTION);
    });

    it("lights up the line of one that reports, and moves it to the top", async () => {
      const hub = await startHub();
      await editor().replaceFlows(flowsFor(hub.port));
      await open("new");
      await isSaid(/^4 sub-devices/);
      assert.equal((await order())[0], PLUG);
      hub.set({ "1": "pir" }, { cid: MOTION });
      await rowOf(MOTION).locator(".tuya-child-state", { hasText: "reports now" }).waitFor();
      assert.equal((await order())[0], MOTION);
      assert.match((await rowOf(MOTION).getAttribute("class")) ?? "", /tuya-flash/);
      assert.equal(await rowOf(MOTION).locator("small b").innerText(), '1 = "pir"');
      await editor().screenshot("children-reporting");
      // Under the mouse, lines stay where they are.
      await rowOf(PLUG).hover();
      const before = await order();
      hub.set({ "1": false }, { cid: PLUG });
      hub.setChildOnline(LOST, true);
      hub.set({ "1": 220 }, { cid: LOST });
      await rowOf(LOST).locator(".tuya-child-state", { hasText: "reports now" }).waitFor();
      assert.deepEqual(await order(), before);
      await editor().page.mouse.move(1, 1);
      hub.set({ "1": 225 }, { cid: LOST });
      await rowOf(LOST).locator("small b", { hasText: "225" }).waitFor();
      assert.equal((await order())[0], LOST);
      await editor().cancel();
    });

    it("says of one that is configured already that it is, but takes it", async () => {
      const hub = await startHub();
      await editor().replaceFlows(flowsFor(hub.port));
      await open("new");
      await rowOf(DOOR).click();
      assert.equal(await editor().value(`${FIELD}cid`), DOOR);
      assert.match(
        await editor().page.innerText(".tuya-twin"),
        /^The same device as “Front door”: both show the same\./,
      );
      await editor().screenshot("children-taken");
      await editor().page.click(ASK);
      await rowOf(DOOR).waitFor();
      assert.equal((await rowTexts(DOOR)).at(-1), "this one");
      await editor().cancel();
    });

    it("asks a gateway that was typed and not deployed, with the key that was typed", async () => {
      const hub = await startHub();
      await editor().replaceFlows([TAB]);
      await editor().editConfig("tuya-device");
      await editor().page.selectOption("#tuya-device-kind", "child");
      await editor().openNested("#node-config-input-btn-gateway-add");
      await editor().fill(`${FIELD}name`, "Typed hub");
      await editor().fill(`${FIELD}deviceId`, DEVICE_ID);
      await editor().fill(`${FIELD}localKey`, LOCAL_KEY);
      await editor().fill(`${FIELD}ip`, "127.0.0.1");
      await editor().fill(`${FIELD}port`, String(hub.port));
      await editor().ok();
      const left = once(hub, "disconnect");
      await editor().page.click(ASK);
      await isSaid(/^4 sub-devices of Typed hub/);
      assert.equal(hub.clients, 1);
      await editor().cancel();
      await left;
    });

    it("says what to do where no gateway is chosen, and where there is no list", async () => {
      const hub = await startDevice("3.3", { subDevices: { [DOOR]: { dps: { "1": false } } } });
      // Below the version it proved before, a device is spoken to only where the user has set that.
      await editor().replaceFlows(flowsFor(hub.port, { version: "3.3" }).slice(0, 2));
      await editor().editConfig("tuya-device");
      await editor().page.selectOption("#tuya-device-kind", "child");
      await editor().page.selectOption(`${FIELD}gateway`, "_ADD_");
      await editor().page.click(ASK);
      await isSaid("Choose the gateway first.");
      await editor().page.selectOption(`${FIELD}gateway`, "hub");
      assert.equal(await editor().page.locator(".tuya-children").isVisible(), false);
      await editor().page.click(ASK);
      await isSaid(/^Hub speaks protocol 3\.3, which has no list/);
      const hint = editor().page.locator(".tuya-children-hint");
      assert.match(await hint.innerText(), /devices\.json calls it node_id\.$/);
      await editor().screenshot("children-no-list");
      hub.set({ "1": true }, { cid: DOOR });
      await rowOf(DOOR).waitFor();
      assert.equal(await hint.isVisible(), false);
      assert.deepEqual(await editor().untranslated(), []);
      await editor().cancel();
    });

    it("has Test say what is missing, and whether the sub-device itself answers", async () => {
      const hub = await startHub();
      await editor().replaceFlows(flowsFor(hub.port));
      await editor().editConfig("tuya-device", "new");
      const verdict = (text: RegExp) => editor().page.locator(".tuya-verdict", { hasText: text }).waitFor();
      await editor().page.click(".tuya-test-start");
      await verdict(/^Enter the node id/);
      await editor().page.click(ASK);
      await rowOf(LOST).click();
      await editor().page.click(".tuya-test-start");
      await verdict(/ is offline: so says its gateway Hub/);
      await editor().screenshot("children-test-offline");
      assert.equal(editor().takeMishaps().join(), `400: ${server().url}tuya/test`);
      await editor().cancel();
    });

    it("says that a device lists none, as one that is no gateway does", async () => {
      const lamp = await startDevice("3.5");
      await editor().replaceFlows(flowsFor(lamp.port).slice(0, 2));
      await open();
      await isSaid(/^Hub refuses to list sub-devices, as devices do that are no gateways/);
      await editor().cancel();
    });

    it("says why a gateway cannot be asked, and asks again on request", async () => {
      const hub = await startDevice("3.5", { behaviour: "3.5o", subDevices: { [DOOR]: { dps: {} } } });
      await editor().replaceFlows(
        flowsFor(hub.port, { credentials: { localKey: "0123456789abcdef" } }).slice(0, 2),
      );
      await open();
      await isSaid(/^Hub rejects the local key\./);
      await editor().screenshot("children-wrong-key");
      hub.changeKey("0123456789abcdef");
      await editor().page.getByRole("button", { name: "Ask again" }).click();
      await isSaid(/^1 sub-device of Hub/);
      await editor().cancel();
    });

    it("stops asking when the dialog closes, and when another tool opens", async () => {
      const hub = await startHub();
      // Nothing else uses the hub.
      await editor().replaceFlows(flowsFor(hub.port, { version: "3.4" }).slice(0, 3));
      const leaving: (() => Promise<void>)[] = [
        () => editor().page.click(ASK),
        () => editor().page.click(".tuya-test-start"),
        () => editor().cancel(),
      ];
      await editor().editConfig("tuya-device", "door");
      for (const leave of leaving) {
        await editor().page.click(ASK);
        await isSaid(/^4 sub-devices/);
        await leave();
        assert.equal(await editor().page.locator(".tuya-children").isVisible(), false);
      }
      while (hub.clients > 0) await once(hub, "disconnect");
      assert.doesNotMatch(server().output(), /failed/);
    });
  });
});
