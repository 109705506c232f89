import { isLinkLocal } from "../../link-local";
import type { Cause } from "./cause";
import { type CauseSubject, explain } from "./explain";
import type { DiagnosisConclusion, DiagnosisStep, DiagnosisStepName } from "../lines";

/** Makes the lines of the steps, with the time each step took. */
export class StepWriter {
  #startedAt = performance.now();

  /** A step succeeded. */
  passed(step: DiagnosisStepName, says: string, hint?: string): DiagnosisStep {
    return this.#write(step, true, says, hint);
  }

  /** A step failed. */
  failed(step: DiagnosisStepName, says: string, hint?: string): DiagnosisStep {
    return this.#write(step, false, says, hint);
  }

  /** A step failed with this cause. */
  failedBy(step: DiagnosisStepName, cause: Cause, subject: CauseSubject): DiagnosisStep {
    const { says, hint } = explain(cause, subject);
    return this.#write(step, false, says, hint);
  }

  #write(step: DiagnosisStepName, ok: boolean, says: string, hint: string | undefined): DiagnosisStep {
    const now = performance.now();
    const ms = Math.round(now - this.#startedAt);
    this.#startedAt = now;
    return { step, ok, ms, says, ...(hint === undefined ? {} : { hint }) };
  }
}

/** Makes the last line. Left out are facts that are not known, and a link-local address that was only announced. */
export function conclude(
  cause: Cause,
  subject: CauseSubject,
  facts: { [K in "version" | "ip" | "dps"]?: DiagnosisConclusion[K] | undefined } = {},
): DiagnosisConclusion {
  const { verdict, says, hint } = explain(cause, subject);
  const { version, ip, dps } = facts;
  const isLasting = ip !== subject.heardAt || !isLinkLocal(ip ?? "");
  return {
    verdict,
    says,
    hint,
    ...(version === undefined ? {} : { version }),
    ...(ip === undefined || !isLasting ? {} : { ip }),
    ...(dps === undefined || Object.keys(dps).length === 0 ? {} : { dps }),
  };
}
