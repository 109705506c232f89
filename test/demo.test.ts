import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { type FlowNode, flowProblems, readFlowFile } from "./support/flow-file";
import { LOADING_MS } from "./support/patience";

/** `npm start` without the build, on ports that are free, and guarded like the tests themselves. */
class Demo {
  readonly #child: ChildProcess;
  readonly #exit: Promise<unknown[]>;
  stdout = "";
  stderr = "";

  constructor(userDir: string, options: { args?: readonly string[]; environment?: object } = {}) {
    const { args = ["--device-port", "0"], environment = {} } = options;
    const guard = path.join(__dirname, "support", "loopback-only.js");
    this.#child = spawn(
      process.execPath,
      ["--require", guard, "demo/start.mjs", "--user-dir", userDir, ...args],
      { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, PORT: "0", ...environment } },
    );
    this.#exit = once(this.#child, "close");
    this.#child.stdout?.on("data", (chunk: Buffer) => (this.stdout += chunk.toString()));
    this.#child.stderr?.on("data", (chunk: Buffer) => (this.stderr += chunk.toString()));
  }

  /** Resolves when the output matches; rejects with the output when it does not for long, or when the demo ends. */
  async says(pattern: RegExp): Promise<RegExpExecArray> {
    const deadline = AbortSignal.timeout(LOADING_MS);
    for (;;) {
      const match = pattern.exec(this.stdout);
      if (match) return match;
      const isOver = await Promise.race([
        once(this.#child.stdout ?? this.#child, "data", { signal: deadline }).then(() => false),
        this.#exit.then(() => true),
      ]).catch(() => true);
      if (isOver) assert.match(this.stdout, pattern, this.stderr);
    }
  }

  async url(): Promise<string> {
    const [, url = ""] = await this.says(/Open (\S+)/);
    return url;
  }

  /** Resolves with the exit status. */
  async ended(): Promise<unknown> {
    const [status] = await this.#exit;
    return status;
  }

  /** Asks it to stop; resolves with the exit status. */
  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<unknown> {
    this.#child.kill(signal);
    return this.ended();
  }
}

const FLOW = readFlowFile("demo/flows.json");
const NAMES = ["Plug", "Lamp", "Breaker"];
const KEYS = ["demo-plug-key-01", "7{O<&\"$M}N0z/'|q", "demo-breaker-k03"];

const userDirs: string[] = [];
const demos: Demo[] = [];

async function newUserDir(): Promise<string> {
  const userDir = await mkdtemp(path.join(tmpdir(), "tuya-demo-"));
  userDirs.push(userDir);
  return userDir;
}

function start(userDir: string, options?: ConstructorParameters<typeof Demo>[1]): Demo {
  const demo = new Demo(userDir, options);
  demos.push(demo);
  return demo;
}

async function cleanUp(): Promise<void> {
  await Promise.all(demos.splice(0).map((demo) => demo.stop("SIGKILL")));
  await Promise.all(userDirs.splice(0).map((userDir) => rm(userDir, { recursive: true, force: true })));
}

describe("npm start, for the first time", function () {
  this.timeout(2 * LOADING_MS);
  this.slow(5_000);
  let userDir: string;
  let demo: Demo;

  before(async () => {
    userDir = await newUserDir();
    demo = start(userDir);
  });
  after(cleanUp);

  it("shows values of devices of three protocol versions", async () => {
    for (const version of ["3.3", "3.4", "3.5"]) {
      await demo.says(new RegExp(`connected protocol ${version.replace(".", "\\.")} at 127\\.0\\.0\\.1`));
    }
    await demo.says(/Plug .*cur_voltage \d+/);
    await demo.says(/Lamp .*bright_value \d+/);
    await demo.says(/Breaker .*phase_a \S+/);
    assert.doesNotMatch(demo.stdout, /error|[A-Z]+_[A-Z]+/);
  });

  it("switches a device when a button of the flow is clicked, and shows what came of it", async () => {
    const answer = await fetch(`${await demo.url()}inject/demo-plug-toggle`, { method: "POST" });
    assert.equal(answer.status, 200);
    await demo.says(/Plug .*switch_1 false/);
  });

  it("shows what a mistake leads to", async () => {
    await fetch(`${await demo.url()}inject/demo-lamp-wrong`, { method: "POST" });
    await demo.says(/BAD_INPUT: bright_value .* nothing was sent/);
  });

  it("finds the devices by what they announce, in Find and in the flow, and follows the one without an address", async () => {
    await demo.says(/Cover .*(?:connected protocol 3\.3 at 127\.0\.0\.1|percent_state)/);
    const url = await demo.url();
    const heard = (await (await fetch(`${url}tuya/devices`)).json()) as readonly Record<string, unknown>[];
    const states = heard.map(({ id, configured }) => `${String(id)} ${String(configured)}`).sort();
    assert.deepEqual(states, [
      "vdemobreaker00000003 true",
      "vdemocover0000000005 true",
      "vdemogateway00000004 true",
      "vdemoheater000000009 false",
      "vdemolamp00000000002 true",
      "vdemoplug00000000001 true",
    ]);
    const answer = await fetch(`${url}inject/demo-find`, { method: "POST" });
    assert.equal(answer.status, 200);
  });

  it("has a device to be found, whose key it tells, and which a test then finds working", async () => {
    const [, localKey, port = "6668"] = await demo.says(/give it the key (\S{16})(?: and the port (\d+))?,/);
    const { hostname } = new URL(await demo.url());
    const response = await fetch(`${await demo.url()}tuya/test`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        deviceId: "vdemoheater000000009",
        ip: hostname,
        port,
        version: "auto",
        localKey,
      }),
    });
    const lines = (await response.text()).trim().split("\n");
    const { verdict } = JSON.parse(lines.at(-1) ?? "{}") as { verdict?: unknown };
    assert.equal(verdict, "OK");
  });

  it("keeps the keys in the credential store, encrypted", async () => {
    const flow = await (await fetch(`${await demo.url()}flows`)).text();
    assert.equal((JSON.parse(flow) as FlowNode[]).length, FLOW.length);
    const files = ["flows.json", "flows_cred.json"].map((file) => readFile(path.join(userDir, file), "utf8"));
    const texts = [demo.stdout, demo.stderr, flow, ...(await Promise.all(files))];
    for (const key of KEYS) {
      const written = JSON.stringify(key).slice(1, -1);
      assert.ok(!texts.some((text) => text.includes(key) || text.includes(written)), "no key anywhere");
    }
  });

  it("lets through what a tuya-in says in the formats of others", async () => {
    const address = `${await demo.url()}flows`;
    const flow = (await (await fetch(address)).json()) as FlowNode[];
    const place = { z: "demo-start", x: 100, y: 2_000 };
    const heard = { ...place, type: "tuya-in", device: "demo-plug", state: true };
    const wires = [["heard"], ["heard"]];
    const func = "node.warn(`heard ${JSON.stringify(msg.payload)}`)";
    const response = await fetch(address, {
      method: "POST",
      headers: { "content-type": "application/json", "Node-RED-Deployment-Type": "nodes" },
      body: JSON.stringify([
        ...flow,
        { ...heard, id: "compatible", output: "compatible", outputs: 2, wires },
        { ...heard, id: "ports", output: "ports", dps: "cur_voltage, switch_1", outputs: 3, wires: [] },
        { ...place, id: "heard", type: "function", name: "Ear", func, outputs: 0, wires: [] },
      ]),
    });
    assert.equal(response.status, 204);
    await demo.says(/Ear .*heard \{"state":"CONNECTED"/);
    await demo.says(/Ear .*heard \{"data":\{"dps":/);
    assert.doesNotMatch(demo.stdout, /Plug +(?:true|false)$/m, "a value of the second output is no state");
  });

  it("serves the editor without anything from elsewhere", async () => {
    const url = await demo.url();
    assert.doesNotMatch(await (await fetch(url)).text(), /(?:src|href)="(?:https?:)?\/\//);
    const settings = (await (await fetch(`${url}settings`)).json()) as Record<string, unknown>;
    assert.equal(settings["telemetryEnabled"], false);
    assert.doesNotMatch(JSON.stringify(settings), /https?:/);
  });

  it("stops after Ctrl-C, without a word on standard error", async () => {
    assert.equal(await demo.stop("SIGINT"), 0);
    assert.equal(demo.stderr, "");
  });
});

describe("npm start", function () {
  this.timeout(2 * LOADING_MS);
  this.slow(8_000);
  afterEach(cleanUp);

  it("keeps what the user changed, until --reset", async () => {
    const userDir = await newUserDir();
    const file = path.join(userDir, "flows.json");
    const labels = async (): Promise<unknown[]> =>
      (JSON.parse(await readFile(file, "utf8")) as FlowNode[]).map(({ label }) => label);

    const first = start(userDir);
    await first.says(/Plug .*cur_voltage/);
    await first.stop();
    await writeFile(file, (await readFile(file, "utf8")).replace("Plug, lamp, breaker", "My devices"));

    const second = start(userDir);
    await second.url();
    await second.stop();
    assert.ok((await labels()).includes("My devices"));

    const third = start(userDir, { args: ["--device-port", "0", "--reset"] });
    await third.says(/Plug .*cur_voltage/);
    assert.ok((await labels()).includes("Plug, lamp, breaker"));
  });

  it("takes free ports where its own are taken, says so, and leads the flow there, a kept one, too", async () => {
    const userDir = await newUserDir();
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as { port: number };
    try {
      for (const _start of ["first", "kept"]) {
        const demo = start(userDir, {
          args: ["--device-port", String(port)],
          environment: { PORT: String(port) },
        });
        const [, ofPlug] = await demo.says(
          new RegExp(`Port ${port} of 127\\.0\\.0\\.1 is in use: the Plug takes port (\\d+)\\.`),
        );
        const [, ofNodeRed] = await demo.says(
          new RegExp(`Port ${port} of 127\\.0\\.0\\.1 is in use: Node-RED takes port (\\d+)\\.`),
        );
        assert.equal(await demo.url(), `http://127.0.0.1:${ofNodeRed}/`);
        await demo.says(/Plug .*connected protocol 3\.3/);
        const flow = (await (await fetch(`${await demo.url()}flows`)).json()) as FlowNode[];
        assert.equal(flow.find(({ id }) => id === "demo-plug")?.["port"], ofPlug);
        const [lamp, wrong] = ["demo-lamp", "demo-wrong-key"].map((id) =>
          flow.find((node) => node.id === id),
        );
        assert.equal(lamp?.["port"], wrong?.["port"]);
        await demo.stop();
      }
    } finally {
      server.close();
    }
  });

  it("refuses nonsense in a sentence", async () => {
    for (const options of [{ environment: { PORT: "http" } }, { args: ["--color"] }]) {
      const demo = start(await newUserDir(), options);
      assert.equal(await demo.ended(), 1);
      assert.match(demo.stderr, /^[^\n]+\n$/);
    }
  });

  it("explains itself", async () => {
    const demo = start(await newUserDir(), { args: ["--help"] });
    assert.equal(await demo.ended(), 0);
    assert.match(demo.stdout, /npm start -- --reset/);
  });
});

describe("demo flow", () => {
  it("is one Node-RED can load", () => {
    assert.deepEqual(flowProblems(FLOW), []);
  });

  it("speaks to loopback only", () => {
    const addresses = FLOW.filter(({ type, gateway }) => type === "tuya-device" && gateway === "");
    assert.deepEqual(new Set(addresses.map(({ ip }) => ip)), new Set(["", "127.0.0.1"]));
  });

  it("has its errors on a disabled tab", () => {
    const wrong = FLOW.find(({ label }) => label === "What errors look like");
    assert.equal(wrong?.["disabled"], true);
    const shown = FLOW.filter(({ device, z }) => device !== undefined && z !== wrong.id);
    const names = shown.map(({ device }) => FLOW.find(({ id }) => id === device)?.name);
    for (const name of NAMES) assert.ok(names.includes(name));
    assert.ok(!names.includes("Wrong address"));
  });
});
