import assert from "node:assert/strict";
import { AWKWARD_KEY, deviceNode, inNode, PLUG_DATAPOINTS, TAB } from "../support/editor-flows";
import { inEditor } from "../support/in-editor";

/** Functions given to `evaluate` run in the page, where this is a global. */
declare const RED: { readonly actions: { invoke(name: string): void } };

const FIELD = "#node-config-input-";
const TABS = "#tuya-device-tabs";

const PLUG = {
  name: "Kitchen plug",
  version: "3.4",
  refresh: "30",
  refreshDps: "18, cur_power",
  datapoints: PLUG_DATAPOINTS,
  credentials: { localKey: AWKWARD_KEY },
};
const GATEWAY = { name: "Gateway", deviceId: "bf0123456789abcdefghgw" };
const CHILD = {
  name: "Door",
  deviceId: "",
  ip: "",
  port: "",
  gateway: "gateway",
  cid: "a4c1380123456789",
  sleepy: true,
};

const FLOWS = [
  TAB,
  deviceNode("plug", PLUG),
  deviceNode("gateway", GATEWAY),
  deviceNode("child", CHILD),
  inNode("plug-in", { device: "plug" }),
  inNode("child-in", { device: "child", y: 140 }),
  inNode("gateway-in", { device: "gateway", y: 200 }),
];

describe("panel of tuya-device", () => {
  inEditor(FLOWS, (editor) => {
    it("shows what is saved and translates all of its texts", async () => {
      await editor().editConfig("tuya-device", "plug");
      assert.equal(await editor().value(`${FIELD}name`), "Kitchen plug");
      assert.equal(await editor().value("#tuya-device-kind"), "wifi");
      assert.equal(await editor().value(`${FIELD}version`), "3.4");
      assert.equal(await editor().value(`${FIELD}refreshDps`), "18, cur_power");
      assert.deepEqual(await editor().page.locator(`${FIELD}version option`).allTextContents(), [
        "Auto (measured)",
        "3.1",
        "3.2",
        "3.3",
        "3.4",
        "3.5",
      ]);
      await editor().screenshot("device-connection");
      assert.deepEqual(await editor().untranslated(), []);
      await editor().showTab(TABS, "datapoints");
      await editor().screenshot("device-datapoints");
      await editor().showTab(TABS, "behaviour");
      await editor().screenshot("device-behaviour");
      await editor().cancel();
    });

    it("keeps a version that is none of its own, such as an environment variable", async () => {
      await editor().replaceFlows([TAB, deviceNode("plug", { ...PLUG, version: "${VERSION}" })]);
      await editor().editConfig("tuya-device", "plug");
      assert.equal(await editor().value(`${FIELD}version`), "${VERSION}");
      await editor().ok();
      assert.equal(await editor().isDirty(), false);
      await editor().replaceFlows(FLOWS);
    });

    it("changes nothing when it is closed without a change", async () => {
      await editor().editConfig("tuya-device", "plug");
      await editor().ok();
      assert.equal(await editor().isDirty(), false);
      // Node-RED itself takes a credential that was never set for a changed one.
      for (const id of ["gateway", "child"]) {
        const before = await editor().saved(id);
        await editor().editConfig("tuya-device", id);
        await editor().ok();
        assert.deepEqual(await editor().saved(id), before);
      }
    });

    it("saves a new device in the shape of the contract, and shows it again after a reload", async () => {
      await editor().edit("gateway-in");
      await editor().openNested("#node-input-btn-device-add");
      await editor().fill(`${FIELD}name`, "New lamp");
      await editor().fill(`${FIELD}deviceId`, "  bf99999999999999999999 ");
      await editor().fill(`${FIELD}localKey`, AWKWARD_KEY);
      await editor().fill(`${FIELD}ip`, "127.0.0.1");
      await editor().fill(`${FIELD}port`, "1");
      await editor().page.selectOption(`${FIELD}version`, "3.5");
      await editor().showTab(TABS, "behaviour");
      await editor().fill(`${FIELD}refresh`, "15");
      await editor().fill(`${FIELD}refreshDps`, "18,19");
      await editor().page.check(`${FIELD}device22`);
      await editor().page.check(`${FIELD}sleepy`);
      await editor().ok();
      const id = await editor().value("#node-input-device");
      await editor().ok();
      await editor().deploy();
      assert.deepEqual(await editor().deployed(id), {
        id,
        type: "tuya-device",
        name: "New lamp",
        deviceId: "bf99999999999999999999",
        ip: "127.0.0.1",
        port: "1",
        version: "3.5",
        gateway: "",
        cid: "",
        refresh: "15",
        refreshDps: "18,19",
        device22: true,
        sleepy: true,
        datapoints: [],
      });
      await editor().reload();
      await editor().editConfig("tuya-device", id);
      assert.equal(await editor().value(`${FIELD}deviceId`), "bf99999999999999999999");
      assert.equal(await editor().value(`${FIELD}version`), "3.5");
      assert.equal(await editor().page.isChecked(`${FIELD}device22`), true);
      await editor().cancel();
    });

    it("is no wider for the sentence about a device that does not work, known before it is opened", async () => {
      await editor().page.evaluate(() => RED.actions.invoke("tuya:show-devices"));
      await editor().page.locator(".tuya-overview", { hasText: "Nothing listens" }).waitFor();
      await editor().editConfig("tuya-device", "plug");
      await editor().page.locator(".tuya-live", { hasText: "Nothing listens" }).waitFor();
      const tray = await editor().page.locator(".red-ui-tray").boundingBox();
      assert.ok(tray && tray.width <= 520, `${tray?.width} px`);
      await editor().screenshot("device-live-line");
      await editor().cancel();
      await editor().reload();
    });

    it("starts a new device with the defaults of the contract", async () => {
      await editor().edit("plug-in");
      await editor().openNested("#node-input-btn-device-add");
      await editor().fill(`${FIELD}deviceId`, "bf00000000000000000000");
      await editor().ok();
      const id = await editor().value("#node-input-device");
      const saved = await editor().saved(id);
      assert.deepEqual(saved, {
        id,
        type: "tuya-device",
        name: "",
        deviceId: "bf00000000000000000000",
        ip: "",
        port: "",
        version: "auto",
        gateway: "",
        cid: "",
        refresh: "",
        refreshDps: "",
        device22: false,
        sleepy: false,
        datapoints: [],
      });
      await editor().cancel();
      await editor().reload();
    });
  });
});

describe("reasons why a tuya-device is invalid", () => {
  inEditor(FLOWS, (editor) => {
    const CASES = [
      ["deviceId", ["", " "], "Device id is missing"],
      ["deviceId", ["bf01 23"], "Device id: no blanks inside"],
      ["ip", ["http://127.0.0.1", "127.0.0.300"], "Address: an IPv4 address or a host name, or nothing"],
      ["port", ["0", "65536", "x"], "Port: a number from 1 to 65535, or nothing for 6668"],
      ["refresh", ["1", "0", "often"], "Refresh: seconds, 2 at least, or nothing"],
      [
        "refreshDps",
        ["18,,19", "18, cur_nothing"],
        "Data points to refresh: numbers or codes of this device, with commas between them",
      ],
    ] as const;
    for (const [property, values, reason] of CASES) {
      it(`${reason} (${values.map((value) => JSON.stringify(value)).join(", ")})`, async () => {
        for (const value of values) {
          assert.deepEqual(await editor().reasons("plug", { [property]: value }), [reason], value);
        }
      });
    }

    it("none for an environment variable in any field", async () => {
      for (const variable of ["${PLUG_SETTING}", "$(PLUG_SETTING)"]) {
        const properties = ["deviceId", "ip", "port", "refresh", "refreshDps"];
        const values = Object.fromEntries(properties.map((name) => [name, variable]));
        assert.deepEqual(await editor().reasons("plug", values), []);
        assert.deepEqual(await editor().reasons("child", { gateway: variable, cid: variable }), []);
      }
    });

    it("none where optional fields are left empty, or are full and right", async () => {
      const empty = { ip: "", port: "", refresh: "", refreshDps: "", name: "" };
      assert.deepEqual(await editor().reasons("plug", empty), []);
      const full = { ip: "lamp.lan", port: "6668", refresh: "2", refreshDps: "1, cur_voltage" };
      assert.deepEqual(await editor().reasons("plug", full), []);
    });

    it("none for data points that are no list, which are taken for none", async () => {
      for (const datapoints of ["", "x", null, {}, [null, 1, "x"]]) {
        assert.deepEqual(await editor().reasons("plug", { datapoints, refreshDps: "" }), []);
      }
    });

    it("behind a gateway: no node id, no gateway, one that is gone, itself, or itself behind a gateway", async () => {
      const gateway = async (id: string) => editor().reasons("child", { gateway: id });
      assert.deepEqual(await editor().reasons("child", { cid: "" }), [
        "Node id is missing: the id by which the gateway knows the device",
      ]);
      assert.deepEqual(await gateway(""), ["Choose the gateway this device is behind"]);
      assert.deepEqual(await gateway("nobody"), ["The gateway no longer exists"]);
      assert.deepEqual(await gateway("plug-in"), ["The gateway no longer exists"]);
      assert.deepEqual(await gateway("child"), ["A device cannot be its own gateway"]);
      assert.deepEqual(await editor().reasons("plug", { gateway: "child", cid: "1" }), [
        "The chosen gateway is itself behind a gateway",
      ]);
    });

    it("are shown in the open dialog, and the device can be saved all the same", async () => {
      await editor().editConfig("tuya-device", "plug");
      await editor().fill(`${FIELD}port`, "99999");
      assert.match((await editor().page.getAttribute(`${FIELD}port`, "class")) ?? "", /input-error/);
      await editor().page.hover(`${FIELD}port`);
      await editor().page.getByText("Port: a number from 1 to 65535, or nothing for 6668").waitFor();
      await editor().screenshot("device-invalid");
      // A field that does not count does not stand in the way.
      await editor().page.selectOption("#tuya-device-kind", "child");
      await editor().page.selectOption("#tuya-device-kind", "wifi");
      await editor().ok();
      assert.equal((await editor().node("plug")).valid, false);
      assert.equal((await editor().saved("plug"))["port"], "99999");
      assert.equal((await editor().node("plug-in")).valid, false);
      assert.deepEqual((await editor().node("plug-in")).validationErrors, [
        "The device is not properly configured",
      ]);
      await editor().undo();
    });

    it("do not depend on what another device's dialog shows at the moment", async () => {
      await editor().editConfig("tuya-device", "plug");
      assert.deepEqual(await editor().reasons("child", { cid: "" }), [
        "Node id is missing: the id by which the gateway knows the device",
      ]);
      assert.deepEqual(await editor().reasons("gateway", { refreshDps: "cur_power" }), [
        "Data points to refresh: numbers or codes of this device, with commas between them",
      ]);
      await editor().cancel();
    });
  });
});

describe("devices behind a gateway", () => {
  inEditor(FLOWS, (editor) => {
    const visible = async (...names: string[]) => {
      const shown = await Promise.all(names.map((name) => editor().page.isVisible(FIELD + name)));
      return names.filter((_name, index) => shown[index]);
    };
    const ALL = ["gateway", "cid", "deviceId", "localKey", "ip", "port", "version"];

    it("have the fields they need and no others", async () => {
      await editor().editConfig("tuya-device", "child");
      assert.equal(await editor().value("#tuya-device-kind"), "child");
      assert.deepEqual(await visible(...ALL), ["gateway", "cid", "deviceId"]);
      await editor().screenshot("device-child");
      await editor().page.selectOption("#tuya-device-kind", "wifi");
      assert.deepEqual(await visible(...ALL), ["deviceId", "localKey", "ip", "port", "version"]);
      await editor().page.selectOption("#tuya-device-kind", "child");
      assert.equal(await editor().value(`${FIELD}cid`), "a4c1380123456789");
      await editor().showTab(TABS, "behaviour");
      assert.deepEqual(await visible("refresh", "refreshDps", "device22", "sleepy"), []);
      assert.deepEqual(await editor().untranslated(), []);
      await editor().cancel();
    });

    it("are not offered themselves and other sub-devices as gateway", async () => {
      await editor().editConfig("tuya-device", "child");
      const offered = await editor().page.$$eval(`${FIELD}gateway option`, (options) =>
        options.map((option) => option.getAttribute("value")),
      );
      assert.deepEqual(new Set(offered), new Set(["_ADD_", "gateway", "plug"]));
      await editor().cancel();
    });

    it("lose gateway and node id when they become Wi-Fi devices", async () => {
      await editor().editConfig("tuya-device", "child");
      await editor().page.selectOption("#tuya-device-kind", "wifi");
      await editor().fill(`${FIELD}deviceId`, "bf11111111111111111111");
      await editor().fill(`${FIELD}localKey`, AWKWARD_KEY);
      await editor().fill(`${FIELD}ip`, "127.0.0.1");
      await editor().fill(`${FIELD}port`, "1");
      await editor().ok();
      assert.deepEqual((await editor().node("child")).validationErrors, []);
      await editor().deploy();
      const { gateway, cid, deviceId } = await editor().deployed("child");
      assert.deepEqual(
        { gateway, cid, deviceId },
        { gateway: "", cid: "", deviceId: "bf11111111111111111111" },
      );
      await editor().replaceFlows(FLOWS);
    });

    it("can be given a new gateway from within their own dialog, in a dialog with the same fields", async () => {
      await editor().editConfig("tuya-device", "child");
      await editor().openNested("#node-config-input-btn-gateway-add");
      assert.equal(await editor().value(`${FIELD}name`), "");
      assert.equal(await editor().value("#tuya-device-kind"), "wifi");
      await editor().fill(`${FIELD}name`, "Second gateway");
      await editor().fill(`${FIELD}deviceId`, "bf22222222222222222222");
      await editor().fill(`${FIELD}localKey`, AWKWARD_KEY);
      await editor().fill(`${FIELD}ip`, "127.0.0.1");
      await editor().fill(`${FIELD}port`, "1");
      await editor().showTab(TABS, "datapoints");
      await editor().page.click(".red-ui-editableList-addButton");
      await editor().fill('.tuya-dp [data-field="dp"]', "7");
      await editor().ok();
      const gateway = await editor().value(`${FIELD}gateway`);
      assert.equal(await editor().value(`${FIELD}name`), "Door");
      assert.equal(await editor().value(`${FIELD}cid`), "a4c1380123456789");
      await editor().ok();
      await editor().deploy();
      const child = await editor().deployed("child");
      assert.equal(child["gateway"], gateway);
      assert.deepEqual(child["datapoints"], []);
      const saved = await editor().deployed(gateway);
      assert.equal(saved["name"], "Second gateway");
      assert.deepEqual(saved["datapoints"], [{ dp: "7" }]);
    });
  });
});
