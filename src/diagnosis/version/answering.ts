import type { ProtocolVersion } from "../../protocol/version";
import type { Dps } from "../../protocol/dps";

/** What came of asking for data points. */
export interface ShownValues {
  readonly dps: Dps;
  /** What the device refused with, where it refused. */
  readonly refusal: string | undefined;
  /** The device hung up meanwhile. */
  readonly isLost: boolean;
}

/** A device that answers, however it is reached: over a connection of the diagnosis, or over the one in use. */
export interface Answering {
  readonly ip: string;
  readonly version: ProtocolVersion;
  /** False as long as all that was read came in clear (3.1, 3.2). */
  readonly keyProven: boolean;
  /** Ids the device gave itself in what it sent. */
  readonly namedIds: ReadonlySet<string>;
  /** Online state of sub-devices, as far as the gateway has spoken of them. */
  readonly children: ReadonlyMap<string, boolean>;
  /** Asks for all data points, with `cid` those of the sub-device. */
  showValues(cid: string | undefined): Promise<ShownValues>;
  /** Whether a heartbeat is answered; undefined where somebody else sees to that. */
  beat(): Promise<boolean | undefined>;
}
