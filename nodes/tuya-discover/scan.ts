import type { HeardDevice } from "../../src/discovery/heard-devices";
import type { DiscoveryShare } from "../runtime/discovery-share";
import { listedDevice, listedDevices } from "./listed-device";
import type { ListedDevice } from "../contract/devices";

/** What happened to a device of a scan. */
export type ScanEvent = "found" | "changed" | "lost";

export interface ScanOptions {
  readonly share: DiscoveryShare;
  /** Whether configured devices count, too. */
  readonly includesKnown: boolean;
  /** A device was found, has changed, or was lost. */
  readonly tell: (event: ScanEvent, device: ListedDevice) => void;
}

const EVENTS: readonly ScanEvent[] = ["found", "changed", "lost"];

/**
 * Looks for devices from `start` to `end`, with discovery requests. Devices heard before count as found at once, because
 * a device whose places are all taken does not announce itself.
 */
export class Scan {
  readonly #options: ScanOptions;
  readonly #ids = new Set<string>();
  #removers: (() => void)[] = [];

  constructor(options: ScanOptions) {
    this.#options = options;
  }

  /** Devices heard and not lost. */
  get devices(): ListedDevice[] {
    return listedDevices(this.#options.share.discovery).filter((device) => this.#counts(device));
  }

  /** How many devices were found and not lost. */
  get count(): number {
    return this.#ids.size;
  }

  start(): void {
    const { share } = this.#options;
    const { discovery } = share;
    for (const device of this.devices) this.#tell("found", device);
    const removers = EVENTS.map((event) =>
      discovery.on(event, (heard: HeardDevice) => {
        const device = listedDevice(heard);
        if (this.#counts(device)) this.#tell(event, device);
      }),
    );
    this.#removers = [...removers, discovery.seek(), () => share.release()];
  }

  /** Ends the scan. May be called again. */
  end(): void {
    for (const remove of this.#removers) remove();
    this.#removers = [];
  }

  #tell(event: ScanEvent, device: ListedDevice): void {
    if (event === "lost") this.#ids.delete(device.id);
    else this.#ids.add(device.id);
    this.#options.tell(event, device);
  }

  #counts({ configured }: ListedDevice): boolean {
    return this.#options.includesKnown || !configured;
  }
}
