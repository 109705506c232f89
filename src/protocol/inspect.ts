import { openUdpFrame } from "./announcement";
import { Command, isNegotiation } from "./command";
import { Envelope, NO_PAYLOAD, type OpenFailure, type Sender } from "./envelope";
import { type Frame, hasValidCrc } from "./frame";
import { type DiscardReason, FrameDecoder } from "./frame-decoder";
import { deriveSessionKey, NONCE_LENGTH } from "./handshake";
import { type Message, parseBody } from "./message";
import { dialectOf, type FrameFormat, isProtocolVersion, type ProtocolVersion } from "./version";

/** What is known of whoever sent the bytes. */
export interface InspectContext {
  /** Tried first. */
  readonly version?: ProtocolVersion | undefined;
  /** 16 bytes. Without it only what is in clear, and announcements, can be read. */
  readonly localKey?: Buffer | undefined;
}

export type InspectFailure =
  | OpenFailure
  | DiscardReason
  /** The end is missing. */
  | "incomplete"
  /** Whole, but encrypted, and no key is known. */
  | "no_key";

/** A frame, or bytes that are none, as far as they can be read. Never carries key material. */
export interface Inspected {
  /** As seen by a client; undefined where that cannot be told. */
  readonly direction: "in" | "out" | undefined;
  readonly format: FrameFormat | undefined;
  /** The version it was read in; undefined where it was not. */
  readonly version: ProtocolVersion | undefined;
  readonly sequence: number;
  readonly command: number;
  readonly returnCode: number | undefined;
  /** Decrypted payload; empty in negotiation frames. */
  readonly payload: Buffer;
  readonly valid: boolean;
  readonly reason: InspectFailure | undefined;
  readonly raw: Buffer;
}

/** Reads recorded bytes: frames of both formats, in either direction, of TCP and UDP. Never throws. */
export function inspectBytes(bytes: Buffer, context: InspectContext = {}): Inspected[] {
  const decoder = new FrameDecoder();
  const inspector = new Inspector(context);
  const inspected = decoder
    .push(bytes)
    .map((found) =>
      found.type === "frame" ? inspector.inspect(found.frame) : unreadable(found.bytes, found.reason),
    );
  const rest = bytes.subarray(bytes.length - decoder.pending);
  return rest.length === 0 ? inspected : [...inspected, unreadable(rest, "incomplete")];
}

/** Where nothing is configured: the likeliest version first. 3.2 reads as 3.3 and is told apart by its header. */
const LIKELY: readonly ProtocolVersion[] = ["3.3", "3.4", "3.5", "3.1"];
/** No device has this key: with it only what is in clear can be read. */
const NO_KEY = Buffer.alloc(16);

const UDP_COMMANDS: readonly number[] = [
  Command.UDP,
  Command.UDP_NEW,
  Command.BOARDCAST_LPV34,
  Command.REQ_DEVINFO,
  Command.SCENE_EXECUTE,
];
const ALWAYS_FROM_CLIENT: readonly number[] = [Command.SESS_KEY_NEG_START, Command.SESS_KEY_NEG_FINISH];
const ALWAYS_FROM_DEVICE: readonly number[] = [Command.SESS_KEY_NEG_RESP, Command.STATUS];

type Read =
  | { readonly ok: true; readonly message: Message; readonly sender: Sender }
  | { readonly ok: false; readonly reason: OpenFailure };

/** Reads the frames of one recording, in order: a negotiation in it opens what follows. */
class Inspector {
  readonly #localKey: Buffer | undefined;
  readonly #version: ProtocolVersion | undefined;
  readonly #envelopes = new Map<ProtocolVersion, Envelope>();
  #clientNonce: Buffer | undefined;
  #session: Envelope | undefined;

  constructor({ version, localKey }: InspectContext) {
    this.#localKey = localKey;
    this.#version = version;
  }

  inspect(frame: Frame): Inspected {
    return this.#asAnnouncement(frame) ?? this.#asMessage(frame);
  }

  #asAnnouncement(frame: Frame): Inspected | undefined {
    if (!UDP_COMMANDS.includes(frame.command)) return undefined;
    const opened = openUdpFrame(frame);
    const body = opened.ok ? parseBody(opened.plain) : undefined;
    if (!opened.ok || body?.kind !== "json") return undefined;
    const { version } = body.value;
    return {
      ...outsideOf(frame),
      direction: frame.command === Command.REQ_DEVINFO ? "out" : "in",
      version: isProtocolVersion(version) ? version : undefined,
      returnCode: undefined,
      payload: opened.plain,
      valid: true,
      reason: undefined,
    };
  }

  #asMessage(frame: Frame): Inspected {
    let failure: InspectFailure | undefined;
    for (const envelope of this.#envelopesFor(frame)) {
      const read = open(envelope, frame);
      if (!read.ok) {
        failure ??= read.reason;
      } else if (this.#localKey || !read.message.encrypted) {
        this.#follow(envelope, read.message);
        return readable(frame, envelope, read);
      }
    }
    const isWhole = frame.format === "6699" || hasValidCrc(frame) || failure === "bad_hmac";
    const reason = !this.#localKey && isWhole ? "no_key" : (failure ?? "bad_body");
    return { ...unreadable(frame.bytes, reason), ...outsideOf(frame) };
  }

  *#envelopesFor(frame: Frame): Generator<Envelope> {
    if (this.#session && !isNegotiation(frame.command)) yield this.#session;
    // A CRC that is right is no accident: then it is none of the versions with an HMAC.
    const hasCrc = hasValidCrc(frame);
    const likely = LIKELY.filter((version) => (dialectOf(version).integrity === "crc32") === hasCrc);
    for (const version of new Set([...(this.#version ? [this.#version] : []), ...likely])) {
      if (dialectOf(version).format === frame.format) yield this.#envelope(version);
    }
  }

  #envelope(version: ProtocolVersion): Envelope {
    const envelope =
      this.#envelopes.get(version) ?? new Envelope(dialectOf(version), this.#localKey ?? NO_KEY);
    this.#envelopes.set(version, envelope);
    return envelope;
  }

  /** Both nonces and the local key make the session key, which seals what follows. */
  #follow({ dialect }: Envelope, { command, payload }: Message): void {
    if (!this.#localKey || payload.length < NONCE_LENGTH) return;
    const nonce = payload.subarray(0, NONCE_LENGTH);
    if (command === Command.SESS_KEY_NEG_START) {
      this.#clientNonce = nonce;
      this.#session = undefined;
    } else if (command === Command.SESS_KEY_NEG_RESP && this.#clientNonce) {
      const key = deriveSessionKey(dialect, this.#localKey, this.#clientNonce, nonce);
      this.#session = new Envelope(dialect, key);
    }
  }
}

/** Opens a frame that may come from either end: only devices write return codes. */
function open(envelope: Envelope, frame: Frame): Read {
  const { command } = frame;
  const asClient = ALWAYS_FROM_DEVICE.includes(command) ? undefined : openFrom(envelope, frame, "client");
  const asDevice = ALWAYS_FROM_CLIENT.includes(command) ? undefined : openFrom(envelope, frame, "device");
  const hasCode = asDevice?.ok && asDevice.message.returnCode !== undefined;
  const best = hasCode || !asClient?.ok ? asDevice : asClient;
  return best ?? asClient ?? { ok: false, reason: "bad_body" };
}

function openFrom(envelope: Envelope, frame: Frame, sender: Sender): Read {
  const opened = envelope.open(frame, sender);
  return opened.ok ? { ...opened, sender } : opened;
}

function readable(frame: Frame, envelope: Envelope, read: Read & { ok: true }): Inspected {
  const { header, payload, returnCode } = read.message;
  const marked = header?.toString("latin1", 0, 3);
  return {
    ...outsideOf(frame),
    direction: read.sender === "device" ? "in" : "out",
    version: isProtocolVersion(marked) ? marked : envelope.dialect.version,
    returnCode,
    payload: isNegotiation(frame.command) ? NO_PAYLOAD : payload,
    valid: true,
    reason: undefined,
  };
}

function outsideOf({ format, sequence, command, bytes }: Frame) {
  return { format, sequence, command, raw: bytes };
}

function unreadable(raw: Buffer, reason: InspectFailure): Inspected {
  return {
    direction: undefined,
    format: undefined,
    version: undefined,
    sequence: 0,
    command: 0,
    returnCode: undefined,
    payload: NO_PAYLOAD,
    valid: false,
    reason,
    raw,
  };
}
