import assert from "node:assert/strict";
import type { NodeInitializer } from "node-red";
import { FakeDevice, FakeRegistry, READY } from "../../support/fake-device";
import { device, NodeRed } from "../../support/flow";
import { profile } from "../../support/kind";
import { Broker, MqttClient, mqttNodes, needsMosquitto } from "../../support/mosquitto";
import { mqttSheet } from "../../support/mqtt-sheet";

const COUNT = 1_000;
const VALUES = { "1": true, "9": 0, "18": 500, "19": 1002, "20": 2301 };
const LEVELS = [
  "availability",
  "connection",
  "switch_1",
  "countdown_1",
  "cur_current",
  "cur_power",
  "cur_voltage",
];

describe("a thousand devices shared over a broker", function () {
  needsMosquitto(this);
  const registry = new FakeRegistry();
  const red = new NodeRed((...args) => registry.acquire(...args), {}, [
    require(mqttNodes()) as NodeInitializer,
  ]);
  let broker: Broker;
  before(async () => {
    broker = await Broker.create();
    await broker.start();
  });
  after(() => broker?.remove());

  it("are all told again, without a message lost to a subscriber that acknowledges", async () => {
    const ids = Array.from(
      { length: COUNT },
      (_none, index) => `vdevthousand${String(index).padStart(8, "0")}`,
    );
    const datapoints = profile("plug-metering");
    const devices = ids.map((deviceId, index) =>
      device(`d${index}`, undefined, { deviceId, name: `Plug ${index}`, datapoints }),
    );
    for (const id of ids) {
      const fake = new FakeDevice({ deviceId: id });
      fake.state = READY;
      fake.known.set("", VALUES);
      registry.devices.set(id, fake);
    }
    await red.load(mqttSheet({ port: broker.port, devices, input: { discovery: "device" } }), undefined, {
      mqttReconnectTime: 100,
    });
    const expected = new Set([
      "tuya/bridge/state",
      "tuya/bridge/devices",
      ...ids.map((id) => `homeassistant/device/tuya_${id}/config`),
      ...ids.flatMap((_id, index) => LEVELS.map((level) => `tuya/Plug ${index}/${level}`)),
    ]);
    // The list comes last.
    const early = await MqttClient.connect(broker.port);
    await early.until("tuya/bridge/devices", (list) => list.includes(`"Plug ${COUNT - 1}"`));
    await early.end();

    // Nothing is retained any more, so everything that arrives was sent again.
    await broker.stop();
    await broker.start();
    const subscriber = await MqttClient.connect(broker.port, ["tuya/#", "homeassistant/#"], 1);
    await subscriber.until("tuya/bridge/devices", (list) => list.includes(`"Plug ${COUNT - 1}"`));
    const missing = [...expected].filter((topic) => !subscriber.topics.has(topic));
    assert.deepEqual(missing, []);
    const unexpected = [...subscriber.topics.keys()].filter(
      (topic) => !expected.has(topic) && topic !== "tuya/bridge/state/set",
    );
    assert.deepEqual(unexpected, []);
    const qos = new Set(
      subscriber.arrivals.all.filter(({ topic }) => topic.endsWith("/availability")).map((each) => each.qos),
    );
    assert.deepEqual([...qos], [1]);
    await subscriber.end();
  });
});
