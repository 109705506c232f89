import assert from "node:assert/strict";
import type { NodeInitializer } from "node-red";
import {
  type CaughtMessage,
  device,
  type FlowNode,
  input,
  NodeRed,
  output,
  probe,
  tab,
  watcher,
} from "../../support/flow";
import { profile } from "../../support/kind";
import { Broker, MqttClient, mqttNodes, needsMosquitto } from "../../support/mosquitto";
import { startDevice } from "../../support/virtual";
import type { VirtualDevice } from "../../../src/virtual/virtual-device";

const CORE_NODES = require(mqttNodes()) as NodeInitializer;

/** The four nodes of the sheet, and a Catch. */
function sheet(
  port: number,
  devices: readonly FlowNode[],
  { base = "tuya", ...more }: { base?: string } & Record<string, unknown> = {},
): FlowNode[] {
  return [
    tab("t"),
    ...devices,
    {
      id: "broker",
      type: "mqtt-broker",
      name: "",
      broker: "127.0.0.1",
      port: String(port),
      clientid: `nodered-${base.replaceAll("/", "-")}`,
      autoConnect: true,
      usetls: false,
      protocolVersion: "4",
      keepalive: "15",
      cleansession: true,
      autoUnsubscribe: true,
      birthTopic: `${base}/bridge/state/set`,
      birthQos: "1",
      birthRetain: "false",
      birthPayload: "online",
      closeTopic: `${base}/bridge/state`,
      closeQos: "1",
      closeRetain: "true",
      closePayload: "offline",
      willTopic: `${base}/bridge/state`,
      willQos: "1",
      willRetain: "true",
      willPayload: "offline",
    },
    input("in", "t", { device: "", scope: "all", output: "mqtt", base, wires: [["mqtt-out"]], ...more }),
    {
      id: "mqtt-out",
      type: "mqtt out",
      z: "t",
      x: 1,
      y: 1,
      topic: "",
      qos: "",
      retain: "",
      broker: "broker",
      wires: [],
    },
    {
      id: "mqtt-in",
      type: "mqtt in",
      z: "t",
      x: 1,
      y: 1,
      topic: `${base}/+/+/set`,
      qos: "1",
      datatype: "utf8",
      broker: "broker",
      nl: false,
      rap: true,
      rh: 0,
      inputs: 0,
      wires: [["out"]],
    },
    output("out", "t", { device: "", scope: "message", base, wires: [["done"]] }),
    probe("done", "t"),
    watcher("catch", "catch", "t", "caught"),
    probe("caught", "t"),
  ];
}

describe("devices shared over a broker", function () {
  needsMosquitto(this);
  const red = new NodeRed(undefined, {}, [CORE_NODES]);
  let broker: Broker;
  const clients: MqttClient[] = [];
  before(async () => {
    broker = await Broker.create();
  });
  after(() => broker?.remove());
  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.end()));
    await broker.stop();
  });

  async function client(filters?: readonly string[], qos?: 0 | 1): Promise<MqttClient> {
    const own = await MqttClient.connect(broker.port, filters, qos);
    clients.push(own);
    return own;
  }

  async function plug(): Promise<VirtualDevice> {
    return startDevice("3.4", { dps: { "1": false, "9": 0, "18": 500, "19": 1002, "20": 2301 } });
  }

  const settings = { mqttReconnectTime: 100 };

  it("works both ways", async () => {
    await broker.start();
    const virtual = await plug();
    const subscriber = await client();
    const nodes = [device("plug", virtual, { name: "Plug", datapoints: profile("plug") })];
    await red.load(sheet(broker.port, nodes), undefined, settings);
    await subscriber.until("tuya/bridge/state", "online");
    await subscriber.until("tuya/Plug/availability", "online");
    await subscriber.until("tuya/Plug/switch_1", "false");
    await subscriber.publish("tuya/Plug/switch_1/set", "ON");
    await subscriber.until("tuya/Plug/switch_1", "true");
    assert.equal(virtual.values()["1"], true);
    await subscriber.publish("tuya/Plug/switch_1/set", "maybe");
    const { error } = await red.messages<CaughtMessage>("caught").next();
    assert.equal(error.code, "BAD_INPUT");
    const told = JSON.parse(await subscriber.until("tuya/Plug/error", () => true)) as object;
    assert.deepEqual(told, {
      code: "BAD_INPUT",
      message: 'switch_1 (data point 1) takes true or false, not the text "maybe"; nothing was sent.',
      topic: "tuya/Plug/switch_1/set",
      payload: "maybe",
    });
  });
});
