import type { KnownDevices } from "../device/attempts/known-devices";
import type { TuyaDevice } from "../device/types";
import type { Discovery } from "../discovery/discovery";
import type { Logger } from "../logger";
import type { ProtocolVersion } from "../protocol/version";
import type { Resolve } from "./address/locate";
import type { DiagnosisTimings } from "./timings";

/** The settings to test, as a person entered them. */
export interface DiagnosisInput {
  /** Tuya device id; with `cid` the gateway's. */
  readonly deviceId: string;
  /** As entered, damaged or not; with `cid` the gateway's. */
  readonly localKey: string;
  /** Address or host name; "" = wherever the device announces itself. */
  readonly ip: string;
  /** TCP port; default 6668. */
  readonly port?: number | undefined;
  /** The configured version, which is tried early; "auto" = none. The device may speak another one: that is found, too. */
  readonly version: ProtocolVersion | "auto";
  /** Display name, for sentences. */
  readonly name?: string | undefined;
  /** Node id of a sub-device: the gateway is tested, then the sub-device is queried. */
  readonly cid?: string | undefined;
  /** Display name of the sub-device, for sentences. */
  readonly childName?: string | undefined;
  /** Data points to ask for with nulls, for devices that refuse a normal query. */
  readonly device22Dps?: readonly string[] | undefined;
}

/** What else a diagnosis may use. */
export interface DiagnosisContext {
  /** Must be open; absent = no announcements are heard. */
  readonly discovery?: Discovery | undefined;
  /**
   * The device of this id in this process, if there is one. If it is connected, its connection is used and no other one
   * opened.
   */
  readonly running?: TuyaDevice | undefined;
  /** Devices that proved their key before: no older version is spoken to them than then. */
  readonly known?: KnownDevices | undefined;
  /** Display names of configured devices by id, to name another device that is found. */
  readonly knownNames?: ReadonlyMap<string, string> | undefined;
  /** Aborting it ends the diagnosis: no line follows, all connections are closed. */
  readonly signal?: AbortSignal | undefined;
  /** Tests shorten durations; nothing else should. */
  readonly timings?: Partial<DiagnosisTimings> | undefined;
  /** Default: nothing is logged. */
  readonly logger?: Logger | undefined;
  /** Resolves host names; default: the system's way. */
  readonly resolve?: Resolve | undefined;
}
