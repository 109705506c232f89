import { Ecb, md5, secretKey } from "./cipher";
import { Command } from "./command";
import { encodeFrame55aa, hasValidCrc, body55aa, type Frame } from "./frame";
import { encodeFrame6699, openFrame6699 } from "./frame-6699";
import { FrameDecoder } from "./frame-decoder";
import { isPossibleId } from "./limits";
import { type Body, type JsonObject, parseBody } from "./message";

/** UDP ports: clear announcements (3.1), encrypted ones (3.2 and later), requests and their answers (3.5). */
export const UDP_PORTS = { clear: 6666, encrypted: 6667, request: 7000 } as const;

/** The key of encrypted announcements. It is the same for all devices and public, so an announcement proves nothing. */
export const UDP_KEY = md5("yGAdlopoPVldABfn");
/** That of devices in access-point pairing mode (command 0x11), public as well. */
export const UDP_AP_KEY = md5("OXLvslCvUxcTPLGO");

const udpKey = secretKey(UDP_KEY);
const udpApKey = secretKey(UDP_AP_KEY);
const udpEcb = new Ecb(udpKey);

/** What a device announces about itself on UDP. */
export interface Announcement {
  /** Device id; the hardware id on a device that is not paired. */
  readonly id: string;
  /** The address the device believes it has. If the sender's address differs, that one is more reliable. */
  readonly ip: string;
  /** LAN protocol version as announced: usually `"3.3"` …, not necessarily one this package knows. */
  readonly version?: string | undefined;
  readonly productKey?: string | undefined;
  /** Whether the device encrypts on the LAN. */
  readonly encrypted?: boolean | undefined;
  /** 0 not paired, 2 paired. */
  readonly active?: number | undefined;
}

/** Why a datagram is no announcement. */
export type AnnouncementFailure =
  /** Neither a frame nor anything that decrypts. */
  | "not_tuya"
  | "bad_crc"
  | "bad_tag"
  /** Decrypted, but not a JSON object with an address and a possible id. */
  | "bad_body"
  /** A discovery request on port 7000, from an app or from this process. */
  | "request";

/** A datagram, read. `command` is undefined if it is cipher text without a frame. */
export type DecodedAnnouncement =
  | { readonly ok: true; readonly announcement: Announcement; readonly command: number | undefined }
  | { readonly ok: false; readonly reason: AnnouncementFailure };

/** A datagram, decrypted. `command` is undefined if it is cipher text without a frame. */
export type OpenedDatagram =
  | {
      readonly ok: true;
      readonly command: number | undefined;
      readonly returnCode: number | undefined;
      readonly payload: Buffer;
    }
  | { readonly ok: false; readonly reason: "not_tuya" | "bad_crc" | "bad_tag" };

/** Reads one datagram from port 6666, 6667 or 7000. Never throws. */
export function decodeAnnouncement(datagram: Buffer): DecodedAnnouncement {
  const opened = openDatagram(datagram);
  return opened.ok ? readAnnouncement(opened.payload, opened.command) : opened;
}

/** Verifies and decrypts one datagram with the keys everybody knows. Never throws. */
export function openDatagram(datagram: Buffer): OpenedDatagram {
  const first = new FrameDecoder().push(datagram)[0];
  if (first?.type === "frame" && first.bytes.length === datagram.length) return openFrame(first);
  const payload = udpEcb.decrypt(datagram);
  return payload
    ? { ok: true, command: undefined, returnCode: undefined, payload }
    : { ok: false, reason: "not_tuya" };
}

function openFrame(frame: Frame): OpenedDatagram {
  const { command } = frame;
  if (frame.format === "6699") {
    const plain = openFrame6699(frame, command === Command.SCENE_EXECUTE ? udpApKey : udpKey);
    return plain ? { ok: true, command, ...splitReturnCode(plain) } : { ok: false, reason: "bad_tag" };
  }
  if (!hasValidCrc(frame)) return { ok: false, reason: "bad_crc" };
  const { returnCode, payload } = splitReturnCode(body55aa(frame, "crc32"));
  const plain = payload[0] === 0x7b ? payload : (udpEcb.decrypt(payload) ?? payload);
  return { ok: true, command, returnCode, payload: plain };
}

/** In announcements the return code is always four zero bytes. */
function splitReturnCode(plain: Buffer): { returnCode: number | undefined; payload: Buffer } {
  return plain.length >= 4 && plain.readUInt32BE(0) === 0
    ? { returnCode: 0, payload: plain.subarray(4) }
    : { returnCode: undefined, payload: plain };
}

function readAnnouncement(plain: Buffer, command: number | undefined): DecodedAnnouncement {
  const body: Body = parseBody(plain);
  if (body.kind !== "json") return { ok: false, reason: "bad_body" };
  const { value } = body;
  if ("from" in value) return { ok: false, reason: "request" };
  const id = value["gwId"] ?? value["uuid"];
  const ip = typed(value, "ip", "string");
  if (typeof id !== "string" || !isPossibleId(id) || ip === undefined)
    return { ok: false, reason: "bad_body" };
  return {
    ok: true,
    command,
    announcement: {
      id,
      ip: ip.slice(0, MAX_IP_LENGTH),
      version: shortText(value, "version"),
      productKey: shortText(value, "productKey"),
      encrypted: typed(value, "encrypt", "boolean"),
      active: typed(value, "active", "number"),
    },
  };
}

/** Longer than any address: a longer text is cut, and was no address anyway. */
const MAX_IP_LENGTH = 64;

/**
 * A version or a product key; undefined if the text is too long for that, because announcements are kept, listed and
 * logged.
 */
function shortText(value: JsonObject, name: string): string | undefined {
  const text = typed(value, name, "string");
  return text !== undefined && (text === "" || isPossibleId(text)) ? text : undefined;
}

interface Types {
  string: string;
  number: number;
  boolean: boolean;
}

function typed<T extends keyof Types>(value: JsonObject, name: string, type: T): Types[T] | undefined {
  return typeof value[name] === type ? (value[name] as Types[T]) : undefined;
}

/** How an announcement is packed: clear 55AA (3.1), ECB in 55AA (3.2 to 3.4) or GCM in 6699 (3.5). */
export type AnnouncementPacking =
  | { readonly format: "clear"; readonly command: typeof Command.UDP }
  | {
      readonly format: "ecb";
      readonly command: typeof Command.UDP_NEW | typeof Command.BOARDCAST_LPV34;
    }
  | { readonly format: "gcm"; readonly command: number; readonly iv: Buffer };

/** The datagram a device broadcasts. Return code 0, sequence 0, as all devices have it. */
export function encodeAnnouncement(body: JsonObject, packing: AnnouncementPacking): Buffer {
  const json = Buffer.from(JSON.stringify(body), "utf8");
  const returnCode = Buffer.alloc(4);
  switch (packing.format) {
    case "clear":
      return encodeFrame55aa(0, packing.command, [returnCode, json]);
    case "ecb":
      return encodeFrame55aa(0, packing.command, [returnCode, udpEcb.encrypt(json)]);
    case "gcm":
      return encodeFrame6699(0, packing.command, Buffer.concat([returnCode, json]), udpKey, packing.iv);
  }
}

/**
 * The request that makes 3.5 devices announce themselves. They answer to `ip`:7000, not to the sender, so `ip` must be
 * the asking machine's address in their network. Without a return code: devices ignore a request that has one.
 */
export function encodeDiscoveryRequest(ip: string, iv: Buffer): Buffer {
  const json = Buffer.from(JSON.stringify({ from: "app", ip }), "utf8");
  return encodeFrame6699(0, Command.REQ_DEVINFO, json, udpKey, iv);
}

/** The address to answer to, if a datagram is a discovery request. */
export function decodeDiscoveryRequest(datagram: Buffer): { ip: string } | undefined {
  const first = new FrameDecoder().push(datagram)[0];
  if (first?.type !== "frame" || first.command !== Command.REQ_DEVINFO) return undefined;
  const plain = openFrame6699(first, udpKey);
  const body: Body = plain ? parseBody(plain) : { kind: "empty" };
  if (body.kind !== "json" || !("from" in body.value)) return undefined;
  const ip = typed(body.value, "ip", "string");
  return ip === undefined ? undefined : { ip };
}
