import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { VitalSigns } from "../hostile/vital-signs";
import type { DiagnosisTimings } from "../../src/diagnosis/timings";
import { LOADING_MS, PATIENCE_MS } from "./patience";

/** A Node-RED with this package installed, on an ephemeral port of 127.0.0.1. */
export interface NodeRedServer {
  readonly url: string;
  readonly userDir: string;
  /** Everything it has written to its standard output and error so far. */
  output(): string;
  /** Resolves when that matches; rejects with it when it does not for long. */
  says(pattern: RegExp): Promise<void>;
  /** How its process is, since the last look. Rejects when it does not answer within 30 s. */
  vitalSigns(): Promise<VitalSigns>;
  /** Ends its process as a power cut does. `stop` is still to be called. */
  kill(): Promise<void>;
  /** Stops it and removes its user directory, unless that was given. */
  stop(): Promise<void>;
}

/** A Node-RED to start. */
export interface Runtime {
  /** Name of the `node-red` package, or path of its main file. */
  readonly nodeRed: string;
  /** Path of the Node.js to run it with. */
  readonly node: string;
}

export interface NodeRedOptions {
  /** Default: `NODE_RED`, run with this Node.js or with the one that environment variable `NODE_RED_NODE` names. */
  readonly runtime?: Runtime;
  /** A user directory in which the package is installed already; default: a new one with a link to this repository. */
  readonly userDir?: string;
  /** Flows to start with, as in a flow file. */
  readonly flows?: readonly object[];
  /** Credentials of their nodes, by id. */
  readonly credentials?: object;
  /** Options of Node.js. */
  readonly execArgv?: readonly string[];
  /** Merged over the settings below. */
  readonly settings?: object;
  /** Where this repository is installed: durations of the Test in the panel of a device, in place of its own. */
  readonly timings?: Partial<DiagnosisTimings>;
}

/** A process under attack answers late. */
const VITAL_SIGNS_MS = 30_000;

/** Nothing leaves the machine: no telemetry, no catalogue, no discovery of devices. */
const QUIET = {
  httpNodeRoot: false,
  // Credentials can be read in flows_cred.json.
  credentialSecret: false,
  telemetry: { enabled: false, updateNotification: false },
  externalModules: { palette: { allowInstall: false, allowUpload: false } },
  editorTheme: {
    tours: false,
    projects: { enabled: false },
    palette: { catalogues: [] },
    // Loads in a fraction of the other one's time.
    codeEditor: { lib: "ace" },
  },
  logging: { console: { level: "info", metrics: false, audit: false } },
  tuyaDeviceDiscovery: false,
};

/** The Node-RED to test with: the one of this repository, unless environment variable `NODE_RED` names another main file. */
export const NODE_RED = process.env["NODE_RED"] ?? "node-red";

const THIS_RUNTIME: Runtime = {
  nodeRed: NODE_RED,
  node: process.env["NODE_RED_NODE"] ?? process.execPath,
};

/** Starts Node-RED in a child process, which is kept on loopback as the tests are. */
export async function startNodeRed(options: NodeRedOptions = {}): Promise<NodeRedServer> {
  const { runtime = THIS_RUNTIME, userDir = await newUserDir() } = options;
  await writeFile(path.join(userDir, "flows.json"), JSON.stringify(options.flows ?? []));
  if (options.credentials)
    await writeFile(path.join(userDir, "flows_cred.json"), JSON.stringify(options.credentials));

  const child = fork(path.join(__dirname, "node-red-process.js"), {
    execPath: runtime.node,
    execArgv: [...(options.execArgv ?? []), "--require", path.join(__dirname, "loopback-only.js")],
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  let output = "";
  const record = (chunk: Buffer): void => {
    output += chunk.toString();
  };
  child.stdout?.on("data", record);
  child.stderr?.on("data", record);
  const stop = async (): Promise<void> => {
    await end(child);
    if (options.userDir === undefined) await rm(userDir, { recursive: true, force: true });
  };
  const says = async (pattern: RegExp): Promise<void> => {
    const deadline = AbortSignal.timeout(PATIENCE_MS);
    try {
      while (!pattern.test(output)) await once(child.stdout ?? child, "data", { signal: deadline });
    } catch (cause) {
      throw new Error(`Node-RED did not say ${pattern}:\n${output}`, { cause });
    }
  };
  const vitalSigns = async (): Promise<VitalSigns> => {
    const answer = once(child, "message", { signal: AbortSignal.timeout(VITAL_SIGNS_MS) });
    child.send("vital signs");
    return ((await answer) as [VitalSigns])[0];
  };
  try {
    child.send({
      nodeRedModule: runtime.nodeRed,
      isTemporary: options.userDir === undefined,
      timings: options.timings,
      settings: { ...QUIET, userDir, flowFile: "flows.json", ...options.settings },
    });
    const port = await portOf(child);
    const kill = async (): Promise<void> => {
      const exit = once(child, "exit");
      child.kill("SIGKILL");
      await exit;
    };
    return { url: `http://127.0.0.1:${port}/`, userDir, output: () => output, says, vitalSigns, kill, stop };
  } catch (cause) {
    await stop();
    throw new Error(`Node-RED did not start:\n${output}`, { cause });
  }
}

/** A user directory in which this repository is installed. Whoever makes one removes it. */
export async function newUserDir(): Promise<string> {
  const userDir = await mkdtemp(path.join(tmpdir(), "tuya-node-red-"));
  const packages = path.join(userDir, "node_modules", "@localtuya");
  await mkdir(packages, { recursive: true });
  await symlink(process.cwd(), path.join(packages, "node-red-tuya"), "junction");
  return userDir;
}

async function portOf(child: ChildProcess): Promise<number> {
  const deadline = AbortSignal.timeout(LOADING_MS);
  const gone = once(child, "exit", { signal: deadline }).then(() => {
    throw new Error("The process ended.");
  });
  const answer = once(child, "message", { signal: deadline });
  const [message] = (await Promise.race([answer, gone])) as [{ port: number }];
  return message.port;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  // Not "exit": its last words count.
  const exit = once(child, "close");
  child.send("stop");
  const late = setTimeout(() => child.kill("SIGKILL"), PATIENCE_MS);
  await exit;
  clearTimeout(late);
}
