import type { KeyObject } from "node:crypto";
import { BLOCK_LENGTH, Ecb, KEY_LENGTH, md5Hex, secretKey } from "./cipher";
import { Command, isNegotiation } from "./command";
import {
  body55aa,
  bodyEnd55aa,
  encodeFrame55aa,
  type Frame,
  hasValidCrc,
  hasValidHmac,
  HEADER_LENGTH_55AA,
  NO_BYTES,
  RETURN_CODE_LENGTH,
} from "./frame";
import { encodeFrame6699, openFrame6699 } from "./frame-6699";
import type { Message, VersionHeader } from "./message";
import { beginsJson, isPlainText, isReadable } from "./readable";
import {
  carriesHeader,
  type Dialect,
  isEncrypted,
  isProtocolVersion,
  type ProtocolVersion,
  SIGNATURE_HEADER_LENGTH,
  VERSION_HEADER_LENGTH,
} from "./version";

/** Why a frame could not be opened, or its message must not be used. */
export type OpenFailure =
  /** The frame belongs to another protocol version: 6699 on a 55AA connection, or the reverse. */
  | "foreign_format"
  | "bad_crc"
  | "bad_hmac"
  | "bad_tag"
  /**
   * The check at the end is right (up to 3.3 that says nothing about the key), but the body does not decrypt with this
   * key.
   */
  | "bad_body"
  /** JSON in clear in a version that encrypts everything (3.3 and later): anybody may have written it. */
  | "not_authentic"
  /** A client wrote it, no device: a request that came back. */
  | "from_client";

/** A frame, opened: its message, or why it has none. */
export type Opened =
  | { readonly ok: true; readonly message: Message }
  | {
      readonly ok: false;
      readonly reason: OpenFailure;
      /** With "not_authentic" and "from_client": the message. It may be shown, but must not be used. */
      readonly clear?: Message;
    };

/** Which end wrote a frame: only devices write return codes. */
export type Sender = "client" | "device";

/** A message to encrypt. Absent fields follow from the dialect and the command. */
export interface Outgoing {
  readonly sequence: number;
  readonly command: number;
  readonly payload: Buffer;
  readonly returnCode?: number | undefined;
  /** Devices write it little-endian in 6699 frames, for that is how their chips count; big-endian everywhere else. */
  readonly returnCodeOrder?: "LE" | "BE" | undefined;
  /** Version header, or null for none. Default: 12 zero bytes behind the version, where the command carries one. */
  readonly header?: Buffer | null | undefined;
  /** Default: as the dialect demands. Devices send empty bodies, and some refusals, in clear. */
  readonly encrypted?: boolean | undefined;
  /** 12 bytes, needed for 6699 frames; must never be used twice with one key. */
  readonly iv?: Buffer | undefined;
}

/** Where the numbers stand in the version header, behind the version and 4 bytes for a CRC. */
const NUMBER_AT = 7;
const SOURCE_AT = 11;
const SIGNATURE_HEADER: VersionHeader = { number: 0, source: 0 };

/** The version and 12 zero bytes. */
const HEADERS: Readonly<Record<ProtocolVersion, Buffer>> = {
  "3.1": versionHeader("3.1"),
  "3.2": versionHeader("3.2"),
  "3.3": versionHeader("3.3"),
  "3.4": versionHeader("3.4"),
  "3.5": versionHeader("3.5"),
};

function versionHeader(version: ProtocolVersion): Buffer {
  return Buffer.concat([Buffer.from(version, "latin1")], VERSION_HEADER_LENGTH);
}

/**
 * Turns frames into messages and back for one protocol version and one key: the local key, or later the session key.
 *
 * Opening never throws, whatever the frame contains. Up to 3.3 nothing marks where the return code, the version header
 * and the cipher text begin; they are found by length and by trying to decrypt (docs/protocol.md, 2.6). Nothing proves
 * the key either: with a wrong key about one in ten million frames of a single cipher block, and fewer longer ones,
 * decrypt to readable nonsense.
 */
export class Envelope {
  readonly dialect: Dialect;
  readonly #key: KeyObject;
  /** The key as Latin-1, for signatures; "" where there are none. */
  readonly #keyText: string;
  #ecb: Ecb | undefined;

  /** @param key 16 bytes; see `parseLocalKey`. Throws a RangeError for any other length. */
  constructor(dialect: Dialect, key: Buffer) {
    if (key.length !== KEY_LENGTH) throw new RangeError(`a key has ${KEY_LENGTH} bytes`);
    this.dialect = dialect;
    this.#key = secretKey(key);
    this.#keyText = dialect.header === "signature" ? key.toString("latin1") : "";
  }

  /** The bytes of one whole frame. Throws a RangeError for numbers that do not fit into 32 bits or a missing IV. */
  seal(message: Outgoing): Buffer {
    const { dialect } = this;
    const { sequence, command, payload, returnCode } = message;
    const header = this.#headerOf(message);
    const encrypted = message.encrypted ?? isEncrypted(dialect, command);
    const is6699 = dialect.format === "6699";
    const code =
      returnCode === undefined ? NO_BYTES : encodeReturnCode(returnCode, message.returnCodeOrder, is6699);

    if (is6699) {
      const plain = Buffer.concat([code, header, payload]);
      return encodeFrame6699(sequence, command, plain, this.#key, message.iv ?? NO_BYTES);
    }
    if (dialect.header === "inside") {
      const text = encrypted ? [this.#cipher.encrypt(header, payload)] : [header, payload];
      return encodeFrame55aa(sequence, command, [code, ...text], this.#key);
    }
    if (!encrypted) return encodeFrame55aa(sequence, command, [code, header, payload]);
    const text = this.#cipher.encrypt(payload);
    if (dialect.header === "outside") return encodeFrame55aa(sequence, command, [code, header, text]);
    const base64 = text.toString("base64");
    return encodeFrame55aa(sequence, command, [
      code,
      Buffer.from(dialect.version + this.#signature(base64) + base64, "latin1"),
    ]);
  }

  /** Verifies and decrypts a frame that came from `sender`. */
  open(frame: Frame, sender: Sender = "device"): Opened {
    const { dialect } = this;
    if (frame.format !== dialect.format) return failed("foreign_format");
    switch (dialect.integrity) {
      case "gcm-tag": {
        const plain = openFrame6699(frame, this.#key);
        return plain ? open6699(frame, plain, sender) : failed("bad_tag");
      }
      case "hmac-sha256":
        return hasValidHmac(frame, this.#key) ? this.#openInside(frame, sender) : failed("bad_hmac");
      case "crc32":
        if (!hasValidCrc(frame)) return failed("bad_crc");
        return dialect.header === "signature"
          ? this.#openSigned(frame, sender)
          : this.#openOutside(frame, sender);
    }
  }

  get #cipher(): Ecb {
    return (this.#ecb ??= new Ecb(this.#key));
  }

  #headerOf(message: Outgoing): Buffer {
    if (message.header === null) return NO_BYTES;
    if (message.header) return message.header;
    return carriesHeader(message.command) && message.payload.length > 0
      ? HEADERS[this.dialect.version]
      : NO_BYTES;
  }

  /** 16 hex digits from the middle of an MD5 over the text and the key (3.1). */
  #signature(base64: string): string {
    return md5Hex(`data=${base64}||lpv=3.1||${this.#keyText}`).slice(8, 24);
  }

  /** 3.4: `[code] cipher([header] payload)`, or a clear text. The HMAC has been verified before. */
  #openInside(frame: Frame, sender: Sender): Opened {
    const { bytes } = frame;
    const end = bodyEnd55aa(frame, "hmac-sha256");
    const hasCode = sender === "device" && (end - HEADER_LENGTH_55AA) % BLOCK_LENGTH === RETURN_CODE_LENGTH;
    const returnCode = hasCode ? bytes.readUInt32BE(HEADER_LENGTH_55AA) : undefined;
    const text = bytes.subarray(HEADER_LENGTH_55AA + (hasCode ? RETURN_CODE_LENGTH : 0), end);
    if (text.length === 0) return opened(frame, returnCode, undefined, text, false);
    const plain = this.#cipher.decrypt(text);
    return plain
      ? openHeaded(frame, returnCode, plain)
      : this.#openUnencrypted(frame, body55aa(frame, "hmac-sha256"), sender);
  }

  /**
   * 3.2 and 3.3: `[code] [header] cipher(payload)`, or clear text. Only one of the possible readings has a length that
   * cipher text can have.
   */
  #openOutside(frame: Frame, sender: Sender): Opened {
    return (
      this.#readOutside(frame, 0) ??
      (sender === "device" ? this.#readOutside(frame, RETURN_CODE_LENGTH) : undefined) ??
      this.#openUnencrypted(frame, body55aa(frame, "crc32"), sender)
    );
  }

  /** Some devices refuse in clear, but a device that encrypts everything never reports in clear. */
  #openUnencrypted(frame: Frame, body: Buffer, sender: Sender): Opened {
    const opened = openClear(frame, body, sender);
    const isReport = opened.ok && sender === "device" && beginsJson(opened.message.payload);
    return isReport && this.dialect.encrypts === "all"
      ? { ok: false, reason: "not_authentic", clear: opened.message }
      : opened;
  }

  /** Reads `[header] cipher(payload)` behind a return code of this length; undefined if that gives no readable text. */
  #readOutside(frame: Frame, codeLength: number): Opened | undefined {
    const { bytes } = frame;
    const start = HEADER_LENGTH_55AA + codeLength;
    const end = bodyEnd55aa(frame, "crc32");
    const afterHeader = start + VERSION_HEADER_LENGTH;
    const hasHeader =
      afterHeader <= end && startsWithVersion(bytes, start) && (end - afterHeader) % BLOCK_LENGTH === 0;
    const textStart = hasHeader ? afterHeader : start;
    if ((end - textStart) % BLOCK_LENGTH !== 0) return undefined;
    const plain = this.#cipher.decrypt(bytes.subarray(textStart, end));
    if (!plain || !isReadable(plain)) return undefined;
    const returnCode = codeLength > 0 ? bytes.readUInt32BE(HEADER_LENGTH_55AA) : undefined;
    const header = hasHeader ? readHeader(bytes, start) : undefined;
    return opened(frame, returnCode, header, plain, true);
  }

  /** 3.1: `[code] signature base64(cipher(payload))` for CONTROL and STATUS, clear text for all else. */
  #openSigned(frame: Frame, sender: Sender): Opened {
    const { bytes } = frame;
    const end = bodyEnd55aa(frame, "crc32");
    const hasCode = sender === "device" && beginsWithCode(bytes, HEADER_LENGTH_55AA);
    const textStart = HEADER_LENGTH_55AA + (hasCode ? RETURN_CODE_LENGTH : 0) + SIGNATURE_HEADER_LENGTH;
    if (textStart > end || !startsWithVersion(bytes, textStart - SIGNATURE_HEADER_LENGTH))
      return openClear(frame, body55aa(frame, "crc32"), sender);
    const plain = this.#cipher.decrypt(Buffer.from(bytes.toString("latin1", textStart, end), "base64"));
    if (!plain || !isReadable(plain)) return failed("bad_body");
    const returnCode = hasCode ? bytes.readUInt32BE(HEADER_LENGTH_55AA) : undefined;
    return opened(frame, returnCode, SIGNATURE_HEADER, plain, true);
  }
}

/** Reads a frame with a CRC whose body came in clear (3.1 to 3.3), without a key. */
export function openWithoutKey(frame: Frame, sender: Sender): Opened {
  return hasValidCrc(frame) ? openClear(frame, body55aa(frame, "crc32"), sender) : failed("bad_crc");
}

/** Reads `[code] text`. If it could be cipher text by its length, it counts as text only if it certainly is. */
function openClear(frame: Frame, body: Buffer, sender: Sender): Opened {
  const hasCode = sender === "device" && beginsWithCode(body);
  const payload = hasCode ? body.subarray(RETURN_CODE_LENGTH) : body;
  const isClear =
    payload.length === 0 ||
    (!startsWithVersion(payload, 0) &&
      (couldBeCipherText(body, sender) ? isPlainText(payload) : isReadable(payload)));
  if (!isClear) return failed("bad_body");
  return opened(frame, hasCode ? body.readUInt32BE(0) : undefined, undefined, payload, false);
}

/** Whether a body has the length of `[code] cipher text`. */
function couldBeCipherText(body: Buffer, sender: Sender): boolean {
  const rest = body.length % BLOCK_LENGTH;
  return body.length >= BLOCK_LENGTH && (rest === 0 || (sender === "device" && rest === RETURN_CODE_LENGTH));
}

/** Reads the plain text of a 6699 frame: `[code] [header] payload`. */
function open6699(frame: Frame, plain: Buffer, sender: Sender): Opened {
  if (sender === "client" || !beginsWithCode6699(plain, frame.command)) {
    return openHeaded(frame, undefined, plain);
  }
  // Chips write the code in their own byte order: the smaller one of the two readings is right.
  const returnCode = Math.min(plain.readUInt32BE(0), plain.readUInt32LE(0));
  return openHeaded(frame, returnCode, plain, RETURN_CODE_LENGTH);
}

/**
 * Reads `[header] payload` from `start` on, decrypted. The header is found by its position, because its last 12 bytes may
 * be anything. Negotiation messages have none.
 */
function openHeaded(frame: Frame, returnCode: number | undefined, plain: Buffer, start = 0): Opened {
  const afterHeader = start + VERSION_HEADER_LENGTH;
  const hasHeader =
    !isNegotiation(frame.command) && plain.length >= afterHeader && startsWithVersion(plain, start);
  const header = hasHeader ? readHeader(plain, start) : undefined;
  return opened(frame, returnCode, header, plain.subarray(hasHeader ? afterHeader : start), true);
}

function readHeader(bytes: Buffer, at: number): VersionHeader {
  return { number: bytes.readUInt32BE(at + NUMBER_AT), source: bytes.readUInt32BE(at + SOURCE_AT) };
}

function opened(
  { sequence, command }: Frame,
  returnCode: number | undefined,
  header: VersionHeader | undefined,
  payload: Buffer,
  encrypted: boolean,
): Opened {
  return { ok: true, message: { sequence, command, returnCode, header, payload, encrypted } };
}

function failed(reason: OpenFailure): Opened {
  return { ok: false, reason };
}

function encodeReturnCode(code: number, order: "LE" | "BE" | undefined, is6699: boolean): Buffer {
  const bytes = Buffer.allocUnsafe(RETURN_CODE_LENGTH);
  if ((order ?? (is6699 ? "LE" : "BE")) === "LE") bytes.writeUInt32LE(code, 0);
  else bytes.writeUInt32BE(code, 0);
  return bytes;
}

/**
 * Whether the plain text begins with a return code. A nonce may begin with any bytes, so for the negotiation the length
 * decides.
 */
function beginsWithCode6699(plain: Buffer, command: number): boolean {
  return command === Command.SESS_KEY_NEG_RESP ? plain.length === 52 : beginsWithCode(plain);
}

/**
 * Whether there is a return code and not JSON or text, which never has a byte below 0x20 among its first four. A code
 * has: those above 0x20202020 are unheard of.
 */
function beginsWithCode(bytes: Buffer, at = 0): boolean {
  if (bytes.length < at + RETURN_CODE_LENGTH || beginsJson(bytes, at) || startsWithVersion(bytes, at))
    return false;
  return bytes[at]! < 0x20 || bytes[at + 1]! < 0x20 || bytes[at + 2]! < 0x20 || bytes[at + 3]! < 0x20;
}

/** The version a 55AA frame names in clear before its cipher text (3.1 to 3.3), whether or not it can be opened. */
export function markedVersion(frame: Frame): ProtocolVersion | undefined {
  if (frame.format !== "55AA") return undefined;
  const body = body55aa(frame, "crc32");
  const marker = [0, RETURN_CODE_LENGTH]
    .filter((at) => startsWithVersion(body, at))
    .map((at) => body.toString("latin1", at, at + 3))[0];
  return isProtocolVersion(marker) ? marker : undefined;
}

/** `3.` and a digit. */
function startsWithVersion(bytes: Buffer, at: number): boolean {
  if (bytes.length < at + 3 || bytes[at] !== 0x33 || bytes[at + 1] !== 0x2e) return false;
  const digit = bytes[at + 2]!;
  return digit >= 0x30 && digit <= 0x39;
}
