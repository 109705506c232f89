import assert from "node:assert/strict";
import type { NodeMessage } from "node-red";
import { device, input, LOG, NodeRed, probe, tab } from "../../support/flow";
import { FakeRegistry, READY } from "../../support/fake-device";
import { profile } from "../../support/kind";
import { settled } from "../../support/settled";

const ID = "lamp0000000000000001";
const WHITE = { "20": true, "21": "white", "22": 400, "23": 500, "24": "00f003e803e8" };

describe("tuya-in with friendly names", () => {
  let registry: FakeRegistry;
  const red = new NodeRed((...args) => registry.acquire(...args));
  beforeEach(() => {
    registry = new FakeRegistry();
    registry.device(ID).state = READY;
  });

  async function load(more: object = {}, deviceMore: object = {}): Promise<void> {
    const lamp = { name: "Lamp", deviceId: ID, datapoints: profile("lamp-colour"), ...deviceMore };
    await red.load([
      tab("t"),
      device("device", undefined, lamp),
      input("in", "t", { output: "each", dps: "brightness,colour", wires: [["got"], ["second"]], ...more }),
      probe("got", "t"),
      probe("second", "t"),
    ]);
    await settled();
  }

  function heard(id = "got"): unknown[] {
    return red
      .messages(id)
      .rest()
      .map(({ topic, payload }) => [topic, payload]);
  }

  it("sends them under their names, in the mode the lamp is in", async () => {
    await load();
    registry.device(ID).report(WHITE);
    registry.device(ID).report({ "22": 410 });
    registry.device(ID).report({ "23": 100 });
    registry.device(ID).report({ "21": "colour" });
    registry.device(ID).report({ "24": "000003e801f4" });
    registry.device(ID).report({ "20": false });
    registry.device(ID).report({ "21": "scene" });
    registry.device(ID).report({ "20": true });
    registry.device(ID).report({ "21": "white" });
    await settled();
    assert.deepEqual(heard(), [
      ["Lamp/brightness", 40],
      ["Lamp/brightness", 41],
      ["Lamp/brightness", 100],
      ["Lamp/colour", "#0000ff"],
      ["Lamp/brightness", 50],
      ["Lamp/colour", "#800000"],
      ["Lamp/brightness", 0],
      ["Lamp/brightness", 41],
    ]);
    assert.deepEqual(red.logged("in", LOG.warn), []);
  });

  it("says what is behind them", async () => {
    await load();
    registry.device(ID).report(WHITE);
    registry.device(ID).report({ "22": 500 });
    const [, { tuya }] = [
      await red.messages("got").next(),
      await red.messages<NodeMessage & { tuya: object }>("got").next(),
    ];
    assert.deepEqual(tuya, {
      deviceId: ID,
      name: "Lamp",
      dps: { "22": 500 },
      reason: "push",
      t: 1_700_000_000,
      dp: "22",
      code: "brightness",
      raw: 500,
      previous: 40,
      unit: "%",
      label: "Brightness",
    });
  });

  it("sends what is known when it starts, and every report where that is wanted", async () => {
    registry.device(ID).known.set("", { ...WHITE, "21": "colour" });
    await load({ when: "push" });
    registry.device(ID).report({ "24": "00f003e803e8" });
    await settled();
    assert.deepEqual(heard(), [
      ["Lamp/brightness", 100],
      ["Lamp/colour", "#0000ff"],
      ["Lamp/brightness", 100],
      ["Lamp/colour", "#0000ff"],
    ]);
  });

  it("puts them into an object, beside data points", async () => {
    await load({ output: "object", dps: "brightness, kelvin, switch_led" });
    registry.device(ID).report(WHITE);
    const { topic, payload, tuya } = await red
      .messages<NodeMessage & { tuya: { dps: object; units: object } }>("got")
      .next();
    assert.equal(topic, "Lamp");
    assert.deepEqual(payload, { switch_led: true, brightness: 40, kelvin: 4600 });
    assert.deepEqual(tuya.dps, { "20": true, "22": 400, "23": 500 });
    assert.deepEqual(tuya.units, { brightness: "%", kelvin: "K" });
  });

  it("gives each an output, holds them back, and ignores small changes", async () => {
    await load({ output: "ports", dps: "colour,brightness", throttle: "0.05", deadband: "5" });
    registry.device(ID).report(WHITE);
    registry.device(ID).report({ "22": 420 });
    registry.device(ID).report({ "22": 480 });
    assert.deepEqual((await red.messages("second").next()).payload, 40);
    assert.deepEqual((await red.messages("second").next()).payload, 48);
    assert.deepEqual(heard("got"), []);
  });

  it("finds them without a table, by what the device reports", async () => {
    await load({}, { datapoints: [] });
    registry.device(ID).report({ ...WHITE, "21": "colour" });
    await settled();
    assert.deepEqual(heard(), [
      ["Lamp/brightness", 100],
      ["Lamp/colour", "#0000ff"],
    ]);
    assert.deepEqual(red.logged("in", LOG.warn), []);
  });

  it("warns of one the device does not have", async () => {
    await load({ dps: "position" });
    assert.match(red.logged("in", LOG.warn)[0] ?? "", /Lamp has no data point named position/);
  });

  it("leaves a name to the device's own code", async () => {
    const own = [...profile("lamp-colour"), { dp: "101", code: "brightness", type: "Enum" }];
    await load({ dps: "brightness" }, { datapoints: own });
    registry.device(ID).report({ ...WHITE, "101": "high" });
    await settled();
    assert.deepEqual(heard(), [["Lamp/brightness", "high"]]);
  });

  it("adds a sum up once, with a friendly name beside it", async () => {
    const meter = [
      { dp: "1", code: "switch_1", type: "Boolean" },
      { dp: "17", code: "add_ele", type: "Integer", accumulate: true },
    ];
    await load({ output: "object", dps: "on, add_ele" }, { datapoints: meter });
    registry.device(ID).report({ "1": true, "17": 5 });
    registry.device(ID).report({ "1": false, "17": 7 });
    await settled();
    assert.deepEqual(
      red.messages("got").all.map(({ payload }) => payload),
      [
        { on: true, add_ele: 5, add_ele_total: 5 },
        { on: false, add_ele: 7, add_ele_total: 12 },
      ],
    );
  });
});
