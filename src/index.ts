/** The package as a library, without Node-RED: what is exported here is public, the rest may change at any time. */
export { Device, type DeviceOptions } from "./device/device";
export { acquireDevice, type DeviceLease } from "./device/registry";
export type { KnownDevice, KnownDevices } from "./device/attempts/known-devices";
export { DEFAULT_TIMINGS, type Timings } from "./session/timings";
export type {
  DeviceEvents,
  DeviceReport,
  DeviceSettings,
  DeviceState,
  DeviceStatistics,
  HeardAnnouncement,
  KnownChild,
  TuyaDevice,
} from "./device/types";
export { diagnose } from "./diagnosis/diagnose";
export {
  type DiagnosisConclusion,
  type DiagnosisLine,
  type DiagnosisStep,
  isConclusion,
  type Verdict,
  VERDICTS,
} from "./diagnosis/lines";
export {
  Discovery,
  type DiscoveryEvents,
  type DiscoveryHealth,
  type DiscoverySettings,
} from "./discovery/discovery";
export type { HeardDevice } from "./discovery/heard-devices";
export { ERROR_CODES, type ErrorCode, TuyaError } from "./errors";
export { type Logger, SILENT } from "./logger";
export { Command, commandName, commandNumber } from "./protocol/command";
export { PROTOCOL_VERSIONS, type ProtocolVersion } from "./protocol/version";
export { DEFAULT_PORT } from "./limits";
export type { FrameEvent } from "./session/connection/frame-event";
export type { ChildrenAnswer } from "./session/requests/children-question";
export type { ExpectedValues, SetOptions, SetResult } from "./session/requests/set-command";
export type { Dps, DpValue } from "./protocol/dps";
export type { DiagnosisContext, DiagnosisInput } from "./diagnosis/input";
export type { ReportReason } from "./session/report-reason";
