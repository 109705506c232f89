import type { ChildrenRequest } from "../../../contract/children";
import type { Translate } from "../../base/red";
import { type AdminRequest, type LinesOutcome, requestLines } from "../../base/requests";
import { type ChildrenNews, readNews } from "./child-row";

/** Asks a gateway for its sub-devices, and then for what they report, until it is cancelled or the server ends it. */
export function requestChildren(
  body: ChildrenRequest,
  outcome: LinesOutcome<ChildrenNews>,
  translate: Translate,
): AdminRequest {
  return requestLines("tuya/children", body, readNews, outcome, translate);
}
