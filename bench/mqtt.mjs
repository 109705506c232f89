/*
 * Sharing over MQTT: from a device's push to a subscriber, through tuya-in, Node-RED's own "mqtt out" and mosquitto, and
 * everything told again for a thousand devices. The devices are virtual; each part runs in a process of its own. On loopback.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { Broker, MOSQUITTO, MqttClient } from "../dist/test/support/mosquitto.js";
import { brokerNode, mqttIn, mqttOut } from "../dist/test/support/mqtt-nodes.js";
import { stamp } from "./node-red/clock.mjs";
import { ours } from "./node-red/contestants.mjs";
import { startRemote } from "./node-red/remote.mjs";

const KEY = `7{O<&"$M}N0z/'|q`;
const VERSIONS = ["3.3", "3.4", "3.5"];
const DEVICES = 1_000;
const RATES = [500, 1_000, 2_000, 4_000];
const ROUNDS = 3;
const SECONDS = 4;
/** Until all is there that is still on its way. */
const REST_MS = 2_000;

const BARS = { rate: 1_000 };
/** A rate is kept up where so much of it arrives while it goes on. */
const KEPT_UP = 0.98;

const PLACE = { z: "tab", x: 100, y: 100 };

/** The four nodes of the documentation, for devices that are configured. */
function sheet(places, port) {
  const { flows, credentials } = ours.flows(places, KEY);
  const mqtt = [
    brokerNode(port, { clientid: "bench" }),
    {
      ...PLACE,
      id: "in",
      type: "tuya-in",
      scope: "all",
      output: "mqtt",
      base: "tuya",
      discovery: "device",
      wires: [["mqtt-out"]],
    },
    mqttOut(PLACE),
    mqttIn(PLACE, "tuya/+/+/set"),
    { ...PLACE, id: "out", type: "tuya-out", scope: "message", base: "tuya", wires: [[]] },
  ];
  const devices = flows.filter(({ type }) => type === "tuya-device");
  return {
    flows: [{ id: "tab", type: "tab", label: "Benchmark" }, ...devices, ...mqtt],
    credentials,
    names: [],
  };
}

export async function run() {
  if (MOSQUITTO === undefined)
    throw new Error("mosquitto is not installed: there is no broker to measure with.");
  const broker = await Broker.create();
  const devices = await startRemote("./devices-process.mjs");
  const runtime = await startRemote("./runtime-process.mjs");
  try {
    await broker.start();
    const { plug: places } = await devices.call("start", {
      groupNames: ["plug"],
      count: DEVICES,
      versions: VERSIONS,
      localKey: KEY,
    });
    await runtime.call("start", { modules: ours.modules, settings: { tuyaDeviceDiscovery: false } });
    const subscriber = await MqttClient.connect(broker.port, ["tuya/#", "homeassistant/#"], 1);
    await runtime.call("deploy", sheet(places, broker.port));
    await untilOnline(subscriber);

    const again = await tellAgain(subscriber);
    const paths = [];
    for (const perSecond of RATES) {
      const rounds = [];
      for (let round = 0; round < ROUNDS; round++)
        rounds.push(await path({ subscriber, devices, runtime, perSecond }));
      paths.push(middleOf(rounds));
    }
    await subscriber.end();
    return report(paths, again);
  } finally {
    await Promise.all([devices.end(), runtime.end()]);
    await broker.remove();
  }
}

/** All devices are online, and nothing is on its way any more. */
async function untilOnline({ topics, arrivals }) {
  const isOnline = ([topic, payload]) => topic.endsWith("/availability") && payload === "online";
  while ([...topics].filter(isOnline).length < DEVICES) await sleep(100);
  for (let count = -1; count < arrivals.all.length; await sleep(REST_MS)) count = arrivals.all.length;
}

/** Everything is told again: seconds until the last message is there, and what is missing. */
async function tellAgain(subscriber) {
  const expected = new Set([...subscriber.topics.keys()].filter((topic) => !/\/set$|\/error$/.test(topic)));
  const messages = [];
  subscriber.arrivals.rest();
  const before = performance.now();
  await subscriber.publish("tuya/bridge/operation/set", "publish");
  for (;;) {
    const { topic } = await subscriber.arrivals.next(60_000);
    messages.push(topic);
    expected.delete(topic);
    if (topic === "tuya/bridge/devices") break;
  }
  return {
    seconds: (performance.now() - before) / 1_000,
    messages: messages.length - 1,
    missing: expected.size,
  };
}

async function path({ subscriber, devices, runtime, perSecond }) {
  const delays = [];
  const { push } = subscriber.arrivals;
  // In the moment of its arrival.
  subscriber.arrivals.push = ({ topic, payload }) => {
    if (topic.endsWith("/cur_power")) delays.push((stamp() - Number(payload) * 10) / 1_000);
  };
  const before = await runtime.call("usage");
  const start = performance.now();
  await devices.call("push", { seconds: SECONDS, perSecond });
  const took = (performance.now() - start) / 1_000;
  const onTime = delays.length;
  await sleep(REST_MS);
  const after = await runtime.call("usage");
  subscriber.arrivals.push = push;
  const sorted = delays.toSorted((a, b) => a - b);
  return {
    perSecond,
    delivered: onTime / took,
    share: delays.length / (perSecond * SECONDS),
    p50: sorted[sorted.length >> 1],
    p99: sorted[Math.floor(sorted.length * 0.99)],
    cpu: ((after.cpuMs - before.cpuMs) / delays.length) * 1_000,
  };
}

/** The middle one of each figure. */
function middleOf(rounds) {
  const middle = (name) => rounds.map((round) => round[name]).toSorted((a, b) => a - b)[rounds.length >> 1];
  return Object.fromEntries(Object.keys(rounds[0]).map((name) => [name, middle(name)]));
}

function report(paths, again) {
  const keptUp = paths.filter(
    ({ perSecond, delivered, share }) => share === 1 && delivered >= KEPT_UP * perSecond,
  );
  const rate = Math.max(0, ...keptUp.map(({ perSecond }) => perSecond));
  return {
    rows: paths.map(({ perSecond, delivered, share, p50, p99, cpu }) => ({
      "pushes a second": perSecond,
      "messages a second at the subscriber": Math.round(delivered),
      "arrived, %": share * 100,
      "p50 ms": p50,
      "p99 ms": p99,
      "CPU of Node-RED a message, µs": cpu,
    })),
    bars: [
      {
        says: `${rate.toLocaleString("en")} pushes a second arrive, all of them and without delay that grows (at least ${BARS.rate.toLocaleString("en")})`,
        met: rate >= BARS.rate,
      },
      {
        says: `everything is told again for ${DEVICES.toLocaleString("en")} devices in ${again.seconds.toFixed(1)} s: ${again.messages.toLocaleString("en")} messages, ${again.missing} missing at a subscriber with QoS 1`,
        met: again.missing === 0,
      },
    ],
  };
}
