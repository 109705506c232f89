import assert from "node:assert/strict";
import { DIAGNOSIS_STEPS } from "../../src/diagnosis/lines";
import type { VirtualDevice } from "../../src/virtual/virtual-device";
import { quietDiscovery, runCli, startCli } from "../support/cli";
import { DEVICE_ID, LOCAL_KEY, startDevice } from "../support/virtual";

const OTHER_KEY = "fedcba9876543210";

/** Everything a key can turn up as. */
function assertNoKey(text: string): void {
  for (const key of [LOCAL_KEY, OTHER_KEY])
    for (const spelling of [key, JSON.stringify(key).slice(1, -1), Buffer.from(key).toString("hex")])
      assert.ok(!text.includes(spelling), text);
}

describe("tuya-lan test", () => {
  async function argumentsFor(device: VirtualDevice): Promise<string[]> {
    const { port, options } = await quietDiscovery();
    // Heard at once, so that nothing has to be waited for.
    device.startAnnouncing({ port, intervalMs: 50 });
    return ["test", "--id", DEVICE_ID, "--ip", device.host, "--port", String(device.port), ...options];
  }

  it("tells the steps, the verdict and the data points, and ends with 0", async () => {
    const device = await startDevice("3.4");
    const { status, out, err } = await runCli([...(await argumentsFor(device)), "--name", "Lamp"], LOCAL_KEY);
    assert.equal(err, "");
    assert.equal(
      out,
      `✔ settings    The settings are complete.
✔ address     The address 127.0.0.1 is set.
✔ tcp         Port ${device.port} of 127.0.0.1 is open.
✔ version     It speaks protocol 3.4.
✔ key         The local key fits: what the device sends can be decrypted.
✔ identity    ${DEVICE_ID} announces itself from there.
✔ datapoints  3 data points: 1 = false, 2 = 0, 3 = "low".
✔ heartbeat   Heartbeats are answered.

OK  Lamp works: protocol 3.4, key accepted, 3 data points.
There is nothing to mend.

DP  VALUE
1   false
2   0
3   "low"
`,
    );
    assert.equal(status, 0);
  });

  it("prints the lines of the admin route with --json", async () => {
    const device = await startDevice("3.5");
    const args = [...(await argumentsFor(device)), "--version", "3.5", "--json"];
    const { status, out } = await runCli(args, LOCAL_KEY);
    const lines = out
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    assert.deepEqual(
      lines.slice(0, -1).map(({ step, ok, ms, says }) => [step, ok, typeof ms, typeof says]),
      DIAGNOSIS_STEPS.map((step) => [step, true, "number", "string"]),
    );
    const { verdict, version, ip, dps } = lines.at(-1) ?? {};
    assert.deepEqual(
      { verdict, version, ip, dps },
      { verdict: "OK", version: "3.5", ip: "127.0.0.1", dps: { "1": false, "2": 0, "3": "low" } },
    );
    assert.equal(status, 0);
    assertNoKey(out);
  });

  it("names what is wrong, and ends with 1", async () => {
    const device = await startDevice("3.3");
    const args = [...(await argumentsFor(device)), "--version", "3.3"];
    const { status, out, err } = await runCli(args, OTHER_KEY);
    assert.match(out, /^✘ key +\S/m);
    assert.match(
      out,
      /^KEY_OR_VERSION {2}vdev0000000000000001 answers, but nothing it sends can be decrypted/m,
    );
    assert.deepEqual([status, err], [1, ""]);
    assertNoKey(out);
  });

  it("finds the device by its announcement where no address is given", async () => {
    const { port, options } = await quietDiscovery();
    const device = await startDevice("3.4", { host: "127.0.0.25" });
    device.startAnnouncing({ port, intervalMs: 50 });
    const args = ["test", "--id", DEVICE_ID, "--port", String(device.port), ...options];
    const { status, out } = await runCli(args, LOCAL_KEY);
    assert.match(out, /✔ address +It announces itself from 127\.0\.0\.25 with protocol 3\.4\./);
    assert.equal(status, 0);
  });

  it("tests a sub-device behind its gateway", async () => {
    const cid = "00a1b2c3d4e5f601";
    const device = await startDevice("3.4", { subDevices: { [cid]: { dps: { "1": 215 } } } });
    const args = [...(await argumentsFor(device)), "--version", "3.4", "--cid", cid];
    const { status, out } = await runCli(args, LOCAL_KEY);
    assert.match(out, /^1 +215$/m);
    assert.equal(status, 0);
  });

  it("has no colours and no progress where nobody looks", async () => {
    const { out, err } = await runCli(await argumentsFor(await startDevice("3.4")), LOCAL_KEY);
    assert.doesNotMatch((out + err).replaceAll("\n", ""), /\p{Cc}/u);
  });

  it("stops at Ctrl-C with 130, and leaves the device alone", async () => {
    const device = await startDevice("3.4", { faults: { silent: true } });
    const command = startCli(await argumentsFor(device), LOCAL_KEY);
    await command.line(/✔ tcp/);
    command.interrupt();
    const { status, out } = await command.finished;
    assert.equal(status, 130);
    assert.doesNotMatch(out, /SILENT/);
  });

  it("explains itself, exit statuses included", async () => {
    const { status, out } = await runCli(["test", "--help"]);
    assert.equal(status, 0);
    assert.match(out, /--id.*--ip.*--port.*--version.*--cid.*--json.*TUYA_LOCAL_KEY.*Exit status: 0 .* OK/s);
  });

  it("refuses a key on the command line, and does not repeat it", async () => {
    for (const key of [
      [`--key=${LOCAL_KEY}`],
      ["--key", LOCAL_KEY],
      ["--local-key", LOCAL_KEY],
      [LOCAL_KEY],
    ]) {
      const { status, out, err } = await runCli(["test", "--id", DEVICE_ID, ...key], LOCAL_KEY);
      assert.deepEqual([status, out], [2, ""]);
      assert.match(
        err,
        key.length === 1 && key[0] === LOCAL_KEY ? /a word too many/ : /not taken from the command line/,
      );
      assertNoKey(err);
    }
  });

  it("refuses impossible arguments with a sentence and 2", async () => {
    const wrong: [args: string[], says: RegExp, key?: string][] = [
      [[], /--id is missing: "tuya-lan scan" lists/, LOCAL_KEY],
      [["--id", DEVICE_ID, "--version", "3.6"], /no version "3\.6": use .* or auto/, LOCAL_KEY],
      [["--id", DEVICE_ID, "--port", "0"], /--port wants a number from 1/, LOCAL_KEY],
      [["--id", DEVICE_ID], /no local key: set the environment variable TUYA_LOCAL_KEY/],
      [["--id"], /'--id/, LOCAL_KEY],
    ];
    for (const { status, err, says } of await Promise.all(
      wrong.map(async ([args, said, key]) => ({ ...(await runCli(["test", ...args], key)), says: said })),
    )) {
      assert.equal(status, 2);
      assert.match(err, says);
    }
  });
});
