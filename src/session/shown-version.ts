import { isQuery } from "../protocol/command";
import { Envelope, markedVersion } from "../protocol/envelope";
import type { Frame } from "../protocol/frame";
import type { Message } from "../protocol/message";
import { dialectOf, type ProtocolVersion } from "../protocol/version";
import type { Trust } from "./proof/proof";

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

/**
 * The version that a frame shows which does decrypt, but not in the version it was written in: 3.2 and 3.3 can decrypt each
 * other's reports, so a guessed version may be the wrong one, and the header tells which is spoken. Undefined if it shows
 * none, or if address and version are both configured: then the version is believed.
 */
export function otherVersion(
  { encrypted }: Message,
  frame: Frame,
  { version, trust }: { readonly version: ProtocolVersion; readonly trust: Trust },
): ProtocolVersion | undefined {
  if (!encrypted || trust === "pinned") return undefined;
  const marked = markedVersion(frame);
  return marked === version ? undefined : marked;
}
