import type { TuyaError } from "../../errors";
import { dialectOf, isProtocolVersion, type ProtocolVersion } from "../../protocol/version";
import { Addresses } from "./addresses";
import { Backoff } from "./backoff";
import { type Approach, VersionFinder } from "./version-finder";
import { connectionError, isHopeless, type Subject, verdictError } from "../../session/failure";
import type { Timings } from "../../session/timings";
import { DEFAULT_PORT, type DeviceSettings, type HeardAnnouncement } from "../types";
import type { ConnectionEnd } from "../../session/connection-end";

/** One attempt: where, and how. */
export interface Attempt extends Approach {
  readonly ip: string;
}

/** What follows from a failure. */
export interface Retry {
  /** What to tell; undefined where nothing is known that has not been told. */
  readonly error: TuyaError | undefined;
  /** Until the next attempt, in milliseconds. */
  readonly retryInMs: number;
}

/** Approaches to addresses that are remembered, besides the one in use. */
const MAX_CONTACTS = 16;

export interface PursuitOptions {
  readonly timings: Timings;
  /** 0 ≤ x < 1. */
  readonly random: () => number;
  /** A steady clock, in milliseconds. */
  readonly now: () => number;
}

/** What an answer says of who gave it. */
export interface AnswerProof {
  readonly keyProven: boolean;
  readonly namesDevice: boolean;
}

/** Where and how to reach a device next, and what a failure means. Pure: attempts and timers are the owner's. */
export class Attempts {
  readonly #settings: DeviceSettings;
  readonly #options: PursuitOptions;
  readonly #addresses: Addresses;
  readonly #backoff: Backoff;
  /** What is known of the device, wherever it is. */
  #contact: VersionFinder;
  /** What was found out about one address says nothing of another. */
  readonly #contacts = new Map<string, VersionFinder>();
  #lastDoubt = -Infinity;

  constructor(settings: DeviceSettings, options: PursuitOptions) {
    this.#settings = settings;
    this.#options = options;
    const { backoffMs, hopelessBackoffMs } = options.timings;
    this.#addresses = new Addresses(settings.ip, { stepsMs: backoffMs, hopelessMs: hopelessBackoffMs });
    this.#contact = new VersionFinder(settings.version);
    this.#backoff = new Backoff({
      stepsMs: backoffMs,
      hopelessMs: hopelessBackoffMs,
      random: options.random,
    });
  }

  /** The address to try next; undefined while none is known. */
  get ip(): string | undefined {
    return this.#addresses.current;
  }

  /** The next attempt; undefined while no address is known. */
  next(): Attempt | undefined {
    const ip = this.#addresses.current;
    if (ip === undefined) return undefined;
    this.#addresses.tried(ip, this.#options.now());
    const contact = this.#contactAt(ip);
    const version = this.#addresses.versionAt(ip);
    if (isProtocolVersion(version)) contact.announced(version);
    return { ip, ...contact.next() };
  }

  /** An announcement was heard. True when that is worth an attempt at once. */
  heard(announcement: HeardAnnouncement): boolean {
    const isNews = this.#addresses.announce(announcement, this.#options.now());
    if (isNews) this.#backoff.reset();
    return isNews;
  }

  /** The same while the device is connected at `at`. True when the connection is to be asked for a sign of life. */
  doubts(announcement: HeardAnnouncement, at: string): boolean {
    const now = this.#options.now();
    const { ip, sender = ip } = announcement;
    if (!this.#addresses.announce(announcement, now) || ip === at || sender === at) return false;
    if (now - this.#lastDoubt < this.#options.timings.probeTimeoutMs) return false;
    this.#lastDoubt = now;
    return true;
  }

  /** Begins with short waits again, and to find out anew what a failure means. */
  restart(): void {
    this.#backoff.reset();
    this.#contact = this.#contact.elsewhere();
    this.#contacts.clear();
  }

  /** The attempt ended before the device proved itself. */
  failed(plan: Attempt, end: ConnectionEnd): Retry {
    const marked = this.#marked(plan, end);
    if (marked) return marked;
    const isTrusted = this.#addresses.isTrusted(plan.ip);
    const consequence = this.#contactAt(plan.ip).failed(plan, end, this.#subject(plan.ip));
    if (consequence.type === "retry") {
      const error = isTrusted ? consequence.suspicion : undefined;
      return { error, retryInMs: this.#options.timings.pauseMs };
    }
    return this.#turnAway(plan.ip, consequence.error);
  }

  /** The device answered. An error when it is not to be kept: it speaks another version than configured. */
  answered({ ip, version }: Attempt): Retry | undefined {
    const contact = this.#contactAt(ip);
    const error = contact.succeeded(version, this.#subject(ip));
    if (error) return this.#turnAway(ip, error);
    return undefined;
  }

  /**
   * Whether an answer is enough to take this address for the device's. Where the address is only hearsay, it has to prove
   * the key. Answers of 3.1 and 3.2 devices cannot, so theirs have to name the device, and the device must not be one that
   * is known to give proof: a liar would choose the version that needs none.
   */
  isEnough({ ip, version }: Attempt, { keyProven, namesDevice }: AnswerProof): boolean {
    if (keyProven || this.#addresses.isTrusted(ip)) return true;
    return namesDevice && !givesProof(version) && !givesProof(this.#contact.measured);
  }

  /** Whoever answered did not prove to be the device. */
  unproven({ ip }: Attempt): Retry {
    return this.#turnAway(ip, verdictError({ verdict: "key-or-version" }, this.#subject(ip).name));
  }

  /** The device proved itself at this address. */
  proved({ ip }: Attempt): void {
    this.#addresses.proved(ip);
    this.#contact = this.#contactAt(ip);
    this.#contacts.clear();
  }

  /** A proven connection ended. */
  lost(plan: Attempt, end: ConnectionEnd, livedMs: number): Retry {
    const marked = this.#marked(plan, end);
    if (marked) return marked;
    const { timings, now } = this.#options;
    if (livedMs >= timings.steadyAfterMs) this.#backoff.reset();
    this.#addresses.contradict(plan.ip, now() - 2 * timings.probeTimeoutMs, now());
    const retryInMs = this.#addresses.hasCandidate ? timings.pauseMs : this.#backoff.next(false);
    return { error: connectionError(end, this.#subject(plan.ip)), retryInMs };
  }

  /** A frame that does not decrypt but names another version: then that is what the device speaks. */
  #marked({ ip, version }: Attempt, end: ConnectionEnd): Retry | undefined {
    if (end.reason !== "undecryptable" || !end.marker || end.marker === version) return undefined;
    const error = this.#contactAt(ip).marked(end.marker, this.#subject(ip));
    return error ? this.#turnAway(ip, error) : { error: undefined, retryInMs: this.#options.timings.pauseMs };
  }

  /** Another address, if there is one, has its turn. Failures at an address that is only hearsay are nobody's news. */
  #turnAway(ip: string, error: TuyaError): Retry {
    const isTrusted = this.#addresses.isTrusted(ip);
    const isLeft = this.#addresses.failed(ip, isHopeless(error), this.#options.now());
    return {
      error: isTrusted ? error : undefined,
      retryInMs: isLeft ? this.#options.timings.pauseMs : this.#backoff.next(isTrusted && isHopeless(error)),
    };
  }

  #contactAt(ip: string): VersionFinder {
    const known = this.#contacts.get(ip);
    if (known) return known;
    const contact = this.#contact.elsewhere();
    this.#contacts.set(ip, contact);
    const [oldest = ip] = this.#contacts.keys();
    if (this.#contacts.size > MAX_CONTACTS) this.#contacts.delete(oldest);
    return contact;
  }

  #subject(ip: string): Subject {
    const { name, deviceId, port = DEFAULT_PORT } = this.#settings;
    return { name: name || deviceId, ip, port };
  }
}

/** Whether whoever answers in this version must know the key. */
function givesProof(version: ProtocolVersion | undefined): boolean {
  return version !== undefined && dialectOf(version).encrypts === "all";
}
