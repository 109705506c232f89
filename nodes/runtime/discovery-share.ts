import type { NodeAPI } from "node-red";
import type { Discovery, DiscoveryTimings } from "../../src/discovery/discovery";
import { acquireDiscovery, type DiscoveryLease } from "../../src/discovery/discovery-lease";
import { readDiscoverySettings } from "./discovery-settings";
import { createNodeLogger } from "./node-logger";

/** A share in the one discovery of this process. */
export interface DiscoveryShare {
  readonly discovery: Discovery;
  /** Gives the share back. May be called again. */
  release(): void;
}

/** Gives a share; undefined if `settings.js` switches discovery off. */
export type ShareDiscovery = () => DiscoveryShare | undefined;

/** Whether discovery is on in settings.js. */
export function canHear(share: ShareDiscovery): boolean {
  const taken = share();
  taken?.release();
  return taken !== undefined;
}

export interface ShareOptions {
  /** How long discovery goes on after the last share was given back, in milliseconds. */
  readonly lingerMs?: number;
  readonly timings?: Partial<DiscoveryTimings>;
}

/** A full deploy closes all nodes before it starts them again: the devices heard are kept meanwhile. */
const LINGER_MS = 5_000;

/** Problems that are in the log already: the settings do not change while the process runs. */
const warned = new Set<string>();

/** Returns the function that gives shares, by the settings of a runtime. */
export function discoverySharer(
  RED: NodeAPI,
  { lingerMs = LINGER_MS, timings = {} }: ShareOptions = {},
): ShareDiscovery {
  const { log } = RED;
  return () => {
    // The type has only Node-RED's own settings.
    const { tuyaDeviceDiscovery } = RED.settings as { readonly tuyaDeviceDiscovery?: unknown };
    const { settings, problem } = readDiscoverySettings(tuyaDeviceDiscovery);
    if (problem !== undefined && !warned.has(problem)) {
      warned.add(problem);
      log.warn(problem);
    }
    if (!settings) return undefined;
    const target = {
      error: (text: string) => log.error(text),
      warn: (text: string) => log.warn(text),
      log: (text: string) => log.info(text),
      debug: (text: string) => log.debug(text),
      trace: (text: string) => log.trace(text),
    };
    const logger = createNodeLogger(target, RED.settings["logging"]);
    return new LingeringShare(acquireDiscovery(settings, { logger, timings }), lingerMs);
  };
}

class LingeringShare implements DiscoveryShare {
  readonly #lease: DiscoveryLease;
  readonly #lingerMs: number;

  constructor(lease: DiscoveryLease, lingerMs: number) {
    this.#lease = lease;
    this.#lingerMs = lingerMs;
  }

  get discovery(): Discovery {
    return this.#lease.discovery;
  }

  release(): void {
    if (this.#lingerMs > 0) setTimeout(() => void this.#lease.release(), this.#lingerMs).unref();
    else void this.#lease.release();
  }
}
