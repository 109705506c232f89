import type { DiagnosisLine } from "../../../../src/diagnosis/lines";
import type { TestRequest } from "../../../contract/test";
import type { Translate } from "../../base/red";
import { type AdminRequest, type LinesOutcome, requestLines } from "../../base/requests";
import { readLine } from "./test-progress";

/** Starts a test. Its lines are the steps that are done, and the conclusion, after which there is none. */
export function requestTest(
  body: TestRequest,
  outcome: LinesOutcome<DiagnosisLine>,
  translate: Translate,
): AdminRequest {
  return requestLines("tuya/test", body, readLine, outcome, translate);
}
