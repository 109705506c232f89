import { NONE } from "../../none";
import type { HeardAnnouncement } from "../types";
import type { Waits } from "./backoff";

/** How many candidates are kept: more than any device has addresses, and few enough to try them all. */
const MAX_CANDIDATES = 8;
/** A candidate not announced for so long counts as a new one when it is announced again. In milliseconds. */
const FORGET_MS = 60_000;
/** Attempts at one open candidate, at most. A search for the version at both of its addresses needs fewer. */
const MAX_TRIES = 12;

/** What one sender of announcements claims. It may be the device, a relay, or a forger. One candidate per sender. */
interface Candidate {
  readonly sender: string;
  /** The address named when the candidate was opened; equals `sender` for a device that speaks for itself. */
  named: string;
  version: string | undefined;
  heardAt: number;
  /** Whether it is to be tried: it was announced, and has not failed since. */
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
 * and the one where it proved itself last. All others are candidates, because everybody can forge an announcement:
 *
 * - A candidate is tried as soon as it is heard. When it failed it is left alone for a while, longer after each failure.
 * - After each try of a candidate a trusted address is tried, so that many candidates cannot keep those from their turn.
 * - One sender makes one candidate only, whatever it announces and however often.
 *
 * No timers and no clock of its own: `now` is a time in milliseconds by a clock that never runs backwards.
 */
export class Addresses {
  readonly #configured: string;
  readonly #rests: Waits;
  #proven: string | undefined;
  #candidates: readonly Candidate[] = NONE;
  /** Trusted addresses (two at most) that failed since the last success, or since all of them had failed. */
  #failed: readonly string[] = NONE;
  #lastWasCandidate = false;

  /**
   * @param configured the configured address; "" = there is none, the device is found by its announcements
   * @param rests for how long an announced address is left alone: after each failure in a row, and after it turned out to
   * be wrong (another device was there, or the device itself was elsewhere)
   * @param proven where the device proved its key last, if that is remembered
   */
  constructor(configured: string, rests: Waits, proven?: string) {
    this.#configured = configured;
    this.#rests = rests;
    this.#proven = proven;
  }

  /** The address to try next; undefined when none is known. */
  get current(): string | undefined {
    const trusted = this.#trusted();
    const candidate = this.#nextCandidate();
    if (candidate) {
      const ip = addressOf(candidate);
      if (trusted.includes(ip) || trusted.length === 0 || !this.#lastWasCandidate) return ip;
    }
    const last = this.#candidatesBy((a, b) => b.heardAt - a.heardAt)[0];
    return trusted.find((ip) => !this.#failed.includes(ip)) ?? trusted[0] ?? (last && addressOf(last));
  }

  /**
   * Whether a failure at this address is shown to the user as a failure of the device: the address is configured, the
   * device proved its key there, or no trusted address is known.
   */
  isTrusted(ip: string): boolean {
    return this.#trusted().includes(ip) || this.#trusted().length === 0;
  }

  /**
   * Another address to look at while the device is connected at `at`; undefined if none would be better. An address where
   * the key was proved is better than one where it was not; the configured one is better than an announced one.
   *
   * @param done trusted addresses that were looked at already
   */
  elsewhere(at: string, isProven: boolean, done: ReadonlySet<string>): string | undefined {
    if (isProven) {
      const home = this.#configured;
      return home !== "" && home !== at && !done.has(home) ? home : undefined;
    }
    const candidates = this.#candidatesBy((a, b) => a.triedAt - b.triedAt).filter(({ isOpen }) => isOpen);
    return (
      candidates.map(addressOf).find((ip) => ip !== at) ??
      this.#trusted().find((ip) => ip !== at && !done.has(ip))
    );
  }

  /** The version in announcements that came from this address, otherwise in those that name it. */
  versionAt(ip: string): string | undefined {
    const own = this.#candidates.find(({ sender }) => ip === sender);
    return (own ?? this.#candidates.find(({ named }) => ip === named))?.version;
  }

  /** The device was announced. True if that opens a candidate, so that there is something new to try. */
  announce({ ip, sender = ip, version }: HeardAnnouncement, now: number): boolean {
    const candidate = this.#candidates.find((known) => known.sender === sender) ?? this.#add(sender, ip);
    if (now - candidate.heardAt > FORGET_MS) {
      candidate.failures = 0;
      candidate.restsUntil = -Infinity;
    }
    candidate.heardAt = now;
    candidate.version = version;
    const isPending = candidate.isOpen && now - candidate.openedAt <= FORGET_MS;
    if (isPending || now < candidate.restsUntil) return false;
    // The named address stays as it is during the try: otherwise a sender that changes it all the time would never be
    // finished with.
    candidate.named = ip;
    candidate.isOpen = true;
    candidate.openedAt = now;
    candidate.tries = 0;
    candidate.triedSender = false;
    return true;
  }

  /** An attempt at this address begins. */
  tried(ip: string, now: number): void {
    const candidate = this.#candidatesBy((a, b) => a.triedAt - b.triedAt).find(
      (each) => each.isOpen && addressOf(each) === ip,
    );
    this.#lastWasCandidate = !this.#trusted().includes(ip);
    if (!candidate) return;
    candidate.triedAt = now;
    if (++candidate.tries >= MAX_TRIES) this.#rest(candidate, true, now);
  }

  /** An attempt failed. True when something is left to try in this round. */
  failed(ip: string, isHopeless: boolean, now: number): boolean {
    for (const candidate of this.#candidates.filter(({ isOpen }) => isOpen)) {
      if (addressOf(candidate) !== ip) continue;
      if (!candidate.triedSender && candidate.named !== candidate.sender) candidate.triedSender = true;
      else this.#rest(candidate, isHopeless, now);
    }
    const trusted = this.#trusted();
    const failed = trusted.filter((address) => address === ip || this.#failed.includes(address));
    const isLeft = this.hasCandidate || failed.length < trusted.length;
    this.#failed = isLeft ? failed : NONE;
    return isLeft;
  }

  /** Whether a candidate waits to be tried. */
  get hasCandidate(): boolean {
    return this.#candidates.some(({ isOpen }) => isOpen);
  }

  /** Something answers at the configured address. That need not be the device. */
  reached(): void {
    this.#failed = NONE;
  }

  /** The device proved itself at this address. */
  proved(ip: string): void {
    this.#proven = ip;
    this.#failed = NONE;
    for (const candidate of this.#candidates) {
      if (ip !== candidate.sender && ip !== candidate.named) continue;
      candidate.failures = 0;
      candidate.isOpen = false;
    }
  }

  /** The device was at `ip` all the time: candidates with another address, heard before `since`, were wrong. */
  contradict(ip: string, since: number, now: number): void {
    for (const candidate of this.#candidates) {
      const isElsewhere = candidate.sender !== ip && candidate.named !== ip;
      if (candidate.isOpen && isElsewhere && candidate.openedAt < since) this.#rest(candidate, true, now);
    }
  }

  #trusted(): string[] {
    const known = [this.#proven ?? "", this.#configured];
    return [...new Set(known)].filter((ip) => ip !== "");
  }

  /** The open candidate whose last try is longest ago. */
  #nextCandidate(): Candidate | undefined {
    return this.#candidatesBy((a, b) => a.triedAt - b.triedAt).find(({ isOpen }) => isOpen);
  }

  #candidatesBy(compare: (a: Candidate, b: Candidate) => number): Candidate[] {
    return [...this.#candidates].sort(compare);
  }

  #add(sender: string, named: string): Candidate {
    if (this.#candidates.length >= MAX_CANDIDATES) {
      const [victim] = this.#candidatesBy(
        (a, b) => Number(a.isOpen) - Number(b.isOpen) || a.heardAt - b.heardAt,
      );
      this.#candidates = this.#candidates.filter((candidate) => candidate !== victim);
    }
    const candidate: Candidate = {
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
    this.#candidates = [...this.#candidates, candidate];
    return candidate;
  }

  #rest(candidate: Candidate, isHopeless: boolean, now: number): void {
    const { backoffMs, hopelessBackoffMs } = this.#rests;
    const step = Math.min(candidate.failures++, backoffMs.length - 1);
    candidate.restsUntil = now + (isHopeless ? hopelessBackoffMs : (backoffMs[step] ?? 0));
    candidate.isOpen = false;
    candidate.triedSender = false;
  }
}

/** Packets come from where a device really is, unless they were relayed; so that address is tried first. */
function addressOf({ sender, named, triedSender }: Candidate): string {
  return triedSender ? named : sender;
}
