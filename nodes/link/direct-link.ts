import type { DeviceLease } from "../../src/device/registry";
import { keptSettings } from "../../src/device/kept-settings";
import type { DeviceEvents, DeviceSettings, TuyaDevice } from "../../src/device/types";
import { Following } from "../../src/discovery/following";
import { TuyaError } from "../../src/errors";
import type { ListenerOf } from "../../src/listeners";
import type { Logger } from "../../src/logger";
import { DeviceLink, type LinkProfile } from "./device-link";
import type { DiscoveryShare, ShareDiscovery } from "../runtime/discovery-share";

/** See `acquireDevice` in `src/device/registry.ts`. */
export type AcquireDevice = (settings: DeviceSettings, holder: string, logger: Logger) => DeviceLease;

/** The names of settings in the panel of a device. */
const WORDS: { readonly [S in keyof DeviceSettings]?: string } = {
  localKey: "local key",
  ip: "address",
  refreshSeconds: "refresh interval",
  refreshDps: "data points to refresh",
  sleepy: "battery device",
  device22Dps: "Device22",
};

/** The link of a device with its own address and key. Follows its announcements if discovery is on. */
export class DirectLink extends DeviceLink {
  readonly #settings: DeviceSettings | TuyaError;
  readonly #acquire: AcquireDevice;
  readonly #logger: Logger;
  readonly #share: ShareDiscovery;
  readonly #listener: ListenerOf<DeviceEvents> = {
    state: this.enter.bind(this),
    report: this.emitReport.bind(this),
  };
  #lease: DeviceLease | undefined;
  #announcements: DiscoveryShare | undefined;
  #following: Following | undefined;
  /** Resolves when what was released is gone. */
  #released: Promise<void> | undefined;
  #warned = false;

  /** `settings` may be an error: then that is the state for ever. */
  constructor(
    profile: LinkProfile,
    settings: DeviceSettings | TuyaError,
    acquire: AcquireDevice,
    logger: Logger,
    share: ShareDiscovery = () => undefined,
  ) {
    super(profile, logger);
    this.#settings = settings instanceof Error ? settings : keptSettings(settings);
    this.#acquire = acquire;
    this.#logger = logger;
    this.#share = share;
  }

  get device(): TuyaDevice | undefined {
    return this.#lease?.device;
  }

  get settings(): DeviceSettings | undefined {
    return this.#settings instanceof Error ? undefined : this.#settings;
  }

  get lastSeen(): number | undefined {
    return this.device?.statistics().lastSeen;
  }

  get gateway(): undefined {
    return undefined;
  }

  protected open(): void {
    if (this.#lease) return;
    if (this.#settings instanceof Error) {
      this.enter({ kind: "notConfigured", error: this.#settings });
      return;
    }
    const share = this.#share();
    if (!share && this.#settings.ip === "") {
      this.enter({ kind: "notConfigured", error: this.#withoutAddress() });
      return;
    }
    const lease = this.#acquire(this.#settings, this.profile.name, this.#logger);
    this.#lease = lease;
    this.#warnOfTwins(lease);
    const { device } = lease;
    device.addListener(this.#listener);
    this.#announcements = share;
    this.#following = share && new Following(share.discovery, device);
    this.emitDevice(device);
    device.connect();
    this.enter(device.state);
  }

  protected release(): Promise<void> {
    const lease = this.#lease;
    if (lease) {
      this.#lease = undefined;
      lease.device.removeListener(this.#listener);
      this.#following?.end();
      this.#announcements?.release();
      this.#released = this.#giveBack(lease, this.#released);
      this.emitDevice(undefined);
    }
    this.enter({ kind: "idle" });
    return this.#released ?? Promise.resolve();
  }

  async #giveBack(lease: DeviceLease, earlier: Promise<void> | undefined): Promise<void> {
    try {
      await Promise.all([earlier, lease.release()]);
    } catch (error) {
      this.#logger.error(`The connection of ${this.profile.name} could not be closed: ${String(error)}`);
    }
  }

  #withoutAddress(): TuyaError {
    return new TuyaError(
      "NOT_CONFIGURED",
      `${this.profile.name} has no address, and discovery is switched off: see tuyaDeviceDiscovery in settings.js. Enter its address.`,
    );
  }

  #warnOfTwins({ twins, conflicts }: DeviceLease): void {
    const [twin] = twins;
    if (twin === undefined || this.#warned) return;
    this.#warned = true;
    const { name, deviceId } = this.profile;
    const settings =
      conflicts.length === 0
        ? ""
        : ` They differ in ${conflicts.map((setting) => WORDS[setting] ?? setting).join(", ")}; the settings of ${twin} count as long as it is in use.`;
    this.#logger.warn(
      `${name} and ${twins.join(", ")} are the same device (id ${deviceId}): they share one connection.${settings}`,
    );
  }
}
