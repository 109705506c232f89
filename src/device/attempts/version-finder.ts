import type { TuyaError } from "../../errors";
import type { ProtocolVersion } from "../../protocol/version";
import { connectionError, type Subject, verdictError } from "../../session/failure";
import { type TriedVersion, type AttemptOutcome, FIRST_GUESS, nextVersion } from "./version-search";
import type { ConnectionEnd } from "../../session/connection-end";

/** How to make the next attempt. */
export interface Approach {
  readonly version: ProtocolVersion;
  /** Whether to listen before the first frame, so that "busy" shows itself. */
  readonly listensFirst: boolean;
  /** Whether answered heartbeats are enough to call the device connected. */
  readonly acceptsMuteness: boolean;
}

export type Consequence =
  /** Try again: the cause is not known yet. `suspicion` is what can be said meanwhile, where finding out takes long. */
  | { readonly type: "retry"; readonly suspicion?: TuyaError | undefined }
  | { readonly type: "fail"; readonly error: TuyaError };

/** By chance it happens to one session in 256; a device that does it this often in a row will not stop. */
const MAX_UNUSABLE_KEYS = 5;

interface Conclusion {
  readonly first: TriedVersion;
  readonly error: TuyaError;
}

/**
 * First contact with a device: which version to speak, and what a failure means. A first failure is ambiguous on the
 * wire (closed at once: all places taken, wrong key, or wrong version), so it is narrowed down by further attempts
 * before anybody is told a cause. Pure: attempts are made by the owner.
 */
export class VersionFinder {
  readonly #configured: ProtocolVersion | "auto";
  #measured: ProtocolVersion | undefined;
  #announced: ProtocolVersion | undefined;
  #tried: TriedVersion[] = [];
  #listensFirst = false;
  /** A guess that was closed at once, which a busy device does, too. */
  #unconfirmed: ProtocolVersion | undefined;
  #unusableKeys = 0;
  /** What the last search concluded; the same first outcome again needs no new search. */
  #conclusion: Conclusion | undefined;

  constructor(configured: ProtocolVersion | "auto") {
    this.#configured = configured;
  }

  /** The same device at another address: what it speaks stays known, what failed does not. */
  elsewhere(): VersionFinder {
    const contact = new VersionFinder(this.#configured);
    contact.#measured = this.#measured;
    contact.#announced = this.#announced;
    return contact;
  }

  /** The version the device was found to speak. */
  get measured(): ProtocolVersion | undefined {
    return this.#measured;
  }

  announced(version: ProtocolVersion): void {
    this.#announced = version;
  }

  /** A frame of the device named its version. An error when another one is configured. */
  marked(version: ProtocolVersion, subject: Subject): TuyaError | undefined {
    return this.succeeded(version, subject);
  }

  next(): Approach {
    const step = nextVersion(this.#tried, this.#first);
    return {
      version: step.type === "give-up" ? this.#first : step.version,
      listensFirst: this.#listensFirst,
      acceptsMuteness: step.type === "settle",
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
      // The same again tells "busy" from "refused". So does another version, and where this one was a guess, that is
      // the better use of an attempt.
      if (!this.#isGuess(version)) return { type: "retry" };
      this.#unconfirmed = version;
    }
    this.#tried.push({ version, outcome });
    const known = this.#conclusion;
    if (
      known &&
      this.#tried.length === 1 &&
      known.first.version === version &&
      known.first.outcome === outcome
    ) {
      return this.#fail(known.error, known);
    }
    const step = nextVersion(this.#tried, this.#first);
    if (step.type !== "give-up") return { type: "retry", suspicion: this.#suspicion(subject) };
    if (this.#unconfirmed !== undefined) {
      const doubtful = this.#unconfirmed;
      this.#unconfirmed = undefined;
      this.#tried = this.#tried.filter((attempt) => attempt.version !== doubtful);
      return { type: "retry" };
    }
    return this.#conclude(
      step.verdict === "silent"
        ? this.#silence(subject)
        : verdictError({ verdict: step.verdict }, subject.name),
    );
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
    return undefined;
  }

  #isGuess(version: ProtocolVersion): boolean {
    return this.#configured === "auto" && version !== this.#measured && version !== this.#announced;
  }

  get #first(): ProtocolVersion {
    if (this.#configured !== "auto") return this.#configured;
    return this.#measured ?? this.#announced ?? FIRST_GUESS;
  }

  /** A silent device is told of at once where the version is configured; "auto" has to try the likely two first. */
  #suspicion(subject: Subject): TuyaError | undefined {
    const isSilent = this.#tried.every(({ outcome }) => outcome === "silent");
    const triedLikely = this.#configured !== "auto" || this.#tried.length >= 2;
    return isSilent && triedLikely ? this.#silence(subject) : undefined;
  }

  /** Up to 3.3 a wrong key shows itself as garbage, so silence means that nobody is at home. */
  #silence(subject: Subject): TuyaError {
    const version = this.#configured;
    return version === "3.1" || version === "3.2" || version === "3.3"
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
    this.#tried = [];
    this.#unconfirmed = undefined;
  }
}

/** What an end says of the version and the key; undefined where it says nothing of them. */
export function outcomeOf(end: ConnectionEnd): AttemptOutcome | undefined {
  switch (end.reason) {
    case "closed":
    case "silent":
    case "mute":
    case "wrong-key":
    case "undecryptable":
    case "refused-in-clear":
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
    case "fault":
    case "asked":
      return undefined;
  }
}
