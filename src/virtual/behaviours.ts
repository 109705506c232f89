import { Command } from "../protocol/command";
import type { ProtocolVersion } from "../protocol/version";

/** The texts devices refuse requests with. The spelling is the vendor's. */
export const Refusal = {
  parse: "parse data error",
  format: "data format error",
  noData: "json obj data unvalid",
  refresh: "query dp failed",
  noSuchDevice: "devid not found",
  notRegistered: "lan pro not register",
} as const;

/** One of the texts of `Refusal`. */
export type RefusalText = (typeof Refusal)[keyof typeof Refusal];

/** What a device does about a frame it cannot use. */
export type Reaction =
  /** Nothing; the connection stays usable. */
  | "ignore"
  /** Closes the connection after `closeDelayMs`, without an answer. */
  | "close"
  /** Return code 1 and `parse data error`, sealed with the device's own key. */
  | "refuse";

/** Everything in which one generation of firmware differs from another, apart from the bytes of its protocol version. */
export interface Behaviour {
  readonly version: ProtocolVersion;

  /* --- what it sends --- */

  /**
   * "echo": replies repeat the number of the request; STATUS and heartbeat replies carry 0. "own": a counter of the
   * connection that begins anywhere.
   */
  readonly sequence: "echo" | "own";
  /** Return code of the acknowledgement of CONTROL. */
  readonly ackCode: 0 | 1;
  /** Share of sets whose STATUS leaves before the acknowledgement, 0…1. */
  readonly statusFirst: number;
  /** Share of those pairs whose sequence numbers are swapped, 0…1. */
  readonly sequencesSwapped: number;
  /** Whether bodies name the device: in query replies, in STATUS. */
  readonly namesItself: { readonly inReply: boolean; readonly inStatus: boolean };
  /** What its nonce of 16 bytes consists of: any bytes, or ASCII hex digits. */
  readonly nonce: "bytes" | "hex-digits";

  /* --- how it reads --- */

  /** Whether client sequence numbers must start at 1 or more and rise. */
  readonly risingSequence: boolean;
  /** Reads shorter than this are thrown away, in bytes. */
  readonly minimumRead: number;
  /** Bytes per read. A frame cut by the end of a read survives only if the first piece reaches `minimumRead`. */
  readonly readSize: number;
  /** A frame followed by a piece shorter than `minimumRead`: the piece is lost, or the connection is reset. */
  readonly shortRemnant: "lost" | "reset";
  /** Largest frame, in bytes; a larger one is treated as `onGarbage` says. */
  readonly maxFrame: number;
  /** Bytes that are no frame: no prefix, bad suffix, impossible length. */
  readonly onGarbage: Exclude<Reaction, "refuse">;
  /** Whether it looks at the CRC or HMAC of a frame. */
  readonly checksCrc: boolean;
  /** Wrong key: HMAC, tag or cipher text do not fit. */
  readonly onWrongKey: Reaction;
  /** The start of a negotiation, where this generation knows none. */
  readonly onNegotiation: "ignore" | "refuse";
  /** Whether it sends refusals in clear. A refused query of a version with queries in clear is answered in clear anyway. */
  readonly refusesInClear: boolean;
  /** A frame of the other format (55AA or 6699). */
  readonly onForeignFormat: Exclude<Reaction, "refuse">;
  /** How long it takes to close the connection in the cases above; 0 = at once. */
  readonly closeDelayMs: number;

  /* --- the session key --- */

  /** Whether a session key that begins with 00 counts as none. */
  readonly zeroKeyIsNone: boolean;
  /** Whether STATUS goes, under the local key, to clients that have not negotiated yet. */
  readonly pushesBeforeNegotiation: boolean;

  /* --- requests --- */

  /** "any": bodies are not looked at. "decrypted": must be absent or decrypt to something. */
  readonly heartbeatBody: "any" | "decrypted";
  /** A query without a body. */
  readonly emptyQuery: RefusalText;
  /** A query whose body is no JSON. */
  readonly malformedQuery: RefusalText;
  /** A query while there is nothing to report. */
  readonly emptyReport: RefusalText | "answered";
  /** A query, or UPDATEDPS, with a version header; "read": as without. */
  readonly headedQuery: RefusalText | "read";
  readonly headedRefresh: RefusalText | "read";
  /** CONTROL without a version header. */
  readonly headlessControl: RefusalText;
  /**
   * A CONTROL whose header repeats the number of an earlier one from the same source, or has a lower one. Source 0 is none.
   */
  readonly repeatedControl: "obeyed" | "ignored";
  /** CONTROL in the shape of another generation: old flat body from 3.4 on, `protocol`/`data` before. */
  readonly foreignControl: RefusalText | "ack" | "silence";
  /** A null in a CONTROL: asks for the value, which is reported; or is a value, of the wrong type for most. */
  readonly nulls: "ask" | "set";
  /** A query or CONTROL for a sub-device, to a device that is no gateway; "read": as if it were for the device itself. */
  readonly foreignChild: RefusalText | "read";
  /** The question for the sub-devices, to a device that is no gateway. */
  readonly foreignChildList: RefusalText | "silence";
  /** A value of the wrong JSON type: turned into 0 or false and reported, or judged one by one as in `data-model.ts`. */
  readonly wrongType: "zeroed" | "judged";
  /**
   * Setting a DP to the value it has: one push; or two, of which the first is marked as `query`. 3.3 firmware forgets the
   * quotes around that word, so that its push is not JSON.
   */
  readonly sameValue: "one-push" | "marked-push" | "broken-push";
  /** UPDATEDPS. */
  readonly refresh: "answered" | "silence";
  /** Commands answered with `data format error` although nothing else is known of them. */
  readonly refusedCommands: readonly number[];

  /* --- places and announcements --- */

  /** How many clients it accepts at a time. */
  readonly clientLimit: number;
  /** After how many milliseconds of silence a client is disconnected. Counted from its last usable frame. */
  readonly idleMs: number;
  /** For how many milliseconds the place of a client stays taken after it left. */
  readonly slotReleaseMs: number;
  /** Milliseconds between announcements; 0 = makes none by itself. */
  readonly announceMs: number;
  /** Whether it answers a discovery request (0x25 on UDP 7000). */
  readonly answersDiscovery: boolean;
  /** Members of the announcement besides those every device has. */
  readonly announces: readonly ("uuid" | "mode" | "token" | "clientLink" | "sl")[];
}

const SDK_2020: Behaviour = {
  version: "3.3",
  sequence: "echo",
  ackCode: 0,
  statusFirst: 0.84,
  sequencesSwapped: 0,
  namesItself: { inReply: false, inStatus: false },
  nonce: "bytes",
  risingSequence: false,
  minimumRead: 24,
  readSize: Number.POSITIVE_INFINITY,
  shortRemnant: "lost",
  maxFrame: 4095,
  onGarbage: "ignore",
  checksCrc: false,
  onWrongKey: "refuse",
  onNegotiation: "refuse",
  refusesInClear: false,
  onForeignFormat: "ignore",
  closeDelayMs: 0,
  zeroKeyIsNone: false,
  pushesBeforeNegotiation: false,
  heartbeatBody: "any",
  emptyQuery: Refusal.parse,
  malformedQuery: Refusal.parse,
  emptyReport: "answered",
  headedQuery: Refusal.parse,
  headedRefresh: Refusal.parse,
  headlessControl: Refusal.parse,
  repeatedControl: "obeyed",
  foreignControl: Refusal.format,
  nulls: "ask",
  foreignChild: Refusal.noSuchDevice,
  foreignChildList: "silence",
  wrongType: "zeroed",
  sameValue: "broken-push",
  refresh: "answered",
  refusedCommands: [],
  clientLimit: 3,
  idleMs: 30_000,
  slotReleaseMs: 0,
  announceMs: 5_000,
  answersDiscovery: false,
  announces: [],
};

const TUYAOS_2022: Behaviour = {
  ...SDK_2020,
  version: "3.4",
  sequence: "own",
  statusFirst: 0.15,
  risingSequence: true,
  checksCrc: true,
  onWrongKey: "close",
  heartbeatBody: "decrypted",
  emptyQuery: Refusal.format,
  malformedQuery: Refusal.format,
  headedQuery: "read",
  headedRefresh: Refusal.refresh,
  headlessControl: Refusal.format,
  foreignControl: "silence",
  foreignChildList: Refusal.notRegistered,
  sameValue: "marked-push",
  announces: ["token", "clientLink"],
};

const TUYAOS_2023: Behaviour = {
  ...TUYAOS_2022,
  version: "3.5",
  statusFirst: 0.9,
  minimumRead: 50,
  readSize: 512,
  onWrongKey: "ignore",
  heartbeatBody: "any",
  headedRefresh: "read",
  headlessControl: Refusal.parse,
  nulls: "set",
  foreignChild: "read",
  foreignChildList: Refusal.format,
  refusedCommands: [Command.TOKEN_BIND],
  announces: ["uuid", "token", "clientLink"],
};

const TUYAOPEN_2025: Behaviour = {
  ...TUYAOS_2023,
  ackCode: 1,
  statusFirst: 0.084,
  sequencesSwapped: 0.005,
  namesItself: { inReply: true, inStatus: true },
  nonce: "hex-digits",
  readSize: Number.POSITIVE_INFINITY,
  shortRemnant: "reset",
  onGarbage: "close",
  onWrongKey: "close",
  onForeignFormat: "close",
  closeDelayMs: 1_000,
  zeroKeyIsNone: true,
  pushesBeforeNegotiation: true,
  emptyReport: Refusal.noData,
  foreignControl: "ack",
  wrongType: "judged",
  sameValue: "one-push",
  refresh: "silence",
  foreignChildList: "silence",
  refusedCommands: [],
  // The loop that looks for idle clients turns once a second.
  idleMs: 31_000,
  slotReleaseMs: 5,
  announceMs: 0,
  answersDiscovery: true,
  announces: ["uuid", "sl"],
};

/**
 * Firmware generations, as observed on the wire by driving the vendor's device-side code; see `docs/devices.md`. The code
 * of 3.1 is not public: it is as field reports and the clients that work with it describe it. Each generation is written
 * as its differences from another one.
 */
export const BEHAVIOURS = {
  /** Queries in clear; a CONTROL under another key is not even acknowledged. */
  "3.1": {
    ...SDK_2020,
    version: "3.1",
    statusFirst: 0,
    namesItself: { inReply: true, inStatus: true },
    emptyQuery: Refusal.format,
    malformedQuery: Refusal.format,
    headedQuery: "read",
    nulls: "set",
    foreignChild: "read",
    sameValue: "one-push",
    refresh: "silence",
    announces: ["mode"],
  },
  /** Tuya Linux SDK of 2018. Queries in clear; an encrypted one is refused. */
  "3.2": {
    ...SDK_2020,
    version: "3.2",
    statusFirst: 0,
    namesItself: { inReply: true, inStatus: false },
    onNegotiation: "ignore",
    refusesInClear: true,
    emptyQuery: Refusal.format,
    malformedQuery: Refusal.format,
    headedQuery: "read",
    emptyReport: Refusal.noData,
    repeatedControl: "ignored",
    sameValue: "one-push",
    refresh: "silence",
  },
  /** Tuya Linux SDK of 2020. */
  "3.3": SDK_2020,
  /** TuyaOS of 2022. */
  "3.4": TUYAOS_2022,
  /** Production TuyaOS of 2023. */
  "3.5p": TUYAOS_2023,
  /** TuyaOpen of 2025. */
  "3.5o": TUYAOPEN_2025,
  /** TuyaOpen of 2026. */
  "3.5o-2026": { ...TUYAOPEN_2025, pushesBeforeNegotiation: false },
} as const satisfies Record<string, Behaviour>;

/** The name of a generation in `BEHAVIOURS`. */
export type BehaviourName = keyof typeof BEHAVIOURS;

export function isBehaviourName(name: string): name is BehaviourName {
  return Object.hasOwn(BEHAVIOURS, name);
}

/** The generation a version stands for unless another one is named. */
export const DEFAULT_BEHAVIOUR: Readonly<Record<ProtocolVersion, BehaviourName>> = {
  "3.1": "3.1",
  "3.2": "3.2",
  "3.3": "3.3",
  "3.4": "3.4",
  "3.5": "3.5p",
};

/** The behaviour of a version, or of a generation by name; undefined where the two do not belong together. */
export function behaviourOf(version: ProtocolVersion, name?: BehaviourName): Behaviour | undefined {
  const behaviour: Behaviour = BEHAVIOURS[name ?? DEFAULT_BEHAVIOUR[version]];
  return behaviour.version === version ? behaviour : undefined;
}
