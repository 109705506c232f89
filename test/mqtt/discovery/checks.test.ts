import assert from "node:assert/strict";
import { discoveryMessages } from "../../../src/mqtt/discovery/index";
import { houseOf } from "../../support/home-assistant/devices";
import { expand } from "../../support/home-assistant/expand";
import { PLATFORM_EXAMPLES } from "../../support/home-assistant/platform-examples";
import { ruleProblems } from "../../support/home-assistant/rules";
import { type Config, schemaProblems } from "../../support/home-assistant/schemas";
import { sidesOf } from "../../support/home-assistant/sides";

/** A JSON object that can be damaged. */
interface Tree {
  [key: string]: Tree;
}

const BASE = "tuya";
const house = houseOf(PLATFORM_EXAMPLES);
const sides = sidesOf(house, BASE);

function messages(shape: "device" | "single"): Config[] {
  const options = { base: BASE, prefix: "homeassistant", bridgeTopic: `${BASE}/bridge/state`, shape };
  return house.flatMap((device) =>
    discoveryMessages(device, options).map((message) => JSON.parse(JSON.stringify(message)) as Config),
  );
}

/** What the checks say once each component of a platform, or the first message, is damaged. */
function afterDamage(platform: string | undefined, damage: (tree: Tree) => void): readonly string[] {
  const damaged = messages("device");
  const roots = damaged.map(({ payload }) => payload as Tree);
  if (platform === undefined) damage(roots[0] ?? assert.fail());
  else {
    const components = roots.flatMap((root) => Object.values(root["components"] ?? {}));
    const chosen = components.filter((component) => (component["platform"] as unknown) === platform);
    assert.notEqual(chosen.length, 0, `There is no ${platform}.`);
    for (const component of chosen) damage(component);
  }
  return [...damaged.flatMap(schemaProblems), ...ruleProblems(damaged.flatMap(expand), sides)];
}

const set = (key: string, value: unknown) => (tree: Tree) => {
  (tree as Record<string, unknown>)[key] = value;
};
const without = (key: string) => (tree: Tree) => {
  Reflect.deleteProperty(tree, key);
};
const inside = (key: string, damage: (tree: Tree) => void) => (tree: Tree) => damage(tree[key] ?? {});

describe("checks of what is announced", () => {
  it("find nothing as it is", () => {
    assert.deepEqual(
      afterDamage(undefined, () => undefined),
      [],
    );
  });

  const roots: readonly (readonly [what: string, damage: (tree: Tree) => void, says: RegExp])[] = [
    ["a key too many at the root", set("~", "tuya"), /additional properties.*"~"/],
    ["a typing error at the root", set("availabilty_mode", "all"), /availabilty_mode/],
    ["no origin", without("origin"), /required property 'origin'/],
    ["a typing error in the device", inside("device", set("manufactorer", "Tuya")), /manufactorer/],
    ["a device without an identifier", inside("device", without("identifiers")), /identifiers/],
    ["a typing error in the origin", inside("origin", set("version", "1")), /"version"/],
    ["a typing error in availability", set("availability", [{ topik: "a" }]), /topik/],
    ["an availability of one topic only", set("availability_mode", "latest"), /not all of its availability/],
  ];
  for (const [what, damage, says] of roots) {
    it(`find ${what}`, () => assert.match(afterDamage(undefined, damage).join("\n"), says));
  }

  for (const platform of "binary_sensor button climate cover event fan humidifier light lock number select sensor siren switch text vacuum".split(
    " ",
  )) {
    it(`find a typing error in a ${platform}`, () => {
      assert.match(afterDamage(platform, set("stat_topic", "x")).join("\n"), /stat_topic/);
    });

    it(`find a topic with a wildcard in a ${platform}`, () => {
      const damage = (tree: Tree) => {
        const key = Object.keys(tree).find((each) => each.endsWith("_topic")) ?? assert.fail();
        set(key, "tuya/+/x")(tree);
      };
      assert.match(afterDamage(platform, damage).join("\n"), /pattern/);
    });
  }

  const components: readonly (readonly [
    what: string,
    platform: string,
    damage: (tree: Tree) => void,
    says: RegExp,
  ])[] = [
    ["a platform that is none", "switch", set("platform", "swich"), /must be in oneOf/],
    ["a component without an id", "switch", without("unique_id"), /'unique_id'/],
    ["an id that is used twice", "switch", set("unique_id", "same"), /stands for \d+ entities/],
    ["a switch nobody can command", "switch", without("command_topic"), /'command_topic'/],
    ["a payload that is no text", "switch", set("payload_on", true), /must be string/],
    ["commands that may be retained", "switch", without("retain"), /retain has to be false/],
    ["a topic nobody takes", "switch", set("command_topic", "tuya/Nobody/x/set"), /taken by nobody/],
    ["a state nobody publishes", "sensor", set("state_topic", "tuya/Nobody/x"), /published by nobody/],
    ["limits upside down", "number", set("min", 1e9), /min 1000000000, max/],
    ["a step that is too small", "number", set("step", 0.0001), />= 0.001/],
    ["a preset called none", "climate", set("preset_modes", ["none"]), /a preset is called none/],
    ["modes Home Assistant does not know", "climate", set("modes", ["cold"]), /allowed values/],
    ["temperatures upside down", "climate", set("min_temp", 90), /min_temp 90, max_temp/],
    ["a precision it does not know", "climate", set("precision", 0.2), /allowed values/],
    ["speeds from 0", "fan", set("speed_range_min", 0), />= 1/],
    ["a range that is not that of the words", "fan", set("speed_range_max", 50), /not that of its words/],
    ["a unit that does not fit", "sensor", set("unit_of_measurement", "bananas"), /not measured in bananas/],
    ["options without their class", "sensor", set("options", ["a"]), /options go with enum/],
    ["energy that is no sum", "sensor", set("device_class", "energy"), /energy/],
    ["a sensor among the settings", "sensor", set("entity_category", "config"), /no config/],
    ["a category of an event", "event", set("entity_category", "diagnostic"), /an event has no category/],
    ["events that cannot happen", "event", set("event_types", []), /fewer than 1/],
    ["the same option twice", "select", set("options", ["a", "a"]), /duplicate/],
    [
      "color modes that do not go together",
      "light",
      set("supported_color_modes", ["onoff", "hs"]),
      /allowed/,
    ],
    ["keys that were removed", "light", set("color_mode", true), /color_mode/],
    ["entities of one name", "number", set("name", "Number"), /two entities are called/],
    ["a feature it does not know", "vacuum", set("supported_features", ["fly"]), /allowed values/],
  ];
  for (const [what, platform, damage, says] of components) {
    it(`find ${what}`, () => assert.match(afterDamage(platform, damage).join("\n"), says));
  }

  it("find typing errors in messages of one entity, too", () => {
    for (const message of messages("single")) {
      assert.deepEqual(schemaProblems(message), []);
      for (const damage of [
        set("platform", "switch"),
        inside("device", set("nmae", "x")),
        inside("origin", set("nmae", "x")),
        without("device"),
      ]) {
        const copy = structuredClone(message);
        damage(copy.payload as Tree);
        assert.notDeepEqual(schemaProblems(copy), [], message.topic);
      }
      assert.notDeepEqual(schemaProblems({ ...message, topic: message.topic.replace("tuya_", "tuya ") }), []);
    }
  });
});
