import assert from "node:assert/strict";
import { diagnose } from "../../src/diagnosis/diagnose";
import {
  type DiagnosisConclusion,
  type DiagnosisLine,
  type DiagnosisStep,
  isConclusion,
} from "../../src/diagnosis/lines";
import type { DiagnosisTimings } from "../../src/diagnosis/timings";
import type { Discovery } from "../../src/discovery/discovery";
import type { VirtualDevice } from "../../src/virtual/virtual-device";
import { portsOf } from "./udp";
import { DEVICE_ID, LOCAL_KEY } from "./virtual";
import type { DiagnosisContext, DiagnosisInput } from "../../src/diagnosis/input";

/** Long enough for a busy machine to answer, short enough for a test. */
export const SHORT: DiagnosisTimings = {
  totalMs: 6_000,
  listenMs: 150,
  resolveMs: 100,
  connectMs: 600,
  settleMs: 40,
  silenceMs: 400,
  negotiationProbeMs: 400,
  pauseMs: 60,
  valuesMs: 400,
  queryRetryMs: 30,
  heartbeatMs: 150,
  joinMs: 150,
  freshMs: 20_000,
  closeGraceMs: 50,
};

/** Has a device announce itself. Resolves when it was heard. */
export async function announce(device: VirtualDevice, discovery: Discovery): Promise<void> {
  const heard = new Promise<void>((resolve) => {
    const watcher = {
      heard() {
        discovery.unwatch(device.id, watcher);
        resolve();
      },
    };
    discovery.watch(device.id, watcher);
  });
  await device.announce({ port: portsOf(discovery)[0] });
  await heard;
}

/** What a diagnosis said. */
export interface Told {
  readonly lines: readonly DiagnosisLine[];
  readonly steps: readonly DiagnosisStep[];
  readonly conclusion: DiagnosisConclusion;
  step(name: DiagnosisStep["step"]): DiagnosisStep;
  /** The names of the steps, a failed one with "!". */
  readonly course: string;
}

/** Diagnoses the settings that are right for a device, but for those given. */
export function diagnoseDevice(
  device: Pick<VirtualDevice, "host" | "port">,
  input: Partial<DiagnosisInput> = {},
  context: DiagnosisContext = {},
): Promise<Told> {
  return diagnosed({ ip: device.host, port: device.port, ...input }, context);
}

export async function diagnosed(
  input: Partial<DiagnosisInput> = {},
  context: DiagnosisContext = {},
): Promise<Told> {
  const lines: DiagnosisLine[] = [];
  const all = {
    deviceId: DEVICE_ID,
    localKey: LOCAL_KEY,
    ip: "",
    version: "auto",
    name: "Lamp",
    ...input,
  } as const;
  const timings = { ...SHORT, ...context.timings };
  for await (const line of diagnose(all, { ...context, timings })) lines.push(line);
  const conclusion = lines.at(-1);
  assert.ok(conclusion && isConclusion(conclusion), "the last line is a conclusion");
  const steps = lines.slice(0, -1).map((line) => {
    assert.ok(!isConclusion(line), "there is one conclusion");
    return line;
  });
  return {
    lines,
    steps,
    conclusion,
    step: (name) => {
      const step = steps.find((each) => each.step === name);
      assert.ok(step, `there is a step ${name}`);
      return step;
    },
    course: steps.map(({ step, ok }) => (ok ? step : `${step}!`)).join(" "),
  };
}
