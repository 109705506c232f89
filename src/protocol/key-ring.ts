import { BLOCK_LENGTH, HMAC_LENGTH } from "./cipher";
import { Command, isNegotiation } from "./command";
import { Envelope, markedVersion, type Opened, openWithoutKey, type Sender } from "./envelope";
import {
  body55aa,
  type Frame,
  hasValidCrc,
  HEADER_LENGTH_55AA,
  RETURN_CODE_LENGTH,
  SUFFIX_LENGTH,
} from "./frame";
import type { DiscardReason } from "./frame-decoder";
import type { Message } from "./message";
import { dialectOf, PROTOCOL_VERSIONS, type ProtocolVersion } from "./version";

/** Where a frame was going: `"in"` = from a device. */
export type Direction = "in" | "out";

/** Why a frame cannot be read without its connection. */
export type InspectFailure =
  | DiscardReason
  /** Neither the CRC nor, with the local key, the HMAC is right. */
  | "bad_crc"
  /** The HMAC does not verify under the local key, as it should in a negotiation. */
  | "bad_hmac"
  /** The GCM tag does not verify under the local key or the public one, as it should in this frame. */
  | "bad_tag"
  /** Whole, and encrypted with another local key. */
  | "bad_body"
  /** Encrypted, and there is no local key to try. */
  | "no_key"
  /** Not encrypted with the local key, as all frames after a negotiation (3.4, 3.5). */
  | "session_key"
  /** The bytes end before the frame does. */
  | "incomplete";

/** What is known about the device that sent or received the frames. */
export interface InspectKey {
  /** 16 bytes. */
  readonly localKey?: Buffer | undefined;
  /** Tried first. */
  readonly version?: ProtocolVersion | undefined;
}

/** What was found out about a frame. */
export interface Reading {
  readonly direction?: Direction | undefined;
  readonly version?: ProtocolVersion | undefined;
  readonly returnCode?: number | undefined;
  readonly payload?: Buffer;
  readonly reason?: InspectFailure;
}

/** Versions with a CRC, the one that encrypts most first. */
const CRC_VERSIONS = PROTOCOL_VERSIONS.filter(
  (version) => dialectOf(version).integrity === "crc32",
).reverse();

/** Tries to read frames with a local key, in each version. */
export class KeyRing {
  readonly #version: ProtocolVersion | undefined;
  readonly #envelopes: ReadonlyMap<ProtocolVersion, Envelope> | undefined;

  constructor({ localKey, version }: InspectKey) {
    this.#version = version;
    this.#envelopes =
      localKey &&
      new Map(PROTOCOL_VERSIONS.map((name) => [name, new Envelope(dialectOf(name), localKey)] as const));
  }

  read(frame: Frame): Reading {
    if (frame.format === "6699")
      return this.#try(frame, ["3.5"]) ?? this.#unreadable(frame, "3.5", "bad_tag");
    if (hasValidCrc(frame)) return this.#readWithCrc(frame);
    return this.#try(frame, ["3.4"]) ?? this.#readDamaged(frame);
  }

  #readWithCrc(frame: Frame): Reading {
    const preferred = CRC_VERSIONS.find((version) => version === this.#version);
    // A frame that names no version would be read the same in several versions.
    const version = markedVersion(frame) ?? preferred;
    const candidates = version ? [version, ...CRC_VERSIONS] : CRC_VERSIONS;
    const reading =
      this.#try(frame, candidates) ?? openEither(frame, (sender) => openWithoutKey(frame, sender));
    return reading ? { ...reading, version } : { version, reason: this.#envelopes ? "bad_body" : "no_key" };
  }

  /** Neither CRC nor HMAC is right: finds out which of the two the frame should have. */
  #readDamaged(frame: Frame): Reading {
    // Announcements have a CRC in every version.
    if (PUBLIC_COMMANDS.includes(frame.command))
      return { direction: directionOf(frame.command), reason: "bad_crc" };
    const isOlder = this.#version !== undefined && CRC_VERSIONS.includes(this.#version);
    const couldBe34 = this.#version === "3.4" || (!isOlder && hasLengthOf34(frame));
    return couldBe34 ? this.#unreadable(frame, "3.4", "bad_hmac") : { reason: "bad_crc" };
  }

  /** For versions that negotiate: only the negotiation itself is encrypted with the local key. */
  #unreadable({ command }: Frame, version: ProtocolVersion, reason: "bad_hmac" | "bad_tag"): Reading {
    const direction = directionOf(command);
    if (PUBLIC_COMMANDS.includes(command)) return { direction, version, reason };
    if (!isNegotiation(command)) return { direction, version, reason: "session_key" };
    return { direction, version, reason: this.#envelopes ? reason : "no_key" };
  }

  #try(frame: Frame, versions: readonly ProtocolVersion[]): Reading | undefined {
    for (const version of versions) {
      const envelope = this.#envelopes?.get(version);
      const reading = envelope && openEither(frame, (sender) => envelope.open(frame, sender));
      if (reading) return { ...reading, version };
    }
    return undefined;
  }
}

/** Commands whose frames are encrypted with public keys. */
const PUBLIC_COMMANDS: readonly number[] = [Command.UDP_NEW, Command.BOARDCAST_LPV34, Command.REQ_DEVINFO];

/** Opens a frame as one from a device, and if that fails as one from a client, unless its command tells the direction. */
function openEither(frame: Frame, open: (sender: Sender) => Opened): Reading | undefined {
  const known = directionOf(frame.command);
  const senders: readonly Sender[] = known ? [known === "in" ? "device" : "client"] : ["device", "client"];
  for (const sender of senders) {
    const opened = open(sender);
    if (opened.ok) return reading(opened.message, known ?? (sender === "client" ? "out" : undefined));
  }
  return undefined;
}

/** Only devices write return codes, but not all of them do. */
function reading({ command, payload, returnCode }: Message, known: Direction | undefined): Reading {
  const direction = known ?? (returnCode === undefined ? undefined : "in");
  // The payload of a negotiation is not shown: both nonces and the local key make the session key.
  return { direction, returnCode, ...(isNegotiation(command) ? {} : { payload }) };
}

function directionOf(command: number): Direction | undefined {
  switch (command) {
    case Command.SESS_KEY_NEG_START:
    case Command.SESS_KEY_NEG_FINISH:
    case Command.REQ_DEVINFO:
      return "out";
    case Command.SESS_KEY_NEG_RESP:
    case Command.STATUS:
      return "in";
    default:
      return undefined;
  }
}

/** Whether a body is as long as a return code, cipher text or both, given that an HMAC follows. */
function hasLengthOf34(frame: Frame): boolean {
  const rest = body55aa(frame, "hmac-sha256").length % BLOCK_LENGTH;
  const least = HEADER_LENGTH_55AA + HMAC_LENGTH + SUFFIX_LENGTH;
  return frame.bytes.length >= least && (rest === 0 || rest === RETURN_CODE_LENGTH);
}
