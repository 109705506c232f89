import assert from "node:assert/strict";
import { holdsJson, isRadioCode } from "../../../src/datapoints/notation/radio-code";

const base64 = (text: string): string => Buffer.from(text, "latin1").toString("base64");

describe("a radio code", () => {
  for (const text of [
    '{"num":1,"study_feq":"433"}',
    '{"feq":0,"mode":0',
    '\n { "rf_type": "sub_2g",\r\n\t"feq": 0 }\n',
  ]) {
    it(`is recognized as JSON, in base64 and as bytes: ${JSON.stringify(text)}`, () => {
      for (const code of [text, base64(text), ` ${base64(text)} `, `1${base64(text)}`, Buffer.from(text)])
        assert.equal(isRadioCode(code), true, String(code));
    });
  }

  it("is recognized as an object", () => {
    assert.equal(isRadioCode({ num: 1, study_feq: "433" }), true);
    for (const other of [{ num: 1 }, null, undefined, 433]) assert.equal(isRadioCode(other), false);
  });

  it("is nothing that only contains such a text, nor other JSON", () => {
    for (const text of ['x {"feq":0}', '{"feq":0}\u0000', '{"feq":"é"}', '{"num":1}', "feq", ""])
      for (const code of [text, base64(text)]) assert.equal(isRadioCode(code), false, JSON.stringify(code));
  });

  it("is told from marks and spaces by being JSON", () => {
    assert.equal(holdsJson(base64('{"num":1}')), true);
    assert.equal(holdsJson(base64("\u0010\u0027\u0020\u0003")), false);
  });
});
