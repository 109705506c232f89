import type { NodeAPI } from "node-red";
import { networkHealth } from "../../src/diagnosis/address/network-health";
import type { Discovery } from "../../src/discovery/discovery";
import type { DiscoveryShare, ShareDiscovery } from "../runtime/discovery-share";
import { listedDevices } from "../tuya-discover/listed-device";
import { get } from "./route";

export interface NetworkRouteOptions {
  readonly share: ShareDiscovery;
  /** How long discovery goes on after the editor last asked, in milliseconds. */
  readonly listenMs?: number;
}

const LISTEN_MS = 60_000;

/**
 * `GET tuya/devices` and `GET tuya/health` (permission `tuya.read`): the devices heard, and whether announcements can be
 * heard.
 */
export function registerNetworkRoutes(RED: NodeAPI, options: NetworkRouteOptions): void {
  const listener = new Listener(options);
  get(RED, "/tuya/devices", "Listing the devices heard", async (_request, response) => {
    const discovery = await listener.listen();
    response.json(discovery ? listedDevices(discovery) : []);
  });
  get(RED, "/tuya/health", "Looking at the network", async (_request, response) => {
    response.json(networkHealth(await listener.listen()));
  });
}

/** Keeps discovery open for a while after the editor asked, so that its list fills. */
class Listener {
  readonly #options: NetworkRouteOptions;
  #share: DiscoveryShare | undefined;
  #endSeeking: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: NetworkRouteOptions) {
    this.#options = options;
  }

  /**
   * Resolves when the ports are open, so that announcements are heard from then on. Undefined if discovery is switched
   * off.
   */
  async listen(): Promise<Discovery | undefined> {
    clearTimeout(this.#timer);
    if (!this.#share) {
      this.#share = this.#options.share();
      this.#endSeeking = this.#share?.discovery.seek();
    }
    this.#timer = setTimeout(() => this.#stop(), this.#options.listenMs ?? LISTEN_MS).unref();
    const { discovery } = this.#share ?? {};
    await discovery?.open();
    return discovery;
  }

  #stop(): void {
    this.#endSeeking?.();
    this.#endSeeking = undefined;
    this.#share?.release();
    this.#share = undefined;
  }
}
