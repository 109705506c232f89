import type { TuyaError } from "../errors";
import { isProtocolVersion } from "../protocol/version";
import { Addresses } from "./addresses";
import { Backoff } from "./backoff";
import type { ConnectionEnd } from "./connection";
import { type Approach, Contact } from "./contact";
import { connectionError, isHopeless, type Subject } from "./failure";
import type { Timings } from "./timings";
import type { DeviceSettings, HeardAnnouncement } from "./types";

export const DEFAULT_PORT = 6668;

/** One attempt: where, and how. */
export interface Plan extends Approach {
  readonly ip: string;
}

/** What follows from a failure. */
export interface Setback {
  /** What to tell; undefined where nothing is known that has not been told. */
  readonly error: TuyaError | undefined;
  /** Until the next attempt, in milliseconds. */
  readonly retryInMs: number;
}

/** Where and how to reach a device next, and what a failure means. Pure: attempts and timers are the owner's. */
export class Pursuit {
  readonly #settings: DeviceSettings;
  readonly #timings: Timings;
  readonly #addresses: Addresses;
  readonly #backoff: Backoff;
  #contact: Contact;
  #ip: string | undefined;

  constructor(settings: DeviceSettings, timings: Timings, random: () => number) {
    this.#settings = settings;
    this.#timings = timings;
    this.#addresses = new Addresses(settings.ip);
    this.#contact = new Contact(settings.version);
    const { backoffMs, hopelessBackoffMs } = timings;
    this.#backoff = new Backoff({ stepsMs: backoffMs, hopelessMs: hopelessBackoffMs, random });
  }

  /** The address to try next; undefined while none is known. */
  get ip(): string | undefined {
    return this.#addresses.current;
  }

  /** The next attempt; undefined while no address is known. */
  next(): Plan | undefined {
    const ip = this.#addresses.current;
    if (ip === undefined) return undefined;
    // What was found out about one address says nothing of another.
    if (ip !== this.#ip) this.#contact = this.#contact.elsewhere();
    this.#ip = ip;
    return { ip, ...this.#contact.next() };
  }

  /** An announcement was heard. True when it says something new of the address. */
  heard({ ip, sender, version }: HeardAnnouncement): boolean {
    if (isProtocolVersion(version)) this.#contact.announced(version);
    return this.#addresses.announce(sender === undefined ? [ip] : [ip, sender]);
  }

  /** Begins with short waits again. */
  restart(): void {
    this.#backoff.reset();
  }

  /** The attempt ended before the device proved itself. */
  failed(plan: Plan, end: ConnectionEnd): Setback {
    const marked = this.#marked(plan, end);
    if (marked) return marked;
    const isTrusted = this.#addresses.isTrusted(plan.ip);
    const consequence = this.#contact.failed(plan, end, this.#subject(plan.ip));
    if (consequence.type === "retry") {
      return { error: isTrusted ? consequence.suspicion : undefined, retryInMs: this.#timings.pauseMs };
    }
    return this.#turnAway(plan.ip, consequence.error);
  }

  /** The device answered. An error when it is not to be kept: it speaks another version than configured. */
  answered({ ip, version }: Plan): Setback | undefined {
    const error = this.#contact.succeeded(version, this.#subject(ip));
    return error && this.#turnAway(ip, error);
  }

  /**
   * Whether an answer is enough to take this address for the device's. Where it proves no key (3.1) and the address is
   * only hearsay, the device has to name its id.
   */
  isEnough({ ip }: Plan, keyProven: boolean): boolean {
    return keyProven || this.#addresses.isTrusted(ip);
  }

  /** The device proved itself at this address. */
  proved({ ip }: Plan): void {
    this.#addresses.proved(ip);
  }

  /** A proven connection ended. */
  lost(plan: Plan, end: ConnectionEnd, livedMs: number): Setback {
    const marked = this.#marked(plan, end);
    if (marked) return marked;
    if (livedMs >= this.#timings.steadyAfterMs) this.#backoff.reset();
    return { error: connectionError(end, this.#subject(plan.ip)), retryInMs: this.#backoff.next(false) };
  }

  /** A frame that does not decrypt but names another version: then that is what the device speaks. */
  #marked({ ip, version }: Plan, end: ConnectionEnd): Setback | undefined {
    if (end.reason !== "undecryptable" || !end.marker || end.marker === version) return undefined;
    const error = this.#contact.marked(end.marker, this.#subject(ip));
    return error ? this.#turnAway(ip, error) : { error: undefined, retryInMs: this.#timings.pauseMs };
  }

  /** Another address, if there is one, has its turn. Failures at an address that is only hearsay are nobody's news. */
  #turnAway(ip: string, error: TuyaError): Setback {
    const isTrusted = this.#addresses.isTrusted(ip);
    if (!isTrusted && isHopeless(error)) this.#addresses.distrust(ip);
    const hasOther = this.#addresses.failed(ip);
    return {
      error: isTrusted ? error : undefined,
      retryInMs: hasOther ? this.#timings.pauseMs : this.#backoff.next(isTrusted && isHopeless(error)),
    };
  }

  #subject(ip: string): Subject {
    const { name, deviceId, port = DEFAULT_PORT } = this.#settings;
    return { name: name || deviceId, ip, port };
  }
}
