/**
 * Reads a file as text, in UTF-8 unless it begins with the mark of UTF-16, which Windows consoles write. Rejects if the file
 * cannot be read.
 */
export async function textOfFile(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const [first, second] = bytes;
  const encoding =
    first === 0xff && second === 0xfe ? "utf-16le" : first === 0xfe && second === 0xff ? "utf-16be" : "utf-8";
  return new TextDecoder(encoding).decode(bytes);
}
