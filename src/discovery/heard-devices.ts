import type { Announcement } from "../protocol/announcement";
import { announcedAddress } from "./local-address";

/** A device as it was heard. Only a hint: everybody can forge announcements. The object never changes. */
export interface HeardDevice {
  readonly id: string;
  /** The address the device names; that of its packets if the named one cannot be the address of a device. */
  readonly ip: string;
  /** The address its packets come from. Differs with NAT, relays and forgeries. */
  readonly sender: string;
  /** The protocol version as announced; may be one this package does not know. Undefined if not announced. */
  readonly version: string | undefined;
  /** Identifies the product at Tuya; undefined if not announced. */
  readonly productKey: string | undefined;
  /** Whether it says that it encrypts on the LAN; undefined if it does not say. */
  readonly encrypted: boolean | undefined;
  /** Whether it is paired with an account. A device that does not say counts as paired. */
  readonly paired: boolean;
  /** When it was first heard, in milliseconds since 1970. */
  readonly firstSeen: number;
  /** When it was last heard, in milliseconds since 1970. */
  readonly lastSeen: number;
}

/** What is new in an announcement. "crowded": it is not kept, because there are too many ids. */
export type HeardChange = "found" | "changed" | "same" | "crowded";

/** What an announcement changed. */
export interface Noted {
  readonly change: HeardChange;
  readonly device: HeardDevice;
  /** The device that was dropped to make room for it; undefined if there was room. */
  readonly displaced?: HeardDevice | undefined;
}

/** The limits of `HeardDevices`. */
export interface HeardDevicesOptions {
  /** How many ids are kept at the same time, without the watched ones. */
  readonly capacity: number;
  /** How many ids of one sender are kept at the same time. Behind a relay, or NAT, many devices have one sender. */
  readonly perSender: number;
  /** A device not heard for this long is lost, in milliseconds. */
  readonly lostAfterMs: number;
  /** The shortest time between two "changed" of one device, in milliseconds: a forged device may change all the time. */
  readonly changeEveryMs: number;
  /** Whether an id is watched: such ids are always kept. */
  readonly isWatched: (id: string) => boolean;
}

interface Entry {
  readonly device: HeardDevice;
  readonly heardAt: number;
  /** The state in the last "found" or "changed", and when that was. */
  readonly told: HeardDevice;
  readonly toldAt: number;
  /** The sender whose share of ids it counts against. */
  readonly chargedTo: string;
}

/**
 * The devices heard. Bounded, however many ids are invented: if there is no room, a new id takes the place of an id of
 * the sender with most ids, if its own sender has fewer; otherwise it is not kept. So senders that invent ids displace
 * their own ids, not real devices, and devices are not found and lost over and over. `now` is `performance.now()`,
 * because the time of day jumps when a small computer gets its time from the network.
 */
export class HeardDevices {
  readonly #options: HeardDevicesOptions;
  /** In the order of the last sign of life: `note` moves an entry to the end. */
  readonly #byId = new Map<string, Entry>();
  readonly #idsBySender = new Map<string, Set<string>>();

  constructor(options: HeardDevicesOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#byId.size;
  }

  get(id: string): HeardDevice | undefined {
    return this.#byId.get(id)?.device;
  }

  /** The oldest sign of life first. */
  all(): HeardDevice[] {
    return Array.from(this.#byId.values(), ({ device }) => device);
  }

  /** Notes an announcement. Returns what is new in it. */
  note(announcement: Announcement, sender: string, now: number): Noted {
    const { id } = announcement;
    const known = this.#byId.get(id);
    const device = describe(announcement, sender, known?.device);
    if (!known) return this.#admit(device, now);
    const isNews = !isSame(known.told, device);
    const isTold = isNews && now - known.toldAt >= this.#options.changeEveryMs;
    this.#byId.delete(id);
    this.#byId.set(id, {
      ...known,
      device,
      heardAt: now,
      ...(isTold && { told: device, toldAt: now }),
    });
    return { change: isTold ? "changed" : "same", device };
  }

  /** Removes and returns the devices not heard for too long. */
  removeLost(now: number): HeardDevice[] {
    const lost: HeardDevice[] = [];
    for (const { device, heardAt } of this.#byId.values()) {
      if (now - heardAt < this.#options.lostAfterMs) break;
      lost.push(device);
    }
    for (const { id } of lost) this.#remove(id);
    return lost;
  }

  #admit(device: HeardDevice, now: number): Noted {
    const { capacity, perSender, isWatched } = this.#options;
    const { id, sender } = device;
    const share = this.#idsBySender.get(sender)?.size ?? 0;
    let displaced: HeardDevice | undefined;
    if (!isWatched(id) && (share >= perSender || this.#byId.size >= capacity)) {
      displaced = share < perSender ? this.#displaceable(share) : undefined;
      if (!displaced) return { change: "crowded", device };
      this.#remove(displaced.id);
    }
    // The first change after "found" is told at once.
    this.#byId.set(id, { device, heardAt: now, told: device, toldAt: -Infinity, chargedTo: sender });
    this.#idsBySender.set(sender, (this.#idsBySender.get(sender) ?? new Set()).add(id));
    return { change: "found", device, displaced };
  }

  /**
   * The device to drop for one of a sender that has `share` ids: the newest of the sender with most ids. Undefined if no
   * sender has clearly more.
   */
  #displaceable(share: number): HeardDevice | undefined {
    let most: ReadonlySet<string> = new Set();
    for (const ids of this.#idsBySender.values()) if (ids.size > most.size) most = ids;
    if (most.size <= share + 1) return undefined;
    const newest = [...most].reverse().find((id) => !this.#options.isWatched(id));
    return newest === undefined ? undefined : this.get(newest);
  }

  #remove(id: string): void {
    const { chargedTo = "" } = this.#byId.get(id) ?? {};
    this.#byId.delete(id);
    const ids = this.#idsBySender.get(chargedTo);
    ids?.delete(id);
    if (ids?.size === 0) this.#idsBySender.delete(chargedTo);
  }
}

/** The value of `active` of a device that is paired. */
const PAIRED = 2;

function describe(announcement: Announcement, sender: string, known: HeardDevice | undefined): HeardDevice {
  const { id, ip, version, productKey, encrypted, active } = announcement;
  const now = Date.now();
  return {
    id,
    ip: announcedAddress(ip, sender),
    sender,
    version,
    productKey,
    encrypted,
    paired: active === undefined || active === PAIRED,
    firstSeen: known?.firstSeen ?? now,
    lastSeen: now,
  };
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
