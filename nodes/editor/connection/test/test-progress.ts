import {
  DIAGNOSIS_STEPS,
  VERDICTS,
  type DiagnosisConclusion,
  type DiagnosisLine,
  type DiagnosisStep,
  type DiagnosisStepName,
} from "../../../../src/diagnosis/lines";

/** A step as it is shown. */
export interface StepView {
  readonly step: DiagnosisStepName;
  readonly state: "waiting" | "running" | "passed" | "failed";
  /** "" = not known yet. */
  readonly says: string;
  /** What to do; "" = nothing. */
  readonly hint: string;
}

/** Results of a test that can be taken over into the form; undefined = there is nothing to take over. */
export interface Offers {
  readonly version: string | undefined;
  readonly ip: string | undefined;
}

/** Reads a line of the answer; undefined if it is none. */
export function readLine(line: object): DiagnosisLine | undefined {
  const { step, verdict } = line as { step?: unknown; verdict?: unknown };
  const isStep = (DIAGNOSIS_STEPS as readonly unknown[]).includes(step);
  const isConclusion = (VERDICTS as readonly unknown[]).includes(verdict);
  return isStep || isConclusion ? (line as DiagnosisLine) : undefined;
}

/**
 * The steps to show. The server sends steps that are done: while the test runs, the next one is shown as running and the
 * others as waiting. Afterwards steps that were not taken are left out.
 */
export function stepViews(done: readonly DiagnosisStep[], isRunning: boolean): StepView[] {
  const views = done.map(({ step, ok, says, hint = "" }): StepView => {
    return { step, state: ok ? "passed" : "failed", says, hint };
  });
  if (!isRunning) return views;
  const last = done.at(-1);
  const next = last ? DIAGNOSIS_STEPS.indexOf(last.step) + 1 : 0;
  const taken = new Set(done.map(({ step }) => step));
  const toCome = DIAGNOSIS_STEPS.slice(next).filter((step) => !taken.has(step));
  return [
    ...views,
    ...toCome.map((step, index): StepView => {
      return { step, state: index === 0 ? "running" : "waiting", says: "", hint: "" };
    }),
  ];
}

/** Verdicts with which the key is right, or not known to be wrong. With others, another version would not help. */
const KEY_FITS: readonly DiagnosisConclusion["verdict"][] = [
  "OK",
  "KEY_NOT_PROVEN",
  "WRONG_VERSION",
  "NO_DATA_POINTS",
];

/** Verdicts with which the device answers at the address. */
const WORKING: readonly DiagnosisConclusion["verdict"][] = ["OK", "KEY_NOT_PROVEN"];

/**
 * The results that differ from the form. A host name that works is not replaced by its address, and a sub-device has
 * neither version nor address of its own.
 */
export function offersOf(
  { verdict, version, ip }: DiagnosisConclusion,
  form: { readonly version: string; readonly ip: string; readonly isChild: boolean },
): Offers {
  if (form.isChild) return { version: undefined, ip: undefined };
  const isHostName = /[^\d.]/.test(form.ip);
  return {
    version: version === form.version || !KEY_FITS.includes(verdict) ? undefined : version,
    ip: ip === form.ip || (isHostName && WORKING.includes(verdict)) ? undefined : ip,
  };
}
