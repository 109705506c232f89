import assert from "node:assert/strict";
import { DataPointMap } from "../../../src/datapoints/datapoint-map";
import { readFriendly, readFriendlyValue } from "../../../src/datapoints/friendly/friendly";
import type {
  FriendlyEntry,
  FriendlyOptions,
  FriendlyValues,
} from "../../../src/datapoints/friendly/context";
import { isInfraredCommand, learnedEntries } from "../../../src/datapoints/friendly/infrared-entries";
import { mapOf, refused } from "../../support/datapoints";
import type { Dps } from "../../../src/protocol/dps";
import { UndecidedError } from "../../../src/datapoints/friendly/change";

const JSON_FAMILY = mapOf(
  { dp: "201", code: "ir_send", type: "String" },
  { dp: "202", code: "ir_study_code", type: "String", access: "ro", event: true },
);
const FIELDS = mapOf(
  { dp: "1", code: "control", type: "Enum", values: ["send_ir", "study", "study_exit", "study_key"] },
  { dp: "2", code: "study_code", type: "Raw", access: "ro", event: true },
  { dp: "3", code: "ir_code", type: "String" },
  { dp: "4", code: "key_code", type: "String" },
  { dp: "7", code: "key_study", type: "Raw" },
  { dp: "13", code: "type", type: "Integer" },
);
const LAMP = mapOf({ dp: "20", code: "switch_led", type: "Boolean" });

/** Ten marks and spaces of 0x0102 µs. */
const CODE = Buffer.from("0201".repeat(10), "hex").toString("base64");
const KEY = { head: "010ed8", key: "002$$0020" };

function options(dataPoints: DataPointMap, values: Dps = {}): FriendlyOptions {
  return { dataPoints, values, force: false };
}

/** What the device would be sent. */
function sent(
  entries: readonly FriendlyEntry[] | undefined,
  { dataPoints }: FriendlyOptions,
): Dps | undefined {
  return entries && Object.fromEntries(entries.map(([dp, value]) => [dp, dataPoints.encode(dp, value)]));
}

/** Learned by a blaster with radio. */
const RADIO = Buffer.from('{"num":1,"study_feq":"433","ver":"2"}').toString("base64");

describe("a code of a radio remote", () => {
  const REFUSAL =
    /^send takes a learned code \(base64\).*nothing was sent\. That is a code of a radio remote \(433 MHz\)/;

  for (const [dialect, dataPoints, learned] of [
    ["json", JSON_FAMILY, "202"],
    ["fields", FIELDS, "2"],
  ] as const) {
    it(`is refused by a blaster of the dialect ${dialect}, named or bare`, () => {
      const context = options(dataPoints);
      assert.match(refused(() => readFriendly({ send: RADIO }, context)).message, REFUSAL);
      assert.match(refused(() => readFriendlyValue(RADIO, context)).message, REFUSAL);
      assert.match(refused(() => learnedEntries(learned, RADIO, context)).message, REFUSAL);
    });
  }

  it("means nothing to a device that is no blaster", () => {
    assert.equal(readFriendlyValue(RADIO, options(LAMP, { "20": true })), undefined);
  });
});

describe("readFriendly for infra-red", () => {
  const table: [FriendlyValues, Dps, Dps][] = [
    [{ learn: true }, { "201": '{"control":"study"}' }, { "1": "study" }],
    [{ learn: "on" }, { "201": '{"control":"study"}' }, { "1": "study" }],
    [{ learn: false }, { "201": '{"control":"study_exit"}' }, { "1": "study_exit" }],
    [
      { send: CODE },
      { "201": `{"control":"send_ir","type":0,"head":"","key1":"1${CODE}"}` },
      { "1": "study_key", "7": CODE, "13": 0 },
    ],
    [
      { send: Array.from({ length: 10 }, () => 0x0102) },
      { "201": `{"control":"send_ir","type":0,"head":"","key1":"1${CODE}"}` },
      { "1": "study_key", "7": CODE, "13": 0 },
    ],
    [
      { send: KEY },
      { "201": '{"control":"send_ir","type":0,"head":"010ed8","key1":"0002$$0020"}' },
      { "1": "send_ir", "3": KEY.head, "4": KEY.key, "13": 0 },
    ],
  ];
  for (const [words, json, fields] of table) {
    it(`writes ${JSON.stringify(words).slice(0, 40)} in both dialects`, () => {
      assert.deepEqual(sent(readFriendly(words, options(JSON_FAMILY)), options(JSON_FAMILY)), json);
      assert.deepEqual(sent(readFriendly(words, options(FIELDS)), options(FIELDS)), fields);
    });
  }

  it("knows a blaster without a table by what it reports", () => {
    const json = options(DataPointMap.EMPTY, { "201": "", "202": "" });
    assert.deepEqual(sent(readFriendly({ learn: true }, json), json), { "201": '{"control":"study"}' });
    for (const word of ["send_ir", "study", "study_exit", "study_key"]) {
      const fields = options(DataPointMap.EMPTY, { "1": word });
      assert.deepEqual(sent(readFriendly({ learn: true }, fields), fields), { "1": "study" }, word);
    }
  });

  const wrong: [FriendlyValues, RegExp][] = [
    [
      { learn: "maybe" },
      /^learn takes true to learn a code, or false .*, not the text "maybe"; nothing was sent\.$/,
    ],
    [
      { send: "no code!" },
      /^send takes a learned code \(base64\), .* not the text "no code!"; nothing was sent\.$/,
    ],
    [{ send: [1, "2"] }, /^send takes .* not a list; nothing was sent/],
    [{ send: { nec: "20" } }, /^send takes .* not an object; nothing was sent/],
    [{ learn: RADIO }, /^learn takes .*; nothing was sent\.$/],
    [{ learn: true, send: CODE }, /not both at once; nothing was sent/],
  ];
  for (const [words, sentence] of wrong) {
    it(`refuses ${JSON.stringify(words).slice(0, 40)}`, () => {
      assert.match(refused(() => readFriendly(words, options(JSON_FAMILY))).message, sentence);
    });
  }

  it("says that a device is no blaster, and how it becomes one", () => {
    const error = refused(() => readFriendly({ send: CODE }, options(LAMP, { "20": true })));
    assert.match(error.message, /not known to be an infra-red blaster: "send" means nothing .*ir_send/);
    assert.ok(!(error instanceof UndecidedError));
    assert.ok(refused(() => readFriendly({ learn: true }, options(LAMP))) instanceof UndecidedError);
  });
});

describe("readFriendlyValue for infra-red", () => {
  const expected = [["201", `{"control":"send_ir","type":0,"head":"","key1":"1${CODE}"}`]];

  it("takes a bare code for one to send, in any notation", () => {
    for (const value of [
      CODE,
      `1${CODE}`,
      Array.from({ length: 10 }, () => 0x0102),
      Buffer.from(CODE, "base64"),
    ])
      assert.deepEqual(readFriendlyValue(value, options(JSON_FAMILY)), expected);
    assert.equal(readFriendlyValue({ nec: "20DF10EF" }, options(JSON_FAMILY))?.length, 1);
  });

  it("takes eight marks and spaces for a code, and seven for none", () => {
    const pulses = (length: number) => Array.from({ length }, () => 560);
    assert.equal(readFriendlyValue(pulses(8), options(JSON_FAMILY))?.length, 1);
    assert.equal(readFriendlyValue(pulses(7), options(JSON_FAMILY, { "201": "" })), undefined);
  });

  it("takes neither words nor short lists for codes, nor anything on another device", () => {
    for (const value of ["true", "continue", "AAAA", [1, 2, 3], { h: 1 }, 5, null, true])
      assert.equal(
        readFriendlyValue(value, options(JSON_FAMILY, { "201": "" })),
        undefined,
        JSON.stringify(value),
      );
    assert.equal(readFriendlyValue(CODE, options(LAMP, { "20": true })), undefined);
  });
});

describe("learnedEntries", () => {
  it("turns what a blaster has learned into what it is to send", () => {
    assert.deepEqual(sent(learnedEntries("202", CODE, options(JSON_FAMILY)), options(JSON_FAMILY)), {
      "201": `{"control":"send_ir","type":0,"head":"","key1":"1${CODE}"}`,
    });
    assert.deepEqual(sent(learnedEntries("2", CODE, options(FIELDS)), options(FIELDS)), {
      "1": "study_key",
      "7": CODE,
      "13": 0,
    });
  });

  it("leaves other data points and other devices alone", () => {
    assert.equal(learnedEntries("201", CODE, options(JSON_FAMILY)), undefined);
    assert.equal(learnedEntries("202", CODE, options(FIELDS)), undefined);
    assert.equal(learnedEntries("2", CODE, options(LAMP)), undefined);
  });

  it("refuses what is no code", () => {
    assert.match(refused(() => learnedEntries("202", "?", options(JSON_FAMILY))).message, /^send takes/);
  });
});

describe("isInfraredCommand", () => {
  it("is so for what a blaster does, and for nothing else", () => {
    assert.equal(isInfraredCommand({ "201": "x" }, options(JSON_FAMILY)), true);
    assert.equal(isInfraredCommand({ "1": "study" }, options(FIELDS)), true);
    assert.equal(isInfraredCommand({ "10": 300 }, options(FIELDS)), false);
    assert.equal(isInfraredCommand({ "201": "x" }, options(LAMP)), false);
    assert.equal(isInfraredCommand({ "1": true }, options(LAMP)), false);
  });
});
