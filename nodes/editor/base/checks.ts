import { isIPv4 } from "../../../src/ipv4";
import { isPort } from "../../../src/limits";
import { folded } from "../../../src/name-filter";
import { variableIn } from "../../../src/variable";

/** Whether a text is the name of a variable (`${NAME}`), whose value is not known before the flow starts. */
export function isVariable(text: string): boolean {
  return variableIn(text) !== undefined;
}

/** Whether a text is the number of a TCP port, in decimal digits. */
export function isPortText(text: string): boolean {
  return /^\d{1,5}$/.test(text) && isPort(Number(text));
}

/**
 * Whether a text can be an IPv4 address or a host name. Digits and dots are an address: 192.168.010.5 is none, because
 * some systems read 010 as 8.
 */
export function isHost(text: string): boolean {
  if (/^[\d.]+$/.test(text)) return isIPv4(text);
  return text.length <= 253 && /^[a-zA-Z\d_]([a-zA-Z\d_-]*[a-zA-Z\d_])?(\.[a-zA-Z\d_-]+)*\.?$/.test(text);
}

/** Whether a text is a number of seconds in decimal digits, with or without a fraction, of at least `least`. */
export function isSeconds(text: string, least: number): boolean {
  return /^\d+(\.\d+)?$/.test(text) && Number(text) >= least;
}

/**
 * The data points in a comma list: numbers, codes or friendly names, as written but without blanks around them. A part
 * may be "", as the second of `1,,2`. Empty for a text of blanks.
 */
export function splitDps(text: string): string[] {
  return text.trim() === "" ? [] : text.split(",").map((part) => part.trim());
}

/** Whether a text is a comma list of names for data points, none of them empty or with a blank inside. */
export function isDpList(text: string): boolean {
  return splitDps(text).every((part) => part !== "" && !/\s/.test(part));
}

/**
 * Whether a text contains all words of a filter, as parts of words too, in any order and in small or capital letters. True
 * for an empty filter.
 */
export function hasWords(text: string, filter: string): boolean {
  const searched = folded(text);
  return folded(filter)
    .split(/\s+/)
    .every((word) => searched.includes(word));
}
