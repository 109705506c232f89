import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { MAX_PROFILES } from "../../../../nodes/admin/templates/profile-folder";
import { fileNameOf, type Saving, TemplateFolder } from "../../../../nodes/admin/templates/template-folder";

const TABLE = { datapoints: [{ dp: "1", code: "switch_1", type: "Boolean" }] };

describe("TemplateFolder", () => {
  let userDir: string;
  let templates: TemplateFolder;
  const inFolder = (name = "") => path.join(userDir, "tuya-templates", name);

  beforeEach(async () => {
    userDir = await mkdtemp(path.join(tmpdir(), "templates-"));
    templates = new TemplateFolder(userDir);
  });
  afterEach(() => rm(userDir, { recursive: true }));

  const says = (saving: Saving): string => ("says" in saving ? saving.says : "");

  it("lists what comes with the package, where nobody has saved anything", async () => {
    const { folder, templates: list, problems } = await templates.list();
    assert.equal(folder, inFolder());
    assert.deepEqual(problems, []);
    assert.ok(list.some(({ id, own }) => id === "plug-metering" && !own));
    assert.deepEqual(await readdir(userDir), []);
  });

  it("saves a template, and lists it first, whole", async () => {
    const template = { name: "Küchen Plug #2", categories: ["cz"], ...TABLE };
    const saving = await templates.save({ ...template, id: "../../x", own: false, extra: 1 }, false);
    const file = inFolder("kuchen-plug-2.json");
    assert.deepEqual(saving, { kind: "saved", id: "kuchen-plug-2", file });
    assert.deepEqual(JSON.parse(await readFile(file, "utf8")), template);
    const [first] = (await templates.list()).templates;
    assert.deepEqual(first, { id: "kuchen-plug-2", own: true, ...template });
    assert.deepEqual(await readdir(inFolder()), ["kuchen-plug-2.json"]);
  });

  it("replaces one of the same name only where that is asked for", async () => {
    await templates.save({ name: "Plug", ...TABLE }, false);
    const again = { name: "plug!", datapoints: [{ dp: "2" }] };
    const first = await templates.save(again, false);
    assert.equal(first.kind, "exists");
    assert.match(says(first), /already: plug\.json/);
    assert.equal((await templates.save(again, true)).kind, "saved");
    assert.match(await readFile(inFolder("plug.json"), "utf8"), /"dp": "2"/);
  });

  it("saves only one of two that come at the same time", async () => {
    const savings = await Promise.all(
      ["Plug", "Plug"].map((name) => templates.save({ name, ...TABLE }, false)),
    );
    assert.deepEqual(
      savings.map(({ kind }) => kind),
      ["saved", "exists"],
    );
  });

  it("leaves the folder whatever the name", async () => {
    for (const name of [
      "../../escape",
      "..",
      "/etc/passwd",
      "a\\b",
      "CON",
      "nul.json",
      "x\u0000y",
      "ﷺ".repeat(60),
    ]) {
      const saving = await templates.save({ name, ...TABLE }, false);
      if (saving.kind !== "saved") {
        assert.match(says(saving), /needs a letter/, name);
        continue;
      }
      assert.equal(path.dirname(saving.file), inFolder(), name);
      assert.match(path.basename(saving.file), /^[^./\\]+\.json$/, name);
    }
    assert.deepEqual(await readdir(userDir), ["tuya-templates"]);
  });

  it("refuses what is no template, with a sentence", async () => {
    const table = [...Array(5000).keys()].map((dp) => ({ dp: String(dp + 1), label: "x".repeat(60) }));
    const refused: [unknown, RegExp][] = [
      [undefined, /Give the template a name/],
      [{ ...TABLE }, /Give the template a name/],
      [{ name: " ", ...TABLE }, /Give the template a name/],
      [{ name: "..", ...TABLE }, /needs a letter or a digit/],
      [{ name: "x".repeat(61), ...TABLE }, /longer than 60/],
      [{ name: "x" }, /no data points/],
      [{ name: "x", datapoints: [{ dp: "1" }, { dp: "one" }] }, /no data point number/],
      [{ name: "x", datapoints: table }, /too large/],
    ];
    for (const [template, sentence] of refused) {
      const saving = await templates.save(template, false);
      assert.equal(saving.kind, "refused");
      assert.match(says(saving), sentence);
    }
    assert.deepEqual(await readdir(userDir), []);
  });

  it("names files that are no templates, and reads the others", async () => {
    await mkdir(inFolder());
    await writeFile(inFolder("good.json"), `\ufeff${JSON.stringify({ name: "Good", ...TABLE })}`);
    await writeFile(inFolder("bad.json"), "{");
    await writeFile(inFolder("large.json"), " ".repeat(300_000));
    await mkdir(inFolder("folder.json"));
    const { templates: list, problems } = await templates.list();
    assert.deepEqual(
      list.filter(({ own }) => own).map(({ id }) => id),
      ["good"],
    );
    assert.deepEqual(problems, [
      "Template bad.json: It is no JSON.",
      "Template folder.json: It is no file.",
      "Template large.json: It is too large for a template.",
    ]);
  });

  it("keeps as many as are read again, and replaces those", async () => {
    await mkdir(inFolder());
    const names = Array.from({ length: MAX_PROFILES }, (_item, index) => `t${index}`);
    await Promise.all(names.map((name) => writeFile(inFolder(`${name}.json`), "{}")));
    for (const replace of [false, true]) {
      const saving = await templates.save({ name: "one more", ...TABLE }, replace);
      assert.match(says(saving), /^There are 500 templates .* already: remove some of them\.$/);
    }
    assert.equal((await templates.save({ name: "t7", ...TABLE }, true)).kind, "saved");
  });

  it("says so where nothing can be kept", async () => {
    const nowhere = new TemplateFolder(undefined);
    assert.equal((await nowhere.list()).folder, "");
    assert.match(says(await nowhere.save({ name: "x", ...TABLE }, false)), /no user directory/);
    await writeFile(inFolder(), "a file where the folder should be");
    const saving = await templates.save({ name: "x", ...TABLE }, false);
    assert.equal(saving.kind, "failed");
    assert.match(says(saving), /cannot be written to .*tuya-templates/);
  });
});

describe("fileNameOf", () => {
  it("keeps letters and digits of any script", () => {
    const names: [string, string][] = [
      ["Plug with metering", "plug-with-metering"],
      ["Größe 2", "große-2"],
      ["  --a..b--  ", "a-b"],
      ["插座", "插座"],
      ["com1", "template-com1"],
      ["…", ""],
    ];
    for (const [name, file] of names) assert.equal(fileNameOf(name), file);
  });
});
