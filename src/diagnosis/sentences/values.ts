import { readRefusal } from "../../protocol/refusal";
import { dialectOf } from "../../protocol/version";
import type { Answering, ShownValues } from "../version/answering";
import type { Cause, SpokenVersion } from "./cause";
import { count } from "./phrases";

/** What is to know about the values of a sub-device that is offline. */
export const REMEMBERED = "The gateway says that the sub-device is offline: these are its last known values.";

/** How many data points a sentence names; the others are counted. */
const MOST_LISTED = 8;
/** How many characters of a value a sentence shows. */
const MOST_SHOWN = 24;

/** The settings that the data points are judged by. */
export interface ValuesSubject {
  /** The sub-device that was asked for; undefined if the device itself was. */
  readonly cid: string | undefined;
  /** Whether the device is marked as device22. */
  readonly isDevice22: boolean;
}

/**
 * Why there are no data points, or none that count. Undefined if there are some, or if there need be none, because the
 * device is a gateway.
 */
export function lackOfValues(
  { dps, refusal, isLost }: ShownValues,
  answering: Answering,
  { cid, isDevice22 }: ValuesSubject,
): Cause | undefined {
  const { children, version } = answering;
  const isEmpty = Object.keys(dps).length === 0;
  // Gateways answer for sub-devices that are gone, with values from memory.
  if (cid !== undefined && !isLost && children.get(cid) === false) return { cause: "child-offline" };
  if (!isEmpty) return undefined;
  if (isLost) return { cause: "lost" };
  if (cid === undefined) {
    if (children.size > 0) return undefined;
    if (refusal !== undefined)
      return { cause: "values-refused", refusal, version, isDevice22, isVersionMeasured: true };
    return { cause: isMute(answering) ? "mute" : "no-values" };
  }
  const isLeftOut = children.size > 0 && !children.has(cid);
  return isLeftOut || isAboutChild(refusal)
    ? { cause: "child-unknown", cid, known: [...children.keys()] }
    : { cause: "child-silent" };
}

/** What is known in the end about a device that answers and lacks nothing. */
export interface SuccessFacts {
  /** The sub-device that was tested; undefined if the device itself was. */
  readonly cid: string | undefined;
  /** The number of data points it showed. */
  readonly dps: number;
  readonly version: SpokenVersion;
  /** Whether address and version are configured. */
  readonly isPinned: boolean;
}

/** How far a device works that answers and lacks nothing. */
export function successOf(
  { children, keyProven }: Answering,
  { cid, dps, version, isPinned }: SuccessFacts,
): Cause {
  if (!keyProven) return { cause: "key-not-proven", dps, version, isPinned };
  if (cid !== undefined) return { cause: "child-works", isSure: children.get(cid) === true, dps, version };
  return dps === 0
    ? { cause: "gateway-works", children: children.size, version }
    : { cause: "works", dps, version };
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

/** `3 data points: 1 = true, 2 = 50, 3 = "low".` Of a gateway without data points: the number of its sub-devices. */
export function listed(dps: Readonly<Record<string, unknown>>, { children }: Answering): string {
  const entries = Object.entries(dps);
  if (entries.length === 0)
    return `It has no data points of its own: it is a gateway with ${count(children.size, "sub-device")}.`;
  const shown = entries.slice(0, MOST_LISTED).map(([dp, value]) => {
    const text = JSON.stringify(value);
    return `${dp} = ${text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text}`;
  });
  const more = entries.length > shown.length ? `, and ${entries.length - shown.length} more` : "";
  return `${count(entries.length, "data point")}: ${shown.join(", ")}${more}.`;
}
