import type { DeviceLease } from "../../src/device/registry";
import type { DeviceSettings, TuyaDevice } from "../../src/device/types";
import { Following } from "../../src/discovery/following";
import type { Logger } from "../../src/logger";
import type { AcquireDevice } from "../link/direct-link";
import type { DiscoveryShare, ShareDiscovery } from "../runtime/discovery-share";

/** The name of the holder, for the log. */
const HOLDER = "the editor";

export interface EditorLeaseContext {
  readonly acquire: AcquireDevice;
  readonly share: ShareDiscovery;
  readonly logger: Logger;
}

/**
 * The editor's share in the connection to a device, which follows its announcements. If flows use the device, their
 * connection is used. A device they have disconnected is disconnected again afterwards.
 */
export class EditorLease {
  readonly device: TuyaDevice;
  readonly #lease: DeviceLease;
  readonly #logger: Logger;
  readonly #announcements: DiscoveryShare | undefined;
  readonly #following: Following | undefined;
  readonly #isDisconnected: boolean;

  constructor(settings: DeviceSettings, { acquire, share, logger }: EditorLeaseContext) {
    this.#lease = acquire(settings, HOLDER, logger);
    this.#logger = logger;
    const { device, twins } = this.#lease;
    this.device = device;
    this.#isDisconnected = twins.length > 0 && device.state.kind === "idle";
    this.#announcements = share();
    this.#following = this.#announcements && new Following(this.#announcements.discovery, device);
  }

  /** Resolves when the socket is gone, if nobody else uses it; never rejects. Call it once. */
  async release(): Promise<void> {
    this.#following?.end();
    this.#announcements?.release();
    if (this.#isDisconnected) this.device.disconnect();
    try {
      await this.#lease.release();
    } catch (error) {
      this.#logger.error(`A connection of the editor could not be closed: ${String(error)}`);
    }
  }
}
