/*
 * Tells texts from random bytes. Up to 3.3 only the content of a body shows whether it is in clear, and whether it was
 * decrypted with the right key.
 */

const FATAL_UTF8 = new TextDecoder("utf-8", { fatal: true });

/** Whether bytes are a JSON object, or text without control characters, as devices write. */
export function isReadable(bytes: Buffer): boolean {
  const text = withoutNuls(bytes);
  if (text.length === 0 || looksLikeJson(text)) return true;
  if (hasControlCharacter(text)) return false;
  try {
    FATAL_UTF8.decode(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * Whether bytes are readable, and very improbable as random bytes: a JSON object without control characters (1 in 10
 * million of 16 random bytes), or words as in all refusals of devices (1 in 100 million).
 */
export function isPlainText(bytes: Buffer): boolean {
  const text = withoutNuls(bytes);
  return looksLikeJson(text)
    ? text.every((byte) => byte >= 0x20 || isBlank(byte))
    : /^[\w .,:;'"()/!?-]*$/.test(text.toString("latin1"));
}

/** Whether bytes begin as a JSON object does. A return code may begin with the same `{`, but is then followed by 00. */
export function beginsJson(bytes: Buffer, at = 0): boolean {
  if (bytes.length < at + 2 || bytes[at] !== 0x7b) return false;
  const second = bytes[at + 1]!;
  return second === 0x22 || second === 0x7d || isBlank(second);
}

/** Looks at the beginning `{"` and the end `}` only: string values may contain bytes that are no UTF-8. */
function looksLikeJson(text: Buffer): boolean {
  return beginsJson(text) && text[text.length - 1] === 0x7d;
}

function hasControlCharacter(text: Buffer): boolean {
  return text.some((byte) => (byte < 0x20 && !isBlank(byte)) || byte === 0x7f);
}

/** White space of JSON. */
function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d;
}

/** What stands before the NUL bytes with which some senders end their texts; the very buffer where there are none. */
export function withoutNuls(bytes: Buffer): Buffer {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  return end === bytes.length ? bytes : bytes.subarray(0, end);
}
