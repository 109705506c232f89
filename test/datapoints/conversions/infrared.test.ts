import assert from "node:assert/strict";
import { mapOf, refused } from "../../support/datapoints";

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
  });
});

describe("INFRARED_LEARNED", () => {
  it("shows a code without its padding, as it is to be sent", () => {
    assert.equal(BLASTER.decode("202", `1${CODE}`), CODE);
    assert.equal(BLASTER.decode("202", CODE), CODE);
    assert.equal(BLASTER.decode("202", 5), 5);
  });
});
