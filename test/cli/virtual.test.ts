import assert from "node:assert/strict";
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface, type Interface } from "node:readline";
import type { ProtocolVersion } from "../../src/protocol/version";
import { UsageError } from "../../src/cli/arguments";
import { readPlan } from "../../src/cli/virtual";
import { RawClient } from "../support/raw-client";
import { LOCAL_KEY } from "../support/virtual";

const KEY_16 = "0123456789abcdef";

describe("readPlan", () => {
  it("takes the product's version and data points unless told otherwise", () => {
    const plan = readPlan([], KEY_16);
    assert.ok(plan);
    const { id, version, behaviour, port, host, localKey } = plan.device;
    assert.deepEqual(
      [id, version, behaviour, port, host, localKey],
      ["vdev0000000000000001", "3.3", "3.3", 6668, "127.0.0.1", KEY_16],
    );
    const other = readPlan(
      ["--preset", "breaker", "--behaviour", "3.5o", "--port", "0", "--announce-port", "7"],
      KEY_16,
    );
    assert.deepEqual(
      [other?.device.version, other?.device.behaviour, other?.device.port, other?.announcePort],
      ["3.5", "3.5o", 0, 7],
    );
  });

  it("is undefined when help is wanted", () => {
    assert.equal(readPlan(["--help"], KEY_16), undefined);
  });

  it("refuses what it does not know, in a sentence", () => {
    const wrong: [args: string[], says: RegExp][] = [
      [["--preset", "toaster"], /no product "toaster"/],
      [["--preset", "__proto__"], /no product/],
      [["--version", "3.6"], /no version "3\.6"/],
      [["--behaviour", "4"], /no behaviour "4"/],
      [["--port", "many"], /--port wants a number/],
      [["--announce-port", "70000"], /--announce-port wants a number/],
      [["--announce-port", "0"], /--announce-port wants a number from 1 to 65535/],
      [["--nonsense"], /^Unknown option '--nonsense'\.$/],
      [[KEY_16], /^There is a word too many: this command takes options only\.$/],
    ];
    for (const [args, message] of wrong) {
      assert.throws(() => readPlan(args, KEY_16), { constructor: UsageError, message });
    }
  });
});

describe("tuya-lan virtual", () => {
  const running = new Set<ChildProcessWithoutNullStreams>();

  afterEach(async () => {
    for (const child of running) child.kill("SIGKILL");
    running.clear();
  });

  function run(
    args: readonly string[],
    key?: string,
  ): { child: ChildProcessWithoutNullStreams; lines: Interface } {
    const env = { ...process.env };
    delete env["TUYA_LOCAL_KEY"];
    if (key !== undefined) env["TUYA_LOCAL_KEY"] = key;
    const child = spawn(process.execPath, ["dist/src/cli/main.js", ...args], { env });
    running.add(child);
    child.on("exit", () => running.delete(child));
    return { child, lines: createInterface({ input: child.stdout }) };
  }

  async function textOf(
    args: readonly string[],
    key?: string,
  ): Promise<{ status: number; out: string; err: string }> {
    const { child } = run(args, key);
    let [out, err] = ["", ""];
    child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
    const [status] = (await once(child, "close")) as [number];
    return { status, out, err };
  }

  it("runs a device, says what happens to it, and stops at Ctrl-C", async () => {
    const { child, lines } = run(["virtual", "--preset", "lamp", "--port", "0", "--json"], LOCAL_KEY);
    let output = "";
    lines.on("line", (line) => (output += line));
    const next = async (): Promise<Record<string, unknown>> =>
      JSON.parse(((await once(lines, "line")) as [string])[0]) as Record<string, unknown>;

    const { port, version, keyLength, event } = await next();
    assert.deepEqual([event, version, keyLength], ["listening", "3.4", 16]);
    const connected = next();
    const client = await RawClient.open(
      { host: "127.0.0.1", port: port as number, version: version as ProtocolVersion },
      LOCAL_KEY,
    );
    assert.deepEqual(await connected, { event: "connect", client: 1 });
    const set = next();
    client.set({ "20": false });
    assert.deepEqual(await set, { event: "set", client: 1, dps: { "20": false }, changed: { "20": false } });
    child.kill("SIGINT");
    assert.deepEqual(await once(child, "exit"), [0, null]);
    assert.ok(!output.includes(LOCAL_KEY) && !output.includes(JSON.stringify(LOCAL_KEY).slice(1, -1)));
  });

  it("explains itself", async () => {
    const help = await textOf(["virtual", "--help"]);
    assert.equal(help.status, 0);
    assert.match(help.out, /TUYA_LOCAL_KEY/);
  });

  it("fails with a sentence and without a trace", async () => {
    const [host, key] = await Promise.all([
      textOf(["virtual", "--host", "192.0.2.1"]),
      textOf(["virtual", "--port", "0"], "too short"),
    ]);
    assert.deepEqual([host.status, key.status], [2, 2]);
    assert.match(host.err, /^A virtual device speaks on loopback only: .*\n$/);
    assert.equal(key.err, "A local key has exactly 16 characters.\n");
  });
});
