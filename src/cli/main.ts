#!/usr/bin/env node
import { runVirtual } from "./virtual";

const USAGE = `Usage: tuya-lan <command> [options]

Commands:
  virtual   start a Tuya device in software, on this machine only

"tuya-lan <command> --help" tells the options of a command.
`;

/** Commands by name. Each resolves with the exit status of the process. */
const COMMANDS: Readonly<Record<string, (args: readonly string[]) => Promise<number>>> = {
  virtual: runVirtual,
};

async function main([name = "--help", ...rest]: readonly string[]): Promise<number> {
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command) return command(rest);
  const isHelp = name === "--help" || name === "-h";
  (isHelp ? process.stdout : process.stderr).write(
    isHelp ? USAGE : `There is no command "${name}".\n\n${USAGE}`,
  );
  return isHelp ? 0 : 2;
}

void main(process.argv.slice(2)).then((status) => {
  process.exitCode = status;
});
