import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import type { Runtime } from "./packed";

const START_MS = 30_000;
const STOP_MS = 10_000;
const ANSWER_MS = 10_000;

/** Nothing leaves the machine, and the log goes to standard output. */
const SETTINGS = {
  uiHost: "127.0.0.1",
  httpNodeRoot: false,
  flowFile: "flows.json",
  credentialSecret: "test",
  telemetry: { enabled: false, updateNotification: false },
  externalModules: { palette: { allowInstall: false, allowUpload: false } },
  editorTheme: { tours: false, projects: { enabled: false }, palette: { catalogues: [] } },
  logging: { console: { level: "info", metrics: false, audit: false } },
  tuyaDeviceDiscovery: false,
};

/** A Node-RED of any version in a process of its own, on an ephemeral port of 127.0.0.1. */
export class Headless {
  readonly #child: ChildProcess;
  #url = "";
  /** Everything it has written so far. */
  output = "";

  /** Starts it in a user directory; rejects with its output when it does not start. */
  static async start(runtime: Runtime, userDir: string): Promise<Headless> {
    const server = new Headless(runtime);
    try {
      await server.#open(runtime, userDir);
      return server;
    } catch (cause) {
      await server.stop();
      throw new Error(`${runtime.title} did not start:\n${server.output}`, { cause });
    }
  }

  private constructor({ node }: Runtime) {
    this.#child = fork(path.join(__dirname, "node-red-process.js"), {
      execPath: node,
      execArgv: ["--require", path.join(__dirname, "loopback-only.js")],
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    const record = (chunk: Buffer): void => {
      this.output += chunk.toString();
    };
    this.#child.stdout?.on("data", record);
    this.#child.stderr?.on("data", record);
  }

  async #open({ nodeRed }: Runtime, userDir: string): Promise<void> {
    this.#child.send({ nodeRedModule: nodeRed, settings: { ...SETTINGS, userDir } });
    const deadline = AbortSignal.timeout(START_MS);
    const gone = once(this.#child, "exit", { signal: deadline }).then(() => {
      throw new Error("The process ended.");
    });
    const answer = once(this.#child, "message", { signal: deadline });
    const [message] = (await Promise.race([answer, gone])) as [{ port: number }];
    this.#url = `http://127.0.0.1:${message.port}/`;
  }

  /** What the admin API answers: JSON parsed, anything else as text. */
  async get(url: string, accept: string): Promise<unknown> {
    const response = await fetch(this.#url + url, { headers: { accept } });
    if (!response.ok) throw new Error(`GET ${url}: ${response.status} ${await response.text()}`);
    const type = response.headers.get("content-type") ?? "";
    return type.includes("json") ? response.json() : response.text();
  }

  /** Deploys flows; credentials stand in the nodes, as the editor sends them. */
  async deploy(flows: readonly object[]): Promise<void> {
    const response = await fetch(`${this.#url}flows`, {
      method: "POST",
      headers: { "content-type": "application/json", "node-red-api-version": "v2" },
      body: JSON.stringify({ flows }),
    });
    if (!response.ok) throw new Error(`POST flows: ${response.status} ${await response.text()}`);
  }

  /** Resolves when the log matches; rejects with the log when it does not in time. */
  async says(pattern: RegExp): Promise<void> {
    const deadline = AbortSignal.timeout(ANSWER_MS);
    try {
      while (!pattern.test(this.output))
        await once(this.#child.stdout ?? this.#child, "data", { signal: deadline });
    } catch (cause) {
      throw new Error(`The log does not match ${pattern}:\n${this.output}`, { cause });
    }
  }

  async stop(): Promise<void> {
    const child = this.#child;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, "exit");
    child.send("stop");
    const late = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
    await exit;
    clearTimeout(late);
  }
}
