/*
 * Templates of Home Assistant, which are written in Jinja. A template that gives `None` says that the value is not known.
 */

/** A text as a literal of Jinja. */
export function literal(text: string): string {
  const escaped = text.replace(/[\\']/g, String.raw`\$&`).replace(/\r/g, String.raw`\r`);
  return `'${escaped.replace(/\n/g, String.raw`\n`)}'`;
}

/** ON where the value is one of these words, otherwise OFF. */
export function onIfOneOf(words: readonly string[]): string {
  return `{{ 'ON' if value in [${words.map(literal).join(", ")}] else 'OFF' }}`;
}

/** OFF where the value is one of these words, otherwise ON. */
export function offIfOneOf(words: readonly string[]): string {
  return `{{ 'OFF' if value in [${words.map(literal).join(", ")}] else 'ON' }}`;
}

/** The value where it is one of these words, otherwise `None`. */
export function valueIfOneOf(words: readonly string[]): string {
  return `{{ value if value in [${words.map(literal).join(", ")}] else 'None' }}`;
}

/** ON where there is anything in a list, or a number is not 0. */
export const ON_IF_ANY = "{{ 'ON' if value_json else 'OFF' }}";

/** A list as one line, cut where it is longer than Home Assistant allows a state to be. */
export const JOINED = "{{ (value_json | join(', '))[:255] if value_json else 'none' }}";

/** One field of an object; nothing where the value is no JSON. */
export function field(name: string): string {
  return `{{ value_json.${name} if value_json is defined }}`;
}

/** The number of a word in a list, from 1; `None` for a word that is not in it. */
export function rankOf(words: readonly string[]): string {
  const ranks = words.map((word, index) => `${literal(word)}: ${index + 1}`);
  return `{{ {${ranks.join(", ")}}[value] | default('None') }}`;
}

/** One of several payloads by its number, from 0. */
export function payloadOf(payloads: readonly string[]): string {
  const numbered = payloads.map((payload, index) => `${index}: ${literal(payload)}`);
  return `{{ {${numbered.join(", ")}}[value | int] }}`;
}

/** A payload for this number, another template for the others. */
export function exceptFor(number: number, payload: string, others: string): string {
  return `{% if value | int == ${number} %}${payload}{% else %}${others}{% endif %}`;
}

/** An event in the form Home Assistant wants. */
export function eventType(words: readonly string[]): string {
  const isPlain = words.every((word) => !/["\\\p{Cc}]/u.test(word));
  return isPlain ? '{"event_type": "{{ value }}"}' : '{"event_type": {{ value | tojson }}}';
}
