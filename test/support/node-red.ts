import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

/** A Node-RED with this package installed, on an ephemeral port of 127.0.0.1. */
export interface NodeRedServer {
  readonly url: string;
  readonly userDir: string;
  /** Everything it has written to its standard output and error so far. */
  output(): string;
  /** Stops it and removes its user directory. */
  stop(): Promise<void>;
}

export interface NodeRedOptions {
  /** Flows to start with, as in a flow file. */
  readonly flows?: readonly object[];
  /** Merged over the settings below. */
  readonly settings?: object;
}

const START_MS = 30_000;
const STOP_MS = 10_000;

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

/**
 * Starts Node-RED in a child process. Environment variable `NODE_RED` names another installation to use, by the path of
 * its `node-red` package.
 */
export async function startNodeRed(options: NodeRedOptions = {}): Promise<NodeRedServer> {
  const userDir = await mkdtemp(path.join(tmpdir(), "tuya-node-red-"));
  const packages = path.join(userDir, "node_modules", "@localtuya");
  await mkdir(packages, { recursive: true });
  await symlink(process.cwd(), path.join(packages, "node-red-tuya"), "junction");
  await writeFile(path.join(userDir, "flows.json"), JSON.stringify(options.flows ?? []));

  const child = fork(path.join(__dirname, "node-red-process.js"), {
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
    await rm(userDir, { recursive: true, force: true });
  };
  try {
    child.send({
      nodeRedModule: process.env["NODE_RED"] ?? "node-red",
      settings: { ...QUIET, userDir, flowFile: "flows.json", ...options.settings },
    });
    const port = await portOf(child);
    return { url: `http://127.0.0.1:${port}/`, userDir, output: () => output, stop };
  } catch (cause) {
    await stop();
    throw new Error(`Node-RED did not start:\n${output}`, { cause });
  }
}

async function portOf(child: ChildProcess): Promise<number> {
  const deadline = AbortSignal.timeout(START_MS);
  const gone = once(child, "exit", { signal: deadline }).then(() => {
    throw new Error("The process ended.");
  });
  const answer = once(child, "message", { signal: deadline });
  const [message] = (await Promise.race([answer, gone])) as [{ port: number }];
  return message.port;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, "exit");
  child.send("stop");
  const late = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
  await exit;
  clearTimeout(late);
}
