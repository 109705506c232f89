import type { ProtocolVersion } from "../../protocol/version";
import type { Dps } from "../../protocol/dps";

/** The result of asking for data points. */
export interface ShownValues {
  readonly dps: Dps;
  /** The text of the device's refusal; undefined if it did not refuse. */
  readonly refusal: string | undefined;
  /** Whether the connection ended meanwhile. */
  readonly isLost: boolean;
}

/** A device that answers, over a connection of the diagnosis or over the one already in use. */
export interface Answering {
  readonly ip: string;
  readonly version: ProtocolVersion;
  /** False as long as everything received came in clear (3.1, 3.2). */
  readonly keyProven: boolean;
  /** Device ids in the messages it sent. */
  readonly namedIds: ReadonlySet<string>;
  /** Online state of the sub-devices that the gateway mentioned. */
  readonly children: ReadonlyMap<string, boolean>;
  /** Asks for all data points, with `cid` those of the sub-device. */
  showValues(cid: string | undefined): Promise<ShownValues>;
  /** Whether a heartbeat is answered; undefined if the connection in use sends its own. */
  beat(): Promise<boolean | undefined>;
}
