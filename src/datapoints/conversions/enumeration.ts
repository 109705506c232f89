import type { Conversion } from "./conversion";
import { asReported, asSwitchWord } from "./reported-type";
import { readBoolean } from "../notation/on-off";

/**
 * Members are case-sensitive on the wire. A message may write them in any case if only one member fits. A device that
 * reports the number of a member is sent the number. A device that reports its state as true, or as the member "on", is
 * sent the other one for false.
 */
export const ENUM: Conversion = {
  decode: (raw) => raw,
  encode(value, { values: members }, known) {
    if (typeof known === "boolean") {
      const flag = readBoolean(value);
      if (flag !== undefined) return { value: flag };
    }
    const isMember = members.some((member) => member === value);
    const word = isMember ? undefined : asSwitchWord(value, known);
    const member = memberOf(word, members) ?? memberOf(value, members);
    return asReported(
      member === undefined ? { expects: describeMembers(members) } : { value: member },
      known,
    );
  },
};

/** The member that a value means; undefined if there is none. Where no members are known, any text is one. */
function memberOf(value: unknown, members: readonly string[]): string | undefined {
  if (typeof value !== "string" && typeof value !== "number") return undefined;
  const text = String(value);
  return members.length === 0 || members.includes(text) ? text : findAlike(text, members);
}

/** The word of a list that a text equals, without regard to case and blanks; undefined if none does, or several do. */
export function findAlike(text: string, words: readonly string[]): string | undefined {
  const wanted = text.trim().toLowerCase();
  const alike = words.filter((word) => word.toLowerCase() === wanted);
  return alike.length === 1 ? alike[0] : undefined;
}

/** A list of members, as the end of a sentence "… takes". */
export function describeMembers(members: readonly string[]): string {
  return members.length === 0 ? "a text" : `one of ${members.map((member) => `"${member}"`).join(", ")}`;
}
