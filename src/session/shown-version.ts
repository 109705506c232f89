import { isQuery } from "../protocol/command";
import { Envelope, markedVersion } from "../protocol/envelope";
import type { Frame } from "../protocol/frame";
import { dialectOf, type ProtocolVersion } from "../protocol/version";

/**
 * The version a frame shows that does not decrypt in the one that is spoken: by its header, or because it decrypts in
 * that one. Undefined where it shows none.
 */
export function shownVersion(
  frame: Frame,
  { version, localKey }: { readonly version: ProtocolVersion; readonly localKey: Buffer },
): ProtocolVersion | undefined {
  const marked = markedVersion(frame);
  if (marked) return marked === version ? undefined : marked;
  if (version !== "3.1") return undefined;
  const opened = new Envelope(dialectOf("3.3"), localKey).open(frame);
  if (!opened.ok || !opened.message.encrypted) return undefined;
  // 3.2 is 3.3 with queries in clear, so only a 3.3 device encrypts its answer to one.
  return isQuery(frame.command) ? "3.3" : "3.2";
}
