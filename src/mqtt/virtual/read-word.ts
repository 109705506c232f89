import { describeValue } from "../../datapoints/describe";
import { badInput } from "../../errors";

/**
 * Reads a command of one word, in whatever case and with blanks around it.
 *
 * @param name the virtual value, for the sentence
 * @param words the possible words, at least one
 * @throws BAD_INPUT for anything else
 */
export function readWord<T extends string>(name: string, words: readonly T[], payload: unknown): T {
  const wanted = typeof payload === "string" ? payload.trim() : undefined;
  const alike = words.find((each) => each.toLowerCase() === wanted?.toLowerCase());
  const word = words.find((each) => each === wanted) ?? alike;
  if (word !== undefined) return word;
  const list = words.map((each) => `"${each}"`).join(", ");
  throw badInput(`${name} takes one of ${list}, not ${describeValue(payload)}; nothing was sent.`);
}
