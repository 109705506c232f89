import { outcomeOf } from "../../device/attempts/version-finder";
import {
  type TriedVersion,
  type AttemptOutcome,
  FIRST_GUESS,
  nextVersion,
  type SearchStep,
} from "../../device/attempts/version-search";
import { dialectOf, isOlder, PROTOCOL_VERSIONS, type ProtocolVersion } from "../../protocol/version";
import { probeNegotiation } from "./probe-negotiation";
import { reserveMs } from "../timings";
import { TestConnection, type TestConnectionContext } from "./test-connection";
import type { ConnectionEnd } from "../../session/connection/connection-end";

/** The result of a search for the version, which tests the key as well. */
export type Finding =
  | { readonly found: "answer"; readonly connection: TestConnection }
  /** It has another key. `speaks`: its version, if its answers showed it. */
  | { readonly found: "rejection"; readonly speaks: ProtocolVersion | undefined }
  /** It speaks 3.5, and ignores each negotiation with this key. */
  | { readonly found: "ignored-negotiation" }
  /** It answers, but nothing can be decrypted. `speaks`: its version, if its frames showed it. */
  | { readonly found: "unreadable"; readonly speaks: ProtocolVersion | undefined }
  /** It accepts connections and sends nothing. `tried`: the versions spoken to it. */
  | { readonly found: "silence"; readonly tried: readonly ProtocolVersion[] }
  /** Something that is no Tuya device answers. */
  | { readonly found: "foreigner" }
  /** The connection itself failed. */
  | { readonly found: "end"; readonly end: ConnectionEnd };

/** The most attempts: one in each version, and repetitions after "busy" or an unusable session key. */
const MOST_ATTEMPTS = 12;
/** One session key in 256 is unusable. */
const MOST_UNUSABLE_KEYS = 4;

/** Versions whose heartbeats are the same: a device that is silent to one of them is silent to all. */
const OLD_FAMILY = PROTOCOL_VERSIONS.filter((version) => !dialectOf(version).negotiates);

/**
 * Finds out which version a device speaks and whether the key is right, with one connection after the other and as few as
 * possible. The announced and the configured version come first, then the order of `version-search.ts`.
 */
export class Search {
  readonly #ip: string;
  readonly #context: TestConnectionContext;
  /** Versions to try first: the announced one, then the configured one. */
  readonly #likely: readonly ProtocolVersion[];
  readonly #first: ProtocolVersion;
  readonly #tried: TriedVersion[] = [];
  /** Versions in which a connection was opened. `#tried` also has those that were skipped because they could not succeed. */
  readonly #spoken = new Set<ProtocolVersion>();
  #connection: TestConnection | undefined;
  #unusableKeys = 0;
  /** Whether the device answered, but too late, as one does that has just booted. */
  #wasSlow = false;
  /** Whether frames came that could not be decrypted. */
  #hasUnreadable = false;

  constructor(ip: string, likely: readonly ProtocolVersion[], context: TestConnectionContext) {
    this.#ip = ip;
    this.#context = context;
    this.#likely = likely.filter((version) => !this.#isTooOld(version));
    const guess = this.#isTooOld(FIRST_GUESS) ? context.oldest : FIRST_GUESS;
    this.#first = this.#likely[0] ?? guess ?? FIRST_GUESS;
  }

  /**
   * Opens the first connection, and says why if that fails. A busy device is tried twice: our own last connection may
   * still have taken its place.
   */
  async reach(): Promise<"reached" | ConnectionEnd> {
    const reached = await this.#begin(this.#first).reached();
    if (reached === "reached" || reached.reason !== "busy") return reached;
    await this.close();
    await this.#pause();
    return this.#begin(this.#first).reached();
  }

  /** Searches, beginning with the connection that `reach` opened. */
  async run(): Promise<Finding> {
    let connection = this.#connection ?? this.#begin(this.#first);
    for (let count = 0; count < MOST_ATTEMPTS; count++) {
      const outcome = await connection.outcome();
      if (outcome === "answered") return { found: "answer", connection };
      await this.close();
      if (connection.isForeign) return { found: "foreigner" };
      this.#hasUnreadable ||= connection.hasUnreadable;
      const next = await this.#judge(connection, outcome);
      if ("found" in next) return next;
      if (!this.#hasTime()) break;
      connection = this.#begin(next.version, next.acceptsMuteness);
    }
    return this.#conclude("silent");
  }

  /** Resolves when the socket is gone. */
  async close(): Promise<void> {
    const connection = this.#connection;
    this.#connection = undefined;
    await connection?.close();
  }

  #begin(version: ProtocolVersion, acceptsMuteness = false): TestConnection {
    this.#spoken.add(version);
    this.#connection = new TestConnection({ ip: this.#ip, version, acceptsMuteness }, this.#context);
    return this.#connection;
  }

  /** What follows from a failed attempt. */
  async #judge(
    { version }: TestConnection,
    end: ConnectionEnd,
  ): Promise<Finding | { readonly version: ProtocolVersion; readonly acceptsMuteness: boolean }> {
    if (end.reason === "unusable-session-key" && this.#unusableKeys++ < MOST_UNUSABLE_KEYS)
      return { version, acceptsMuteness: false };
    const outcome = outcomeOf(end);
    if (!outcome) return this.#failed(version, end);
    this.#tried.push({ version, outcome });
    const marker = end.reason === "undecryptable" ? end.marker : undefined;
    if (marker && marker !== version && !this.#isTooOld(marker)) {
      // A frame that cannot be decrypted names its version nevertheless.
      return this.#wasTried(marker)
        ? { found: "unreadable", speaks: marker }
        : { version: marker, acceptsMuteness: false };
    }
    if (version === "3.5" && outcome === "silent") {
      const answer = await probeNegotiation(this.#ip, this.#context);
      if (answer === "hung-up") return { found: "ignored-negotiation" };
      if (answer === "answered" && !this.#wasSlow) {
        this.#wasSlow = true;
        this.#tried.pop();
        return { version, acceptsMuteness: false };
      }
    }
    const step = this.#next();
    return step.type === "give-up"
      ? this.#conclude(step.verdict)
      : { version: step.version, acceptsMuteness: step.type === "settle" };
  }

  /**
   * An end that says nothing about version and key. If the device is busy after earlier attempts, one of them still has
   * its place.
   */
  async #failed(
    version: ProtocolVersion,
    end: ConnectionEnd,
  ): Promise<Finding | { readonly version: ProtocolVersion; readonly acceptsMuteness: boolean }> {
    if (end.reason !== "busy" || this.#tried.length === 0) return { found: "end", end };
    await this.#pause();
    return { version, acceptsMuteness: false };
  }

  /** The next version to try, or what is certain now. Versions that cannot succeed are taken as tried. */
  #next(): SearchStep {
    for (;;) {
      const step = nextVersion(this.#tried, this.#first, this.#context.oldest);
      if (step.type !== "try") return step;
      const version = this.#likely.find((likely) => !this.#wasTried(likely)) ?? step.version;
      if (!this.#isHopeless(version)) return { type: "try", version };
      this.#tried.push({ version, outcome: "silent" });
    }
  }

  /** Whether a version is older than the oldest one to speak. */
  #isTooOld(version: ProtocolVersion): boolean {
    const { oldest } = this.#context;
    return oldest !== undefined && isOlder(version, oldest);
  }

  #wasTried(version: ProtocolVersion): boolean {
    return this.#tried.some((attempt) => attempt.version === version);
  }

  /** Whether the device was silent to a version with the same heartbeats. */
  #isHopeless(version: ProtocolVersion): boolean {
    return (
      OLD_FAMILY.includes(version) &&
      this.#tried.some((attempt) => attempt.outcome === "silent" && OLD_FAMILY.includes(attempt.version))
    );
  }

  #conclude(verdict: "wrong-key" | "key-or-version" | "silent"): Finding {
    if (verdict === "wrong-key") return { found: "rejection", speaks: this.#rejectingVersion() };
    const speaks = this.#tried.findLast(({ outcome }) => outcome === "undecryptable")?.version;
    const hasAnswered = this.#hasUnreadable || this.#tried.some(({ outcome }) => isAnswer(outcome));
    return hasAnswered ? { found: "unreadable", speaks } : { found: "silence", tried: [...this.#spoken] };
  }

  /**
   * The version of a device that has another key, if its answers show it. A 3.4 device leaves 3.5 frames unanswered; one
   * that closes the connection after both speaks 3.5.
   */
  #rejectingVersion(): ProtocolVersion | undefined {
    const proof = this.#tried.find(({ outcome }) => outcome === "wrong-key");
    if (proof) return proof.version;
    const newer = this.#tried.find(({ version }) => version === "3.5");
    if (newer?.outcome === "closed") return "3.5";
    return newer?.outcome === "silent" ? "3.4" : undefined;
  }

  /** Whether there is time for another attempt. */
  #hasTime(): boolean {
    const { deadline, timings } = this.#context;
    return deadline.left(reserveMs(timings)) > timings.settleMs;
  }

  #pause(): Promise<void> {
    const { deadline, timings } = this.#context;
    return deadline.pause(timings.pauseMs, reserveMs(timings));
  }
}

/** Whether the device sent something, even if it could not be decrypted. */
function isAnswer(outcome: AttemptOutcome): boolean {
  return outcome !== "closed" && outcome !== "silent";
}
