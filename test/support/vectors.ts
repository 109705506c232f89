import { readFileSync } from "node:fs";
import type { ProtocolVersion } from "../../src/protocol/version";

/** One frame with all its fields, independently computed and checked against other implementations. */
export interface Vector {
  readonly id: string;
  readonly group: "v31" | "v32" | "v33" | "v34" | "v35" | "udp" | "trap" | "negative";
  readonly version: ProtocolVersion;
  readonly transport: "tcp" | "udp6666" | "udp6667" | "udp7000";
  readonly direction: "to_device" | "from_device" | "broadcast" | "app_broadcast" | "to_app";
  /** `none`: bare cipher text without a frame. */
  readonly prefix: "55aa" | "6699" | "none";
  /** Null without a frame, as is `cmd`. */
  readonly seq: number | null;
  readonly cmd: number | null;
  readonly cmdName: string | null;
  readonly keyRole: "none" | "local" | "session" | "udp" | "udp-ap";
  readonly keyHex: string | null;
  readonly ivHex: string | null;
  readonly retcode: number | null;
  readonly retcodeHex: string | null;
  readonly versionHeaderHex: string | null;
  readonly appPayloadHex: string;
  readonly appPayloadText: string | null;
  readonly frameHex: string;
  readonly frameLength: number;
  readonly expect: "accept" | "bad_crc" | "bad_hmac" | "bad_tag" | "bad_suffix" | "bad_length";
  /** Negative vectors: the vector they were made from. */
  readonly base?: string;
  readonly verifiedBy: Readonly<Record<string, string>>;
  /** Implementations that get this vector wrong, and why. */
  readonly knownDeviations?: Readonly<Record<string, string>>;
}

export interface Negotiation {
  readonly id: string;
  readonly version: "3.4" | "3.5";
  readonly localKeyHex: string;
  readonly clientNonceHex: string;
  readonly deviceNonceHex: string;
  readonly hmacOfClientNonceHex: string;
  readonly hmacOfDeviceNonceHex: string;
  readonly sessionKeyHex: string;
  /** Ids of the frames of the three messages. */
  readonly steps: readonly [string, string, string];
}

export interface Stream {
  readonly id: string;
  readonly chunksHex: readonly string[];
  /** Ids of the vectors that must come out, in order, and nothing else. */
  readonly expectFrames: readonly string[];
}

/** A conversation recorded against the vendor's device code. */
export interface Transcript {
  readonly id: string;
  readonly localKeyHex: string;
  readonly sessionKeyHex?: string;
  readonly events: readonly TranscriptEvent[];
}

export interface TranscriptEvent {
  readonly dir: "connect" | "to_device" | "from_device" | "device_event";
  readonly frameHex?: string;
  readonly keyRole?: "local" | "session";
  readonly seq?: number;
  readonly cmd?: number;
  readonly plaintextHex?: string;
}

interface VectorFile {
  readonly constants: {
    readonly t: number;
    readonly localKeys: Readonly<
      Record<"special" | "plain", { readonly ascii: string; readonly hex: string }>
    >;
    readonly deviceId: string;
    readonly gatewayId: string;
    readonly cid: string;
    readonly udpKeyHex: string;
    readonly udpApKeyHex: string;
  };
  readonly negotiations: readonly Negotiation[];
  readonly primitives: {
    readonly crc32: readonly { inHex: string; out: string }[];
    readonly md5KeyDerivation: readonly { in_: string; keyHex: string }[];
    readonly aesEcbPkcs7: readonly { keyHex: string; inHex: string; outHex: string }[];
    readonly aesGcm: readonly {
      keyHex: string;
      ivHex: string;
      aadHex: string;
      inHex: string;
      ctAndTagHex: string;
    }[];
    readonly hmacSha256: readonly { keyHex: string; inHex: string; outHex: string }[];
    readonly v31Signature: readonly {
      keyHex: string;
      json: string;
      base64: string;
      signature: string;
    }[];
  };
  readonly vectors: readonly Vector[];
  readonly streams: readonly Stream[];
  readonly transcripts: readonly Transcript[];
}

const file = JSON.parse(readFileSync("test/vectors/vectors.json", "utf8")) as VectorFile;

export const { constants, negotiations, primitives, vectors, streams, transcripts } = file;

/** Vectors that are right, of TCP: what a client and a device really say to each other. */
export const tcpVectors = vectors.filter(
  ({ transport, expect }) => transport === "tcp" && expect === "accept",
);
export const udpVectors = vectors.filter(
  ({ transport, expect }) => transport !== "tcp" && expect === "accept",
);
export const badVectors = vectors.filter(({ expect }) => expect !== "accept");

const byId = new Map(vectors.map((vector) => [vector.id, vector]));

export function vectorNamed(id: string): Vector {
  const vector = byId.get(id);
  if (!vector) throw new Error(`there is no vector ${id}`);
  return vector;
}

/** Frame bytes of a vector. */
export function frameOf(vector: Vector): Buffer {
  return Buffer.from(vector.frameHex, "hex");
}

/** Key of a vector's frame; 16 arbitrary bytes where its frame needs none. */
export function keyOf(vector: Vector): Buffer {
  return Buffer.from(vector.keyHex ?? constants.localKeys.special.hex, "hex");
}

/** An optional field of a vector as bytes. */
export function bytesOf(digits: string | null): Buffer | undefined {
  return digits === null ? undefined : Buffer.from(digits, "hex");
}
