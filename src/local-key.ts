import { variableIn } from "./variable";

/**
 * Length of every local key, in characters. They are printable ASCII characters, quotes, ampersands and braces included.
 */
export const LOCAL_KEY_LENGTH = 16;

/** What can be wrong with a copied key. */
export type KeyDamage = "invisible" | "blanks" | "quotes" | "html" | "json";

/** What a text in the field for the key is. */
export type KeyReading =
  | { readonly kind: "empty" }
  /** `${NAME}` or `$(NAME)`, see `variableInKey`: Node-RED replaces it when the flow starts. */
  | { readonly kind: "variable"; readonly name: string }
  | { readonly kind: "key" }
  /** A key is left when each `damage` is undone, first to last. */
  | {
      readonly kind: "damaged";
      readonly length: number;
      readonly key: string;
      readonly damage: readonly KeyDamage[];
    }
  /** The right length, but with a blank or a character outside ASCII in it. */
  | { readonly kind: "unlikely" }
  | { readonly kind: "length"; readonly length: number };

const KEY = /^[\x21-\x7e]{16}$/;
const USUAL_NAME = /^[A-Za-z_]\w*$/;

/** Zero-width and direction marks, joiners, byte order mark, soft hyphen. */
const INVISIBLE = /[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]/gu;
const QUOTED = /^(?:"(.*)"|'(.*)'|`(.*)`|[“„](.*)[”“]|[‘‚](.*)[’‘]|«(.*)»)$/su;
const HTML_ENTITY = /&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|(lt|gt|amp|quot|apos|nbsp));/g;
const HTML_NAMES = new Map([
  ["lt", "<"],
  ["gt", ">"],
  ["amp", "&"],
  ["quot", '"'],
  ["apos", "'"],
  ["nbsp", " "],
]);
const JSON_ESCAPE = /\\(?:u([0-9a-fA-F]{4})|(["\\/]))/g;

/** Undoes one layer of each damage. A text without that damage is returned unchanged. */
const UNDO: readonly { readonly damage: KeyDamage; readonly from: (text: string) => string }[] = [
  { damage: "invisible", from: (text) => text.replace(INVISIBLE, "") },
  { damage: "blanks", from: (text) => text.trim() },
  { damage: "quotes", from: withoutQuotes },
  { damage: "html", from: withoutEntities },
  { damage: "json", from: withoutEscapes },
];

/**
 * How many layers are undone at most. The worst seen is three; a quoted, twice escaped key with blanks around it would
 * have four.
 */
const MOST_LAYERS = 6;

/**
 * Reads a local key as typed or pasted. A text that can be a key is taken as one, whatever it looks like:
 * `7{O<&"$M}N0z/'|q` needs no repair. A repair is offered only if it leads to exactly 16 printable characters; the one
 * with the fewest steps is taken.
 */
export function readLocalKey(text: string): KeyReading {
  if (text === "") return { kind: "empty" };
  const variable = variableInKey(text);
  if (variable !== undefined) return { kind: "variable", name: variable };
  if (KEY.test(text)) return { kind: "key" };
  const length = countCharacters(text);
  const repair = findRepair(text);
  if (repair) return { kind: "damaged", length, ...repair };
  return length === LOCAL_KEY_LENGTH ? { kind: "unlikely" } : { kind: "length", length };
}

/**
 * The variable in the field for the key; undefined if there is none. A text that can be a key is one, unless it is a name
 * that operating systems take for a variable.
 */
export function variableInKey(text: string): string | undefined {
  const name = variableIn(text);
  return name !== undefined && KEY.test(text) && !USUAL_NAME.test(name) ? undefined : name;
}

/** Whether the stored text can be used as a key. */
export type KeyState = "usable" | "missing" | "unusable";

/**
 * Whether a stored text can be used as a key, unchanged. Any 16 bytes can, even if they look damaged. A variable counts
 * as usable: its value is known only when the flow starts.
 */
export function keyState(text: string): KeyState {
  if (text.trim() === "") return "missing";
  const isUsable =
    variableInKey(text) !== undefined || new TextEncoder().encode(text).length === LOCAL_KEY_LENGTH;
  return isUsable ? "usable" : "unusable";
}

/** Characters as people count them, not UTF-16 units. */
export function countCharacters(text: string): number {
  return Array.from(text).length;
}

interface Attempt {
  readonly key: string;
  readonly damage: readonly KeyDamage[];
}

/** Breadth first, so that a key which begins and ends with a quote keeps them. */
function findRepair(text: string): Attempt | undefined {
  const tried = new Set([text]);
  let attempts: Attempt[] = [{ key: text, damage: [] }];
  for (let layer = 0; layer < MOST_LAYERS; layer++) {
    const next: Attempt[] = [];
    for (const attempt of attempts) {
      for (const { damage, from } of UNDO) {
        const key = from(attempt.key);
        if (tried.has(key)) continue;
        tried.add(key);
        const deeper = { key, damage: [...attempt.damage, damage] };
        if (KEY.test(key)) return { key, damage: [...new Set(deeper.damage)] };
        next.push(deeper);
      }
    }
    attempts = next;
  }
  return undefined;
}

function withoutQuotes(text: string): string {
  const match = QUOTED.exec(text);
  return match?.slice(1).find((inner) => inner !== undefined) ?? text;
}

function withoutEntities(text: string): string {
  return text.replace(HTML_ENTITY, (entity, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return HTML_NAMES.get(name) ?? entity;
    const code = decimal === undefined ? parseInt(hex ?? "", 16) : parseInt(decimal, 10);
    return code <= 0x10ffff ? String.fromCodePoint(code) : entity;
  });
}

function withoutEscapes(text: string): string {
  return text.replace(JSON_ESCAPE, (_escape, hex?: string, literal?: string) =>
    hex === undefined ? (literal ?? "") : String.fromCharCode(parseInt(hex, 16)),
  );
}
