/** The meaning of a text with which a device refuses a request. */
export type Refusal =
  /** It could not decrypt the request: it expects another key, or another way of encrypting. */
  | "unreadable"
  /** It has no values, or does not answer a plain query with them. */
  | "no-values"
  /** It does not support UPDATEDPS. */
  | "no-refresh"
  /** The gateway has no sub-device with this id. */
  | "unknown-child"
  /** The gateway cannot reach the sub-device. */
  | "child-out-of-reach"
  /** The device is no gateway, and does not know the request. */
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

/** The meaning of a refusal; undefined for an unknown text. */
export function readRefusal(text: string): Refusal | undefined {
  const lower = text.toLowerCase();
  return TEXTS.find(([known]) => lower.includes(known))?.[1];
}
