import { type Announcement, decodeAnnouncement, openDatagram } from "./announcement";
import { Command } from "./command";
import { type Frame, NO_BYTES } from "./frame";
import { FrameDecoder } from "./frame-decoder";
import { type Direction, type InspectFailure, type InspectKey, KeyRing } from "./key-ring";
import { type FrameFormat, isProtocolVersion, type ProtocolVersion } from "./version";

/**
 * A frame inspected without its connection, or bytes that belong to no frame. A field is undefined if the bytes do not
 * tell it.
 */
export interface Inspected {
  readonly raw: Buffer;
  readonly direction: Direction | undefined;
  readonly format: FrameFormat | undefined;
  readonly version: ProtocolVersion | undefined;
  readonly sequence: number | undefined;
  readonly command: number | undefined;
  readonly returnCode: number | undefined;
  /** Decrypted; empty in negotiation frames and if `reason` is set. */
  readonly payload: Buffer;
  /** Why it cannot be read; undefined if it can. */
  readonly reason: InspectFailure | undefined;
  /** The announcement in it; undefined if it is none. */
  readonly announcement: Announcement | undefined;
}

/**
 * Splits recorded bytes into frames of both formats, announcements, and the bytes between them, in order and without
 * gaps. Session keys are not known here, so frames after a negotiation cannot be read. Never throws.
 */
export function inspectBytes(bytes: Buffer, key: InspectKey = {}): readonly Inspected[] {
  const bare = bareAnnouncement(bytes);
  if (bare) return [bare];
  const keys = new KeyRing(key);
  const found: Inspected[] = [];
  let rest = bytes;
  while (rest.length > 0) {
    const decoder = new FrameDecoder();
    for (const decoded of decoder.push(rest)) {
      found.push(
        decoded.type === "frame"
          ? inspectFrame(decoded, keys)
          : describe(decoded.bytes, { reason: decoded.reason }),
      );
    }
    rest = rest.subarray(rest.length - decoder.pending);
    if (rest.length === 0) break;
    // A frame that was cut off may come before whole ones.
    const next = nextPrefix(rest);
    found.push(describe(rest.subarray(0, next), { reason: "incomplete" }));
    rest = rest.subarray(next);
  }
  return found;
}

function inspectFrame(frame: Frame, keys: KeyRing): Inspected {
  const { format, sequence, command, bytes } = frame;
  const reading = (UDP_COMMANDS.includes(command) && readDatagram(bytes)) || keys.read(frame);
  return describe(bytes, { format, sequence, command, ...reading });
}

const UDP_COMMANDS: readonly number[] = [
  Command.UDP,
  Command.SCENE_EXECUTE,
  Command.UDP_NEW,
  Command.BOARDCAST_LPV34,
  Command.REQ_DEVINFO,
];

/** Reads an announcement or a discovery request; undefined for anything else. */
function readDatagram(datagram: Buffer): Partial<Inspected> | undefined {
  const decoded = decodeAnnouncement(datagram);
  const opened = openDatagram(datagram);
  if (!opened.ok) return undefined;
  const { returnCode, payload } = opened;
  if (!decoded.ok)
    return decoded.reason === "request" ? { direction: "out", returnCode, payload } : undefined;
  const { announcement } = decoded;
  const version = isProtocolVersion(announcement.version) ? announcement.version : undefined;
  return { direction: "in", version, returnCode, payload, announcement };
}

/** Some devices announce themselves without a frame. */
function bareAnnouncement(bytes: Buffer): Inspected | undefined {
  const opened = openDatagram(bytes);
  if (!opened.ok || opened.command !== undefined) return undefined;
  const reading = readDatagram(bytes);
  return reading?.announcement && describe(bytes, reading);
}

function describe(raw: Buffer, facts: Partial<Inspected>): Inspected {
  return {
    raw,
    direction: undefined,
    format: undefined,
    version: undefined,
    sequence: undefined,
    command: undefined,
    returnCode: undefined,
    payload: NO_BYTES,
    reason: undefined,
    announcement: undefined,
    ...facts,
  };
}

/** Where the next frame may begin behind the one at the start. */
function nextPrefix(bytes: Buffer): number {
  const places = PREFIXES.map((prefix) => bytes.indexOf(prefix, 1)).filter((place) => place > 0);
  return Math.min(...places, bytes.length);
}

const PREFIXES: readonly Buffer[] = [Buffer.from("000055aa", "hex"), Buffer.from("00006699", "hex")];
