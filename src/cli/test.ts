import { diagnose } from "../diagnosis/diagnose";
import { DIAGNOSIS_STEPS, type DiagnosisLine, isConclusion, type Verdict } from "../diagnosis/lines";
import { Discovery } from "../discovery/discovery";
import { deviceHelp, readDeviceArguments } from "./device-arguments";
import { INTERRUPTED, untilInterrupted } from "./interrupt";
import { paintFor, plain, Progress, table } from "./terminal";

const HELP = `Usage: tuya-lan test --id <text> [options]

Finds out why a device does not work, or that it does: settings, address, connection, version, key, identity,
data points, heartbeat. Takes less than 15 seconds, and changes nothing on the device.

${deviceHelp(": the steps, and last the verdict")}

Exit status: 0 for the verdict OK, 1 for any other, 2 for impossible arguments, ${INTERRUPTED} after Ctrl-C.
`;

/**
 * `tuya-lan test`: resolves with the exit status.
 *
 * @throws UsageError; InterruptedError for Ctrl-C instead of the key
 */
export async function runTest(args: readonly string[]): Promise<number> {
  const told = await readDeviceArguments(args, HELP);
  if (!told) return 0;
  const { signal, release } = untilInterrupted();
  const discovery = new Discovery(told.discovery);
  const print = told.json ? printJson : printerForPeople();
  let verdict: Verdict | undefined;
  try {
    await discovery.open();
    for await (const line of diagnose(told.device, { discovery, signal })) {
      print(line);
      if (isConclusion(line)) verdict = line.verdict;
    }
  } finally {
    print(undefined);
    release();
    await discovery.close();
  }
  if (verdict === undefined) return INTERRUPTED;
  return verdict === "OK" ? 0 : 1;
}

/** Prints a line. Called with undefined at the end. */
type Print = (line: DiagnosisLine | undefined) => void;

const printJson: Print = (line) => {
  if (line) process.stdout.write(`${JSON.stringify(line)}\n`);
};

const LONGEST_NAME = Math.max(...DIAGNOSIS_STEPS.map(({ length }) => length));

function printerForPeople(): Print {
  const paint = paintFor(process.stdout);
  const progress = new Progress(process.stderr);
  const write = (...lines: readonly string[]): void => void process.stdout.write(`${lines.join("\n")}\n`);
  const indent = " ".repeat(LONGEST_NAME + 4);
  progress.show(`  ${DIAGNOSIS_STEPS[0]} …`);
  return (line) => {
    progress.clear();
    if (!line) return;
    if (isConclusion(line)) {
      const { verdict, says, hint, dps } = line;
      const isOk = verdict === "OK";
      write("", `${(isOk ? paint.green : paint.red)(paint.bold(verdict))}  ${says}`, hint);
      if (dps) write("", ...listed(dps));
      return;
    }
    const { step, ok, says, hint } = line;
    write(`${ok ? paint.green("✔") : paint.red("✘")} ${step.padEnd(LONGEST_NAME)}  ${says}`);
    // The advice for a failed step is printed at the end.
    if (hint !== undefined && (ok || step === "heartbeat")) write(paint.dim(`${indent}${hint}`));
    const next = DIAGNOSIS_STEPS[DIAGNOSIS_STEPS.indexOf(step) + 1];
    if (next) progress.show(`  ${next} …`);
  };
}

function listed(dps: Readonly<Record<string, unknown>>): string[] {
  return table([
    ["DP", "VALUE"],
    ...Object.entries(dps).map(([dp, value]) => [dp, JSON.stringify(value)]),
  ]).map(plain);
}
