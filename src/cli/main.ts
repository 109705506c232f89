#!/usr/bin/env node
import { packageVersion } from "../package-version";
import { refuseKey, UsageError } from "./arguments";
import { INTERRUPTED } from "./interrupt";
import { InterruptedError } from "./local-key";
import { runScan } from "./scan";
import { runTest } from "./test";
import { runVirtual } from "./virtual";
import { runWatch } from "./watch";

const USAGE = `Usage: tuya-lan <command> [options]

Commands:
  scan      list the Tuya devices that announce themselves nearby
  test      find out why a device does not work, or that it does
  watch     follow a device: its state, and its data points as they change
  virtual   start a Tuya device in software, on this machine only

"tuya-lan <command> --help" tells the options of a command, "tuya-lan --version" the version of this package.
`;

/** Commands by name. Each takes the arguments behind its name, and resolves with the exit status of the process. */
const COMMANDS: Readonly<Record<string, (args: readonly string[]) => Promise<number>>> = {
  scan: runScan,
  test: runTest,
  watch: runWatch,
  virtual: runVirtual,
};

async function main([name = "--help", ...rest]: readonly string[]): Promise<number> {
  refuseKey([name, ...rest]);
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command) return command(rest);
  if (name === "--version") {
    process.stdout.write(`${packageVersion()}\n`);
    return 0;
  }
  const isHelp = name === "--help" || name === "-h";
  (isHelp ? process.stdout : process.stderr).write(
    isHelp ? USAGE : `There is no ${isWord(name) ? `command "${name}"` : "such command"}.\n\n${USAGE}`,
  );
  return isHelp ? 0 : 2;
}

/** Whether a text can be the name of a command, spelled wrongly. Others are not repeated: one may be the local key. */
function isWord(text: string): boolean {
  return /^[a-z]{1,12}$/i.test(text);
}

function statusOf(error: unknown): number {
  if (error instanceof InterruptedError) return INTERRUPTED;
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n`);
  return 2;
}

// A program that reads the output, such as `head`, may end first.
process.stdout.on("error", ({ code }: NodeJS.ErrnoException) => process.exit(code === "EPIPE" ? 0 : 1));

void main(process.argv.slice(2))
  .catch(statusOf)
  .then((status) => {
    process.exitCode = status;
  });
