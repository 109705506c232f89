import type { DeviceLease } from "../../src/device/registry";
import type { DeviceSettings, TuyaDevice } from "../../src/device/types";
import { follow } from "../../src/discovery/follow";
import type { Logger } from "../../src/logger";
import type { AcquireDevice } from "../link/direct-link";
import type { ShareDiscovery } from "../runtime/discovery-share";

/** Who holds the connection, in the log. */
const HOLDER = "the editor";

export interface EditorLeaseContext {
  readonly acquire: AcquireDevice;
  readonly share: ShareDiscovery;
  readonly logger: Logger;
}

/**
 * The editor's share in the connection to a device, which follows the device's announcements. A connection the flows have
 * is used as it is: what they disconnected is disconnected afterwards.
 */
export class EditorLease {
  readonly device: TuyaDevice;
  readonly #lease: DeviceLease;
  readonly #logger: Logger;
  readonly #endFollowing: () => void;
  readonly #isDisconnected: boolean;

  constructor(settings: DeviceSettings, { acquire, share, logger }: EditorLeaseContext) {
    this.#lease = acquire(settings, HOLDER, logger);
    this.#logger = logger;
    const { device, twins } = this.#lease;
    this.device = device;
    this.#isDisconnected = twins.length > 0 && device.state.kind === "idle";
    const announcements = share();
    const unfollow = announcements && follow(announcements.discovery, device);
    this.#endFollowing = () => {
      unfollow?.();
      announcements?.release();
    };
  }

  /** Resolves when the socket, where nobody else uses it, is gone; never rejects. To be called once. */
  async release(): Promise<void> {
    this.#endFollowing();
    if (this.#isDisconnected) this.device.disconnect();
    try {
      await this.#lease.release();
    } catch (error) {
      this.#logger.error(`A connection of the editor could not be closed: ${String(error)}`);
    }
  }
}
