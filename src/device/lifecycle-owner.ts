import type { ChildrenReport, Report } from "../protocol/report";
import type { ReportReason } from "../session/report-reason";
import type { Session } from "../session/session";
import type { DeviceState } from "./types";

/** Who a lifecycle tells what happens. Whatever it is told, it may ask for something else at once. */
export interface LifecycleOwner {
  stateChanged(state: DeviceState, previous: DeviceState): void;
  /** A session takes requests, and nobody objected when the state said so. */
  ready(session: Session): void;
  report(report: Report, reason: ReportReason): void;
  children(report: ChildrenReport): void;
  /** The device refuses to be read, with this text. */
  refused(text: string, session: Session): void;
  /** See `SessionOwner`. */
  childOnline(cid: string): boolean | undefined;
  /** See `SessionOwner`. */
  childAnswered(cid: string, isKnown: boolean): void;
}
