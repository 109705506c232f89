import assert from "node:assert/strict";
import { offerProfile, rankTemplates, type Template } from "../../../nodes/editor/datapoints/profile-offer";
import { readProfiles } from "../../../nodes/admin/templates/profile-folder";
import { parseProfile } from "../../../src/datapoints/profiles";
import { PRESETS } from "../../../src/virtual/presets";

describe("offerProfile", () => {
  let shipped: readonly Template[];

  before(async () => {
    const { profiles } = await readProfiles();
    shipped = profiles.map((profile) => ({ profile, isOwn: false }));
  });

  const own = (id: string): Template => {
    const plug = shipped.find(({ profile }) => profile.id === "plug-metering")?.profile;
    assert.ok(plug);
    return { profile: { ...plug, id, name: id }, isOwn: true };
  };

  it("offers what the values of a device speak for, with what it has of it", () => {
    const offer = offerProfile(shipped, { category: "cz", values: PRESETS.plug.dps, datapoints: [] });
    assert.ok(offer);
    assert.equal(offer.template.profile.name, "Plug with metering");
    assert.deepEqual(
      offer.entries.map(({ dp }) => dp),
      ["1", "9", "17", "18", "19", "20"],
    );
    assert.deepEqual([offer.fits, offer.reported], [6, 6]);
  });

  it("counts what does not fit as such", () => {
    const values = { ...PRESETS.plug.dps, "101": 5, "38": 7 };
    const offer = offerProfile(shipped, { values });
    assert.deepEqual([offer?.fits, offer?.reported], [6, 8]);
  });

  it("offers the whole table of a category that has only one", () => {
    const offer = offerProfile(shipped, { category: "dlq" });
    assert.equal(offer?.template.profile.id, "breaker");
    assert.deepEqual([offer.fits, offer.reported], [0, 0]);
    assert.equal(offer.entries.length, offer.template.profile.dataPoints.length);
  });

  it("offers nothing where several fit alike, nothing is known, or there is a table already", () => {
    assert.equal(offerProfile(shipped, { category: "dj" }), undefined);
    assert.equal(offerProfile(shipped, {}), undefined);
    assert.equal(offerProfile(shipped, { category: "", values: {} }), undefined);
    assert.equal(offerProfile(shipped, { category: "dlq", datapoints: [{ dp: "1" }] }), undefined);
    assert.equal(offerProfile([], { category: "dlq" }), undefined);
  });

  it("means the template a user has saved where it fits as well, unless there are two", () => {
    const clues = { values: PRESETS.plug.dps };
    assert.equal(offerProfile([own("mine"), ...shipped], clues)?.template.profile.id, "mine");
    assert.equal(offerProfile([own("mine"), own("other"), ...shipped], clues), undefined);
  });
});

describe("rankTemplates", () => {
  it("lists what may fit, best first, whatever table the device has", () => {
    const template = (id: string, dps: readonly string[]): Template => {
      const json = { datapoints: dps.map((dp) => ({ dp, type: "Boolean" })) };
      const { profile } = parseProfile(id, json);
      assert.ok(profile);
      return { profile, isOwn: false };
    };
    const templates = [template("none", ["7"]), template("one", ["1"]), template("two", ["1", "2"])];
    const ranked = rankTemplates(templates, { values: { "1": true, "2": false }, datapoints: [{ dp: "1" }] });
    assert.deepEqual(
      ranked.map(({ template: { profile }, fits, reported }) => [profile.id, fits, reported]),
      [
        ["two", 2, 2],
        ["one", 1, 2],
      ],
    );
  });
});
