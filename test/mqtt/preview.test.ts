import assert from "node:assert/strict";
import type { ListedTopic } from "../../src/mqtt/preview-types";
import { previewSharing } from "../../src/mqtt/preview";
import type { Dps } from "../../src/protocol/dps";
import { profile } from "../support/kind";

const PLUG = [
  { dp: "1", code: "switch_1", type: "Boolean" },
  { dp: "17", code: "add_ele", type: "Integer", scale: 3, unit: "kWh", access: "ro", accumulate: true },
  { dp: "19", code: "cur_power", type: "Integer", scale: 1, unit: "W", access: "ro" },
  { dp: "42", code: "scene_key", type: "Enum", values: ["click"], event: true, access: "ro" },
  { dp: "103", type: "Raw" },
  { dp: "104", code: "reset", type: "Boolean", access: "wr" },
  { dp: "6", code: "phase_a", type: "Raw", access: "ro" },
];

function look(
  datapoints: unknown,
  { chosen = [], known = {}, likely = {} }: { chosen?: readonly string[]; known?: Dps; likely?: Dps } = {},
) {
  const device = { id: "vdev0000000000000001", name: "Plug", level: "Plug", datapoints };
  return previewSharing(device, { base: "house/tuya", chosen, known, likely });
}

/** A line each: topic or command, payload, and what is special about it. */
function lines(topics: readonly ListedTopic[]): readonly string[] {
  return topics.map(({ level, payload, isKnown, isPublished, isRetained, set }) =>
    [
      isPublished ? level : `> ${level}`,
      payload,
      ...(isKnown ? ["known"] : []),
      ...(isPublished && !isRetained ? ["once"] : []),
      ...(isPublished && set !== undefined ? ["set"] : []),
    ].join(" | "),
  );
}

describe("A look at what is shared", () => {
  it("lists values, sums, commands and the state of a device", () => {
    const { topics } = look(PLUG, { known: { "1": true, "19": 412 }, likely: { "42": "click" } });
    assert.deepEqual(lines(topics), [
      "switch_1 | true | known | set",
      "add_ele |  | once",
      "add_ele_total | 12.5",
      "cur_power | 41.2 | known",
      "scene_key | click | once",
      "103 |  | set",
      "> reset | ",
      'phase_a | {"voltage":230.1,"current":4.39,"power":1010}',
      "> on | ",
      "availability | online",
      "connection | connected",
      "> operation | refresh",
    ]);
  });

  it("names whole topics, with the base and the level of the device", () => {
    const [first] = look(PLUG).topics;
    assert.equal(first?.topic, "house/tuya/Plug/switch_1");
    assert.equal(first?.set, "house/tuya/Plug/switch_1/set");
  });

  it("lists what is chosen only, friendly words as they are written, and numbers nobody has named", () => {
    const chosen = ["brightness", "color", "20", "bright_value", "199"];
    const likely = { brightness: 60, colour: "#0000ff", "20": true };
    const { topics } = look(profile("lamp-colour"), { chosen, likely });
    assert.deepEqual(
      topics.slice(0, 6).map(({ level, payload }) => [level, payload]),
      [
        ["lamp", '{"state":"ON","color_mode":"brightness"}'],
        ["brightness", "60"],
        ["color", "#0000ff"],
        ["switch_led", "true"],
        ["bright_value", ""],
        ["199", ""],
      ],
    );
  });

  it("lists each chosen value once, and none that the device does not have", () => {
    const chosen = ["switch_1", "1", "cur_power", "brightness", "temp_current", "constructor", "on"];
    const levels = (datapoints: unknown, known: Dps = {}) =>
      look(datapoints, { chosen, known }).topics.map(({ level }) => level);
    const ends = ["availability", "connection", "operation"];
    assert.deepEqual(levels(PLUG), ["switch_1", "cur_power", "on", ...ends]);
    // Its values will tell which friendly names it has.
    assert.deepEqual(levels([]), ["1", "brightness", "on", ...ends]);
    assert.deepEqual(levels([], { "1": true }), ["1", "on", ...ends]);
  });

  it("lists the virtual values and entities that the chosen data points make, and no others", () => {
    const of = (...chosen: string[]) => {
      const { topics, entities } = look(profile("lamp-colour"), { chosen });
      return [topics.some(({ level }) => level === "lamp"), entities.map(({ platform }) => platform)];
    };
    assert.deepEqual(of("switch_led", "22"), [true, ["light", "sensor"]]);
    assert.deepEqual(of("brightness", "countdown"), [false, ["number", "sensor"]]);
  });

  it("tells what a lamp would say, and what it says once that is known", () => {
    const table = profile("lamp-colour");
    const likely = { "20": true, "21": "colour", "22": 500, "23": 500 };
    const payloadOf = (known: Dps) => {
      const lamp = look(table, { likely, known }).topics.find(({ level }) => level === "lamp");
      assert.equal(lamp?.set, "house/tuya/Plug/lamp/set");
      return { ...(JSON.parse(lamp?.payload ?? "{}") as object), isKnown: lamp?.isKnown };
    };
    assert.deepEqual(payloadOf({}), {
      state: "ON",
      brightness: 100,
      color_mode: "hs",
      color: { h: 240, s: 100 },
      isKnown: false,
    });
    const known = { "20": false, "21": "white", "22": 100, "23": 0 };
    assert.equal((payloadOf(known) as { state?: string }).state, "OFF");
    assert.equal(payloadOf(known).isKnown, true);
  });

  it("lists the entities Home Assistant will have", () => {
    const { entities } = look(profile("lamp-colour"));
    assert.ok(
      entities.some(({ platform, name }) => platform === "light" && name === ""),
      JSON.stringify(entities),
    );
    assert.ok(entities.some(({ platform, name }) => platform === "sensor" && name === "Connection"));
  });

  it("takes a table in which nothing makes sense for an empty one", () => {
    const { topics } = look("nonsense", { known: { "5": 1 } });
    assert.deepEqual(
      topics.map(({ level }) => level),
      ["5", "availability", "connection", "operation"],
    );
  });
});
