import type { Announcement } from "../protocol/announcement";

/** A device as it was heard. Everybody can forge announcements: a hint, never a proof. */
export interface HeardDevice {
  readonly id: string;
  /** The address the device names. */
  readonly ip: string;
  /** The address its packets come from; differs behind NAT, relays and forgeries. */
  readonly sender: string;
  /** As announced; not necessarily a version this package knows. */
  readonly version: string | undefined;
  readonly productKey: string | undefined;
  /** Whether it encrypts on the LAN. */
  readonly encrypted: boolean | undefined;
  /** Whether it is paired with an account. */
  readonly paired: boolean;
  /** Milliseconds since 1970. */
  readonly firstSeen: number;
  readonly lastSeen: number;
}

export type HeardChange = "found" | "changed" | "same";

export interface HeardDevicesOptions {
  /** More ids than this are not kept; the one heard longest ago gives way. */
  readonly capacity: number;
  /** A device not heard for this long is lost, in milliseconds. */
  readonly lostAfterMs: number;
}

/** Which devices were heard, bounded however many ids are invented. Oldest sign of life first. */
export class HeardDevices {
  readonly #options: HeardDevicesOptions;
  /** In the order of the last sign of life: every note moves an entry to the end. */
  readonly #byId = new Map<string, HeardDevice>();

  constructor(options: HeardDevicesOptions) {
    this.#options = options;
  }

  get(id: string): HeardDevice | undefined {
    return this.#byId.get(id);
  }

  all(): HeardDevice[] {
    return [...this.#byId.values()];
  }

  /** Takes an announcement over. */
  note(
    announcement: Announcement,
    sender: string,
    now: number,
  ): { readonly change: HeardChange; readonly device: HeardDevice } {
    const { id, ip, version, productKey, encrypted, active } = announcement;
    const known = this.#byId.get(id);
    const firstSeen = known?.firstSeen ?? now;
    const paired = active === undefined || active === 2;
    const device = { id, ip, sender, version, productKey, encrypted, paired, firstSeen, lastSeen: now };
    this.#byId.delete(id);
    this.#byId.set(id, device);
    if (!known) {
      this.#makeRoom();
      return { change: "found", device };
    }
    return { change: isSame(known, device) ? "same" : "changed", device };
  }

  /** Removes and returns the devices not heard for too long. */
  takeLost(now: number): HeardDevice[] {
    const lost: HeardDevice[] = [];
    for (const device of this.#byId.values()) {
      if (now - device.lastSeen < this.#options.lostAfterMs) break;
      lost.push(device);
    }
    for (const { id } of lost) this.#byId.delete(id);
    return lost;
  }

  #makeRoom(): void {
    if (this.#byId.size <= this.#options.capacity) return;
    const [oldest] = this.#byId.keys();
    if (oldest !== undefined) this.#byId.delete(oldest);
  }
}

function isSame(a: HeardDevice, b: HeardDevice): boolean {
  return (
    a.ip === b.ip &&
    a.sender === b.sender &&
    a.version === b.version &&
    a.productKey === b.productKey &&
    a.encrypted === b.encrypted &&
    a.paired === b.paired
  );
}
