import type { Cause } from "../sentences/cause";
import type { Announcements } from "./announcements";

/** What is known about the device that answers. */
export interface IdentityClues {
  /** The id of the intended device. */
  readonly deviceId: string;
  /** The address that answers. */
  readonly ip: string;
  /** Device ids in the messages it sent. */
  readonly namedIds: ReadonlySet<string>;
  /** Whether it has proved that it has the local key. */
  readonly keyProven: boolean;
  readonly announcements: Announcements;
  /** Name and id of a device, for a sentence. */
  readonly nameOf: (id: string) => string;
}

/**
 * Why the device at an address is not the intended one, or a sentence about why it is. Its own messages count more than
 * announcements.
 */
export function judgeIdentity(clues: IdentityClues): { readonly cause: Cause } | { readonly says: string } {
  const { deviceId, ip, namedIds, keyProven, announcements, nameOf } = clues;
  if (namedIds.has(deviceId)) return { says: `It calls itself ${deviceId}.` };
  const [named] = namedIds;
  if (named !== undefined) return { cause: { cause: "stranger", stranger: nameOf(named), by: "itself" } };

  const announced = announcements.at(ip, deviceId);
  if (announced?.id === deviceId) return { says: `${deviceId} announces itself from there.` };
  if (announced) return { cause: { cause: "stranger", stranger: nameOf(announced.id), by: "announcement" } };
  const heard = announcements.lately(deviceId);
  // A key that fits proves more than an announcement everybody can forge.
  if (heard && heard.sender !== ip && !keyProven) return { cause: { cause: "moved", to: heard.ip } };
  return {
    says: keyProven
      ? "It does not say its id, but its key fits."
      : "It does not say its id, and nothing speaks against it.",
  };
}
