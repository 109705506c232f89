import { isOlder, PROTOCOL_VERSIONS, type ProtocolVersion } from "../../protocol/version";

/** How an attempt to speak one version ended when the device was reached, but no session was established. */
export type AttemptOutcome =
  /** Closed after our first frame, without an answer. */
  | "closed"
  /** Nothing came, the connection stayed. */
  | "silent"
  /** Answers heartbeats, which no firmware decrypts, and nothing else. */
  | "mute"
  /** Answered as 3.1 to 3.3 devices do. */
  | "older"
  /** Answered as 3.5 devices do. */
  | "newer"
  /** Refused an encrypted query in clear text: it expects queries in clear, or has another key. */
  | "refused-in-clear"
  /** Answered a query in clear, but not the question that would have proved that it speaks 3.2. */
  | "clear-only"
  /** Answered with frames that are whole but do not decrypt (3.1 to 3.3). */
  | "undecryptable"
  /** Negotiated with proof of another key. */
  | "wrong-key";

/** A version that was tried, and how that ended. */
export interface TriedVersion {
  readonly version: ProtocolVersion;
  readonly outcome: AttemptOutcome;
}

/** What the search for the version does next. */
export type SearchStep =
  | { readonly type: "try"; readonly version: ProtocolVersion }
  /** Nothing better was found: speak this version, though only heartbeats are answered. */
  | { readonly type: "settle"; readonly version: ProtocolVersion }
  | { readonly type: "give-up"; readonly verdict: "wrong-key" | "key-or-version" | "silent" };

/**
 * Tried first if nothing is known: devices of each generation react to its first frame in a way of their own, and none is
 * harmed.
 */
export const FIRST_GUESS: ProtocolVersion = "3.4";

/**
 * What to try next, given what was tried. The order follows from what devices do with frames of other versions (observed
 * on vendor code of four generations):
 *
 * | first frame | 3.3 device                        | 3.4 device                | 3.5 device                           |
 * |-------------|-----------------------------------|---------------------------|--------------------------------------|
 * | 3.4         | `parse data error`, CRC: "older"  | answers; wrong key closes | closes within 1 s, or silent         |
 * | 3.5         | silent, still usable              | silent                    | answers; wrong key closes, or silent |
 * | 3.3         | answers; wrong key: undecryptable | closes                    | closes within 1 s                    |
 *
 * 3.2 devices are silent to the first two and refuse the third in clear; they answer the clear query of 3.1, and 3.1
 * devices that of 3.2. But a 3.2 device can be asked for something encrypted (`KeyProof`). Where that is allowed, 3.2 is
 * tried first, and a device that does not confirm it is taken for 3.1. Otherwise the announcement or the first report
 * tells the two apart.
 *
 * A device that closes on a 3.4 frame and does not accept the 3.5 negotiation either therefore holds another key,
 * whichever of the two it speaks. It cannot be older: 3.3 devices answer.
 *
 * @param oldest no older version than this is tried
 * @param canAsk whether a device that answers in clear may be asked whether it speaks 3.2
 */
export function nextVersion(
  tried: readonly TriedVersion[],
  first: ProtocolVersion = FIRST_GUESS,
  oldest: ProtocolVersion = PROTOCOL_VERSIONS[0],
  canAsk = false,
): SearchStep {
  const last = tried.at(-1);
  if (!last) return { type: "try", version: first };
  if (last.outcome === "wrong-key") return giveUp("wrong-key");
  if (last.outcome === "undecryptable" && last.version === "3.3") return giveUp("key-or-version");

  const outcomes = new Map(tried.map(({ version, outcome }) => [version, outcome]));
  const isRefused = (version: ProtocolVersion): boolean => outcomes.has(version);
  if (outcomes.get("3.4") === "closed" && NO_OTHER_FORMAT.includes(outcomes.get("3.5")))
    return giveUp("wrong-key");

  // A device that is known to speak no older version closes for this reason only.
  if (isOlder("3.4", oldest) && outcomes.get("3.5") === "closed") return giveUp("wrong-key");

  const version = candidates(tried, canAsk).find(
    (candidate) => !isRefused(candidate) && !isOlder(candidate, oldest),
  );
  if (version) return { type: "try", version };
  const mute = tried.find(({ outcome }) => outcome === "mute");
  const hasSettled = outcomes.size < tried.length;
  if (mute && !hasSettled) return { type: "settle", version: mute.version };
  return giveUp(
    [...outcomes.values()].every((outcome) => outcome === "silent") ? "silent" : "key-or-version",
  );
}

function candidates(tried: readonly TriedVersion[], canAsk: boolean): readonly ProtocolVersion[] {
  const seen = new Set(tried.map(({ outcome }) => outcome));
  if (seen.has("newer")) return ["3.5"];
  if (canAsk && seen.has("refused-in-clear")) return ["3.3", "3.2", "3.1"];
  if (OLDER_SIGNS.some((sign) => seen.has(sign))) return ["3.3", "3.1"];
  if (seen.has("closed")) return ["3.4", "3.5"];
  return ["3.4", "3.5", "3.3", "3.1"];
}

/** How 3.4 devices, and 3.5 devices with another key, react to a 3.5 frame. */
const NO_OTHER_FORMAT: readonly (AttemptOutcome | undefined)[] = ["closed", "silent", "wrong-key"];

/** What only 3.1 to 3.3 devices do. */
const OLDER_SIGNS: readonly AttemptOutcome[] = [
  "older",
  "refused-in-clear",
  "clear-only",
  "undecryptable",
  "mute",
];

function giveUp(verdict: "wrong-key" | "key-or-version" | "silent"): SearchStep {
  return { type: "give-up", verdict };
}
