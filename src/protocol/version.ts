import { Command, isQuery, isSet } from "./command";

/** LAN protocol versions, oldest first. There is no negotiation of the version: a client must know it or try. */
export const PROTOCOL_VERSIONS = ["3.1", "3.2", "3.3", "3.4", "3.5"] as const;

/** One of `PROTOCOL_VERSIONS`. */
export type ProtocolVersion = (typeof PROTOCOL_VERSIONS)[number];

/** The format of frames, by the prefix they begin with: see frame.ts and frame-6699.ts. */
export type FrameFormat = "55AA" | "6699";

/** Everything in which one protocol version differs from another. */
export interface Dialect {
  readonly version: ProtocolVersion;
  readonly format: FrameFormat;
  /** The check at the end of a frame. */
  readonly integrity: "crc32" | "hmac-sha256" | "gcm-tag";
  /** Whether a session key is negotiated (commands 3, 4, 5) before anything else. */
  readonly negotiates: boolean;
  /**
   * The version header of CONTROL, CONTROL_NEW and STATUS: 15 bytes before the cipher text ("outside") or first in the
   * plain text ("inside"); on 3.1 19 bytes that sign a base64 text ("signature").
   */
  readonly header: "signature" | "outside" | "inside";
  /** Which payloads are encrypted: those with a version header, all except the query and its reply, or all. */
  readonly encrypts: "headed" | "all-but-query" | "all";
  /** Command that reads all data points. */
  readonly query: number;
  /** Command that sets data points. */
  readonly control: number;
  /** Shape of JSON bodies: ids and DPS side by side, or `{protocol, t, data: {dps}}`. */
  readonly bodies: "flat" | "nested";
  /** Whether a reply has the sequence number of its request. Later devices number their frames independently. */
  readonly echoesSequence: boolean;
  /** device22: the query is a CONTROL_NEW with null values. Used only if configured: a null switches some devices. */
  readonly queriesWithNulls: boolean;
  /**
   * Whether the device can be asked for proof of the key: queries are answered in clear, but a CONTROL with a null makes
   * the device report the present value, encrypted. Seen on 3.2 firmware. Later versions encrypt all answers, and 3.1
   * would obey the null.
   */
  readonly nullShowsKey: boolean;
}

const V33: Dialect = {
  version: "3.3",
  format: "55AA",
  integrity: "crc32",
  negotiates: false,
  header: "outside",
  encrypts: "all",
  query: Command.DP_QUERY,
  control: Command.CONTROL,
  bodies: "flat",
  echoesSequence: true,
  queriesWithNulls: false,
  nullShowsKey: false,
};

const V34: Dialect = {
  ...V33,
  version: "3.4",
  integrity: "hmac-sha256",
  negotiates: true,
  header: "inside",
  query: Command.DP_QUERY_NEW,
  control: Command.CONTROL_NEW,
  bodies: "nested",
  echoesSequence: false,
};

/** The table of differences: 3.3 is the base, each other row says what differs from it. */
const DIALECTS: Record<ProtocolVersion, Dialect> = {
  "3.1": { ...V33, version: "3.1", header: "signature", encrypts: "headed" },
  "3.2": { ...V33, version: "3.2", encrypts: "all-but-query", nullShowsKey: true },
  "3.3": V33,
  "3.4": V34,
  "3.5": { ...V34, version: "3.5", format: "6699", integrity: "gcm-tag" },
};

/** Versions in which device22 devices exist. */
const DEVICE22_VERSIONS: readonly ProtocolVersion[] = ["3.2", "3.3", "3.4"];

/** The dialect of a version. `device22` has no effect on versions without such devices. */
export function dialectOf(version: ProtocolVersion, options: { device22?: boolean } = {}): Dialect {
  const dialect = DIALECTS[version];
  return options.device22 && DEVICE22_VERSIONS.includes(version)
    ? { ...dialect, queriesWithNulls: true }
    : dialect;
}

/** Whether this is a version that is spoken here. */
export function isProtocolVersion(text: unknown): text is ProtocolVersion {
  return (PROTOCOL_VERSIONS as readonly unknown[]).includes(text);
}

/** Whether a version is older than another. */
export function isOlder(version: ProtocolVersion, than: ProtocolVersion): boolean {
  return PROTOCOL_VERSIONS.indexOf(version) < PROTOCOL_VERSIONS.indexOf(than);
}

/** Length of the version header in bytes: of `3.1` with its signature, and of all others. */
export const SIGNATURE_HEADER_LENGTH = 19;
export const VERSION_HEADER_LENGTH = 15;

/** Whether messages of this command carry a version header. The same in every version; see docs/protocol.md, 2.5. */
export function carriesHeader(command: number): boolean {
  return isSet(command) || command === Command.STATUS;
}

/** Whether a payload of this command is encrypted in this dialect. */
export function isEncrypted(dialect: Dialect, command: number): boolean {
  switch (dialect.encrypts) {
    case "all":
      return true;
    case "headed":
      return carriesHeader(command);
    case "all-but-query":
      return !isQuery(command);
  }
}
