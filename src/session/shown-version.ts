import { isQuery } from "../protocol/command";
import { Envelope, markedVersion } from "../protocol/envelope";
import type { Frame } from "../protocol/frame";
import { dialectOf, type ProtocolVersion } from "../protocol/version";

/**
 * The version that a frame shows which does not decrypt in the spoken version: by its header, or because it decrypts in
 * that version. Undefined if it shows none.
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
  // 3.2 is 3.3 with queries in clear, so an encrypted answer to a query comes from a 3.3 device.
  return isQuery(frame.command) ? "3.3" : "3.2";
}
