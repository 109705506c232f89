/** Longest text of the other side that is repeated, in characters: more than any refusal has. */
const MAX_FOREIGN_TEXT = 200;

/**
 * Control characters, line ends, and what turns the direction of writing or takes no place: a log is read line by line. Not
 * the two that join letters and pictures.
 */
const UNSEEN = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** A text with a dot for every character nobody sees: one line, which does nothing to a terminal. */
export function visible(text: string): string {
  return text.replace(UNSEEN, "·");
}

/**
 * A text that came from the network, as it may stand in a log, a message, an error or a status: `visible`, and cut where it
 * is longer than `max` characters. Every such text goes through here.
 */
export function foreignText(text: string, max = MAX_FOREIGN_TEXT): string {
  // What is cut off anyway is not cleaned first. A character has at most two units.
  const characters = Array.from(text.slice(0, 2 * max + 2));
  return characters.length > max ? `${visible(characters.slice(0, max - 1).join(""))}…` : visible(text);
}
