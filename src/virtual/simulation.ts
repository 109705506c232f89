import type { Random } from "./random";
import type { Dps } from "../protocol/dps";

/** What a device does in one step of its own life. */
export interface Change {
  /** Values that it reports to its clients. */
  readonly report?: Dps | undefined;
  /** Values it keeps until it is asked: meters report far less often than they measure. */
  readonly measure?: Dps | undefined;
  /** Values of sub-devices that it reports to its clients, by cid. */
  readonly children?: Readonly<Record<string, Dps>> | undefined;
}

/** The life of a device between the requests of its clients: a load that wanders, a cover that moves. */
export interface Simulation {
  /** Milliseconds between two steps. */
  readonly everyMs: number;
  /**
   * What happens in a step.
   * @param dps present values
   * @param step counted from 1
   */
  next(dps: Dps, step: number, random: Random): Change;
  /**
   * What follows from a client's set, after it was answered. Sets of sub-devices are not among them.
   * @param changed the values the set changed
   * @param dps present values, `changed` included
   */
  obey?(changed: Dps, dps: Dps): Change;
}
