import type { KeyObject } from "node:crypto";
import { BLOCK_LENGTH, Ecb, KEY_LENGTH, md5, secretKey } from "./cipher";
import { Command } from "./command";
import { body55aa, encodeFrame55aa, type Frame, hasValidCrc, hasValidHmac } from "./frame";
import { encodeFrame6699, openFrame6699 } from "./frame-6699";
import type { Message } from "./message";
import { beginsJson, isPlainText, isReadable } from "./readable";
import {
  carriesHeader,
  type Dialect,
  isEncrypted,
  SIGNATURE_HEADER_LENGTH,
  VERSION_HEADER_LENGTH,
} from "./version";

export type OpenFailure =
  /** The frame belongs to another protocol version: 6699 on a 55AA connection, or the reverse. */
  | "foreign_format"
  | "bad_crc"
  | "bad_hmac"
  | "bad_tag"
  /** Integrity is right (or, up to 3.3, tells nothing of the key), but the body does not decrypt with this key. */
  | "bad_body";

export type Opened =
  { readonly ok: true; readonly message: Message } | { readonly ok: false; readonly reason: OpenFailure };

/** Which end a frame comes from: only devices write return codes. */
export type Sender = "client" | "device";

/** A message to seal. What is left out follows from the dialect and the command. */
export interface Outgoing {
  readonly sequence: number;
  readonly command: number;
  readonly payload: Buffer;
  readonly returnCode?: number | undefined;
  /** Devices write it little-endian in 6699 frames, for that is how their chips count; big-endian everywhere else. */
  readonly returnCodeOrder?: "LE" | "BE" | undefined;
  /** Version header, or null for none. Default: 12 zero bytes behind the version, where the command carries one. */
  readonly header?: Buffer | null | undefined;
  /** Default: as the dialect has it. Devices leave empty and some refusing bodies in clear. */
  readonly encrypted?: boolean | undefined;
  /** 12 bytes, needed for 6699 frames; never twice under one key. */
  readonly iv?: Buffer | undefined;
}

const RETURN_CODE_LENGTH = 4;
const NOTHING = Buffer.alloc(0);

/**
 * Turns frames into messages and back for one protocol version and one key: the local key, or later the session key.
 *
 * Opening never throws, whatever stands in the frame. Up to 3.3 nothing marks where the return code, the version header
 * and the cipher text begin; they are told apart by length and by what decrypts (protocol reference §2.6). Nothing
 * proves the key either: about one frame in ten million with a single cipher block, and fewer of the longer ones, makes
 * readable nonsense under a wrong key.
 */
export class Envelope {
  readonly dialect: Dialect;
  readonly #key: KeyObject;
  readonly #keyBytes: Buffer;
  readonly #header: Buffer;
  #ecb: Ecb | undefined;

  /** @param key 16 bytes; see `parseLocalKey`. Throws a RangeError for any other length. */
  constructor(dialect: Dialect, key: Buffer) {
    if (key.length !== KEY_LENGTH) throw new RangeError(`a key has ${KEY_LENGTH} bytes`);
    this.dialect = dialect;
    this.#key = secretKey(key);
    this.#keyBytes = key;
    this.#header = Buffer.concat([Buffer.from(dialect.version, "latin1")], VERSION_HEADER_LENGTH);
  }

  /** The bytes of one whole frame. Throws a RangeError for numbers that do not fit into 32 bits or a missing IV. */
  seal(message: Outgoing): Buffer {
    const { dialect } = this;
    const { sequence, command, payload, returnCode } = message;
    const header = this.#headerOf(message);
    const encrypted = message.encrypted ?? isEncrypted(dialect, command);
    const is6699 = dialect.format === "6699";
    const code =
      returnCode === undefined ? NOTHING : encodeReturnCode(returnCode, message.returnCodeOrder, is6699);

    if (is6699) {
      const plain = join(code, header, payload);
      return encodeFrame6699(sequence, command, plain, this.#key, message.iv ?? NOTHING);
    }
    if (dialect.header === "inside") {
      const text = encrypted ? this.#cipher.encrypt(header, payload) : join(header, payload);
      return encodeFrame55aa(sequence, command, [code, text], this.#key);
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
        return plain
          ? opened(frame, { ...split6699(plain, frame.command, sender), encrypted: true })
          : failed("bad_tag");
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
    if (message.header === null) return NOTHING;
    if (message.header) return message.header;
    return carriesHeader(message.command) && message.payload.length > 0 ? this.#header : NOTHING;
  }

  /** 16 hex digits from the middle of an MD5 over the text and the key (3.1). */
  #signature(base64: string): string {
    const signed = Buffer.concat([Buffer.from(`data=${base64}||lpv=3.1||`, "latin1"), this.#keyBytes]);
    return md5(signed).toString("hex").slice(8, 24);
  }

  /** 3.4: `[code] cipher(header? payload)`, or a clear text. The HMAC has vouched for the bytes. */
  #openInside(frame: Frame, sender: Sender): Opened {
    const body = body55aa(frame, "hmac-sha256");
    const hasCode = sender === "device" && body.length % BLOCK_LENGTH === RETURN_CODE_LENGTH;
    const text = hasCode ? body.subarray(RETURN_CODE_LENGTH) : body;
    const returnCode = hasCode ? body.readUInt32BE(0) : undefined;
    if (text.length === 0) return opened(frame, { returnCode, payload: text, encrypted: false });
    const plain = this.#cipher.decrypt(text);
    return plain
      ? opened(frame, { returnCode, ...splitHeader(plain, frame.command), encrypted: true })
      : openClear(frame, body, sender);
  }

  /** 3.2 and 3.3: `[code] [header] cipher(payload)`, or clear text. The first reading that makes sense is taken. */
  #openOutside(frame: Frame, sender: Sender): Opened {
    const body = body55aa(frame, "crc32");
    for (const hasHeader of [true, false]) {
      for (const hasCode of sender === "device" ? [false, true] : [false]) {
        const start = hasCode ? RETURN_CODE_LENGTH : 0;
        if (hasHeader && !startsWithVersion(body, start)) continue;
        const text = body.subarray(start + (hasHeader ? VERSION_HEADER_LENGTH : 0));
        const plain = this.#cipher.decrypt(text);
        if (!plain || !isReadable(plain)) continue;
        return opened(frame, {
          returnCode: hasCode ? body.readUInt32BE(0) : undefined,
          header: hasHeader ? body.subarray(start, start + VERSION_HEADER_LENGTH) : undefined,
          payload: plain,
          encrypted: true,
        });
      }
    }
    return openClear(frame, body, sender);
  }

  /** 3.1: `[code] signature base64(cipher(payload))` for CONTROL and STATUS, clear text for all else. */
  #openSigned(frame: Frame, sender: Sender): Opened {
    const body = body55aa(frame, "crc32");
    const clear = splitClear(body, sender);
    if (!startsWithVersion(clear.payload, 0)) return openClear(frame, body, sender);
    const text = clear.payload.toString("latin1", SIGNATURE_HEADER_LENGTH);
    const plain = this.#cipher.decrypt(Buffer.from(text, "base64"));
    if (!plain || !isReadable(plain)) return failed("bad_body");
    const header = clear.payload.subarray(0, SIGNATURE_HEADER_LENGTH);
    return opened(frame, { returnCode: clear.returnCode, header, payload: plain, encrypted: true });
  }
}

/** Reads `[code] text`. Where the length allows for cipher text too, only what can be nothing but text is taken for it. */
function openClear(frame: Frame, body: Buffer, sender: Sender): Opened {
  const { returnCode, payload } = splitClear(body, sender);
  const isClear =
    payload.length === 0 ||
    (!startsWithVersion(payload, 0) &&
      (couldBeCipherText(body, sender) ? isPlainText(payload) : isReadable(payload)));
  return isClear ? opened(frame, { returnCode, payload, encrypted: false }) : failed("bad_body");
}

/** Whether a body has the length of `[code] cipher text`. */
function couldBeCipherText(body: Buffer, sender: Sender): boolean {
  const rest = body.length % BLOCK_LENGTH;
  return body.length >= BLOCK_LENGTH && (rest === 0 || (sender === "device" && rest === RETURN_CODE_LENGTH));
}

type Parts = Pick<Message, "payload" | "encrypted"> & Partial<Pick<Message, "returnCode" | "header">>;

function opened(frame: Frame, parts: Parts): Opened {
  const { returnCode, header, payload, encrypted } = parts;
  return {
    ok: true,
    message: { sequence: frame.sequence, command: frame.command, returnCode, header, payload, encrypted },
  };
}

function failed(reason: OpenFailure): Opened {
  return { ok: false, reason };
}

function join(...parts: readonly Buffer[]): Buffer {
  const filled = parts.filter((part) => part.length > 0);
  return filled.length === 1 ? filled[0]! : Buffer.concat(filled);
}

function encodeReturnCode(code: number, order: "LE" | "BE" | undefined, is6699: boolean): Buffer {
  const bytes = Buffer.allocUnsafe(RETURN_CODE_LENGTH);
  if ((order ?? (is6699 ? "LE" : "BE")) === "LE") bytes.writeUInt32LE(code, 0);
  else bytes.writeUInt32BE(code, 0);
  return bytes;
}

/** Plain text of a 6699 frame: `[code] [header] payload`. */
function split6699(
  plain: Buffer,
  command: number,
  sender: Sender,
): Pick<Message, "returnCode" | "header" | "payload"> {
  if (sender === "client" || !beginsWithCode6699(plain, command)) return splitHeader(plain, command);
  // Chips write the code in their own byte order; of the two readings the smaller one is meant.
  const returnCode = Math.min(plain.readUInt32BE(0), plain.readUInt32LE(0));
  return { returnCode, ...splitHeader(plain.subarray(RETURN_CODE_LENGTH), command) };
}

/** A nonce may begin with anything, so for the negotiation answer only the length tells. */
function beginsWithCode6699(plain: Buffer, command: number): boolean {
  return command === Command.SESS_KEY_NEG_RESP ? plain.length === 52 : beginsWithCode(plain);
}

/** Takes a version header off by position: its last 12 bytes may hold anything. Nonces are no place to look for one. */
function splitHeader(plain: Buffer, command: number): Pick<Message, "header" | "payload"> {
  const isNegotiation = command >= Command.SESS_KEY_NEG_START && command <= Command.SESS_KEY_NEG_FINISH;
  if (isNegotiation || plain.length < VERSION_HEADER_LENGTH || !startsWithVersion(plain, 0)) {
    return { payload: plain };
  }
  return { header: plain.subarray(0, VERSION_HEADER_LENGTH), payload: plain.subarray(VERSION_HEADER_LENGTH) };
}

function splitClear(body: Buffer, sender: Sender): Pick<Message, "returnCode" | "payload"> {
  if (sender === "client" || !beginsWithCode(body)) return { payload: body };
  return { returnCode: body.readUInt32BE(0), payload: body.subarray(RETURN_CODE_LENGTH) };
}

/**
 * Whether bytes begin with a return code and not with JSON or text, which never has a byte below 0x20 among its first
 * four. A code has: those above 0x20202020 are unheard of.
 */
function beginsWithCode(bytes: Buffer): boolean {
  if (bytes.length < RETURN_CODE_LENGTH || beginsJson(bytes) || startsWithVersion(bytes, 0)) return false;
  return bytes[0]! < 0x20 || bytes[1]! < 0x20 || bytes[2]! < 0x20 || bytes[3]! < 0x20;
}

/** `3.` and a digit. */
function startsWithVersion(bytes: Buffer, at: number): boolean {
  const digit = bytes[at + 2];
  return (
    bytes[at] === 0x33 && bytes[at + 1] === 0x2e && digit !== undefined && digit >= 0x30 && digit <= 0x39
  );
}

export { NOTHING as NO_PAYLOAD };
