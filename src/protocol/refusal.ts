/** What a device means by a text with which it refuses a request. */
export type Refusal =
  /** It could not read the request: the key, or the way of encrypting, is not the one it expects. */
  | "unreadable"
  /** It has no values to show, or does not show them to whoever asks plainly. */
  | "no-values"
  /** It does not measure anew. */
  | "no-refresh"
  /** A gateway that has no sub-device of this id. */
  | "unknown-child"
  /** A gateway that does not reach the sub-device. */
  | "child-out-of-reach"
  /** A request that only gateways know. */
  | "no-gateway";

/** Source: vendor code of five generations (docs/devices.md) and field reports. The spelling is the vendor's. */
const TEXTS: readonly (readonly [text: string, refusal: Refusal])[] = [
  ["parse data error", "unreadable"],
  ["data format error", "unreadable"],
  ["data unvalid", "no-values"],
  ["query dp failed", "no-refresh"],
  ["devid not found", "unknown-child"],
  ["gw id invalid", "child-out-of-reach"],
  ["lan pro not register", "no-gateway"],
];

/** What a refusal says; undefined for a text that is not known as one. */
export function readRefusal(text: string): Refusal | undefined {
  const lower = text.toLowerCase();
  return TEXTS.find(([known]) => lower.includes(known))?.[1];
}
