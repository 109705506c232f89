import type { NodeAPI } from "node-red";
import { acquireDiscovery, type Discovery, type DiscoveryTimings } from "../../src/discovery/discovery";
import { readDiscoverySettings } from "./discovery-settings";
import { createNodeLogger } from "./node-logger";

/** A share in the one discovery of this process. */
export interface DiscoveryShare {
  readonly discovery: Discovery;
  /** Gives the share back. Harmless when repeated. */
  readonly release: () => void;
}

/** Gives a share; undefined where `settings.js` switches discovery off. */
export type ShareDiscovery = () => DiscoveryShare | undefined;

/** Whether settings.js lets devices be heard. */
export function canHear(share: ShareDiscovery): boolean {
  const taken = share();
  taken?.release();
  return taken !== undefined;
}

export interface ShareOptions {
  /** How long a share that was given back still counts, in milliseconds. */
  readonly lingerMs?: number;
  readonly timings?: Partial<DiscoveryTimings>;
}

/** A full deploy closes all nodes before it starts them again: what was heard is worth keeping for that moment. */
const LINGER_MS = 5_000;

/** Problems that were warned of: the settings do not change as long as the process runs. */
const warned = new Set<string>();

/** The way to a share, by the settings of a runtime. */
export function discoverySharer(
  RED: NodeAPI,
  { lingerMs = LINGER_MS, timings = {} }: ShareOptions = {},
): ShareDiscovery {
  const { log } = RED;
  return () => {
    // The types know the settings of Node-RED itself only.
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
    const lease = acquireDiscovery(settings, { logger, timings });
    return {
      discovery: lease.discovery,
      release: () => {
        if (lingerMs > 0) setTimeout(() => void lease.release(), lingerMs).unref();
        else void lease.release();
      },
    };
  };
}
