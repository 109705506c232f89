import assert from "node:assert/strict";
import { reportText, type ReportFacts } from "../../../../nodes/editor/connection/test/test-report";
import { AWKWARD_KEY } from "../../../support/editor-flows";

const ID = "bf0123456789abcdefghij";
const FACTS: ReportFacts = {
  nodeRed: "4.1.15",
  version: "auto",
  hasAddress: true,
  isChild: false,
  steps: [
    { step: "settings", ok: true, ms: 1, says: "The settings are complete." },
    {
      step: "key",
      ok: false,
      ms: 20,
      says: `${ID} at 192.0.2.77 rejects ${AWKWARD_KEY}.`,
      hint: "Fetch it.",
    },
  ],
  conclusion: { verdict: "WRONG_KEY", says: `${ID} rejects the local key.`, hint: "Fetch it again." },
  ids: [ID, ""],
  secrets: [AWKWARD_KEY, ""],
};

describe("reportText", () => {
  it("tells all steps and the verdict", () => {
    const text = reportText(FACTS);
    assert.match(text, /^ok {3}settings, 1 ms: The settings are complete\.$/m);
    assert.match(text, /^FAIL key, 20 ms: .*\n {5}Fetch it\.$/m);
    assert.match(text, /^WRONG_KEY: .*rejects the local key\.\nFetch it again\.$/m);
    assert.match(text, /Node-RED 4\.1\.15; version auto, address set/);
  });

  it("contains no key, no whole id and no whole address, even where a sentence does", () => {
    const text = reportText(FACTS);
    for (const secret of [AWKWARD_KEY, ID, "192.0.2.77"]) assert.ok(!text.includes(secret), secret);
    assert.match(text, /bf0123…ghij at 192\.0\.2\.x rejects <key>\./);
  });

  it("contains no name, but what tells the devices apart all the same", () => {
    const text = reportText({
      ...FACTS,
      conclusion: {
        verdict: "WRONG_KEY",
        says: "Anna's Lamp (left) works behind Anna's Lamp; Lamps are none.",
        hint: "",
      },
      devices: [
        { name: "Anna's Lamp", id: "bfgateway0000000000xyz" },
        { name: "Anna's Lamp (left)", id: ID },
        { name: "", id: "nobody" },
      ],
    });
    assert.match(text, /WRONG_KEY: bf0123…ghij works behind bfgate…0xyz; Lamps are none\./);
    assert.ok(!text.includes("Anna"));
  });

  it("can do without a verdict", () => {
    assert.match(reportText({ ...FACTS, conclusion: undefined }), /No verdict\.$/);
  });
});
