import type { LiteralFailure } from "./literal";

/** Reads a text of YAML, as plain data: nothing in it is evaluated, and tags are not supported. */
export type YamlReader = (text: string) => { readonly ok: true; readonly value: unknown } | LiteralFailure;

/**
 * Whether a text is YAML rather than JSON or a literal: its first line that is not empty or a comment is a key with a
 * colon, an entry of a list, or the beginning of a document.
 */
export function isYaml(text: string): boolean {
  const line = /^[ \t\ufeff\u200b]*(?![#\s]).+/m.exec(text)?.[0].trim() ?? "";
  return /^(?:---(?:\s|$)|- |%YAML|(?:[\w.-]+|"[^"]*"|'[^']*')\s*:(?:\s|$))/.test(line);
}
