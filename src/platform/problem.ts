import type { DataCentreId } from "./data-centres";

/** What went wrong, for programs. */
export type ProblemCode =
  /** Access id or secret are missing or impossible. Nothing was sent. */
  | "BAD_INPUT"
  | "WRONG_ID"
  | "WRONG_SECRET"
  | "CLOCK"
  /** The devices are in another data centre, or this one does not know the project. */
  | "DATA_CENTRE"
  | "TRIAL_LAPSED"
  | "NOT_SUBSCRIBED"
  /** No app account is linked with the project, or one without devices. */
  | "NOT_LINKED"
  | "QUOTA"
  /** The project or the data centre refuses the address this request comes from. */
  | "ADDRESS_REFUSED"
  | "BUSY"
  | "NO_NAME"
  | "UNREACHABLE"
  | "TLS"
  | "TIMEOUT"
  /** Something else than the platform answered, or its answer is not documented. */
  | "NONSENSE"
  /** A refusal with a code that is not known here. */
  | "REFUSED"
  | "CANCELLED";

/** Why the devices could not be fetched. Contains neither the secret nor a key. */
export interface PlatformProblem {
  readonly code: ProblemCode;
  /** One sentence for a person: what happened and why. */
  readonly says: string;
  /** What to do, in the pages of the platform; "" if there is nothing. */
  readonly remedy: string;
  /** Where the devices are, with the code DATA_CENTRE, if they were found. */
  readonly dataCentre?: DataCentreId;
}

/** Carries a problem up to `fetchDevices`, which returns it. */
export class PlatformError extends Error {
  readonly problem: PlatformProblem;
  /** The platform's own code; undefined if it answered with none. */
  readonly answered: number | undefined;

  constructor(problem: PlatformProblem, answered?: number) {
    super(problem.says);
    this.name = "PlatformError";
    this.problem = problem;
    this.answered = answered;
  }
}
