import type { KnownDevices } from "../device/attempts/known-devices";
import type { TuyaDevice } from "../device/types";
import type { Discovery } from "../discovery/discovery";
import type { Logger } from "../logger";
import type { ProtocolVersion } from "../protocol/version";
import type { Resolve } from "./address/locate";
import type { DiagnosisTimings } from "./timings";

/** The settings to judge, as a person entered them. */
export interface DiagnosisInput {
  /** Tuya device id; with `cid` the gateway's. */
  readonly deviceId: string;
  /** As entered, damaged or not; with `cid` the gateway's. */
  readonly localKey: string;
  /** Address or host name; "" = wherever the device announces itself. */
  readonly ip: string;
  /** TCP port; default 6668. */
  readonly port?: number | undefined;
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

/** What a diagnosis may use besides. */
export interface DiagnosisContext {
  /** Open and listening; absent = no announcements can be heard. */
  readonly discovery?: Discovery | undefined;
  /** The device of this id in this process, if there is one. Where it is connected, it is used instead of a new connection. */
  readonly running?: TuyaDevice | undefined;
  /** Which devices have proved their key before: they are spoken to in no older version. */
  readonly known?: KnownDevices | undefined;
  /** Display names of configured devices by id, to name a stranger. */
  readonly knownNames?: ReadonlyMap<string, string> | undefined;
  /** Ends the diagnosis: nothing more is said, everything is closed. */
  readonly signal?: AbortSignal | undefined;
  readonly timings?: Partial<DiagnosisTimings> | undefined;
  readonly logger?: Logger | undefined;
  /** Resolves host names; default: the system's way. */
  readonly resolve?: Resolve | undefined;
}
