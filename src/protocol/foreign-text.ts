/** How much of a text from the network is shown, in characters: more than any refusal has. */
const MAX_FOREIGN_TEXT = 200;

/**
 * Characters that are not shown: control characters, line ends, and those that change the direction of writing or have no
 * width. Without the two that join letters and emoji.
 */
const UNSEEN = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** A text with a dot in place of each invisible character: one line that cannot control a terminal. */
export function visible(text: string): string {
  return text.replace(UNSEEN, "·");
}

/**
 * A text from the network, made safe for a log, a message, an error or a status: `visible`, and cut to `max` characters.
 * Every such text must pass through here.
 */
export function foreignText(text: string, max = MAX_FOREIGN_TEXT): string {
  // Cut before it is cleaned, which is cheaper. A character has at most two UTF-16 units.
  const characters = Array.from(text.slice(0, 2 * max + 2));
  return characters.length > max ? `${visible(characters.slice(0, max - 1).join(""))}…` : visible(text);
}
