import assert from "node:assert/strict";
import type { NodeInitializer } from "node-red";
import { PRESETS } from "../src/virtual/presets";
import { device, NodeRed } from "./support/flow";
import { readFlowFile } from "./support/flow-file";
import { profile } from "./support/kind";
import { Broker, MqttClient, mqttNodes, needsMosquitto } from "./support/mosquitto";
import { startDevice } from "./support/virtual";

const EXAMPLE = "examples/Sharing/01 - Share all devices over MQTT.json";

describe("the example that shares all devices, with a broker and devices", function () {
  needsMosquitto(this);
  const red = new NodeRed(undefined, {}, [require(mqttNodes()) as NodeInitializer]);
  let broker: Broker;
  let client: MqttClient;
  before(async () => {
    broker = await Broker.create();
    await broker.start();
    client = await MqttClient.connect(broker.port);
  });
  after(async () => {
    await client?.end();
    await broker?.remove();
  });

  it("needs the address of the broker, and nothing else", async () => {
    const { version, ...lamp } = PRESETS["lamp"];
    const { version: plugVersion, ...plug } = PRESETS["plug"];
    const virtualLamp = await startDevice(version, { ...lamp, id: "vdevlamp000000000001" });
    const virtualPlug = await startDevice(plugVersion, { ...plug, id: "vdevplug000000000001" });
    const told: object[] = [];
    virtualPlug.on("set", ({ dps }) => told.push(dps));
    const example = readFlowFile(EXAMPLE)
      .filter(({ type }) => type !== "comment")
      .map((node) =>
        node.type === "mqtt-broker" ? { ...node, broker: "127.0.0.1", port: String(broker.port) } : node,
      );
    const devices = [
      device("lamp", virtualLamp, { name: "Attic lamp", datapoints: profile("lamp-colour") }),
      device("plug", virtualPlug, { name: "Plug", datapoints: profile("plug-metering") }),
    ];
    await red.load([...devices, ...example] as never, undefined, { mqttReconnectTime: 100 });

    await client.until("tuya/bridge/state", "online");
    await client.until("tuya/Plug/availability", "online");
    await client.until("homeassistant/device/tuya_vdevplug000000000001/config", (config) =>
      config.includes('"platform":"switch"'),
    );
    await client.until("homeassistant/device/tuya_vdevlamp000000000001/config", (config) =>
      config.includes('"platform":"light"'),
    );
    await client.until("tuya/Attic lamp/lamp", (state) => state.includes('"state":"ON"'));

    await client.publish("tuya/Attic lamp/lamp/set", '{"state":"OFF"}');
    await client.until("tuya/Attic lamp/switch_led", "false");
    await client.publish("tuya/Plug/switch_1/set", "OFF");
    await client.until("tuya/Plug/switch_1", "false");
    assert.deepEqual(told, [{ "1": false }]);

    await red.unload();
    await client.until("tuya/bridge/state", "offline");
  });
});
