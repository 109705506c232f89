import assert from "node:assert/strict";
import { deviceNode, TAB } from "../../support/editor-flows";
import { inEditor } from "../../support/in-editor";

const FIELD = "#node-config-input-";
const LAMP = "bflamp00000000000001";
const DOOR = { ip: "", port: "", cid: "a4c1380000000001" };

const FLOWS = [
  TAB,
  deviceNode("lamp", { name: "Lamp", deviceId: LAMP }),
  deviceNode("again", { name: "Lamp again", deviceId: LAMP, ip: "127.0.0.2" }),
  deviceNode("plug", { name: "Plug", deviceId: "bfplug00000000000002" }),
  deviceNode("hub", { name: "Hub", deviceId: "bfhub000000000000003" }),
  deviceNode("hub2", { name: "Other hub", deviceId: "bfhub000000000000004" }),
  deviceNode("door", { ...DOOR, name: "Door", deviceId: "", gateway: "hub" }),
  deviceNode("door2", { ...DOOR, name: "Door elsewhere", deviceId: "", gateway: "hub2" }),
];

describe("a device that is entered twice", () => {
  inEditor(FLOWS, (editor) => {
    const twin = async () => (await editor().page.innerText(".tuya-twin")).trim();
    const type = (name: string, text: string) => editor().page.fill(`${FIELD}${name}`, text);

    it("is called so in its panel, with the name of the other node, as it is typed", async () => {
      await editor().editConfig("tuya-device", "lamp");
      assert.equal(
        await twin(),
        "The same device as “Lamp again”: they share one connection, and the settings of the one that is used first count. One node for it is enough.",
      );
      await editor().screenshot("device-twin");
      assert.deepEqual(await editor().untranslated(), []);
      await type("deviceId", "bfplug00000000000002");
      assert.match(await twin(), /^The same device as “Plug”:/);
      await type("deviceId", "${LAMP_ID}");
      assert.equal(await twin(), "");
      await type("deviceId", "");
      assert.equal(await twin(), "");
      await type("deviceId", LAMP);
      await editor().page.selectOption("#tuya-device-kind", "child");
      assert.equal(await twin(), "");
      await editor().cancel();
    });

    it("is called so before it is added", async () => {
      await editor().editConfig("tuya-device");
      assert.equal(await twin(), "");
      await type("deviceId", LAMP);
      assert.match(await twin(), /^The same device as “Lamp”, “Lamp again”:/);
      await editor().cancel();
      await editor().editConfig("tuya-device", "plug");
      assert.equal(await twin(), "");
      await editor().cancel();
    });

    it("behind a gateway is one with the same node id there, or with an id of its own", async () => {
      await editor().editConfig("tuya-device");
      await editor().page.selectOption("#tuya-device-kind", "child");
      await type("cid", DOOR.cid);
      assert.equal(await twin(), "");
      await editor().page.selectOption(`${FIELD}gateway`, "hub");
      assert.equal(await twin(), "The same device as “Door”: both show the same. One node for it is enough.");
      await type("cid", "a4c1380000000002");
      assert.equal(await twin(), "");
      await editor().cancel();
    });
  });
});
