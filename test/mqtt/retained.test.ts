import assert from "node:assert/strict";
import { parseDataPoints } from "../../src/datapoints/datapoint";
import { DataPointMap } from "../../src/datapoints/datapoint-map";
import { deviceList } from "../../src/mqtt/device-list";
import { platformsOf, RetainedTopics, withRetired } from "../../src/mqtt/retained";
import { SharedDevice } from "../../src/mqtt/shared-device";
import type { MqttDevice } from "../../src/mqtt/types";

const TABLE = [
  { dp: "1", code: "switch_1", type: "Boolean" },
  {
    dp: "3",
    code: "temp_set",
    type: "Integer",
    scale: 1,
    unit: "°C",
    min: 50,
    max: 350,
    step: 5,
    access: "rw",
  },
  { dp: "4", code: "mode", type: "Enum", values: ["a", "b"] },
  { dp: "5", code: "press", type: "Enum", event: true },
  { dp: "17", code: "add_ele", type: "Integer", accumulate: true },
  { dp: "9" },
];

function heater(more: Partial<MqttDevice> = {}): MqttDevice {
  return {
    id: "id1",
    name: "Heater",
    level: "Heater",
    dataPoints: new DataPointMap(parseDataPoints(TABLE).dataPoints),
    ...more,
  };
}

describe("RetainedTopics", () => {
  it("knows whose they are, and forgets those that were emptied while a broker was there", () => {
    const topics = new RetainedTopics();
    topics.published("a/1", "a");
    topics.published("a/2", "a");
    topics.published("b/1", "b");
    assert.deepEqual(Object.fromEntries(topics.byOwner()), { a: ["a/1", "a/2"], b: ["b/1"] });
    topics.emptied("a/1", true);
    assert.deepEqual(topics.byOwner().get("a"), ["a/2"]);
    // The name of one device can become that of another.
    topics.published("a/2", "b");
    assert.deepEqual(topics.byOwner().get("b"), ["a/2", "b/1"]);
  });

  it("has a topic emptied a few times where nobody knows of a broker", () => {
    const topics = new RetainedTopics();
    topics.published("a", "a");
    for (const left of [1, 1, 0]) {
      topics.emptied("a", false);
      assert.equal(topics.byOwner().size, left);
    }
    topics.published("b", "b");
    topics.emptied("b", false);
    topics.published("b", "b");
    for (const left of [1, 1, 0]) {
      topics.emptied("b", false);
      assert.equal(topics.byOwner().size, left);
    }
  });

  it("goes on where it left off, whatever somebody made of what was kept", () => {
    const topics = new RetainedTopics();
    topics.published("a", "device");
    topics.published("config", "device", { "1": "switch" });
    const later = new RetainedTopics();
    later.published("new", "device");
    later.restore(JSON.parse(JSON.stringify(topics.kept)));
    assert.deepEqual(later.kept, { new: ["device"], a: ["device"], config: ["device", { "1": "switch" }] });
    assert.deepEqual(later.platforms("config"), { "1": "switch" });
    for (const nonsense of [undefined, null, 5, "x", { a: 1, b: [], c: [1] }]) {
      const empty = new RetainedTopics();
      empty.restore(nonsense);
      assert.deepEqual(empty.kept, {});
    }
    const damaged = new RetainedTopics();
    damaged.restore({ a: ["id", "x"], b: ["id", ["switch"]], c: ["id", { "1": 5 }], d: ["id", null] });
    assert.deepEqual(damaged.kept, { a: ["id"], b: ["id"], c: ["id"], d: ["id"] });
  });

  it("says when there is something to keep", () => {
    const topics = new RetainedTopics();
    assert.equal(topics.takeChanged(), false);
    topics.published("a", "a", { x: "switch" });
    assert.equal(topics.takeChanged(), true);
    topics.published("a", "a", { x: "switch" });
    assert.equal(topics.hasChanged, false);
    topics.published("a", "a", { y: "switch" });
    assert.equal(topics.takeChanged(), true);
  });

  it("takes no more memory than it is given", () => {
    const topics = new RetainedTopics();
    for (let index = 0; index < 60_000; index++) topics.published(`tuya/Some device/${index}`, "id");
    const count = topics.byOwner().get("id")?.length ?? 0;
    assert.ok(count > 20_000 && count < 40_000, `${count} topics`);
  });
});

describe("a shared device", () => {
  const shared = (...chosen: string[]) =>
    new SharedDevice(heater(), { base: "tuya", chosen, configs: () => [] });
  const config = "homeassistant/device/tuya_id1/config";

  it("tells which retained topics it still has", () => {
    const present = [
      "availability",
      "connection",
      "switch_1",
      "temp_set",
      "9",
      "101",
      "hvac_mode",
      "add_ele_total",
    ];
    for (const level of present) assert.ok(shared().isCurrent(`tuya/Heater/${level}`, new Set()), level);
    // Friendly names are published only if they are chosen.
    const gone = ["switch", "1", "press", "add_ele", "error", "a/b", "lamp", "brightness"];
    for (const level of gone) assert.ok(!shared().isCurrent(`tuya/Heater/${level}`, new Set()), level);
    assert.ok(!shared().isCurrent("tuya/Old/switch_1", new Set()));
    assert.ok(!shared().isCurrent(config, new Set()));
    assert.ok(shared().isCurrent(config, new Set([config])));
  });

  it("has no topics of data points that are not passed on", () => {
    const some = shared("1", "brightness", "color", "press");
    for (const level of ["switch_1", "brightness", "color"])
      assert.ok(some.isCurrent(`tuya/Heater/${level}`, new Set()), level);
    for (const level of ["temp_set", "add_ele_total", "9", "colour", "hvac_mode", "press"])
      assert.ok(!some.isCurrent(`tuya/Heater/${level}`, new Set()), level);
  });
});

describe("the list of devices", () => {
  it("says what each has, in the units of its payloads", () => {
    const child = heater({
      id: "c1",
      cid: "c1",
      gatewayId: "gw",
      name: "a/b",
      level: "a_b",
      dataPoints: DataPointMap.EMPTY,
    });
    assert.deepEqual(
      JSON.parse(
        JSON.stringify(
          deviceList("house/tuya", [
            { device: heater(), isOnline: true },
            { device: child, isOnline: false },
          ]),
        ),
      ),
      [
        {
          id: "id1",
          name: "Heater",
          topic: "house/tuya/Heater",
          online: true,
          datapoints: [
            { code: "switch_1", dp: 1, type: "Boolean" },
            {
              code: "temp_set",
              dp: 3,
              type: "Integer",
              unit: "°C",
              min: 5,
              max: 35,
              step: 0.5,
              access: "rw",
            },
            { code: "mode", dp: 4, type: "Enum", values: ["a", "b"] },
            { code: "press", dp: 5, type: "Enum" },
            { code: "add_ele", dp: 17, type: "Integer" },
            { code: "9", dp: 9 },
          ],
        },
        {
          id: "c1",
          name: "a/b",
          topic: "house/tuya/a_b",
          cid: "c1",
          gateway: "gw",
          online: false,
          datapoints: [],
        },
      ],
    );
  });
});

describe("a discovery message that follows another one", () => {
  const message = (components: Record<string, { platform: string; name: string }>) => ({
    topic: "t",
    payload: { device: {}, components },
  });
  const both = message({ "1": { platform: "switch", name: "A" }, "2": { platform: "number", name: "B" } });
  const one = message({ "1": { platform: "switch", name: "A" } });

  it("takes back what is left out", () => {
    assert.deepEqual(platformsOf(both), { "1": "switch", "2": "number" });
    assert.deepEqual(withRetired(one, platformsOf(both)), [
      {
        topic: "t",
        payload: {
          device: {},
          components: { "1": { platform: "switch", name: "A" }, "2": { platform: "number" } },
        },
      },
      one,
    ]);
  });

  it("takes back what has become something else", () => {
    const changed = message({ "1": { platform: "select", name: "A" } });
    assert.deepEqual(withRetired(changed, platformsOf(one)), [
      { topic: "t", payload: { device: {}, components: { "1": { platform: "switch" } } } },
      changed,
    ]);
  });

  it("stays alone where nothing is left out, and where it is one of a single entity", () => {
    assert.deepEqual(withRetired(both, platformsOf(one)), [both]);
    assert.deepEqual(withRetired(both, undefined), [both]);
    const single = { topic: "s", payload: { unique_id: "x" } };
    assert.equal(platformsOf(single), undefined);
    assert.deepEqual(withRetired(single, { "1": "switch" }), [single]);
  });
});
