import type { Announcement } from "../protocol/announcement";
import { announcedAddress } from "./local-address";

/** A device as it was heard. Everybody can forge announcements: a hint, never a proof. */
export interface HeardDevice {
  readonly id: string;
  /** The address the device names; that of its packets where the named one cannot be a device's. */
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

/** What an announcement says that was not known. "crowded": it is not kept, for there are too many ids. */
export type HeardChange = "found" | "changed" | "same" | "crowded";

export interface Noted {
  readonly change: HeardChange;
  readonly device: HeardDevice;
  /** What had to give way to it. */
  readonly displaced?: HeardDevice | undefined;
}

export interface HeardDevicesOptions {
  /** Ids kept at the same time, watched ones not counted. */
  readonly capacity: number;
  /** Ids of one sender kept at the same time. A relay, or NAT, makes many devices one sender. */
  readonly perSender: number;
  /** A device not heard for this long is lost, in milliseconds. */
  readonly lostAfterMs: number;
  /** A device that contradicts itself, or is forged, is "changed" no more often than this, in milliseconds. */
  readonly changeEveryMs: number;
  /** Ids somebody waits for: they are always kept. */
  readonly isWatched: (id: string) => boolean;
}

interface Entry {
  readonly device: HeardDevice;
  readonly heardAt: number;
  /** What was last told of it, and when. */
  readonly told: HeardDevice;
  readonly toldAt: number;
  /** Whose share of ids it counts against. */
  readonly chargedTo: string;
}

/**
 * Which devices were heard. Bounded however many ids are invented: where there is no room, an id of a sender with few
 * takes the place of one of the sender with most, and else is not kept. So those who invent ids displace each other, not
 * devices, and nothing is found and lost over and over.
 * Clock readings are steady ones (`performance.now()`): those of day jump when a small computer gets its time.
 */
export class HeardDevices {
  readonly #options: HeardDevicesOptions;
  /** In the order of the last sign of life: every note moves an entry to the end. */
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

  /** Oldest sign of life first. */
  all(): HeardDevice[] {
    return Array.from(this.#byId.values(), ({ device }) => device);
  }

  /** Takes an announcement over. */
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
    // A first change is told at once, however soon it follows.
    this.#byId.set(id, { device, heardAt: now, told: device, toldAt: -Infinity, chargedTo: sender });
    this.#idsBySender.set(sender, (this.#idsBySender.get(sender) ?? new Set()).add(id));
    return { change: "found", device, displaced };
  }

  /** The newest device of the sender with most ids, if a sender with so many is better entitled to its place. */
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
    paired: active === undefined || active === 2,
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
