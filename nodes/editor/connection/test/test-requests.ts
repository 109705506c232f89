import type { DiagnosisLine } from "../../../../src/diagnosis/lines";
import type { TestRequest } from "../../../contract/test";
import type { Translate } from "../../base/red";
import { type AdminRequest, type LinesOutcome, requestLines } from "../../base/requests";
import { readLine } from "./test-progress";

/** Starts a test. `line` is called for each line as soon as it has arrived. */
export function requestTest(
  body: TestRequest,
  outcome: LinesOutcome<DiagnosisLine>,
  translate: Translate,
): AdminRequest {
  return requestLines("tuya/test", body, readLine, outcome, translate);
}
