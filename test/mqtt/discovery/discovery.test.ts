import assert from "node:assert/strict";
import { discoveryMessages } from "../../../src/mqtt/discovery/index";
import type { DiscoveryShape, MqttDevice } from "../../../src/mqtt/types";
import { type Example, flowExamples, houseOf, templateExamples } from "../../support/home-assistant/devices";
import { type Announced, expand, type Keys } from "../../support/home-assistant/expand";
import { ODD_EXAMPLES, PLATFORM_EXAMPLES } from "../../support/home-assistant/platform-examples";
import { ruleProblems } from "../../support/home-assistant/rules";
import { type Config, schemaProblems } from "../../support/home-assistant/schemas";
import { sidesOf } from "../../support/home-assistant/sides";

const BASE = "house/tuya";
const OPTIONS = {
  base: BASE,
  prefix: "homeassistant",
  bridgeTopic: `${BASE}/bridge/state`,
  version: "1.2.3",
} as const;

function messagesOf(devices: readonly MqttDevice[], shape: DiscoveryShape): readonly Config[] {
  // As they arrive: through JSON.
  return devices.flatMap((device) =>
    discoveryMessages(device, { ...OPTIONS, shape }).map(
      (message) => JSON.parse(JSON.stringify(message)) as Config,
    ),
  );
}

function entitiesOf(device: MqttDevice, shape: DiscoveryShape = "device"): readonly Announced[] {
  return messagesOf([device], shape).flatMap(expand);
}

/** What stands at the root of a message. */
function rooted({ topic, payload }: Config): {
  readonly topic: string;
  readonly device: Keys;
  readonly origin: Keys;
} {
  return { topic, ...(payload as { device: Keys; origin: Keys }) };
}

/** The only device of an example. */
function deviceOf(entries: readonly object[], more: Partial<MqttDevice> = {}): MqttDevice {
  const [device] = houseOf([{ what: "Device", entries }]);
  assert.ok(device);
  return { ...device, ...more };
}

const EXAMPLES: readonly Example[] = [
  ...templateExamples(),
  ...flowExamples(),
  ...PLATFORM_EXAMPLES,
  ...ODD_EXAMPLES,
];

describe("discovery by Home Assistant", () => {
  const house = houseOf(EXAMPLES);

  for (const shape of ["device", "single"] as const) {
    describe(`as ${shape === "device" ? "one message a device" : "one message an entity"}`, () => {
      for (const device of house) {
        it(`announces what Home Assistant takes: ${device.name} (${device.id})`, () => {
          const messages = messagesOf([device], shape);
          assert.deepEqual(messages.flatMap(schemaProblems), []);
        });
      }

      it("keeps all rules, over all devices at once", () => {
        const entities = messagesOf(house, shape).flatMap(expand);
        assert.deepEqual(ruleProblems(entities, sidesOf(house, BASE)), []);
      });

      it("has a topic of its own for each message", () => {
        const topics = messagesOf(house, shape).map(({ topic }) => topic);
        assert.equal(new Set(topics).size, topics.length);
      });
    });
  }

  it("announces the same entities in both shapes", () => {
    const strip = ({ topic: _topic, ...rest }: Announced) => rest;
    for (const device of house) {
      const [whole, single] = (["device", "single"] as const).map((shape) =>
        entitiesOf(device, shape).map(strip),
      );
      const byId = (list: readonly Omit<Announced, "topic">[] = []) =>
        [...list].sort((a, b) => (a.uniqueId < b.uniqueId ? -1 : 1));
      assert.deepEqual(byId(single), byId(whole));
    }
  });

  it("has an example of every platform", () => {
    const platforms = new Set(house.flatMap((device) => entitiesOf(device).map(({ platform }) => platform)));
    assert.deepEqual(
      [...platforms].sort(),
      "binary_sensor button climate cover event fan humidifier light lock number select sensor siren switch text vacuum".split(
        " ",
      ),
    );
  });

  describe("device registry", () => {
    const socket = [{ dp: "1", code: "switch_1", type: "Boolean" }];

    it("names maker, model and who announces it", () => {
      const plug = deviceOf(socket, { name: "Plug", model: "Plug with metering" });
      const [message] = messagesOf([plug], "device").map(rooted);
      assert.deepEqual(message?.device, {
        identifiers: ["tuya_bf0"],
        name: "Plug",
        manufacturer: "Tuya",
        model: "Plug with metering",
      });
      assert.deepEqual(message?.origin, { name: "node-red-tuya", sw_version: "1.2.3" });
    });

    it("has a sub-device behind its gateway", () => {
      const gateway = deviceOf([], { id: "bfgateway", name: "Gateway" });
      const child = deviceOf(socket, { id: "bfchild", cid: "a4c1:38/01", gatewayId: "bfgateway" });
      const [parent, message] = messagesOf([gateway, child], "device").map(rooted);
      assert.deepEqual(parent?.device["identifiers"], [message?.device["via_device"]]);
      assert.deepEqual(message?.device["identifiers"], ["tuya_bfgateway_a4c1:38/01"]);
      assert.match(message?.topic ?? "", /^homeassistant\/device\/[\w-]+\/config$/);
      assert.deepEqual(messagesOf([child], "device").flatMap(schemaProblems), []);
    });

    it("tells sub-devices of two gateways apart, though they have the same cid", () => {
      const ids = ["bfone", "bftwo"].map(
        (gatewayId) => messagesOf([deviceOf(socket, { cid: "01", gatewayId })], "device")[0]?.topic,
      );
      assert.notEqual(ids[0], ids[1]);
    });

    it("knows entities by number, so a renamed device or code is the same one", () => {
      const ids = (entries: readonly object[], more: Partial<MqttDevice>) =>
        entitiesOf(deviceOf(entries, more)).map(({ uniqueId }) => uniqueId);
      const renamed = [{ dp: "1", code: "switch_renamed", type: "Boolean" }];
      assert.deepEqual(ids(socket, { name: "A", level: "A" }), ids(renamed, { name: "B", level: "B" }));
    });
  });

  it("depends on the bridge and on the device, and only the reason for its absence on the bridge alone", () => {
    for (const { uniqueId, availability } of entitiesOf(
      deviceOf([{ dp: "1", code: "switch", type: "Boolean" }]),
    )) {
      const bridge = `${BASE}/bridge/state`;
      const expected = uniqueId.endsWith("_connection") ? [bridge] : [bridge, `${BASE}/Device/availability`];
      assert.deepEqual(availability, expected);
    }
  });
});
