import type { TuyaError } from "../errors";
import type { JsonObject } from "../protocol/message";
import type { ProtocolVersion } from "../protocol/version";
import type { ChildrenAnswer } from "../session/children-question";
import type { FrameEvent } from "../session/frame-event";
import type { ExpectedValues, SetOptions, SetResult } from "../session/set-command";
import type { Dps } from "../protocol/dps";
import type { ReportReason } from "../session/report-reason";

export const DEFAULT_PORT = 6668;

/** What is known of a device before the first byte is exchanged. */
export interface DeviceSettings {
  /** Tuya device id. */
  readonly deviceId: string;
  /** 16 characters; any other length makes the device fail with NOT_CONFIGURED. Appears in no error and no log. */
  readonly localKey: string;
  /** For sentences; the id where it is absent. */
  readonly name?: string | undefined;
  /** Address or host name; "" = wait for an announcement. */
  readonly ip: string;
  /** TCP port; default 6668. */
  readonly port?: number | undefined;
  /** "auto" measures the version on the wire. */
  readonly version: ProtocolVersion | "auto";
  /** Data points asked for with nulls, for devices that refuse a normal query. Empty or absent = normal query. */
  readonly device22Dps?: readonly string[] | undefined;
  /** Battery device that wakes, reports and vanishes: absence is no error. */
  readonly sleepy?: boolean | undefined;
  /** Data points UPDATEDPS asks for. */
  readonly refreshDps?: readonly number[] | undefined;
  /** Those it asks for otherwise, where the names of the data points tell which are measured. */
  readonly measuredDps?: readonly number[] | undefined;
  /** Seconds between UPDATEDPS requests; absent = never by itself. */
  readonly refreshSeconds?: number | undefined;
}

/**
 * Where a device stands. One value, one truth: there are no flags beside it. See `state.ts` for the diagram.
 */
export type DeviceState =
  /** Nobody wants a connection: not opened yet, or told to disconnect. */
  | { readonly kind: "idle" }
  /** No address yet. */
  | { readonly kind: "searching" }
  /** TCP is being opened. */
  | { readonly kind: "connecting"; readonly ip: string }
  /** TCP is open; the key has not been accepted yet. */
  | { readonly kind: "checking"; readonly ip: string; readonly version: ProtocolVersion }
  /**
   * Requests are answered. `keyProven` is false where nothing that was read so far proves the key, as all that comes in
   * clear (3.1, 3.2). Commands are sent then only if the user named both address and version (`takesCommands`); otherwise
   * they end in KEY_OR_VERSION. `refusal` says why its values are not known, and what may help, where it refuses to be read.
   */
  | {
      readonly kind: "ready";
      readonly ip: string;
      readonly version: ProtocolVersion;
      readonly keyProven: boolean;
      readonly takesCommands: boolean;
      readonly refusal?: TuyaError | undefined;
    }
  /**
   * The last attempt failed. The next one starts by itself at `retryAt`, in milliseconds since 1970; Infinity = there is
   * nothing to wait for but an announcement, or other settings.
   */
  | { readonly kind: "waiting"; readonly error: TuyaError; readonly retryAt: number }
  /** A sleepy device that is not awake. `lastSeen`: its last sign of life, in milliseconds since 1970; undefined = none yet. */
  | { readonly kind: "asleep"; readonly lastSeen: number | undefined }
  /** Final. */
  | { readonly kind: "closed" };

/** Values a device (or, with `cid`, a sub-device) reported. */
export interface DeviceReport {
  readonly cid: string | undefined;
  /** As reported: only what this frame contained. */
  readonly dps: Dps;
  /** Numbers of the data points whose value differs from the last known one, or was not known. */
  readonly changed: readonly string[];
  /** Last known values of the reported data points, before this report. */
  readonly previous: Dps;
  readonly reason: ReportReason;
  /** Seconds since 1970: the device's clock where it tells a time of day, otherwise ours. */
  readonly t: number;
  /** What else the device sent beside the values: ids, `ctype`, `type`. Undefined where it sent nothing else. */
  readonly extras?: JsonObject | undefined;
}

/** A sub-device a gateway has spoken of, or for. */
export interface KnownChild {
  readonly cid: string;
  /** As the gateway reported it; undefined = not known. */
  readonly online: boolean | undefined;
  /** A Bluetooth device the gateway hears, without a connection to it. */
  readonly isNearby: boolean;
}

/** How the connections of a device are doing, all of them together. */
export interface DeviceStatistics {
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** From a question to its answer, the last time there was one; milliseconds. */
  readonly roundTripMs: number | undefined;
  /** The last byte or announcement, in milliseconds since 1970. */
  readonly lastSeen: number | undefined;
  /** Messages that were dropped because nobody vouches for them, such as a report in clear. */
  readonly notAuthentic: number;
}

/** Events of a device. A listener that throws is logged and disturbs nobody. */
export interface DeviceEvents {
  state: (state: DeviceState, previous: DeviceState) => void;
  report: (report: DeviceReport) => void;
  frame: (frame: FrameEvent) => void;
  /** Online state of sub-devices, as a gateway reports it. */
  children: (children: ReadonlyMap<string, boolean>) => void;
}

/**
 * One physical device over time: connects, reconnects, asks, is told. Implemented by `Device`; the nodes know only this.
 * All requests reject with a `TuyaError`.
 */
export interface TuyaDevice {
  readonly settings: DeviceSettings;
  readonly state: DeviceState;
  /** Whether the device is being asked to prove its key: requests wait until that has an outcome, which is soon. */
  readonly isProving?: boolean;
  statistics(): DeviceStatistics;
  /** A copy of the last known values of the device, or of a sub-device; empty where nothing was reported yet. */
  values(cid?: string): Dps;
  /**
   * The same, but for texts it only repeats because it was sent them: there what it said before by itself, or nothing. In
   * what form it writes bytes can be seen in these alone.
   */
  ownValues(cid?: string): Dps;
  /**
   * What the data points are about to have: the last known values, and over them what waits, is under way, or was
   * acknowledged and not reported yet. Changes such as a toggle start from it.
   */
  expected(cid?: string): ExpectedValues;
  /** Online state of a sub-device as the gateway reported it; undefined = not known. */
  childOnline(cid: string): boolean | undefined;
  /** Whether the gateway said that it has no sub-device of this id, which is followed. It counts as offline. */
  isChildUnknown(cid: string): boolean;
  /** Sub-devices the gateway has spoken of, or reported values of. */
  knownChildren(): readonly KnownChild[];
  /**
   * Asks a gateway which sub-devices are online; those it names are told by the event `children`, maybe in several parts.
   * Resolves with the first part, or when it is clear that none comes; never rejects.
   */
  listChildren(): Promise<ChildrenAnswer>;
  /** Adds a listener; the returned function removes it. */
  on<E extends keyof DeviceEvents>(event: E, listener: DeviceEvents[E]): () => void;
  /** Wants a connection from now on. Harmless when it already does. */
  connect(): void;
  /** Closes the connection and stays away until `connect` or `reconnect`. */
  disconnect(): void;
  /** Closes the connection, if any, and opens a new one at once. */
  reconnect(): void;
  /** Resolves once requests can be sent; rejects with OFFLINE (or the cause, if only a human can mend it) after `ms`. */
  whenReady(ms: number): Promise<void>;
  /**
   * Sets data points. Sets that wait for their turn and touch the same data points are merged unless they say otherwise,
   * the last value wins, and each of their promises settles. Rejects with OFFLINE when not connected: nothing is kept for
   * later. A gateway's acknowledgement counts for no sub-device it says is offline: that ends with CHILD_OFFLINE.
   */
  set(dps: Dps, options?: SetOptions): Promise<SetResult>;
  /** Reads all data points; resolves with the values the device answered, merged over the last known ones. */
  query(options?: { cid?: string | undefined }): Promise<Dps>;
  /** UPDATEDPS: asks for new measurements, which arrive as pushes. Resolves when sent; many devices never answer it. */
  refresh(dps?: readonly number[], options?: { cid?: string | undefined }): Promise<void>;
  /**
   * Sends one frame with this body as it is, at most 2,900 bytes, and resolves with the frame that answers it, a refusal
   * too; with undefined as soon as it is sent where devices need not answer (UPDATEDPS). Waits for its turn like any
   * other request. Rejects with BAD_INPUT for a command that must never be sent, with TIMEOUT and with OFFLINE.
   */
  sendRaw(command: number, payload: Buffer): Promise<FrameEvent | undefined>;
  /**
   * Follows a sub-device behind this gateway: reads it now and after every connect, with reason "initial", and keeps
   * asking whether it is online. The returned function ends that.
   */
  addChild(cid: string): () => void;
  /**
   * An announcement of this device was heard. Ends a back-off at once; an announced address is tried, and kept once the
   * device proved itself there. Whatever is announced, trusted addresses are tried as well, and nobody is hammered.
   */
  heard(announcement: HeardAnnouncement): void;
}

/** What an announcement says of where a device is, and what it speaks. A hint: everybody can forge it. */
export interface HeardAnnouncement {
  readonly ip: string;
  /** The packet's source, where it differs. */
  readonly sender?: string | undefined;
  readonly version?: string | undefined;
  /** When it was heard, in milliseconds since 1970; default now. */
  readonly time?: number | undefined;
}
