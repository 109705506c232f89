import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes } from "node:crypto";
import { connect, type Socket } from "node:net";
import type { ProtocolVersion } from "../../src/protocol/version";
import { PATIENCE_MS } from "./patience";

/*
 * A client of its own: the LAN protocol written down once more on node:crypto alone, so that no mistake of src/protocol
 * can hide behind itself. It knows what devices write (a return code in every frame) and decides nothing by guessing.
 */

export function crc32(bytes: Buffer): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let i = 0; i < 8; i++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

export function hmac(key: Buffer, bytes: Buffer): Buffer {
  return createHmac("sha256", key).update(bytes).digest();
}

export function ecb(key: Buffer, plain: Buffer, padding = true): Buffer {
  const cipher = createCipheriv("aes-128-ecb", key, null).setAutoPadding(padding);
  return Buffer.concat([cipher.update(plain), cipher.final()]);
}

function unEcb(key: Buffer, bytes: Buffer): Buffer {
  const decipher = createDecipheriv("aes-128-ecb", key, null);
  return Buffer.concat([decipher.update(bytes), decipher.final()]);
}

/** A 55AA frame; with a key it ends in an HMAC instead of a CRC. */
export function frame55aa(sequence: number, command: number, body: Buffer, hmacKey?: Buffer): Buffer {
  const header = Buffer.alloc(16);
  header.writeUInt32BE(0x55aa, 0);
  header.writeUInt32BE(sequence, 4);
  header.writeUInt32BE(command, 8);
  header.writeUInt32BE(body.length + (hmacKey ? 36 : 8), 12);
  const covered = Buffer.concat([header, body]);
  const trailer = Buffer.alloc(4);
  trailer.writeUInt32BE(crc32(covered), 0);
  return Buffer.concat([covered, hmacKey ? hmac(hmacKey, covered) : trailer, Buffer.from("0000aa55", "hex")]);
}

export function frame6699(sequence: number, command: number, plain: Buffer, key: Buffer): Buffer {
  const header = Buffer.alloc(18);
  header.writeUInt32BE(0x6699, 0);
  header.writeUInt32BE(sequence, 6);
  header.writeUInt32BE(command, 10);
  header.writeUInt32BE(plain.length + 28, 14);
  const iv = randomBytes(12);
  const cipher = createCipheriv("aes-128-gcm", key, iv, { authTagLength: 16 }).setAAD(header.subarray(4));
  const text = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([header, iv, text, cipher.getAuthTag(), Buffer.from("00009966", "hex")]);
}

export function openGcm(frame: Buffer, key: Buffer): Buffer {
  const decipher = createDecipheriv("aes-128-gcm", key, frame.subarray(18, 30), { authTagLength: 16 });
  decipher.setAAD(frame.subarray(4, 18)).setAuthTag(frame.subarray(-20, -4));
  return Buffer.concat([decipher.update(frame.subarray(30, -20)), decipher.final()]);
}

/** The 15 bytes before (3.3) or inside (3.4, 3.5) the cipher text of a CONTROL. */
export function versionHeader(version: string): Buffer {
  return Buffer.concat([Buffer.from(version, "latin1")], 15);
}

/** A frame from the device, decrypted. */
export interface Received {
  readonly raw: Buffer;
  readonly sequence: number;
  readonly command: number;
  /** As it stands on the wire. */
  readonly returnCodeHex: string;
  readonly header: Buffer | undefined;
  readonly text: string;
  /** Whether the local key opened it although a session key was agreed on; always true before that. */
  readonly underLocalKey: boolean;
}

/** How a connection ended: by FIN, or by RST. */
export type End = "closed" | "reset";

interface Sealing {
  /** Default: on CONTROL (7, 13). */
  readonly header?: Buffer | null;
  readonly sequence?: number;
  /** Default: the session key if there is one, else the local key. */
  readonly key?: Buffer;
}

export class RawClient {
  readonly version: ProtocolVersion;
  readonly localKey: Buffer;
  sessionKey: Buffer | undefined;
  /** Segments as they arrived. */
  readonly segments: Buffer[] = [];
  readonly ended: Promise<End>;
  sequence = 0;
  readonly #socket: Socket;
  readonly #frames: Buffer[] = [];
  #buffer = Buffer.alloc(0);
  #wake = (): void => {};
  #end: End | undefined;

  private constructor(socket: Socket, version: ProtocolVersion, localKey: Buffer) {
    this.#socket = socket;
    this.version = version;
    this.localKey = localKey;
    socket.setNoDelay(true);
    socket.on("data", (chunk: Buffer) => this.#take(chunk));
    let end: End = "closed";
    socket.on("error", () => (end = "reset"));
    this.ended = new Promise((resolve) => {
      socket.on("close", () => {
        this.#end = end;
        this.#wake();
        resolve(end);
      });
    });
    open.add(this);
  }

  /** Connects, and negotiates where the version asks for it. */
  static async open(
    device: { readonly host: string; readonly port: number; readonly version: ProtocolVersion },
    localKey: string,
    options: { readonly negotiate?: boolean } = {},
  ): Promise<RawClient> {
    const socket = connect(device.port, device.host);
    const client = new RawClient(socket, device.version, Buffer.from(localKey, "latin1"));
    await new Promise<void>((resolve, reject) => {
      socket.once("connect", resolve);
      socket.once("error", reject);
    });
    if (options.negotiate !== false && device.version >= "3.4") await client.negotiate();
    return client;
  }

  get isOpen(): boolean {
    return this.#end === undefined;
  }

  write(bytes: Buffer): void {
    this.#socket.write(bytes);
  }

  /** Writes and resolves when the bytes left, so that the next write is a segment of its own. */
  async writeAlone(bytes: Buffer): Promise<void> {
    if (!this.#socket.writable) return;
    await new Promise<void>((resolve) => this.#socket.write(bytes, () => resolve()));
    for (let i = 0; i < 4; i++) await new Promise((resolve) => setImmediate(resolve));
  }

  close(): void {
    this.#socket.destroy();
  }

  /** Lets the bytes of the device pile up. */
  stopReading(): void {
    this.#socket.pause();
  }

  /** The bytes of a request. */
  seal(command: number, text: string | Buffer, options: Sealing = {}): Buffer {
    const { sequence = ++this.sequence, key = this.sessionKey ?? this.localKey } = options;
    const isControl = command === 7 || command === 13;
    const header =
      options.header === undefined ? (isControl ? versionHeader(this.version) : null) : options.header;
    const payload = Buffer.from(text);
    const before = header ?? Buffer.alloc(0);
    switch (this.version) {
      case "3.1": {
        if (!header) return frame55aa(sequence, command, payload);
        const base64 = ecb(key, payload).toString("base64");
        const signed = Buffer.concat([Buffer.from(`data=${base64}||lpv=3.1||`), key]);
        const digest = createHash("md5").update(signed).digest("hex").slice(8, 24);
        return frame55aa(sequence, command, Buffer.from(`3.1${digest}${base64}`));
      }
      case "3.2":
        if (command === 10) return frame55aa(sequence, command, payload);
        return frame55aa(sequence, command, Buffer.concat([before, ecb(key, payload)]));
      case "3.3":
        return frame55aa(sequence, command, Buffer.concat([before, ecb(key, payload)]));
      case "3.4":
        return frame55aa(sequence, command, ecb(key, Buffer.concat([before, payload])), key);
      case "3.5":
        return frame6699(sequence, command, Buffer.concat([before, payload]), key);
    }
  }

  send(command: number, text: string | Buffer = "", options: Sealing = {}): void {
    this.write(this.seal(command, text, options));
  }

  /** Sets data points with the command and body of the version. */
  set(dps: object): void {
    const isNested = this.version >= "3.4";
    const body = isNested ? { protocol: 5, t: 1, data: { dps } } : { devId: "vdev0000000000000001", dps };
    this.send(isNested ? 13 : 7, JSON.stringify(body));
  }

  /** Sets data points; the return code and text of the acknowledgement, and all reports up to the next heartbeat. */
  async setAndHear(dps: object): Promise<{ ack: string; reports: string[] }> {
    this.set(dps);
    const ack = await this.next();
    const reports: string[] = [];
    this.send(9, this.version === "3.4" ? "{}" : "");
    for (let frame = await this.next(); frame.command !== 9; frame = await this.next())
      reports.push(frame.text);
    return { ack: ack.returnCodeHex + ack.text, reports };
  }

  query(body: object = {}): void {
    this.send(this.version >= "3.4" ? 16 : 10, JSON.stringify(body));
  }

  /** The next frame; rejects when none comes. */
  async next(): Promise<Received> {
    const frame = await this.nextFrame();
    return this.#open(frame);
  }

  /** The next frame, unopened. */
  async nextFrame(): Promise<Buffer> {
    if (this.#frames.length === 0) {
      if (this.#end) throw new Error(`connection is ${this.#end}`);
      await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error("no frame came")), PATIENCE_MS);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    const frame = this.#frames.shift();
    if (!frame) throw new Error(`connection is ${this.#end}`);
    return frame;
  }

  /** The next `count` frames, by command. Use where the order is not what is asked. */
  async nextByCommand(count: number): Promise<Map<number, Received>> {
    const frames = new Map<number, Received>();
    for (let i = 0; i < count; i++) {
      const frame = await this.next();
      frames.set(frame.command, frame);
    }
    return frames;
  }

  /** Proves that nothing else is on its way: the answer to a heartbeat is the next frame. Returns that answer. */
  async expectQuiet(): Promise<Received> {
    this.send(9, this.version === "3.4" ? "{}" : "");
    const frame = await this.next();
    if (frame.command !== 9) throw new Error(`frame of command ${frame.command}: ${frame.text}`);
    return frame;
  }

  async negotiate(nonce = randomBytes(16)): Promise<void> {
    this.send(3, nonce);
    const { text } = await this.next();
    const payload = Buffer.from(text, "latin1");
    const deviceNonce = payload.subarray(0, 16);
    if (!payload.subarray(16, 48).equals(hmac(this.localKey, nonce))) throw new Error("wrong proof");
    this.send(5, hmac(this.localKey, deviceNonce));
    this.sessionKey = this.derive(nonce, deviceNonce);
  }

  derive(nonce: Buffer, deviceNonce: Buffer): Buffer {
    const mixed = Buffer.from(nonce.map((byte, i) => byte ^ deviceNonce[i]!));
    if (this.version === "3.4") return ecb(this.localKey, mixed, false);
    const cipher = createCipheriv("aes-128-gcm", this.localKey, nonce.subarray(0, 12));
    return cipher.update(mixed);
  }

  #take(chunk: Buffer): void {
    this.segments.push(chunk);
    this.#buffer = Buffer.concat([this.#buffer, chunk]);
    for (;;) {
      const is6699 = this.version === "3.5";
      const prefix = Buffer.from(is6699 ? "00006699" : "000055aa", "hex");
      const start = this.#buffer.indexOf(prefix);
      if (start === -1 || this.#buffer.length < start + 18) return;
      const length = this.#buffer.readUInt32BE(start + (is6699 ? 14 : 12));
      const end = start + length + (is6699 ? 22 : 16);
      if (this.#buffer.length < end) return;
      this.#frames.push(this.#buffer.subarray(start, end));
      this.#buffer = this.#buffer.subarray(end);
      this.#wake();
    }
  }

  #open(raw: Buffer): Received {
    const at = this.version === "3.5" ? 6 : 4;
    const [sequence, command] = [raw.readUInt32BE(at), raw.readUInt32BE(at + 4)];
    let opened: { plain: Buffer; underLocalKey: boolean };
    try {
      opened = {
        plain: this.#decrypt(raw, this.sessionKey ?? this.localKey),
        underLocalKey: !this.sessionKey,
      };
    } catch {
      opened = { plain: this.#decrypt(raw, this.localKey), underLocalKey: true };
    }
    const { plain, underLocalKey } = opened;
    const rest = plain.subarray(4);
    const isHeaded = command === 8 && this.version !== "3.1";
    return {
      raw,
      sequence,
      command,
      returnCodeHex: plain.toString("hex", 0, 4),
      header: isHeaded ? rest.subarray(0, 15) : undefined,
      text: (isHeaded ? rest.subarray(15) : rest).toString(command === 4 ? "latin1" : "utf8"),
      underLocalKey,
    };
  }

  /** Return code, header and text of a frame, in clear. */
  #decrypt(raw: Buffer, key: Buffer): Buffer {
    if (this.version === "3.5") return openGcm(raw, key);
    const trailer = this.version === "3.4" ? 36 : 8;
    const covered = raw.subarray(0, -trailer);
    const code = raw.subarray(16, 20);
    const body = raw.subarray(20, -trailer);
    if (this.version === "3.4") {
      if (!hmac(key, covered).equals(raw.subarray(-36, -4))) throw new Error("bad HMAC");
      return body.length === 0 ? code : Buffer.concat([code, unEcb(key, body)]);
    }
    if (raw.readUInt32BE(raw.length - 8) !== crc32(covered)) throw new Error("bad CRC");
    const command = raw.readUInt32BE(8);
    if (this.version === "3.1") {
      if (body.toString("latin1", 0, 3) !== "3.1") return Buffer.concat([code, body]);
      return Buffer.concat([code, unEcb(key, Buffer.from(body.toString("latin1", 19), "base64"))]);
    }
    if (body.length === 0 || (this.version === "3.2" && command === 10)) return Buffer.concat([code, body]);
    const header = body.subarray(0, command === 8 ? 15 : 0);
    return Buffer.concat([code, header, unEcb(key, body.subarray(header.length))]);
  }
}

const open = new Set<RawClient>();

afterEach(() => {
  for (const client of open) client.close();
  open.clear();
});
