import assert from "node:assert/strict";
import { parseDataPoints } from "../../src/datapoints/datapoint";
import { DataPointMap } from "../../src/datapoints/datapoint-map";
import { isBirth, readTopic } from "../../src/mqtt/incoming";
import { deviceKey, deviceLevels, levelOf } from "../../src/mqtt/levels";
import { bridgeTopics, DeviceTopics, topicPath } from "../../src/mqtt/topics";

function topics(list: readonly object[], base = "tuya"): DeviceTopics {
  return new DeviceTopics(base, {
    level: "Lamp",
    dataPoints: new DataPointMap(parseDataPoints(list).dataPoints),
  });
}

describe("MQTT levels", () => {
  it("keeps a name but for what has a meaning in topics", () => {
    assert.equal(levelOf("Küche Lampe"), "Küche Lampe");
    assert.equal(levelOf("a/b+c#d"), "a_b_c_d");
    assert.equal(levelOf("$SYS $x"), "_SYS $x");
    assert.equal(levelOf("a\u0000b\nc\u0085d"), "a_b_c_d");
    // Half a character is no UTF-8, and some brokers hang up on what Unicode reserves.
    assert.equal(levelOf("a\ud83db\uffff\ufdd0"), "a_b__");
    assert.equal(levelOf("💡"), "💡");
  });

  const named = (id: string, name: string) => ({ key: id, id, name });

  it("tells devices of the same name from each other, both of them", () => {
    const levels = deviceLevels([
      named("idaaaa1111", "Lamp"),
      named("idbbbb2222", "Lamp"),
      named("id3", "Other"),
    ]);
    assert.deepEqual(Object.fromEntries(levels), {
      idaaaa1111: "Lamp (1111)",
      idbbbb2222: "Lamp (2222)",
      id3: "Other",
    });
  });

  it("counts names that become the same as the same", () => {
    const levels = deviceLevels([named("id1111", "a/b"), named("id2222", "a+b")]);
    assert.deepEqual([...levels.values()], ["a_b (1111)", "a_b (2222)"]);
  });

  it("takes the whole id where the end of it is the same, and a number at last", () => {
    const twins = deviceLevels([named("x1111", "Lamp"), named("y1111", "Lamp")]);
    assert.deepEqual([...twins.values()], ["Lamp (x1111)", "Lamp (y1111)"]);
    const children = [
      { key: "gw1/c1", id: "c1", name: "Door" },
      { key: "gw2/c1", id: "c1", name: "Door" },
    ];
    assert.deepEqual([...deviceLevels(children).values()], ["Door (2)", "Door (3)"]);
  });

  it("gives no device the level of this side, nor one that another has", () => {
    const levels = deviceLevels([
      named("id1111", "bridge"),
      named("id2222", "A (3333)"),
      named("b3333", "A"),
      named("c4444", "A"),
    ]);
    assert.equal(levels.get("id1111"), "bridge (1111)");
    assert.equal(new Set(levels.values()).size, 4);
    assert.equal(levels.get("id2222"), "A (3333)");
    assert.equal(levels.get("c4444"), "A (4444)");
  });

  it("counts two nodes of one device once, and lets the id stand for a missing name", () => {
    assert.deepEqual([...deviceLevels([named("id1", "Lamp"), named("id1", "Lamp")]).values()], ["Lamp"]);
    assert.equal(deviceLevels([named("id1", "")]).get("id1"), "id1");
    assert.notEqual(
      deviceKey({ id: "c", cid: "c", gatewayId: "a" }),
      deviceKey({ id: "c", cid: "c", gatewayId: "b" }),
    );
  });
});

describe("MQTT topics", () => {
  it("are base, device and code, or number", () => {
    const lamp = topics(
      [{ dp: "1", code: "switch" }, { dp: "17", code: "add_ele", accumulate: true }, { dp: "9" }],
      "house/tuya",
    );
    assert.equal(lamp.value("1"), "house/tuya/Lamp/switch");
    assert.equal(lamp.value("9"), "house/tuya/Lamp/9");
    assert.equal(lamp.value("101"), "house/tuya/Lamp/101");
    assert.equal(lamp.total("17"), "house/tuya/Lamp/add_ele_total");
    assert.equal(lamp.set(lamp.value("1")), "house/tuya/Lamp/switch/set");
    assert.equal(lamp.availability, "house/tuya/Lamp/availability");
    assert.equal(lamp.connection, "house/tuya/Lamp/connection");
    assert.equal(lamp.error, "house/tuya/Lamp/error");
    assert.equal(lamp.valuesSet, "house/tuya/Lamp/dps/set");
    assert.equal(lamp.operationSet, "house/tuya/Lamp/operation/set");
  });

  it("let a data point win over what is virtual or a sum, and give way to what every device has", () => {
    const odd = topics([
      { dp: "1", code: "lamp" },
      { dp: "2", code: "availability" },
      { dp: "3", code: "dps" },
      { dp: "17", code: "add_ele", accumulate: true },
      { dp: "18", code: "add_ele_total" },
      { dp: "20", code: "a/b" },
      { dp: "21", code: "a+b" },
    ]);
    assert.equal(odd.virtual("lamp"), "tuya/Lamp/lamp_");
    assert.equal(odd.virtual("hvac_mode"), "tuya/Lamp/hvac_mode");
    assert.equal(odd.value("2"), "tuya/Lamp/availability_");
    assert.equal(odd.value("3"), "tuya/Lamp/dps_");
    assert.equal(odd.value("18"), "tuya/Lamp/add_ele_total");
    assert.equal(odd.total("17"), "tuya/Lamp/add_ele_total_");
    assert.equal(odd.value("20"), "tuya/Lamp/a_b");
    assert.equal(odd.value("21"), "tuya/Lamp/a_b_");
    for (const dp of ["1", "2", "3", "17", "18", "20", "21"]) {
      assert.equal(odd.dpOf(odd.value(dp).slice("tuya/Lamp/".length)), dp);
      assert.equal(odd.dpOf(dp), dp);
    }
    assert.equal(odd.totalOf("add_ele_total_"), "17");
    assert.equal(odd.dpOf("nonsense"), undefined);
  });

  it("have a bridge, whose state may stand elsewhere", () => {
    assert.deepEqual(bridgeTopics("a/b"), { state: "a/b/bridge/state", devices: "a/b/bridge/devices" });
    assert.equal(bridgeTopics("tuya", "tuya/bridge/attic").state, "tuya/bridge/attic");
  });

  it("take a base as people write it", () => {
    assert.equal(topicPath("", "tuya"), "tuya");
    assert.equal(topicPath(" /house/ tuya/ ", "tuya"), "house/tuya");
    assert.equal(topicPath("a/#", "tuya"), "a/_");
    assert.equal(topicPath("//", "tuya"), "tuya");
  });
});

describe("an MQTT topic that arrives", () => {
  it("is read against the base, whatever that is", () => {
    for (const base of ["tuya", "house/tuya", "set"]) {
      assert.deepEqual(readTopic(`${base}/Lamp/switch/set`, base), {
        kind: "value",
        level: "Lamp",
        name: "switch",
      });
      assert.deepEqual(readTopic(`${base}/Lamp/dps/set`, base), { kind: "values", level: "Lamp" });
      assert.deepEqual(readTopic(`${base}/Lamp/set`, base), { kind: "values", level: "Lamp" });
      assert.deepEqual(readTopic(`${base}/Lamp/operation/set`, base), { kind: "operation", level: "Lamp" });
      assert.deepEqual(readTopic(`${base}/Lamp/get`, base), { kind: "query", level: "Lamp" });
      assert.deepEqual(readTopic(`${base}/Lamp/switch/get`, base), { kind: "query", level: "Lamp" });
      assert.deepEqual(readTopic(`${base}/bridge/state/set`, base), { kind: "birth" });
      assert.deepEqual(readTopic(`${base}/bridge/attic/set`, base), { kind: "birth" });
      assert.deepEqual(readTopic(`${base}/bridge/operation/set`, base), { kind: "bridge" });
    }
  });

  it("means nothing where it is anything else", () => {
    const others = [
      "tuya",
      "tuya/",
      "tuya/Lamp",
      "tuya/Lamp/switch",
      "tuya/Lamp/availability",
      "tuya/Lamp/error",
      "tuya//set",
      "tuya/Lamp//set",
      "tuya/Lamp/a/b/set",
      "tuya/bridge/state",
      "tuya/bridge/devices",
      "tuya/bridge/set",
      "tuyax/Lamp/switch/set",
      "other/Lamp/switch/set",
      "homeassistant/status",
    ];
    for (const topic of others) assert.equal(readTopic(topic, "tuya"), undefined, topic);
  });

  it("tells that somebody is there now", () => {
    assert.ok(isBirth("tuya/bridge/state/set", "online", "tuya", []));
    assert.ok(isBirth("homeassistant/status", "online", "tuya", []));
    assert.ok(!isBirth("homeassistant/status", "offline", "tuya", []));
    assert.ok(!isBirth("tuya/bridge/state", "online", "tuya", []));
    assert.ok(!isBirth("tuya/Lamp/status/set", "online", "tuya", []));
    const bridges = [{ bridgeTopic: "house/attic" }];
    assert.ok(isBirth("house/attic/set", "online", "tuya", bridges));
    assert.ok(!isBirth("house/cellar/set", "online", "tuya", bridges));
    // What is published here must not have everything published.
    assert.ok(!isBirth("tuya/Vacuum/status", "online", "tuya", []));
  });
});
