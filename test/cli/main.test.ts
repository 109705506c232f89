import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { runCli } from "../support/cli";

describe("tuya-lan", () => {
  it("lists its commands, without arguments and with --help", async () => {
    const [bare, asked] = await Promise.all([runCli([]), runCli(["--help"])]);
    assert.deepEqual(asked, bare);
    assert.equal(bare.status, 0);
    assert.equal(bare.err, "");
    for (const command of ["scan", "test", "watch", "virtual"])
      assert.match(bare.out, new RegExp(`^  ${command} +\\w`, "m"));
  });

  it("tells the exit statuses of every command", async () => {
    const all = ["scan", "test", "watch", "virtual"].map((command) => runCli([command, "--help"]));
    for (const { status, out, err } of await Promise.all(all)) {
      assert.deepEqual([status, err], [0, ""]);
      assert.match(out, /^Exit status: 0 .*, 2 for impossible arguments/m);
    }
  });

  it("tells the version of the package", async () => {
    const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
    assert.deepEqual(await runCli(["--version"]), { status: 0, out: `${version}\n`, err: "" });
  });

  it("lists its commands when there is none of a name, also not one that every object has", async () => {
    for (const name of ["fly", "constructor"]) {
      const { status, out, err } = await runCli([name]);
      assert.deepEqual([status, out], [2, ""]);
      assert.match(err, new RegExp(`^There is no command "${name}"\\.\n\nUsage: tuya-lan`));
    }
  });

  it("repeats no word that may be a key", async () => {
    for (const key of [`7{O<&"$M}N0z/'|q`, "0123456789abcdef", "--key=0123456789abcdef"]) {
      const { status, out, err } = await runCli([key]);
      assert.deepEqual([status, out], [2, ""]);
      assert.match(err, /^(There is no such command\.|The local key is not taken from the command line)/);
      assert.ok(!err.includes(key.replace("--key=", "")), err);
    }
  });
});
