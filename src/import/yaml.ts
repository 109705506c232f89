import type { LiteralFailure } from "./literal";

/** Reads a text of YAML. What it reads is data: nothing is evaluated, and there are no types of its own. */
export type YamlReader = (text: string) => { readonly ok: true; readonly value: unknown } | LiteralFailure;

/**
 * Whether a text is YAML rather than JSON or a literal: its first line that says something is a key with a colon, an entry of
 * a list, or the beginning of a document.
 */
export function isYaml(text: string): boolean {
  const line = /^[ \t\ufeff\u200b]*(?![#\s]).+/m.exec(text)?.[0].trim() ?? "";
  return /^(?:---(?:\s|$)|- |%YAML|(?:[\w.-]+|"[^"]*"|'[^']*')\s*:(?:\s|$))/.test(line);
}
