import { textOf } from "../base/answers";
import { requestLines, type AdminRequest, type LinesOutcome } from "../base/requests";
import type { ReportedValues } from "./data-point-table";
import type { Translate } from "../base/red";
import type { LearnLine, LearnRequest } from "../../contract/learn";
import type { Unchecked } from "../../contract/unchecked";

/** A line of the answer of `POST tuya/learn`, read: see `LearnLine`. */
export type LearnNews =
  /** `ip`: the address of the device; "" if that is not known yet. */
  | { readonly kind: "state"; readonly state: "searching" | "connecting" | "listening"; readonly ip: string }
  | { readonly kind: "trouble" | "end"; readonly says: string }
  | {
      readonly kind: "values";
      readonly values: ReportedValues;
      /** The device reported by itself. */
      readonly isPushed: boolean;
      /** It was asked to measure a moment ago. */
      readonly isAsked: boolean;
    };

/** Requests what a device reports, until the request is cancelled or the server ends it. */
export function requestLearning(
  body: LearnRequest,
  outcome: LinesOutcome<LearnNews>,
  translate: Translate,
): AdminRequest {
  return requestLines("tuya/learn", body, readLearnLine, outcome, translate);
}

/** Undefined for lines that tell nothing, such as `ping`. */
function readLearnLine(line: object): LearnNews | undefined {
  const { state, dps, pushed, asked, end, says, ip } = line as Unchecked<LearnLine>;
  if (end !== undefined) return { kind: "end", says: textOf(says) };
  if (state === "trouble") return { kind: "trouble", says: textOf(says) };
  if (state === "searching" || state === "connecting" || state === "listening") {
    return { kind: "state", state, ip: textOf(ip) };
  }
  if (typeof dps !== "object" || dps === null) return undefined;
  return {
    kind: "values",
    values: dps as ReportedValues,
    isPushed: pushed === true,
    isAsked: asked === true,
  };
}
