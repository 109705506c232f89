import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { readProfiles } from "../../../../nodes/admin/templates/profile-folder";

describe("readProfiles", () => {
  let folder: string;

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "profiles-"));
  });
  after(() => rm(folder, { recursive: true }));

  it("reads every JSON file of a folder, and names those that are none", async () => {
    await writeFile(path.join(folder, "b.json"), '{"datapoints":[{"dp":"1"}]}');
    await writeFile(path.join(folder, "a.json"), '{"name":"A","datapoints":[{"dp":"2"},{"dp":"x"}]}');
    await writeFile(path.join(folder, "broken.json"), "{");
    await writeFile(path.join(folder, "empty.json"), "{}");
    await writeFile(path.join(folder, "readme.txt"), "no profile");
    const { profiles, problems } = await readProfiles(folder);
    assert.deepEqual(
      profiles.map(({ id, name }) => [id, name]),
      [
        ["a", "A"],
        ["b", "b"],
      ],
    );
    assert.deepEqual(problems, [
      "Template a.json: Data point entry 2 has no data point number.",
      "Template broken.json: It is no JSON.",
      "Template empty.json: It has no data points.",
    ]);
  });

  it("says so where there is no such folder", async () => {
    const { profiles, problems } = await readProfiles(path.join(folder, "none"));
    assert.deepEqual(profiles, []);
    assert.match(problems.join(), /cannot be read/);
  });
});
