import assert from "node:assert/strict";
import {
  readingSettings,
  refusedReadingAdvice,
  type RefusedReading,
} from "../../src/session/refused-reading";

const NOT_JSON = "json obj data unvalid";

describe("the advice about a device that refuses to be read", () => {
  const advice = (reading: Partial<RefusedReading>): string =>
    refusedReadingAdvice({
      refusal: NOT_JSON,
      version: "3.5",
      isDevice22: false,
      isVersionMeasured: false,
      ...reading,
    });

  it("is device22 where there are such devices", () => {
    assert.match(advice({ version: "3.3" }), /mark it as device22/);
    assert.doesNotMatch(advice({ version: "3.3", isDevice22: true }), /device22/);
    assert.doesNotMatch(advice({}), /device22/);
  });

  it("is to set the version to Auto only where it is not", () => {
    for (const refusal of [NOT_JSON, "data format error"]) {
      assert.match(advice({ refusal }), /et the version to Auto/);
      assert.doesNotMatch(advice({ refusal, isVersionMeasured: true }), /Auto/);
    }
    assert.match(advice({ isVersionMeasured: true }), /If they do not, check that it is no gateway\.$/);
    assert.match(advice({ refusal: "data format error", isVersionMeasured: true }), /^Fetch the key again/);
  });

  it("goes by the settings", () => {
    assert.deepEqual(readingSettings({ version: "auto", device22Dps: ["1"] }), {
      isDevice22: true,
      isVersionMeasured: true,
    });
    assert.deepEqual(readingSettings({ version: "3.3" }), { isDevice22: false, isVersionMeasured: false });
  });
});
