/** Words for on and off, as devices and people write them. */
const PAIRS: readonly (readonly [on: string, off: string])[] = [
  ["true", "false"],
  ["on", "off"],
  ["1", "0"],
];

/** Reads a word for on or off; undefined for any other value. */
export function readBoolean(value: unknown): boolean | undefined {
  if (typeof value === "boolean") return value;
  const word =
    typeof value === "string" ? value.trim().toLowerCase() : typeof value === "number" ? `${value}` : "";
  const pair = pairOf(word);
  return pair && pair[0] === word;
}

/** The word for on or off that belongs to `like`, in its case: "Off" for "On". Undefined if `like` is no such word. */
export function writeBoolean(flag: boolean, like: string): string | undefined {
  const trimmed = like.trim();
  const pair = pairOf(trimmed.toLowerCase());
  if (!pair) return undefined;
  const word = pair[flag ? 0 : 1];
  if (trimmed === trimmed.toLowerCase()) return word;
  return trimmed === trimmed.toUpperCase()
    ? word.toUpperCase()
    : word.charAt(0).toUpperCase() + word.slice(1);
}

/** Whether a text is a word for on or off and can be nothing else: "1" and "0" may be numbers, or members of an enum. */
export function isSwitchWord(value: unknown): value is string {
  return typeof value === "string" && readBoolean(value) !== undefined && !/\d/.test(value);
}

/** Whether a value is the command that changes on to off, and off to on. */
export function isToggle(value: unknown): boolean {
  return typeof value === "string" && value.trim().toLowerCase() === "toggle";
}

function pairOf(word: string): readonly [on: string, off: string] | undefined {
  return PAIRS.find((pair) => pair.includes(word));
}
