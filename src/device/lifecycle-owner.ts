import type { ChildrenReport, Report } from "../protocol/report";
import type { ReportReason } from "../session/report-reason";
import type { Session } from "../session/session";
import type { DeviceState } from "./types";

/** What a lifecycle calls when something happens. Each call may change the lifecycle at once, such as disconnect it. */
export interface LifecycleOwner {
  stateChanged(state: DeviceState, previous: DeviceState): void;
  /** The device is ready: this session takes requests. Not called if a listener of the state disconnected the device. */
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
