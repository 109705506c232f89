import { NONE } from "../../none";
import type { TuyaError } from "../../errors";
import { dialectOf, isOlder, type ProtocolVersion } from "../../protocol/version";
import { connectionError, type Subject, type VersionVerdict, verdictError } from "../../session/failure";
import {
  type TriedVersion,
  type AttemptOutcome,
  FIRST_GUESS,
  nextVersion,
  type SearchStep,
} from "./version-search";
import type { ConnectionEnd } from "../../session/connection/connection-end";

/** How to make the next attempt. */
export interface Approach {
  readonly version: ProtocolVersion;
  /** Whether to wait before the first frame is sent: a busy device closes the connection in that time. */
  readonly listensFirst: boolean;
  /** Whether a device that answers nothing but heartbeats counts as answering. */
  readonly acceptsMuteness: boolean;
  /** Whether this version is only a guess of the search: it is neither configured, announced nor measured. */
  readonly isGuess: boolean;
}

/** What follows from an attempt that failed. */
export type Consequence =
  /** Try again: the cause is not known yet. `suspicion` is the error to show meanwhile, where finding out takes long. */
  | { readonly type: "retry"; readonly suspicion?: TuyaError | undefined }
  | { readonly type: "fail"; readonly error: TuyaError };

/** One session in 256 gets an unusable key by chance. So many in a row are no chance. */
const MAX_UNUSABLE_KEYS = 5;
/** So many frames in a row may name another version than the one that was spoken. Further ones are ignored. */
const MAX_MARKS = 3;

interface Conclusion {
  readonly first: TriedVersion;
  readonly error: TuyaError;
}

/**
 * First contact with a device: which version to speak, and what a failure means. A first failure is ambiguous on the wire
 * (closed at once: all places taken, wrong key, or wrong version), so it is narrowed down by further attempts before a
 * cause is shown. Makes no attempts itself: its owner does.
 */
export class VersionFinder {
  readonly #configured: ProtocolVersion | "auto";
  /** The latest version the device has proved its key in. */
  readonly #proven: ProtocolVersion | undefined;
  /**
   * The version of the last answer, proof or not. It only tells where the search begins. No older than the proved one with
   * "auto", so an announced version counts only for a device that has not proved its key.
   */
  #measured: ProtocolVersion | undefined;
  #announced: ProtocolVersion | undefined;
  #tried: readonly TriedVersion[] = NONE;
  #listensFirst = false;
  /** A guessed version after whose first frame the connection was closed at once. A busy device does that, too. */
  #unconfirmed: ProtocolVersion | undefined;
  #unusableKeys = 0;
  #marks = 0;
  /** What the last search concluded. If the first attempt ends as it did then, there is no new search. */
  #conclusion: Conclusion | undefined;

  /** @param proven no older version than this is spoken, unless one is configured */
  constructor(configured: ProtocolVersion | "auto", proven?: ProtocolVersion) {
    this.#configured = configured;
    this.#proven = proven;
    this.#measured = proven;
  }

  /**
   * A finder for the same device at another address, or after a restart: keeps the proved version, forgets the failures.
   */
  elsewhere(proven = this.#proven): VersionFinder {
    const finder = new VersionFinder(this.#configured, proven);
    if (this.#measured && !finder.#isTooOld(this.#measured)) finder.#measured = this.#measured;
    finder.#announced = this.#announced;
    return finder;
  }

  announced(version: ProtocolVersion): void {
    this.#announced = version;
  }

  /**
   * A frame named another version than was spoken. Returns "ignored" if that version must not be spoken, or was named too
   * often; an error if another one is configured.
   */
  marked(version: ProtocolVersion, subject: Subject): TuyaError | "ignored" | undefined {
    if (this.#isTooOld(version) || ++this.#marks > MAX_MARKS) return "ignored";
    const marks = this.#marks;
    const error = this.succeeded(version, subject);
    this.#marks = marks;
    return error;
  }

  next(): Approach {
    const step = this.#step();
    const version = step.type === "give-up" ? this.#first : step.version;
    return {
      version,
      listensFirst: this.#listensFirst,
      acceptsMuteness: step.type === "settle",
      isGuess: this.#isGuess(version),
    };
  }

  /** An attempt ended without an answer that proves anything. */
  failed({ version }: Approach, end: ConnectionEnd, subject: Subject): Consequence {
    if (end.reason === "unusable-session-key" && ++this.#unusableKeys < MAX_UNUSABLE_KEYS) {
      return { type: "retry" };
    }
    const outcome = outcomeOf(end);
    if (!outcome) return this.#fail(connectionError(end, subject));
    if (outcome === "closed" && !this.#listensFirst) {
      this.#listensFirst = true;
      // Another attempt tells "busy" from "refused". If the version was a guess, an attempt in the next version tells it,
      // too.
      if (!this.#isGuess(version)) return { type: "retry" };
      this.#unconfirmed = version;
    }
    this.#tried = [...this.#tried, { version, outcome }];
    const known = this.#conclusion;
    if (
      known &&
      this.#tried.length === 1 &&
      known.first.version === version &&
      known.first.outcome === outcome
    ) {
      return this.#fail(known.error, known);
    }
    const step = this.#step();
    if (step.type !== "give-up") return { type: "retry", suspicion: this.#suspicion(subject) };
    if (this.#unconfirmed !== undefined) {
      const doubtful = this.#unconfirmed;
      this.#unconfirmed = undefined;
      this.#tried = this.#tried.filter((attempt) => attempt.version !== doubtful);
      return { type: "retry" };
    }
    if (step.verdict === "silent") return this.#conclude(this.#silence(subject));
    const isOlderNow = this.#tried.some((attempt) => attempt.outcome === "older");
    const verdict: VersionVerdict =
      this.#oldest && isOlderNow
        ? { verdict: "older-than-proven", proven: this.#oldest }
        : { verdict: step.verdict };
    return this.#conclude(verdictError(verdict, subject.name));
  }

  /**
   * The device answered under this version. An error when another one is configured: then the search found out why the
   * configured one failed.
   */
  succeeded(version: ProtocolVersion, { name }: Subject): TuyaError | undefined {
    if (this.#configured !== "auto" && version !== this.#configured) {
      const error = verdictError(
        { verdict: "other-version", configured: this.#configured, speaks: version },
        name,
      );
      this.#conclude(error);
      return error;
    }
    this.#measured = version;
    this.#conclusion = undefined;
    this.#forgetAttempts();
    this.#listensFirst = false;
    this.#unusableKeys = 0;
    this.#marks = 0;
    return undefined;
  }

  #step(): SearchStep {
    return nextVersion(this.#tried, this.#first, this.#oldest, this.#configured === "auto");
  }

  get #oldest(): ProtocolVersion | undefined {
    return oldestSpoken(this.#configured, this.#proven);
  }

  #isTooOld(version: ProtocolVersion): boolean {
    return this.#oldest !== undefined && isOlder(version, this.#oldest);
  }

  #isGuess(version: ProtocolVersion): boolean {
    return this.#configured === "auto" && version !== this.#measured && version !== this.#announced;
  }

  get #first(): ProtocolVersion {
    return this.#configured === "auto"
      ? (this.#measured ?? this.#announced ?? FIRST_GUESS)
      : this.#configured;
  }

  /**
   * With a configured version silence is shown at once. With "auto" other versions follow first: old devices are silent
   * to new versions.
   */
  #suspicion(subject: Subject): TuyaError | undefined {
    const isSilent = this.#tried.every(({ outcome }) => outcome === "silent");
    return isSilent && this.#configured !== "auto" ? this.#silence(subject) : undefined;
  }

  /**
   * Silence can mean a wrong key with 3.5 only. Up to 3.3 a device answers whatever its key is, and a 3.4 device with
   * another key hangs up.
   */
  #silence(subject: Subject): TuyaError {
    const version = this.#configured;
    const isOld = version !== "auto" && !dialectOf(version).negotiates;
    const isKnown = version === "auto" || version === this.#proven;
    return isOld || (isKnown && this.#proven !== undefined && this.#proven !== "3.5")
      ? connectionError({ reason: "silent" }, subject)
      : verdictError({ verdict: "silent", version }, subject.name);
  }

  #conclude(error: TuyaError): Consequence {
    const [first] = this.#tried;
    return this.#fail(error, first && { first, error });
  }

  #fail(error: TuyaError, conclusion?: Conclusion): Consequence {
    this.#conclusion = conclusion;
    this.#forgetAttempts();
    return { type: "fail", error };
  }

  #forgetAttempts(): void {
    this.#tried = NONE;
    this.#unconfirmed = undefined;
  }
}

/**
 * The oldest version that is spoken to a device that has proved its key in version `proven`; undefined if it has not.
 * Without this limit a forger could choose an older version, which demands less proof. A version configured by hand may
 * be older.
 */
export function oldestSpoken(
  configured: ProtocolVersion | "auto",
  proven: ProtocolVersion | undefined,
): ProtocolVersion | undefined {
  return proven && configured !== "auto" && isOlder(configured, proven) ? configured : proven;
}

/** What the end of a connection says about version and key; undefined if it says nothing about them. */
export function outcomeOf(end: ConnectionEnd): AttemptOutcome | undefined {
  switch (end.reason) {
    case "closed":
    case "silent":
    case "mute":
    case "wrong-key":
    case "undecryptable":
    case "refused-in-clear":
    case "clear-only":
      return end.reason;
    case "stalled":
      return "silent";
    case "foreign":
      return end.speaks;
    case "refused":
    case "unreachable":
    case "unknown-host":
    case "busy":
    case "unusable-session-key":
    case "out-of-step":
    case "dead":
    case "unproven":
    case "fault":
    case "asked":
      return undefined;
  }
}
