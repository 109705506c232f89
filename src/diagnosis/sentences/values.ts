import { readRefusal } from "../../protocol/refusal";
import { dialectOf } from "../../protocol/version";
import type { Answering, ShownValues } from "../version/answering";
import type { Cause } from "./cause";
import { count } from "./phrases";

/** How many data points a sentence names; the others are counted. */
const MOST_LISTED = 8;
/** How many characters of a value a sentence shows. */
const MOST_SHOWN = 24;

/** Why there are no data points, or none that count; undefined if there are some. */
export function lackOfValues(
  { dps, refusal, isLost }: ShownValues,
  answering: Answering,
  cid: string | undefined,
): Cause | undefined {
  const { children } = answering;
  const isEmpty = Object.keys(dps).length === 0;
  // Gateways answer for sub-devices that are gone, with values from memory.
  if (cid !== undefined && !isLost && children.get(cid) === false) return { cause: "child-offline" };
  if (!isEmpty) return undefined;
  if (isLost) return { cause: "lost" };
  if (cid === undefined) {
    if (refusal !== undefined) return { cause: "values-refused", refusal };
    return { cause: isMute(answering) ? "mute" : "no-values" };
  }
  const isLeftOut = children.size > 0 && !children.has(cid);
  return isLeftOut || isAboutChild(refusal)
    ? { cause: "child-unknown", cid, known: [...children.keys()] }
    : { cause: "child-silent" };
}

function isAboutChild(refusal: string | undefined): boolean {
  const meaning = readRefusal(refusal ?? "");
  return meaning === "unknown-child" || meaning === "child-out-of-reach";
}

/** The sentence about the key. */
export function keySentence(answering: Answering): string {
  if (answering.keyProven) return "The local key fits: what the device sends can be decrypted.";
  return isMute(answering)
    ? "The local key is not put to the test: only heartbeats are answered."
    : "The local key is not put to the test: 3.1 and 3.2 devices are read in clear.";
}

/**
 * Whether only heartbeats are answered: in versions that encrypt everything, any other answer would have proved the key.
 */
function isMute({ keyProven, version }: Answering): boolean {
  return !keyProven && dialectOf(version).encrypts === "all";
}

/** `3 data points: 1 = true, 2 = 50, 3 = "low".` */
export function listed(dps: Readonly<Record<string, unknown>>): string {
  const entries = Object.entries(dps);
  const shown = entries.slice(0, MOST_LISTED).map(([dp, value]) => {
    const text = JSON.stringify(value);
    return `${dp} = ${text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text}`;
  });
  const more = entries.length > shown.length ? `, and ${entries.length - shown.length} more` : "";
  return `${count(entries.length, "data point")}: ${shown.join(", ")}${more}.`;
}
