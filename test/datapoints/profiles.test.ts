import assert from "node:assert/strict";
import { parseDataPoints } from "../../src/datapoints/datapoint";
import { readProfiles } from "../../nodes/admin/templates/profile-folder";
import {
  chooseProfile,
  type Clues,
  entriesOf,
  fits,
  matchProfiles,
  parseProfile,
  type Profile,
} from "../../src/datapoints/profiles";
import type { Dps, DpValue } from "../../src/protocol/dps";
import { PRESETS } from "../../src/virtual/presets";
import { dataPointOf } from "../support/datapoints";

const [SENSOR, SOCKET] = Object.values(PRESETS.gateway.subDevices ?? {});

/** The profile in a file named x. */
function profileOf(json: object): Profile {
  const { profile } = parseProfile("x", { datapoints: [{ dp: "1" }], ...json });
  assert.ok(profile);
  return profile;
}

describe("profiles", () => {
  let profiles: readonly Profile[];

  before(async () => {
    ({ profiles } = await readProfiles());
  });

  /** The ids that would be offered. */
  function offered(clues: Clues): string[] {
    const choice = chooseProfile(profiles, clues);
    switch (choice.kind) {
      case "one":
        return [choice.match.profile.id];
      case "several":
        return choice.matches.map(({ profile }) => profile.id);
      case "none":
        return [];
    }
  }

  describe("the profiles that come with the package", () => {
    it("cover the common categories", () => {
      const categories = new Set(profiles.flatMap((profile) => profile.categories));
      const common = [
        "kg",
        "cz",
        "tgq",
        "dj",
        "cl",
        "wk",
        "wsdcg",
        "pir",
        "mcs",
        "dlq",
        "fs",
        "wnykq",
        "wxkg",
      ];
      assert.deepEqual(
        common.filter((category) => !categories.has(category)),
        [],
      );
    });

    it("say how often to refresh where their notes speak of it", () => {
      const speaking = profiles.filter(({ notes }) => notes?.includes("refresh interval"));
      assert.ok(speaking.length >= 3);
      assert.deepEqual(
        profiles.filter(({ refresh }) => refresh === 10),
        speaking,
      );
    });

    it("are free of problems, and have a name and a core", async () => {
      assert.deepEqual((await readProfiles()).problems, []);
      for (const { id, name, core, categories } of profiles) {
        assert.notEqual(name, id);
        assert.ok(core.length > 0 && categories.length > 0, id);
      }
    });

    it("give every data point a code and a label, and limits that make sense", () => {
      for (const { id, dataPoints } of profiles) {
        for (const { dp, code, label, min, max } of dataPoints) {
          const where = `${id} ${dp}`;
          assert.match(code, /^[a-z]\w*$/, where);
          assert.ok(label, where);
          if (min !== undefined && max !== undefined) assert.ok(min < max, where);
        }
      }
    });

    it("are tables that a device can have", () => {
      for (const profile of profiles) {
        const { dataPoints, problems } = parseDataPoints(entriesOf(profile));
        assert.deepEqual(problems, [], profile.id);
        assert.deepEqual(dataPoints, profile.dataPoints);
      }
    });
  });

  describe("chooseProfile", () => {
    const table: [string, Clues, string[]][] = [
      ["a metering plug", { values: PRESETS.plug.dps }, ["plug-metering"]],
      ["a metering plug of known category", { category: "cz", values: PRESETS.plug.dps }, ["plug-metering"]],
      ["a colour lamp", { values: PRESETS.lamp.dps }, ["lamp-colour"]],
      ["a breaker", { values: PRESETS.breaker.dps }, ["breaker"]],
      ["a cover", { values: PRESETS.cover.dps }, ["cover"]],
      ["a thermostat", { values: PRESETS.thermostat.dps }, ["thermostat"]],
      ["a wall switch of known category", { category: "kg", values: PRESETS.switch.dps }, ["switch"]],
      ["a scene switch", { values: PRESETS["scene-switch"].dps }, ["scene-switch"]],
      ["a first colour lamp", { values: PRESETS["lamp-old"].dps }, ["lamp-colour-old"]],
      ["a dimmer", { values: PRESETS.dimmer.dps }, ["dimmer"]],
      ["a fan of known category", { category: "fs", values: PRESETS.fan.dps }, ["fan"]],
      ["an infra-red blaster", { values: PRESETS["ir-blaster"].dps }, ["ir-blaster"]],
      ["a climate sensor behind a gateway", { values: SENSOR?.dps ?? {} }, ["sensor-climate-tenths"]],
      [
        "an old metering plug",
        { values: { "1": true, "2": 0, "4": 260, "5": 600, "6": 2301 } },
        ["plug-metering-old"],
      ],
      [
        "an old colour lamp",
        { values: { "1": true, "2": "colour", "3": 255, "4": 0, "5": "ff00000000ffff" } },
        ["lamp-colour-old"],
      ],
      [
        "a white lamp",
        { values: { "20": true, "21": "white", "22": 500, "23": 0, "25": "", "26": 0 } },
        ["lamp-white"],
      ],
      ["a dimmer", { values: { "1": true, "2": 700, "3": 10, "4": "led", "6": 0 } }, ["dimmer"]],
      ["an infra-red blaster", { values: { "201": "{}", "202": "" } }, ["ir-blaster"]],
      ["a learning infra-red blaster", { values: { "1": "study" } }, ["ir-blaster-fields"]],
      [
        "a ceiling fan with lamp",
        { values: { "20": true, "22": 500, "60": true, "62": 3, "63": "forward" } },
        ["fan-lamp"],
      ],
      ["a category with one profile", { category: "mcs" }, ["sensor-contact"]],
      ["a breaker by its category", { category: "dlq" }, ["breaker"]],
      ["nothing", {}, []],
      ["a category nobody knows", { category: "zzz" }, []],
      ["values nobody knows", { values: { "150": "x", "151": 5 } }, []],
      ["values of a category nobody knows", { category: "zzz", values: PRESETS.lamp.dps }, ["lamp-colour"]],
      ["values that contradict the category", { category: "mcs", values: PRESETS.lamp.dps }, ["lamp-colour"]],
    ];
    for (const [what, clues, ids] of table) {
      it(`offers ${ids.join(", ") || "nothing"} for ${what}`, () => assert.deepEqual(offered(clues), ids));
    }

    const ambiguous: [string, Clues, string[]][] = [
      ["a boolean and nothing else", { values: SOCKET?.dps ?? {} }, ["switch", "plug", "sensor-contact"]],
      [
        "a level that fits both generations of dimmers",
        { category: "tgq", values: { "1": true, "2": 100 } },
        ["dimmer", "dimmer-old"],
      ],
      [
        "humidity that may be percent or tenths",
        { values: { "1": 215, "2": 48, "4": 87 } },
        ["sensor-climate", "sensor-climate-tenths"],
      ],
      [
        "a category with several kinds",
        { category: "dj" },
        ["lamp-colour", "lamp-white", "lamp-colour-old", "lamp-white-old"],
      ],
    ];
    for (const [what, clues, ids] of ambiguous) {
      it(`leaves the choice to a person for ${what}`, () => {
        const choice = chooseProfile(profiles, clues);
        assert.equal(choice.kind, "several");
        for (const id of ids) assert.ok(offered(clues).includes(id), id);
      });
    }
  });

  it("says whether there is one to offer, or none", () => {
    assert.equal(chooseProfile(profiles, { category: "mcs" }).kind, "one");
    assert.equal(chooseProfile(profiles, { category: "zzz" }).kind, "none");
    assert.equal(chooseProfile([], {}).kind, "none");
  });

  describe("matchProfiles", () => {
    const plug = profileOf({ categories: ["cz"], datapoints: [{ dp: "1", type: "Boolean" }] });

    it("goes by the category alone where no values are known", () => {
      assert.deepEqual(matchProfiles([plug], { category: "cz" }), [
        { profile: plug, score: 0, unnamed: [], conflicting: [] },
      ]);
      assert.deepEqual(matchProfiles([plug], {}), []);
    });

    // A value that fits counts 2, one whose number only is known 1; 1 less for each unnamed one, 0.2 above 100.
    const scores: [Dps, number | undefined][] = [
      [{ "1": true }, 2],
      [{ "1": null }, 1],
      [{ "1": true, "100": 5 }, 1],
      [{ "1": true, "101": 5 }, 1.8],
      [{ "1": true, "2": 5, "3": 5 }, undefined],
      [{ "1": 5 }, undefined],
    ];
    for (const [values, score] of scores) {
      it(`gives ${JSON.stringify(values)} the score ${score}`, () => {
        assert.equal(matchProfiles([plug], { values })[0]?.score, score);
      });
    }

    it("counts a data point without a type less than one with it", () => {
      const vague = profileOf({ datapoints: [{ dp: "1" }] });
      assert.deepEqual(
        matchProfiles([vague, plug], { values: { "1": true } }).map(({ score }) => score),
        [2, 1],
      );
    });

    it("names what a profile does not explain", () => {
      const [best] = matchProfiles(profiles, {
        category: "cz",
        values: { ...PRESETS.plug.dps, "50": 1, "101": 2, "38": 5 },
      });
      assert.equal(best?.profile.id, "plug-metering");
      assert.deepEqual(best.unnamed, ["50", "101"]);
      assert.deepEqual(best.conflicting, ["38"]);
    });
  });

  describe("entriesOf", () => {
    it("leaves out what the device does not have, but for what it never reports unasked", () => {
      const lamp = profiles.find(({ id }) => id === "lamp-colour");
      assert.ok(lamp);
      const entries = entriesOf(lamp, { "20": true, "22": 500 });
      assert.deepEqual(
        entries.map(({ dp }) => dp),
        ["20", "22", "27", "28"],
      );
      assert.equal(entriesOf(lamp).length, lamp.dataPoints.length);
    });
  });
});

describe("fits", () => {
  const table: [object, DpValue[], DpValue[]][] = [
    [{}, [true, 5, "x", null, {}], []],
    [{ type: "Boolean" }, [true, false, null], [1, "on"]],
    [{ type: "Integer", min: 0, max: 10 }, [0, 10, null], [-1, 11, "5", true]],
    [{ type: "Integer" }, [-1e9, 1e9], ["5"]],
    [{ type: "Bitmap", max: 7 }, [0, 7], [8, [1]]],
    [{ type: "Enum" }, ["x"], [1, true]],
    [{ type: "Enum", values: ["a"] }, ["a"], ["b", 1]],
    [{ type: "String" }, ["", "x"], [5, {}]],
    [{ type: "Raw" }, ["AQID"], [5, [1]]],
    // Lamps report scenes, which the platform calls Json, as hex digits.
    [{ type: "Json" }, [{}, [], '{"a":1}', "[]", "", "000e0d0000000000000000c80000"], [5, true]],
    [{ dp: "24", code: "colour_data" }, ["", "000003e803e8", null], ["x", 5]],
  ];
  for (const [entry, fitting, others] of table) {
    it(`tells what can be a value of ${JSON.stringify(entry)}`, () => {
      const dataPoint = dataPointOf(entry);
      for (const value of fitting) assert.equal(fits(dataPoint, value), true, JSON.stringify(value));
      for (const value of others) assert.equal(fits(dataPoint, value), false, JSON.stringify(value));
    });
  }
});

describe("parseProfile", () => {
  it("reads notes, refresh and sleepy where they are such", () => {
    const read = ({ notes, refresh, sleepy }: Profile) => ({ notes, refresh, sleepy });
    const told = { notes: "Asks often.", refresh: 2, sleepy: true };
    assert.deepEqual(read(profileOf(told)), told);
    const nothing = { notes: undefined, refresh: undefined, sleepy: false };
    assert.deepEqual(read(profileOf({ notes: 5, refresh: "2", sleepy: "true" })), nothing);
    assert.deepEqual(read(profileOf({ refresh: 1.9 })), nothing);
    assert.equal(profileOf({ name: " " }).name, "x");
    assert.deepEqual(profileOf({ categories: "cz" }).categories, []);
  });

  it("says why there is none", () => {
    assert.deepEqual(parseProfile("x", []).problems, ["It is no object."]);
    assert.deepEqual(parseProfile("x", {}).problems, ["It has no data points."]);
  });

  it("reads what is there, and says what is wrong", () => {
    const { profile, problems } = parseProfile("x", {
      name: " Thing ",
      categories: ["cz", 5],
      core: ["1", "99"],
      datapoints: [{ dp: "1", type: "Boolean" }, { dp: "x" }],
    });
    assert.equal(profile?.name, "Thing");
    assert.deepEqual(profile.categories, ["cz"]);
    assert.deepEqual(profile.core, ["1"]);
    assert.equal(problems.length, 1);
    assert.equal(parseProfile("x", { datapoints: [{ dp: "1" }] }).profile?.name, "x");
    const refreshOf = (refresh: unknown) =>
      parseProfile("x", { refresh, datapoints: [{ dp: "1" }] }).profile?.refresh;
    assert.deepEqual([30, 1, -5, "10", null].map(refreshOf), [
      30,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it("is undefined where there is no profile", () => {
    for (const json of [null, undefined, 5, "x", [], {}, { datapoints: [] }, { datapoints: "x" }]) {
      const { profile, problems } = parseProfile("x", json);
      assert.equal(profile, undefined);
      assert.ok(problems.length > 0);
    }
  });
});
