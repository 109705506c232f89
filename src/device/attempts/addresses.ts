import type { HeardAnnouncement } from "../types";

/** How long an announced address is left alone, in milliseconds. */
export interface AddressRests {
  /** After each failure in a row; the last one repeats. */
  readonly stepsMs: readonly number[];
  /** After another device was met there, or the device was met elsewhere in spite of it. */
  readonly hopelessMs: number;
}

/** Places the device is said to be at that are kept: more than any device has, and few enough to try all. */
const MAX_RUMOURS = 8;
/** Silence after which a rumour counts as a new one, in milliseconds. */
const FORGET_MS = 60_000;
/** Attempts an open rumour is worth: a search for the version at two addresses takes fewer. */
const MAX_TRIES = 12;

/** What one sender says. It may be the device, a relay, or a liar: whoever it is, it gets one try at a time. */
interface Rumour {
  readonly sender: string;
  /** The address named when the rumour was opened; equals `sender` for a device that speaks for itself. */
  named: string;
  version: string | undefined;
  heardAt: number;
  /** To be tried: heard, and not found wrong since. */
  isOpen: boolean;
  openedAt: number;
  triedAt: number;
  /** Attempts since it was opened. */
  tries: number;
  /** The sender's address failed; the named one is next. */
  triedSender: boolean;
  failures: number;
  restsUntil: number;
}

/**
 * Where a device may be. Its id is its identity and an address only a hint. Two addresses are trusted: the configured one
 * and the one where it proved itself last. All others are rumours, for everybody can forge an announcement:
 *
 * - A rumour is tried as soon as it is heard, and left alone for a while, longer each time, when it was wrong.
 * - After every try of a rumour it is a trusted address's turn, so no number of rumours starves those.
 * - One sender has one rumour, whatever it says and however often.
 *
 * Pure; `now` is a steady clock in milliseconds.
 */
export class Addresses {
  readonly #configured: string;
  readonly #rests: AddressRests;
  #proven: string | undefined;
  #rumours: Rumour[] = [];
  /** Trusted addresses that failed since the last success or end of a round. */
  readonly #failed = new Set<string>();
  #lastWasRumour = false;

  /** @param configured "" = none: only announcements tell. */
  constructor(configured: string, rests: AddressRests) {
    this.#configured = configured;
    this.#rests = rests;
  }

  /** The address to try next; undefined when none is known. */
  get current(): string | undefined {
    const trusted = this.#trusted();
    const rumour = this.#nextRumour();
    if (rumour) {
      const ip = addressOf(rumour);
      if (trusted.includes(ip) || trusted.length === 0 || !this.#lastWasRumour) return ip;
    }
    const last = this.#rumoursBy((a, b) => b.heardAt - a.heardAt)[0];
    return trusted.find((ip) => !this.#failed.has(ip)) ?? trusted[0] ?? (last && addressOf(last));
  }

  /** Whether what happens at this address may be blamed on the device: the user named it, it was here, or all is hearsay. */
  isTrusted(ip: string): boolean {
    return this.#trusted().includes(ip) || this.#trusted().length === 0;
  }

  /** The version announced from this address, or by whoever speaks of it. */
  versionAt(ip: string): string | undefined {
    const own = this.#rumours.find(({ sender }) => ip === sender);
    return (own ?? this.#rumours.find(({ named }) => ip === named))?.version;
  }

  /** The device was announced. True when that opens a rumour: something is worth trying that was not. */
  announce({ ip, sender = ip, version }: HeardAnnouncement, now: number): boolean {
    const rumour = this.#rumours.find((known) => known.sender === sender) ?? this.#add(sender, ip);
    if (now - rumour.heardAt > FORGET_MS) {
      rumour.failures = 0;
      rumour.restsUntil = -Infinity;
      rumour.isOpen = false;
    }
    rumour.heardAt = now;
    rumour.version = version;
    const isStale = rumour.isOpen && now - rumour.openedAt > FORGET_MS;
    if ((rumour.isOpen && !isStale) || now < rumour.restsUntil) return false;
    // What it names stays as it is while it is tried: changing it all the time must not keep it open for ever.
    rumour.named = ip;
    rumour.isOpen = true;
    rumour.openedAt = now;
    rumour.tries = 0;
    rumour.triedSender = false;
    return true;
  }

  /** An attempt at this address begins. */
  tried(ip: string, now: number): void {
    const rumour = this.#nextRumour();
    const isRumour = rumour !== undefined && addressOf(rumour) === ip;
    this.#lastWasRumour = isRumour && !this.#trusted().includes(ip);
    if (!isRumour) return;
    rumour.triedAt = now;
    if (++rumour.tries >= MAX_TRIES) this.#rest(rumour, true, now);
  }

  /** An attempt failed. True when something is left to try in this round. */
  failed(ip: string, isHopeless: boolean, now: number): boolean {
    for (const rumour of this.#rumours.filter(({ isOpen }) => isOpen)) {
      if (addressOf(rumour) !== ip) continue;
      if (!rumour.triedSender && rumour.named !== rumour.sender) rumour.triedSender = true;
      else this.#rest(rumour, isHopeless, now);
    }
    const trusted = this.#trusted();
    if (trusted.includes(ip)) this.#failed.add(ip);
    const isLeft = this.hasRumour || trusted.some((address) => !this.#failed.has(address));
    if (!isLeft) this.#failed.clear();
    return isLeft;
  }

  /** Whether a rumour waits to be tried. */
  get hasRumour(): boolean {
    return this.#rumours.some(({ isOpen }) => isOpen);
  }

  /** The device proved itself at this address. */
  proved(ip: string): void {
    this.#proven = ip;
    this.#failed.clear();
    for (const rumour of this.#rumours) {
      if (ip !== rumour.sender && ip !== rumour.named) continue;
      rumour.failures = 0;
      rumour.isOpen = false;
    }
  }

  /** The device was at `ip` all the time; what was said of other places before `since` was wrong. */
  contradict(ip: string, since: number, now: number): void {
    for (const rumour of this.#rumours) {
      const isElsewhere = rumour.sender !== ip && rumour.named !== ip;
      if (rumour.isOpen && isElsewhere && rumour.openedAt < since) this.#rest(rumour, true, now);
    }
  }

  #trusted(): string[] {
    const known = [this.#proven ?? "", this.#configured];
    return [...new Set(known)].filter((ip) => ip !== "");
  }

  /** The open rumour whose last try is longest ago. */
  #nextRumour(): Rumour | undefined {
    return this.#rumoursBy((a, b) => a.triedAt - b.triedAt).find(({ isOpen }) => isOpen);
  }

  #rumoursBy(compare: (a: Rumour, b: Rumour) => number): Rumour[] {
    return [...this.#rumours].sort(compare);
  }

  #add(sender: string, named: string): Rumour {
    if (this.#rumours.length >= MAX_RUMOURS) {
      const [victim] = this.#rumoursBy(
        (a, b) => Number(a.isOpen) - Number(b.isOpen) || a.heardAt - b.heardAt,
      );
      this.#rumours = this.#rumours.filter((rumour) => rumour !== victim);
    }
    const rumour: Rumour = {
      sender,
      named,
      version: undefined,
      heardAt: -Infinity,
      isOpen: false,
      openedAt: -Infinity,
      triedAt: -Infinity,
      tries: 0,
      triedSender: false,
      failures: 0,
      restsUntil: -Infinity,
    };
    this.#rumours.push(rumour);
    return rumour;
  }

  #rest(rumour: Rumour, isHopeless: boolean, now: number): void {
    const { stepsMs, hopelessMs } = this.#rests;
    const step = Math.min(rumour.failures++, stepsMs.length - 1);
    rumour.restsUntil = now + (isHopeless ? hopelessMs : (stepsMs[step] ?? 0));
    rumour.isOpen = false;
    rumour.triedSender = false;
  }
}

/** Packets come from where a device really is, unless they were relayed; so that address is tried first. */
function addressOf({ sender, named, triedSender }: Rumour): string {
  return triedSender ? named : sender;
}
