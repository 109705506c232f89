import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { openUdp } from "./udp";

const running = new Set<ChildProcessWithoutNullStreams>();

/** A command that runs in a process of its own. */
export class RunningCommand {
  readonly child: ChildProcessWithoutNullStreams;
  /** Resolves when the process is gone and all it wrote has been read. */
  readonly finished: Promise<{ readonly status: number | null; readonly out: string; readonly err: string }>;
  readonly #lines: string[] = [];
  #wake: (() => void) | undefined;
  #isOver = false;

  constructor(args: readonly string[], localKey: string | undefined) {
    const env: NodeJS.ProcessEnv = { ...process.env };
    delete env["TUYA_LOCAL_KEY"];
    delete env["FORCE_COLOR"];
    if (localKey !== undefined) env["TUYA_LOCAL_KEY"] = localKey;
    // The belt of all tests holds in the child, too.
    const guard = ["--require", "./dist/test/support/loopback-only.js"];
    this.child = spawn(process.execPath, [...guard, "dist/src/cli/main.js", ...args], { env });
    running.add(this.child);
    this.child.on("exit", () => running.delete(this.child));
    this.child.stdin.end();
    let [out, err] = ["", ""];
    this.child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
    this.child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
    createInterface({ input: this.child.stdout }).on("line", (line) => {
      this.#lines.push(line);
      this.#wake?.();
    });
    this.finished = once(this.child, "close").then(([status]) => {
      this.#isOver = true;
      this.#wake?.();
      return { status: status as number | null, out, err };
    });
  }

  /** The next line of its output that matches, whatever comes before it. */
  async line(wanted: RegExp): Promise<string> {
    for (;;) {
      const index = this.#lines.findIndex((line) => wanted.test(line));
      if (index >= 0) return this.#lines.splice(0, index + 1).at(-1) ?? "";
      if (this.#isOver) throw new Error(`${String(wanted)} was not said. ${(await this.finished).err}`);
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  /** Presses Ctrl-C. */
  interrupt(): void {
    this.child.kill("SIGINT");
  }
}

/** Starts `tuya-lan`. Ended after the test at the latest. */
export function startCli(args: readonly string[], localKey?: string): RunningCommand {
  return new RunningCommand(args, localKey);
}

/** Runs `tuya-lan` to its end. */
export function runCli(args: readonly string[], localKey?: string): RunningCommand["finished"] {
  return startCli(args, localKey).finished;
}

/** Options that keep announcements on loopback, and the UDP port they are listened for on: nobody else's. */
export async function quietDiscovery(): Promise<{
  readonly port: number;
  readonly options: readonly string[];
}> {
  const socket = await openUdp();
  const { port } = socket.address();
  const closed = once(socket, "close");
  socket.close();
  await closed;
  return { port, options: ["--bind", "127.0.0.1", "--ports", String(port), "--probe", "none"] };
}

afterEach(() => {
  for (const child of running) child.kill("SIGKILL");
  running.clear();
});
