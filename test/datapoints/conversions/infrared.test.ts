import assert from "node:assert/strict";
import { inspect } from "node:util";
import { INFRARED_LEARNED, INFRARED_SEND } from "../../../src/datapoints/conversions/infrared";
import { dataPointOf, mapOf, refused } from "../../support/datapoints";

const BLASTER = mapOf(
  { dp: "201", code: "ir_send", type: "String" },
  { dp: "202", code: "ir_study_code", type: "String", access: "ro", event: true },
);
const CODE = "KCOUETACmgY=";

describe("INFRARED_SEND", () => {
  const pairs: [string, unknown][] = [
    ['{"control":"study"}', { learn: true }],
    ['{"control":"study_exit"}', { learn: false }],
    [`{"control":"send_ir","type":0,"head":"","key1":"1${CODE}"}`, { send: CODE }],
    [
      '{"control":"send_ir","type":0,"head":"010ed8","key1":"0002$$0020"}',
      { send: { head: "010ed8", key: "002$$0020" } },
    ],
  ];
  for (const [raw, words] of pairs) {
    it(`shows ${raw.slice(0, 40)} in words, and writes it so again`, () => {
      assert.deepEqual(BLASTER.decode("201", raw), words);
      assert.equal(BLASTER.encode("201", words), raw);
      assert.equal(BLASTER.encode("201", raw), raw);
    });
  }

  it("passes on what it does not understand", () => {
    for (const raw of ["", "{", '{"control":"rf_study"}', '{"control":"send_ir"}', 5, null, true])
      assert.equal(BLASTER.decode("201", raw), raw);
  });

  it("takes a bare code, and fields as the vendor names them", () => {
    assert.equal(BLASTER.encode("201", CODE), pairs[2]?.[0]);
    assert.equal(
      BLASTER.encode("201", { control: "rf_study", rf_type: "sub_2g" }),
      '{"control":"rf_study","rf_type":"sub_2g"}',
    );
    assert.equal(
      BLASTER.encode("201", { control: "rf_study", key1: RADIO }),
      `{"control":"rf_study","key1":"${RADIO}"}`,
    );
  });

  it("leaves a JSON text as somebody wrote it", () => {
    for (const text of ['{ "control" : "study" }', '{ "key1": "x" }'])
      assert.equal(BLASTER.encode("201", text), text);
  });

  it("refuses anything else with a sentence", () => {
    for (const value of ["", "study", 5, true, {}, { learn: "x" }, { learn: true, send: CODE }, { send: 1 }])
      assert.match(
        refused(() => BLASTER.encode("201", value)).message,
        /^ir_send \(data point 201\) takes \{learn: true\}, /,
      );
    const circular: Record<string, unknown> = { control: "x" };
    circular["self"] = circular;
    assert.match(refused(() => BLASTER.encode("201", circular)).message, /can be written as JSON/);
    assert.ok("expects" in INFRARED_SEND.encode(null, dataPointOf({ code: "ir_send" }), undefined));
  });
});

/** As a blaster with radio learns it: the keys are those of tinytuya's notes, the code is invented. */
const RADIO_JSON = '{"num":1,"study_feq":"433","ver":"2","type":0,"data":"0123456789ab"}';
const RADIO = Buffer.from(RADIO_JSON).toString("base64");

describe("codes of radio remotes", () => {
  const REMEDY = /nothing was sent\. That is a code of a radio remote \(433 MHz\).*control: "rfstudy_send"/;
  const ACCEPTED = /takes \{learn: true\}.*learned code \(base64\).*Pronto code.*nec/;
  const values: [string, unknown][] = [
    ["base64", RADIO],
    ["padded base64", `1${RADIO}`],
    ["cut base64", RADIO.slice(0, 40)],
    ["base64 cut to any length", RADIO.slice(0, 41)],
    ["cut and padded base64", `1${RADIO.slice(0, 38)}`],
    ["padded base64 among blanks", ` 1${RADIO}\n`],
    ["its bytes", Buffer.from(RADIO_JSON)],
    ["its JSON", RADIO_JSON],
    ["its fields", JSON.parse(RADIO_JSON)],
    ["send", { send: RADIO }],
    ["fields of the vendor", { control: "send_ir", type: 0, head: "", key1: `1${RADIO}` }],
    ["JSON of the vendor", JSON.stringify({ control: "send_ir", type: 0, head: "", key1: `1${RADIO}` })],
  ];
  for (const [what, value] of values) {
    it(`are refused for ir_send, with what to do instead: ${what}`, () => {
      const { message } = refused(() => BLASTER.encode("201", value));
      assert.match(message, REMEDY);
      assert.match(message, ACCEPTED);
    });
  }

  it("are sent as the remedy says", () => {
    const remedy = {
      control: "rfstudy_send",
      rf_type: "sub_2g",
      feq: 0,
      mode: 0,
      rate: 0,
      ver: "2",
      key1: { code: RADIO, times: 6, delay: 0, intervals: 0, ver: "2" },
    };
    assert.equal(BLASTER.encode("201", remedy), JSON.stringify(remedy));
    assert.equal(BLASTER.encode("201", JSON.stringify(remedy)), JSON.stringify(remedy));
  });

  it("are no code either in JSON that is of something else", () => {
    const other = Buffer.from('{"a":1}').toString("base64");
    const { message } = refused(() => BLASTER.encode("201", { send: other }));
    assert.match(message, ACCEPTED);
    assert.doesNotMatch(message, /radio/);
  });

  it("are shown as they were learned", () => {
    assert.equal(BLASTER.decode("202", RADIO), RADIO);
  });
});

describe("INFRARED_LEARNED", () => {
  it("shows a code without its padding, as it is to be sent", () => {
    assert.equal(BLASTER.decode("202", `1${CODE}`), CODE);
    assert.equal(BLASTER.decode("202", CODE), CODE);
    assert.equal(BLASTER.decode("202", 5), 5);
  });

  it("takes a code, and refuses anything else with a sentence", () => {
    const learned = dataPointOf({ code: "ir_study_code" });
    assert.deepEqual(INFRARED_LEARNED.encode(CODE, learned, undefined), { value: CODE });
    for (const value of ["", "study", 5, null, {}]) {
      const coerced = INFRARED_LEARNED.encode(value, learned, undefined);
      assert.ok("expects" in coerced && /learned code \(base64\)/.test(coerced.expects), inspect(value));
    }
  });
});
