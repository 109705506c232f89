/** Bytes from hexadecimal text; blanks and line ends between the digits are for the reader. */
export function hex(text: string): Buffer {
  const digits = text.replace(/\s+/g, "");
  if (!/^(?:[0-9a-f]{2})*$/i.test(digits)) throw new TypeError(`not hexadecimal: ${text}`);
  return Buffer.from(digits, "hex");
}
