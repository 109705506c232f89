import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { KnownDevicesFile } from "../../../nodes/runtime/known-devices";

const ID = "vdev0000000000000001";
const FILE = "tuya-known-devices.json";
const MAX_BYTES = 524_288;

describe("what is remembered of devices that proved their key", () => {
  let folder: string;
  let warnings: string[];

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "tuya-known-"));
    warnings = [];
  });

  afterEach(() => rm(folder, { recursive: true }));

  function open(userDir: string | undefined = folder): KnownDevicesFile {
    return new KnownDevicesFile(userDir, (sentence) => warnings.push(sentence));
  }

  it("is id, address and version, and outlives the process", async () => {
    const before = open();
    assert.equal(before.recall(ID), undefined);
    before.remember(ID, { ip: "127.0.0.2", version: "3.3" });
    before.remember(ID, { ip: "127.0.0.3", version: "3.4" });
    before.remember("vdev0000000000000002", { ip: "plug.home", version: "3.5" });
    await before.written();
    const after = open();
    assert.equal(after.recall(ID)?.ip, "127.0.0.3");
    assert.equal(after.recall(ID)?.version, "3.4");
    assert.equal(after.recall("vdev0000000000000002")?.ip, "plug.home");
    assert.deepEqual(warnings, []);
    const { devices } = JSON.parse(await readFile(path.join(folder, FILE), "utf8")) as {
      devices: Record<string, string>[];
    };
    assert.deepEqual(
      devices.map((device) => Object.keys(device)),
      [
        ["id", "address", "version", "proven"],
        ["id", "address", "version", "proven"],
      ],
    );
    assert.ok(devices.every(({ proven = "" }) => !Number.isNaN(Date.parse(proven))));
    assert.deepEqual(await readdir(folder), [FILE]);
    assert.equal((await stat(path.join(folder, FILE))).mode & 0o077, 0);
  });

  it("is not written again where nothing is new", async () => {
    const known = open();
    known.remember(ID, { ip: "127.0.0.2", version: "3.3" });
    await known.written();
    await rm(path.join(folder, FILE));
    known.remember(ID, { ip: "127.0.0.2", version: "3.3" });
    await known.written();
    assert.deepEqual(await readdir(folder), []);
  });

  it("has a bound: of ever more devices the latest are kept", async () => {
    const known = open();
    const longest = "h".repeat(253);
    for (let i = 0; i < 3_000; i++) {
      known.remember(`${"d".repeat(60)}${String(i).padStart(4, "0")}`, { ip: longest, version: "3.3" });
    }
    known.remember("x".repeat(65), { ip: "127.0.0.2", version: "3.3" });
    known.remember("y", { ip: "h".repeat(254), version: "3.3" });
    await known.written();
    const { size } = await stat(path.join(folder, FILE));
    assert.ok(size <= MAX_BYTES, `${size} bytes`);
    const after = open();
    assert.equal(after.recall(`${"d".repeat(60)}2999`)?.ip, longest);
    assert.equal(after.recall(`${"d".repeat(60)}0001`), undefined);
    assert.equal(after.recall("x".repeat(65)), undefined);
    assert.deepEqual(warnings, []);
  });

  for (const [what, text] of [
    ["no JSON", "{"],
    ["a list", "[]"],
    ["nothing", ""],
    ["other JSON", '{"devices": 5}'],
    ["entries without versions", JSON.stringify({ devices: [{ id: ID, address: "127.0.0.2" }] })],
    ["an unknown version", JSON.stringify({ devices: [{ id: ID, address: "127.0.0.2", version: "2.9" }] })],
    ["entries that are none", '{"devices": [1, null, "x", []]}'],
    ["a megabyte and more", JSON.stringify({ devices: [], note: "x".repeat(1_048_576) })],
  ] as const) {
    it(`is found out anew, with one warning, where the file has ${what}`, async () => {
      await writeFile(path.join(folder, FILE), text);
      const known = open();
      assert.equal(known.recall(ID), undefined);
      assert.equal(warnings.length, 1);
      assert.match(warnings[0] ?? "", /tuya-known-devices\.json cannot be read .*found out anew/);
      known.remember(ID, { ip: "127.0.0.2", version: "3.4" });
      await known.written();
      assert.equal(open().recall(ID)?.version, "3.4");
      assert.equal(warnings.length, 1);
    });
  }

  it("keeps what is whole in a file that is damaged in part", async () => {
    const devices = [{ id: ID, address: "127.0.0.2", version: "3.4" }, { id: 5 }];
    await writeFile(path.join(folder, FILE), JSON.stringify({ devices }));
    assert.deepEqual(open().recall(ID), { ip: "127.0.0.2", version: "3.4", proven: "" });
    assert.equal(warnings.length, 1);
  });

  it("lasts as long as the process, with one warning, where the file cannot be written", async () => {
    // A folder in the file's place keeps anybody from writing it.
    await mkdir(path.join(folder, `${FILE}.new`));
    const known = open();
    for (const [ip, version] of [
      ["127.0.0.2", "3.3"],
      ["127.0.0.3", "3.4"],
    ] as const) {
      known.remember(ID, { ip, version });
      await known.written();
    }
    assert.equal(known.recall(ID)?.ip, "127.0.0.3");
    assert.equal(warnings.length, 1);
    assert.match(warnings[0] ?? "", /cannot be written/);
  });

  it("lasts as long as the process where there is no user directory", async () => {
    const known = new KnownDevicesFile(undefined, (sentence) => warnings.push(sentence));
    known.remember(ID, { ip: "127.0.0.2", version: "3.3" });
    await known.written();
    assert.equal(known.recall(ID)?.version, "3.3");
    assert.deepEqual(warnings, []);
  });
});
