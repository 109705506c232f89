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
  readonly says: string;
  readonly hint: string;
}

/** What can be taken over from a test into the form. */
export interface Offers {
  readonly version: string | undefined;
  readonly ip: string | undefined;
}

/** A line of the answer, if it is one. */
export function readLine(line: object): DiagnosisLine | undefined {
  const { step, verdict } = line as { step?: unknown; verdict?: unknown };
  const isStep = (DIAGNOSIS_STEPS as readonly unknown[]).includes(step);
  const isConclusion = (VERDICTS as readonly unknown[]).includes(verdict);
  return isStep || isConclusion ? (line as DiagnosisLine) : undefined;
}

/**
 * The steps to show. A test tells steps that are done; while it runs, the one after them is under way and the others
 * are to come. Afterwards those that were not taken are left out.
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

/** Verdicts on a device whose key fits, or is not to be told: before that, another version mends nothing. */
const KEY_FITS: readonly DiagnosisConclusion["verdict"][] = [
  "OK",
  "KEY_NOT_PROVEN",
  "WRONG_VERSION",
  "NO_DATA_POINTS",
];

/** Verdicts on a device that answers at the address that is set. */
const WORKING: readonly DiagnosisConclusion["verdict"][] = ["OK", "KEY_NOT_PROVEN"];

/**
 * What differs from the form. A host name that works is better than the address it stands for, and a sub-device has
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
