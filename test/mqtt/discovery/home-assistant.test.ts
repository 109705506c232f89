import assert from "node:assert/strict";
import { discoveryMessages } from "../../../src/mqtt/discovery/index";
import type { DiscoveryShape, MqttDevice } from "../../../src/mqtt/types";
import { type Example, flowExamples, houseOf, templateExamples } from "../../support/home-assistant/devices";
import { HomeAssistant } from "../../support/home-assistant/home-assistant";
import { PaperDevice, possibleValues } from "../../support/home-assistant/paper-device";
import { ODD_EXAMPLES, PLATFORM_EXAMPLES } from "../../support/home-assistant/platform-examples";
import { wireValue } from "../../support/home-assistant/wire";

const BASE = "tuya";
const EXAMPLES: readonly Example[] = [
  ...templateExamples(),
  ...flowExamples(),
  ...PLATFORM_EXAMPLES,
  ...ODD_EXAMPLES,
];

/** A device and the Home Assistant it was announced to. */
function announced(device: MqttDevice, shape: DiscoveryShape): { ha: HomeAssistant; paper: PaperDevice } {
  const ha = new HomeAssistant();
  const bridgeTopic = `${BASE}/bridge/state`;
  ha.receive(bridgeTopic, "online", true);
  for (const { topic, payload } of discoveryMessages(device, {
    base: BASE,
    prefix: "homeassistant",
    bridgeTopic,
    shape,
  })) {
    ha.receive(topic, JSON.stringify(payload), true);
  }
  const paper = new PaperDevice(device, BASE, (topic, payload, isRetained) =>
    ha.receive(topic, payload, isRetained),
  );
  paper.tellAll();
  return { ha, paper };
}

describe("Home Assistant, made of paper", () => {
  const house = houseOf(EXAMPLES);

  for (const device of house) {
    it(`sees all and can do all of ${device.name} (${device.id})`, () => {
      for (const shape of ["device", "single"] as const) {
        const { ha, paper } = announced(device, shape);
        for (const entity of ha.entities) {
          assert.ok(ha.isAvailable(entity), entity.uniqueId);
          ha.shown(entity);
        }
        for (const point of device.dataPoints.dataPoints) {
          for (const value of possibleValues(point)) {
            paper.change(point.dp, value);
            for (const entity of ha.entities) ha.shown(entity);
          }
        }
        for (const entity of ha.entities) {
          for (const press of ha.presses(entity)) {
            const set = paper.command(press.topic, press.payload);
            assert.notDeepEqual(set, {}, press.what);
            const wire = wireValue(entity, press, device.dataPoints);
            if (wire) assert.deepEqual(set[wire[0]], wire[1], `${press.what} of ${entity.uniqueId}`);
            assert.ok(
              ha.shows(entity, press.expected),
              `${press.what}: ${JSON.stringify(ha.shown(entity))} after ${press.payload}, ${JSON.stringify(set)}`,
            );
            for (const other of ha.entities) ha.shown(other);
          }
        }
      }
    });
  }

  it("leaves a fan alone when the lamp below it shines in a colour", () => {
    const [device] = houseOf(PLATFORM_EXAMPLES.filter(({ what }) => what === "fan with a colour lamp"));
    assert.ok(device);
    const { ha, paper } = announced(device, "device");
    const lamp = ha.entities.find(({ platform }) => platform === "light") ?? assert.fail();
    paper.change("1", false);
    for (const press of ha.presses(lamp)) paper.command(press.topic, press.payload);
    assert.equal(paper.values["1"], false);
  });

  it("hears each press of a button, and none that is old", () => {
    const [device] = houseOf([
      {
        what: "Buttons",
        entries: templateExamples().find(({ what }) => /scene-switch/.test(what))?.entries ?? [],
      },
    ]);
    assert.ok(device);
    const { ha, paper } = announced(device, "device");
    ha.events.length = 0;
    paper.change("1", "single_click");
    paper.change("1", "single_click");
    paper.change("6", "long_press");
    assert.deepEqual(ha.events, [
      ["tuya_bf0_1", "single_click"],
      ["tuya_bf0_1", "single_click"],
      ["tuya_bf0_6", "long_press"],
    ]);
  });

  describe("fails", () => {
    const [socket] = houseOf([
      {
        what: "Socket",
        entries: [
          { dp: "1", code: "switch_1", type: "Boolean" },
          { dp: "9", code: "countdown_1", type: "Integer", min: 0, max: 60, unit: "s" },
          { dp: "38", code: "relay_status", type: "Enum", values: ["on", "off"] },
          { dp: "40", code: "press", type: "Enum", values: ["single"], event: true, access: "ro" },
        ],
      },
    ]);
    assert.ok(socket);
    const topic = (code: string) => `${BASE}/Socket/${code}`;

    const faults: readonly (readonly [code: string, payload: string, says: RegExp])[] = [
      ["switch_1", "ON", /ON is none of true,false/],
      ["countdown_1", "soon", /soon is no number/],
      ["countdown_1", "61", /61 is not from 0 to 60/],
      ["relay_status", "last", /last is none of on,off/],
    ];
    for (const [code, payload, says] of faults) {
      it(`where ${code} says ${payload}`, () => {
        const { ha } = announced(socket, "device");
        ha.receive(topic(code), payload, true);
        assert.throws(() => ha.entities.map((entity) => ha.shown(entity)), says);
      });
    }

    it("where an event is retained, or cannot happen", () => {
      const { ha } = announced(socket, "device");
      assert.throws(() => ha.receive(topic("press"), "single", true), /is an event that is retained/);
      assert.throws(() => ha.receive(topic("press"), "double", false), /double cannot happen/);
    });

    it("where a device does something else than was pressed", () => {
      const { ha, paper } = announced(socket, "device");
      const [entity] = ha.entities;
      const [off] = entity ? ha.presses(entity) : [];
      assert.ok(entity && off);
      paper.command(off.topic, off.payload);
      assert.ok(ha.shows(entity, off.expected));
      paper.change("1", true);
      assert.ok(!ha.shows(entity, off.expected));
    });

    it("where a device is not there", () => {
      const { ha } = announced(socket, "device");
      ha.receive(topic("availability"), "offline", true);
      assert.deepEqual(
        ha.entities.filter((entity) => ha.isAvailable(entity)).map(({ uniqueId }) => uniqueId),
        ["tuya_bf0_connection"],
      );
    });
  });
});
