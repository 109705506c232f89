import type { Logger } from "../logger";
import { Discovery, type DiscoverySettings, type DiscoveryTimings } from "./discovery";

/** A share in the one discovery of this process. */
export interface DiscoveryLease {
  readonly discovery: Discovery;
  /** Gives the share back; with the last one the ports are closed. May be called again: nothing happens. */
  release(): Promise<void>;
}

interface SharedDiscovery {
  readonly discovery: Discovery;
  /** How many leases are not given back. */
  leases: number;
}

let shared: SharedDiscovery | undefined;

/**
 * Shares the one discovery of the process, which begins to listen with the first share. Settings and options count only
 * for that one.
 */
export function acquireDiscovery(
  settings: DiscoverySettings,
  options: { logger?: Logger; timings?: Partial<DiscoveryTimings> } = {},
): DiscoveryLease {
  shared ??= { discovery: new Discovery(settings, options), leases: 0 };
  void shared.discovery.open();
  return new Lease(shared);
}

class Lease implements DiscoveryLease {
  readonly #shared: SharedDiscovery;
  #isReleased = false;

  constructor(of: SharedDiscovery) {
    this.#shared = of;
    of.leases++;
  }

  get discovery(): Discovery {
    return this.#shared.discovery;
  }

  async release(): Promise<void> {
    if (this.#isReleased) return;
    this.#isReleased = true;
    if (--this.#shared.leases > 0) return;
    if (shared === this.#shared) shared = undefined;
    await this.#shared.discovery.close();
  }
}
