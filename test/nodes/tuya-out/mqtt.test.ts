import assert from "node:assert/strict";
import type { NodeMessage } from "node-red";
import {
  type CaughtMessage,
  device,
  type FlowNode,
  input,
  LOG,
  NodeRed,
  output,
  probe,
  tab,
  watcher,
} from "../../support/flow";
import { FakeRegistry, READY, waiting } from "../../support/fake-device";
import { profile } from "../../support/kind";
import { settled } from "../../support/settled";

const PLUG = "vdevplug000000000001";
const LAMP = "vdevlamp000000000001";
const COVER = "vdevcover00000000001";

const HOUSE: readonly FlowNode[] = [
  device("plug", undefined, { name: "Plug", deviceId: PLUG, datapoints: profile("plug") }),
  device("lamp", undefined, { name: "Kitchen/lamp", deviceId: LAMP, datapoints: profile("lamp-colour") }),
  device("thermostat", undefined, {
    name: "Heater",
    deviceId: COVER,
    datapoints: [
      { dp: "2", code: "temp_set", type: "Integer", scale: 0, min: 0, max: 40 },
      { dp: "3", code: "outside", type: "Integer" },
      { dp: "4", code: "note", type: "String" },
    ],
  }),
];

function flow(more: object = {}, shared: object = {}): FlowNode[] {
  return [
    tab("t"),
    ...HOUSE,
    output("out", "t", { device: "", scope: "message", base: "house/tuya", wires: [["sent"]], ...more }),
    probe("sent", "t"),
    watcher("catch", "catch", "t", "caught", { scope: ["out"] }),
    watcher("complete", "complete", "t", "completed", { scope: ["out"] }),
    probe("caught", "t"),
    probe("completed", "t"),
    input("in", "t", {
      device: "",
      scope: "all",
      output: "mqtt",
      base: "house/tuya",
      wires: [["got"]],
      ...shared,
    }),
    probe("got", "t"),
  ];
}

describe("tuya-out that hears MQTT", () => {
  let registry: FakeRegistry;
  const red = new NodeRed((...args) => registry.acquire(...args));
  beforeEach(() => {
    registry = new FakeRegistry();
    for (const id of [PLUG, LAMP, COVER]) registry.device(id).state = READY;
    registry.device(COVER).known.set("", { "3": 20, "4": "x" });
    registry
      .device(LAMP)
      .known.set("", { "20": true, "21": "white", "22": 1000, "23": 0, "24": "000003e803e8" });
  });

  function sets(id: string): unknown[] {
    return registry
      .device(id)
      .callsOf("set")
      .map(([dps]) => dps);
  }

  const say = (topic: string, payload: unknown, more: object = {}) =>
    red.send("out", { topic: `house/tuya/${topic}`, payload, qos: 1, retain: false, ...more } as NodeMessage);

  async function done(): Promise<NodeMessage> {
    return red.messages("sent").next();
  }

  async function refusal(): Promise<string> {
    const { error } = await red.messages<CaughtMessage>("caught").next();
    assert.equal(error.code, "BAD_INPUT");
    return error.message;
  }

  it("takes one value, by code, number or friendly word; the device by level or id", async () => {
    await red.load(flow());
    say("Plug/switch_1/set", "ON");
    say("Plug/1/set", "off");
    say(`${PLUG}/on/set`, "true");
    say("Plug/switch_1/set", " Off\n\0");
    say("Kitchen_lamp/brightness/set", "50");
    for (let count = 0; count < 5; count++) await done();
    assert.deepEqual(sets(PLUG), [{ "1": true }, { "1": false }, { "1": true }, { "1": false }]);
    assert.deepEqual(sets(LAMP), [{ "21": "white", "22": 500 }]);
  });

  it("takes a number for what it is, whatever the limits are: only a plus is a change", async () => {
    await red.load(flow());
    say("Heater/outside/set", "-5");
    say("Heater/outside/set", -6);
    say("Heater/outside/set", "+3");
    for (let count = 0; count < 3; count++) await done();
    assert.deepEqual(sets(COVER), [{ "3": -5 }, { "3": -6 }, { "3": 23 }]);
    say("Heater/temp_set/set", "-5");
    assert.match(await refusal(), /temp_set .* from 0 to 40/);
  });

  it("refuses what was taken for a number on its way, and says how to avoid it", async () => {
    await red.load(flow());
    say("Heater/note/set", 1_000_000);
    assert.match(await refusal(), /note takes a text, .*"a String"/);
    say("Heater/note/set", "10e5");
    await done();
    assert.deepEqual(sets(COVER), [{ "4": "10e5" }]);
  });

  it("takes the words of what is shared, where only some data points are", async () => {
    const cooler = device("cooler", undefined, {
      name: "Cooler",
      deviceId: COVER,
      datapoints: [
        { dp: "1", code: "switch", type: "Boolean" },
        { dp: "2", code: "temp_set", type: "Integer", min: 16, max: 30 },
        { dp: "5", code: "windspeed", type: "Enum", values: ["low", "high"] },
      ],
    });
    const house = flow({}, { dps: "switch, temp_set" }).filter(({ id }) => id !== "thermostat");
    await red.load([...house, cooler]);
    await red.messages("got").find((message) => message.topic === "house/tuya/bridge/devices");
    // Without a fan speed it is taken for a heater, by Home Assistant as well.
    say("Cooler/hvac_mode/set", "heat");
    await done();
    assert.deepEqual(sets(COVER), [{ "1": true }]);
  });

  it("takes several in one frame, and operations", async () => {
    await red.load(flow());
    say("Plug/dps/set", '{"switch_1": true, "countdown_1": 5}');
    say("Plug/set", { switch_2: "ON" });
    assert.deepEqual((await done()).topic, "house/tuya/Plug/dps/done");
    await done();
    assert.deepEqual(sets(PLUG), [{ "1": true, "9": 5 }, { "2": true }]);
    registry.device(PLUG).onQuery = () => Promise.resolve({ "1": true });
    say("Plug/get", "");
    const { topic, payload } = await done();
    assert.deepEqual([topic, payload], ["house/tuya/Plug/done", { switch_1: true }]);
    say("Plug/operation/set", "refresh");
    await done();
    assert.equal(registry.device(PLUG).callsOf("refresh").length, 1);
    say("Plug/operation/set", "explode");
    assert.match(await refusal(), /"explode" is not known/);
    say("Plug/dps/set", "true");
    assert.match(await refusal(), /JSON object/);
    say("Plug/nonsense/set", "true");
    assert.match(await refusal(), /nonsense/);
  });

  it("tells at the broker what failed", async () => {
    await red.load(flow());
    registry.device(PLUG).enter(waiting("UNREACHABLE", "192.0.2.7:6668 does not answer."));
    say("Plug/switch_1/set", "true");
    const { topic, payload, ...more } = await red
      .messages("got")
      .find((msg) => String(msg.topic).endsWith("/error"));
    assert.equal(topic, "house/tuya/Plug/error");
    const told = payload as Record<string, string>;
    assert.equal(told["code"], "OFFLINE");
    assert.doesNotMatch(told["message"] ?? "", /192\.0\.2/);
    assert.deepEqual([told["topic"], told["payload"]], ["house/tuya/Plug/switch_1/set", "true"]);
    const { retain, qos } = more as { retain?: boolean; qos?: number };
    assert.deepEqual([retain, qos], [false, 0]);
    await red.messages<CaughtMessage>("caught").find(({ error }) => error.code === "OFFLINE");
  });

  it("refuses what is longer than any command, as text and as JSON, however deeply it is nested", async () => {
    await red.load(flow());
    const deep = `${"[".repeat(50_000)}${"]".repeat(50_000)}`;
    const wide = Object.fromEntries(Array.from({ length: 5_000 }, (_each, index) => [`name${index}`, index]));
    say("Heater/note/set", deep);
    assert.match(await refusal(), /^The payload is longer than the 16384 characters/);
    say("Plug/dps/set", wide);
    assert.match(await refusal(), /^The payload is longer than/);
    // It would wait for a device as long as any other.
    say("Plug/get", "x".repeat(16_385));
    assert.match(await refusal(), /^The payload is longer than/);
    // Node-RED cannot copy this one for its Catch nodes.
    say("Plug/switch_1/set", JSON.parse(deep));
    const told = red.messages("got");
    for (const level of ["Heater", "Plug", "Plug", "Plug"]) {
      const { topic, payload } = await told.find((msg) => String(msg.topic).endsWith("/error"));
      assert.equal(topic, `house/tuya/${level}/error`);
      assert.ok(JSON.stringify(payload).length < 1_000);
    }
    await settled();
    assert.equal(red.logged("out", LOG.error).length, 1);
    assert.deepEqual([...sets(PLUG), ...sets(COVER)], []);
  });

  it("takes what a tuya-in of its base says of itself for no news, wherever that stands", async () => {
    const own = { bridgeTopic: "nodes/attic/status" };
    await red.load(flow().map((node) => (node.id === "in" ? { ...node, ...own } : node)));
    const states = (): number =>
      red.messages("got").all.filter(({ topic }) => topic === "nodes/attic/status").length;
    await red.messages("got").find(({ topic }) => topic === "house/tuya/bridge/devices");
    const before = states();
    red.send("out", { topic: "nodes/attic/status", payload: "online" });
    await red.messages("completed").next();
    red.send("out", { topic: "nodes/attic/status/set", payload: "online" });
    await red.messages("completed").next();
    await red.messages("got").find(({ topic }) => topic === "house/tuya/bridge/devices");
    assert.equal(states(), before + 1);
    assert.deepEqual(red.messages("caught").all, []);
  });

  it("leaves alone what is not for it, and is done with it", async () => {
    await red.load(flow());
    say("Plug/switch_1", "true");
    say("Plug/availability", "offline");
    say("Plug/error", "{}");
    say("bridge/state", "online");
    say("bridge/devices", "[]");
    say("Cellar/switch_1/set", "true");
    say("Attic/switch_1/set", "true");
    say("Plug/switch_1/set", "");
    say("Plug/switch_1/set", Buffer.alloc(0));
    for (let count = 0; count < 9; count++) await red.messages("completed").next();
    assert.deepEqual(red.messages("sent").all, []);
    assert.deepEqual(red.messages("caught").all, []);
    assert.deepEqual(sets(PLUG), []);
    assert.deepEqual(red.logged("out", LOG.warn), []);
    await red
      .statuses("out")
      .find(({ text }) => text === "tuya-out.status.connected 3/3 · 2 tuya-out.devices.foreign");
  });

  it("ignores commands that stand retained, and says so once", async () => {
    await red.load(flow());
    // Anybody may write a topic, and this one goes to the log.
    say(`Plug/\n${"x".repeat(5_000)}/set`, "true", { retain: true });
    say("Plug/switch_2/set", "true", { retain: "true" });
    say("Plug/switch_1/set", "", { retain: true });
    for (let count = 0; count < 3; count++) await red.messages("completed").next();
    assert.deepEqual(sets(PLUG), []);
    const [warning = "", ...others] = red.logged("out", LOG.warn);
    assert.deepEqual(others, []);
    assert.match(warning, /^A retained command was ignored \(house\/tuya\/Plug\/·x+…\):/);
    assert.ok(warning.length < 500);
  });

  it("gives its messages another topic, or none where an answer is asked for", async () => {
    await red.load(flow());
    say("Plug/switch_1/set", "true");
    assert.equal((await done()).topic, "house/tuya/Plug/switch_1/done");
    say("Plug/switch_1/set", "true", { responseTopic: "answers/here", correlationData: Buffer.from("7") });
    const answer = (await done()) as NodeMessage & { responseTopic?: string };
    assert.ok(!("topic" in answer));
    assert.equal(answer.responseTopic, "answers/here");
    // An answer that is a command would be answered, too.
    say("Plug/switch_1/set", "true", { responseTopic: "house/tuya/Plug/switch_1/set" });
    assert.equal((await done()).topic, "house/tuya/Plug/switch_1/done");
  });

  it("asks all devices that are connected", async () => {
    await red.load(flow());
    registry.device(LAMP).enter(waiting("UNREACHABLE"));
    say("bridge/operation/set", "query");
    assert.equal((await done()).topic, "house/tuya/bridge/operation/done");
    assert.equal(registry.device(PLUG).callsOf("query").length, 1);
    assert.equal(registry.device(LAMP).callsOf("query").length, 0);
  });

  it("hands what fails to Catch nodes under a topic that is no command", async () => {
    await red.load(flow());
    for (const [said, failed] of [
      ["Plug/switch_1/set", "Plug/switch_1/failed"],
      ["Plug/dps/set", "Plug/dps/failed"],
      ["Plug/operation/set", "Plug/operation/failed"],
      ["Plug/set", "Plug/failed"],
    ] as const) {
      say(said, "maybe");
      const { topic, payload } = await red.messages<CaughtMessage>("caught").next();
      assert.deepEqual([topic, payload], [`house/tuya/${failed}`, "maybe"]);
      const told = await red.messages("got").find(({ topic: at }) => at === "house/tuya/Plug/error");
      assert.equal((told.payload as { readonly topic: string }).topic, `house/tuya/${said}`);
      // As an "mqtt in" of "house/tuya/#" brings it back.
      say(failed, payload);
    }
    assert.deepEqual(sets(PLUG), []);
    assert.equal(red.messages("caught").all.length, 4);
  });

  it("reads a command that waits when the device is there, and has told its values", async () => {
    await red.load(flow({ offline: "queue" }));
    registry.device(COVER).known.clear();
    registry.device(COVER).enter(waiting("UNREACHABLE"));
    say("Heater/3/set", "+1");
    await settled();
    registry.device(COVER).known.set("", { "3": 30 });
    registry.device(COVER).enter(READY);
    await done();
    assert.deepEqual(sets(COVER), [{ "3": 31 }]);
  });

  it("takes other messages as ever, and MQTT for nothing without a base", async () => {
    await red.load(flow());
    red.send("out", { device: "Plug", payload: true } as NodeMessage);
    red.send("out", { topic: "Plug/switch_2", payload: true });
    await done();
    assert.equal((await done()).topic, "Plug/switch_2");
    assert.deepEqual(sets(PLUG), [{ "1": true }, { "2": true }]);
    red.send("out", { device: "Nobody", payload: true } as NodeMessage);
    assert.match(await refusal(), /names no device/);
    await red.unload();
    await red.load(flow({ base: "" }));
    say("Plug/switch_1/set", "true");
    assert.match(await refusal(), /names no device/);
  });
});
