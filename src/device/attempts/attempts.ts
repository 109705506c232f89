import type { TuyaError } from "../../errors";
import { isLinkLocal } from "../../link-local";
import { isProtocolVersion, type ProtocolVersion } from "../../protocol/version";
import type { ConnectionEnd } from "../../session/connection/connection-end";
import { connectionError, isHopeless, type Subject } from "../../session/failure";
import type { Trust } from "../../session/proof/proof";
import type { Timings } from "../../session/timings";
import { DEFAULT_PORT } from "../../limits";
import type { DeviceSettings, HeardAnnouncement } from "../types";
import { Addresses } from "./addresses";
import { Backoff } from "./backoff";
import type { KnownDevices } from "./known-devices";
import { type Approach, VersionFinder } from "./version-finder";

/** One attempt to connect: where, and how. */
export interface Attempt extends Approach {
  readonly ip: string;
  /** How far the other end is trusted before it has proved the key. */
  readonly trust: Trust;
}

/** What follows from a failure. */
export interface Retry {
  /** The error to show; undefined if the one shown before still holds. */
  readonly error: TuyaError | undefined;
  /** Until the next attempt, in milliseconds. */
  readonly retryInMs: number;
}

/** For how many addresses, besides the one in use, it is remembered what attempts there found out. */
const MAX_FINDERS = 16;

export interface AttemptsOptions {
  readonly timings: Timings;
  /** 0 ≤ x < 1; varies the waits between attempts. */
  readonly random: () => number;
  /** A steady clock, in milliseconds; default: that of the process. */
  readonly now?: () => number;
  readonly known: KnownDevices;
}

/**
 * Where and how to reach a device next, and what a failure means. Opens no connection and sets no timer: the owner does.
 */
export class Attempts {
  readonly #settings: DeviceSettings;
  readonly #options: AttemptsOptions;
  readonly #now: () => number;
  readonly #addresses: Addresses;
  /** Made with the first failure. */
  #backoff: Backoff | undefined;
  /** What is known of the device, wherever it is. */
  #finder: VersionFinder;
  /**
   * What was found out at each address; it says nothing about another one. Exists from the first attempt until one
   * succeeds.
   */
  #finders: Map<string, VersionFinder> | undefined;
  #lastDoubt = -Infinity;

  constructor(settings: DeviceSettings, options: AttemptsOptions) {
    this.#settings = settings;
    this.#options = options;
    this.#now = options.now ?? steadyClock;
    const known = options.known.recall(settings.deviceId);
    const provenIp = known && this.#isTarget(known.ip) ? known.ip : undefined;
    this.#addresses = new Addresses(settings.ip, options.timings, provenIp);
    this.#finder = new VersionFinder(settings.version, known?.version);
  }

  /** The address to try next; undefined while none is known. */
  get ip(): string | undefined {
    return this.#addresses.current;
  }

  /** The next attempt; undefined while no address is known. */
  next(): Attempt | undefined {
    const ip = this.#addresses.current;
    if (ip === undefined) return undefined;
    const approach = this.#approach(ip);
    return { ip, ...approach, trust: this.#trust(ip, approach.version) };
  }

  /**
   * An attempt at another address while the device is connected at `at`; undefined if none would be better. What answers
   * there has to prove the key, at the configured address too: without proof it would be no better than the present
   * connection.
   *
   * @param done trusted addresses that were looked at already
   */
  elsewhere(at: string, isProven: boolean, done: ReadonlySet<string>): Attempt | undefined {
    const ip = this.#addresses.elsewhere(at, isProven, done);
    return ip === undefined ? undefined : { ip, ...this.#approach(ip), trust: "heard" };
  }

  /** An announcement was heard while the device is not connected. True if an attempt is to be made at once. */
  heard(announcement: HeardAnnouncement): boolean {
    const isNews = this.#announce(announcement, this.#now());
    if (isNews) this.#backoff?.reset();
    return isNews;
  }

  /**
   * An announcement was heard while the device is connected at `at`. True if the connection is to be asked for a sign of
   * life.
   */
  doubts(announcement: HeardAnnouncement, at: string): boolean {
    const now = this.#now();
    const { ip, sender = ip } = announcement;
    if (!this.#announce(announcement, now) || ip === at || sender === at) return false;
    if (now - this.#lastDoubt < this.#options.timings.probeTimeoutMs) return false;
    this.#lastDoubt = now;
    return true;
  }

  /** Begins with short waits again, and forgets what earlier failures were taken to mean. */
  restart(): void {
    this.#backoff?.reset();
    this.#finder = this.#finder.elsewhere();
    this.#finders?.forEach((finder, ip, finders) => finders.set(ip, finder.elsewhere()));
  }

  /** The attempt ended before the device answered. */
  failed(attempt: Attempt, end: ConnectionEnd): Retry {
    const { ip } = attempt;
    const marked = this.#marked(attempt, end);
    if (marked) return marked;
    const consequence = this.#finderAt(ip).failed(attempt, end, this.#subject(ip));
    if (consequence.type === "fail") return this.#turnAway(ip, consequence.error);
    const error = this.#addresses.isTrusted(ip) ? consequence.suspicion : undefined;
    return { error, retryInMs: this.#options.timings.pauseMs };
  }

  /** An attempt made by `elsewhere` failed. True if another one at the same address can find out more. */
  failedElsewhere(attempt: Attempt, end: ConnectionEnd): boolean {
    const { ip } = attempt;
    const marked = this.#marked(attempt, end);
    if (marked) return marked.error === undefined;
    const consequence = this.#finderAt(ip).failed(attempt, end, this.#subject(ip));
    if (consequence.type === "retry") return true;
    this.#addresses.failed(ip, isHopeless(consequence.error), this.#now());
    return false;
  }

  /**
   * The device answered. Returns a retry if the connection is not to be kept, because the device speaks another version
   * than the configured one.
   */
  answered({ ip, version }: Attempt): Retry | undefined {
    const error = this.#finderAt(ip).succeeded(version, this.#subject(ip));
    return error && this.#turnAway(ip, error);
  }

  /** All requests that need no proof were sent, and nothing has proved the key: the error to show, undefined if none. */
  listening({ ip }: Attempt): TuyaError | undefined {
    return this.#addresses.isTrusted(ip)
      ? connectionError({ reason: "unproven" }, this.#subject(ip))
      : undefined;
  }

  /** Something answers, and nothing has proved the key yet. */
  reached(): void {
    this.#addresses.reached();
  }

  /** The device proved the key at this address. */
  proved({ ip, version }: Attempt): void {
    this.#addresses.proved(ip);
    this.#finder = this.#finderAt(ip).elsewhere(version);
    this.#finders = undefined;
    this.#options.known.remember(this.#settings.deviceId, { ip, version });
  }

  /** A connection ended on which the device had been ready. */
  lost(attempt: Attempt, end: ConnectionEnd, livedMs: number, wasProven: boolean): Retry {
    const { ip } = attempt;
    const marked = this.#marked(attempt, end);
    if (marked) return marked;
    const { timings } = this.#options;
    const now = this.#now();
    if (livedMs >= timings.steadyAfterMs) this.#backoff?.reset();
    if (wasProven) this.#addresses.contradict(ip, now - 2 * timings.probeTimeoutMs, now);
    const retryInMs = this.#addresses.hasCandidate ? timings.pauseMs : this.#nextWait(false);
    return { error: connectionError(end, this.#subject(ip)), retryInMs };
  }

  /**
   * A frame that does not decrypt named another version: that one is tried next. Undefined if no frame did, or it is
   * ignored.
   */
  #marked({ ip, version }: Attempt, end: ConnectionEnd): Retry | undefined {
    if (end.reason !== "undecryptable" || !end.marker || end.marker === version) return undefined;
    const error = this.#finderAt(ip).marked(end.marker, this.#subject(ip));
    if (error === "ignored") return undefined;
    return error ? this.#turnAway(ip, error) : { error: undefined, retryInMs: this.#options.timings.pauseMs };
  }

  /** Goes on to the next address, if there is one. Failures at an address that was only announced are not shown. */
  #turnAway(ip: string, error: TuyaError): Retry {
    const isTrusted = this.#addresses.isTrusted(ip);
    const isLeft = this.#addresses.failed(ip, isHopeless(error), this.#now());
    return {
      error: isTrusted ? error : undefined,
      retryInMs: isLeft ? this.#options.timings.pauseMs : this.#nextWait(isTrusted && isHopeless(error)),
    };
  }

  #nextWait(isHopeless: boolean): number {
    const { timings, random } = this.#options;
    this.#backoff ??= new Backoff(timings, random);
    return this.#backoff.next(isHopeless);
  }

  /** True if there is something new to try. */
  #announce({ ip: named, sender = named, version }: HeardAnnouncement, now: number): boolean {
    // It may be allowed to connect to one of the two and not to the other.
    const [ip, from = ip] = [named, sender].filter((address) => this.#isTarget(address));
    return ip !== undefined && this.#addresses.announce({ ip, sender: from, version }, now);
  }

  /**
   * A link-local address is used only if it is configured: an announcement, which anybody can forge, must not lead there.
   */
  #isTarget(address: string): boolean {
    return !isLinkLocal(address) || address === this.#settings.ip;
  }

  #trust(ip: string, version: ProtocolVersion): Trust {
    if (ip !== this.#settings.ip) return "heard";
    return version === this.#settings.version ? "pinned" : "configured";
  }

  /** How to try an address now. */
  #approach(ip: string): Approach {
    this.#addresses.tried(ip, this.#now());
    const finder = this.#finderAt(ip);
    const announced = this.#addresses.versionAt(ip);
    if (isProtocolVersion(announced)) finder.announced(announced);
    return finder.next();
  }

  #finderAt(ip: string): VersionFinder {
    const finders = (this.#finders ??= new Map<string, VersionFinder>());
    const known = finders.get(ip);
    if (known) return known;
    const finder = this.#finder.elsewhere();
    finders.set(ip, finder);
    const [oldest = ip] = finders.keys();
    if (finders.size > MAX_FINDERS) finders.delete(oldest);
    return finder;
  }

  #subject(ip: string): Subject {
    const { name, deviceId, port = DEFAULT_PORT } = this.#settings;
    return { name: name || deviceId, ip, port };
  }
}

function steadyClock(): number {
  return performance.now();
}
