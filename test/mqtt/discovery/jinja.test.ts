import assert from "node:assert/strict";
import * as templates from "../../../src/mqtt/discovery/templates";
import { render } from "../../support/home-assistant/jinja";

describe("templates for Home Assistant", () => {
  const cases: readonly (readonly [template: string, value: unknown, text: string])[] = [
    [templates.onIfOneOf(["alarm", "1"]), "alarm", "ON"],
    [templates.onIfOneOf(["alarm", "1"]), "normal", "OFF"],
    [templates.offIfOneOf(["none"]), "none", "OFF"],
    [templates.offIfOneOf(["none"]), "pir", "ON"],
    [templates.valueIfOneOf(["auto"]), "auto", "auto"],
    [templates.valueIfOneOf(["auto"]), "low", "None"],
    [templates.ON_IF_ANY, "[]", "OFF"],
    [templates.ON_IF_ANY, '["ov_cr"]', "ON"],
    [templates.ON_IF_ANY, "0", "OFF"],
    [templates.ON_IF_ANY, "4", "ON"],
    [templates.JOINED, '["ov_cr","ov_vol"]', "ov_cr, ov_vol"],
    [templates.JOINED, "[]", "none"],
    [templates.JOINED, JSON.stringify(["x".repeat(300)]), "x".repeat(255)],
    [templates.field("power"), '{"power":12.5}', "12.5"],
    [templates.field("power"), '{"voltage":230}', ""],
    [templates.field("power"), "CPsAESYAA/E=", ""],
    [templates.rankOf(["low", "high"]), "high", "2"],
    [templates.rankOf(["low", "high"]), "auto", "None"],
    [templates.payloadOf(["off", "low", "high"]), 0, "off"],
    [templates.payloadOf(["off", "low", "high"]), 2, "high"],
    [templates.exceptFor(0, '{"1":false}', '{"3":{{ value }}}'), 0, '{"1":false}'],
    [templates.exceptFor(0, '{"1":false}', '{"3":{{ value }}}'), 6, '{"3":6}'],
    [templates.eventType(["single_click"]), "single_click", '{"event_type": "single_click"}'],
    [templates.eventType(['say "hi"', "it's"]), 'say "hi"', String.raw`{"event_type": "say \"hi\""}`],
    [templates.rankOf(["it's", String.raw`back\slash`, "}} {{"]), "it's", "1"],
    [templates.rankOf(["it's", String.raw`back\slash`, "}} {{"]), String.raw`back\slash`, "2"],
    [templates.payloadOf(["it's", String.raw`back\slash`, "}} {{"]), 2, "}} {{"],
  ];
  for (const [template, value, text] of cases) {
    it(`makes ${JSON.stringify(text).slice(0, 40)} of ${JSON.stringify(value)} by ${template.slice(0, 60)}`, () => {
      assert.equal(render(template, value), text);
    });
  }

  it("are of no other form than the evaluator of these tests knows", () => {
    for (const unknown of ["{{ value | float }}", "{{ states('x') }}", "{{ value + 1 }}", "{{ foo }}"]) {
      assert.throws(() => render(unknown, "1"), /not known/);
    }
  });
});
