import type { Announcement } from "../protocol/announcement";
import { announcedAddress } from "./announced-address";

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
 * Which devices were heard. Bounded however many ids are invented: who was here first keeps its place, and one sender
 * cannot take all of them. A flood therefore neither displaces a device nor makes it found and lost over and over.
 * Clock readings are steady ones (`performance.now()`): those of day jump when a small computer gets its time.
 */
export class HeardDevices {
  readonly #options: HeardDevicesOptions;
  /** In the order of the last sign of life: every note moves an entry to the end. */
  readonly #byId = new Map<string, Entry>();
  readonly #idsPerSender = new Map<string, number>();

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
  takeLost(now: number): HeardDevice[] {
    const lost: HeardDevice[] = [];
    for (const { device, heardAt, chargedTo } of this.#byId.values()) {
      if (now - heardAt < this.#options.lostAfterMs) break;
      lost.push(device);
      this.#byId.delete(device.id);
      this.#charge(chargedTo, -1);
    }
    return lost;
  }

  #admit(device: HeardDevice, now: number): Noted {
    const { capacity, perSender, isWatched } = this.#options;
    const { id, sender } = device;
    const hasRoom = this.#byId.size < capacity && (this.#idsPerSender.get(sender) ?? 0) < perSender;
    if (!hasRoom && !isWatched(id)) return { change: "crowded", device };
    // A first change is told at once, however soon it follows.
    this.#byId.set(id, { device, heardAt: now, told: device, toldAt: -Infinity, chargedTo: sender });
    this.#charge(sender, 1);
    return { change: "found", device };
  }

  #charge(sender: string, ids: 1 | -1): void {
    const count = (this.#idsPerSender.get(sender) ?? 0) + ids;
    if (count > 0) this.#idsPerSender.set(sender, count);
    else this.#idsPerSender.delete(sender);
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
