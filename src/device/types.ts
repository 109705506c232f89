import type { TuyaError } from "../errors";
import type { ListenerOf } from "../listeners";
import type { JsonObject } from "../protocol/message";
import type { ProtocolVersion } from "../protocol/version";
import type { ChildrenAnswer } from "../session/requests/children-question";
import type { FrameEvent } from "../session/connection/frame-event";
import type { ExpectedValues, SetOptions, SetResult } from "../session/requests/set-command";
import type { Dps } from "../protocol/dps";
import type { ReportReason } from "../session/report-reason";

/** The settings of a device. Read when the device is made; later changes of the object have no effect. */
export interface DeviceSettings {
  /** Tuya device id. */
  readonly deviceId: string;
  /**
   * 16 printable ASCII characters; with anything else the device waits with NOT_CONFIGURED. Appears in no error and no log.
   */
  readonly localKey: string;
  /** Display name, used in messages; default: the id. */
  readonly name?: string | undefined;
  /** Address or host name; "" = wait for an announcement. */
  readonly ip: string;
  /** TCP port; default 6668. With an impossible one the device waits with NOT_CONFIGURED. */
  readonly port?: number | undefined;
  /** "auto": the version is found out by trying, which takes up to ten seconds. */
  readonly version: ProtocolVersion | "auto";
  /**
   * For devices that refuse a normal query ("device22"): data points that are asked for one by one, as nulls. Empty or
   * absent = normal query.
   */
  readonly device22Dps?: readonly string[] | undefined;
  /** A battery device that connects only now and then: its absence is no error. */
  readonly sleepy?: boolean | undefined;
  /** Data points that UPDATEDPS asks for, by number. */
  readonly refreshDps?: readonly number[] | undefined;
  /**
   * Data points that UPDATEDPS asks for if `refreshDps` is absent: the measured ones, as far as a data point table tells.
   */
  readonly measuredDps?: readonly number[] | undefined;
  /** Seconds between UPDATEDPS requests; less than 2 counts as 2. Absent or 0 = none are sent by themselves. */
  readonly refreshSeconds?: number | undefined;
}

/** The state of a device. Each is an object of its own that never changes. See `state.ts` for the diagram. */
export type DeviceState =
  /** No connection is wanted: before `connect`, and after `disconnect`. */
  | { readonly kind: "idle" }
  /** No address is known yet. */
  | { readonly kind: "searching" }
  /** TCP is being opened. */
  | { readonly kind: "connecting"; readonly ip: string }
  /** TCP is open; the key has not been accepted yet. */
  | { readonly kind: "checking"; readonly ip: string; readonly version: ProtocolVersion }
  /**
   * Requests are answered. `keyProven` is false as long as nothing proves the key; what comes in clear (3.1, 3.2) does
   * not. Then `takesCommands` tells whether commands are sent: only if address and version are both configured. Otherwise
   * they fail with KEY_OR_VERSION. `refusal`: the device refuses to be read, so its values are not known; undefined = it
   * can be read.
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
   * The last attempt failed with `error`. The next one starts by itself at `retryAt`, in milliseconds since 1970.
   * `Infinity` = none is planned: only an announcement, other settings or `reconnect` lead to one.
   */
  | { readonly kind: "waiting"; readonly error: TuyaError; readonly retryAt: number }
  /**
   * A sleepy device that is not awake. `lastSeen`: when something was last received from it, in milliseconds since 1970;
   * undefined = never.
   */
  | { readonly kind: "asleep"; readonly lastSeen: number | undefined }
  /** Final. */
  | { readonly kind: "closed" };

/** Values a device (or, with `cid`, a sub-device) reported. */
export interface DeviceReport {
  /** Node id of the sub-device; undefined = the device itself. */
  readonly cid: string | undefined;
  /** The values in this report, as the device sent them. Other data points are missing: see `TuyaDevice.values`. */
  readonly dps: Dps;
  /** Numbers of the data points whose value is new or differs from the last known one. */
  readonly changed: readonly string[];
  /** Last known values of the reported data points before this report; those reported for the first time are missing. */
  readonly previous: Dps;
  /** Whether the device reported by itself or was asked. */
  readonly reason: ReportReason;
  /** Seconds since 1970: the device's time if it sent a plausible one, otherwise this computer's. */
  readonly t: number;
  /**
   * The object in which the device sent the values, unchanged and unchecked: with ids, `ctype`, `type`. Undefined if the
   * values are not those of one report.
   */
  readonly fields?: JsonObject | undefined;
}

/** A sub-device that a gateway mentioned, or reported values of. */
export interface KnownChild {
  readonly cid: string;
  /** As the gateway reported it; undefined = not known. */
  readonly online: boolean | undefined;
  /** A Bluetooth device the gateway hears, without a connection to it. */
  readonly isNearby: boolean;
}

/** Sums over all connections of a device since it was made. A copy: it does not change. */
export interface DeviceStatistics {
  /** Bytes received over TCP. */
  readonly bytesIn: number;
  /** Bytes of all frames sent over TCP. */
  readonly bytesOut: number;
  /** From the last answered request to its answer, in milliseconds; undefined = none was answered yet. */
  readonly roundTripMs: number | undefined;
  /** When a frame or an announcement was last received, in milliseconds since 1970; undefined = never. */
  readonly lastSeen: number | undefined;
  /**
   * Number of messages that were dropped because they need not be from the device, such as a report in clear where all is
   * encrypted.
   */
  readonly notAuthentic: number;
}

/** Events of a device. An error in a listener is logged and affects nothing else. */
export interface DeviceEvents {
  /** The device has entered another state. */
  state: (state: DeviceState, previous: DeviceState) => void;
  /** The device, or a sub-device, reported values. */
  report: (report: DeviceReport) => void;
  /** A frame was sent or received. Frames are described only while somebody listens. */
  frame: (frame: FrameEvent) => void;
  /**
   * The online state of a sub-device changed. `children` has those of all, by cid. Live: it changes later, copy it to
   * keep it.
   */
  children: (children: ReadonlyMap<string, boolean>) => void;
}

/**
 * One physical device over time, across connections. Implemented by `Device`; the nodes know only this interface.
 * Requests reject with a `TuyaError`: OFFLINE if the device is not ready (or the cause, if only a person can remove it),
 * TIMEOUT, REJECTED, CLOSED, and what each says. Nothing else throws.
 */
export interface TuyaDevice {
  /** The present settings; of a shared device those of its first holder. Shows no key when it is printed. */
  readonly settings: DeviceSettings;
  /** The present state, an object that does not change: see the event `state`. */
  readonly state: DeviceState;
  /** Whether the device is being asked to prove its key. Requests wait for the outcome, a few seconds at most. */
  readonly isProving?: boolean;
  /** Sums over all connections so far. A copy. */
  statistics(): DeviceStatistics;
  /**
   * A copy of the last known values of the device, or of a sub-device, by data point number; `{}` if nothing was reported
   * yet. Values that are objects are not copied: do not change them.
   */
  values(cid?: string): Dps;
  /**
   * As `values`, without texts that the device only repeats because they were sent to it: in their place stands what it
   * reported before, or nothing. Only these show in what form (hex or base64) the device itself writes bytes.
   */
  ownValues(cid?: string): Dps;
  /**
   * The values the data points will have when all sets are done: the last known ones, replaced by those of sets that
   * wait, are sent, or were acknowledged and not reported yet. A change such as a toggle starts from them. A copy.
   */
  expected(cid?: string): ExpectedValues;
  /** Online state of a sub-device as the gateway reported it; undefined = not known. */
  childOnline(cid: string): boolean | undefined;
  /**
   * Whether the gateway said that it does not know this sub-device, which is followed (`addChild`). It counts as offline.
   */
  isChildUnknown(cid: string): boolean;
  /** Sub-devices that the gateway mentioned, or reported values of. A copy. */
  knownChildren(): readonly KnownChild[];
  /**
   * Asks a gateway which sub-devices are online. Those it names come by the event `children`, maybe in several parts.
   * Resolves with the first part, or when it is clear that none comes; never rejects.
   */
  listChildren(): Promise<ChildrenAnswer>;
  /**
   * Adds a listener; the returned function removes it. Events that happened before are not repeated: see `state` and
   * `values`. `Device.close` removes all listeners.
   */
  on<E extends keyof DeviceEvents>(event: E, listener: DeviceEvents[E]): () => void;
  /** Adds an object whose methods are called for the events of their names, until `removeListener`. It counts once. */
  addListener(listener: ListenerOf<DeviceEvents>): void;
  /** Removes such an object. May be called again. */
  removeListener(listener: ListenerOf<DeviceEvents>): void;
  /** Connects, and reconnects by itself until `disconnect`. Does nothing if a connection is wanted already. */
  connect(): void;
  /** Closes the connection and does not connect again until `connect` or `reconnect`. */
  disconnect(): void;
  /** Closes the connection, if there is one, and opens a new one at once, without waiting for `retryAt`. */
  reconnect(): void;
  /**
   * Resolves as soon as requests can be sent. Rejects after `ms` milliseconds (`Infinity` = 24 days, as long as a timer can
   * be) with OFFLINE, or with the cause if only a person can remove it; with CLOSED as soon as the device is closed.
   */
  whenReady(ms: number): Promise<void>;
  /**
   * Sets data points. The values are copied, and sent as they are: devices take a value of the wrong JSON type for 0 or
   * false, and acknowledge it. A null switches some devices off. Sets that wait for their turn and name the same data
   * points are merged into one, unless an option forbids it: the last value is sent, and all their promises settle.
   * Rejects with OFFLINE when not connected (nothing is kept for later), TIMEOUT (it may or may not have been applied),
   * REJECTED, BAD_INPUT, KEY_OR_VERSION (see the state `ready`), and CHILD_OFFLINE: a gateway acknowledges sets for
   * sub-devices that are offline, so its acknowledgement alone does not count for them.
   */
  set(dps: Dps, options?: SetOptions): Promise<SetResult>;
  /**
   * Reads all data points of the device or, with `cid`, of a sub-device. Resolves with a copy of all known values, those in
   * the answer included. Rejects with CHILD_OFFLINE if the gateway does not know the sub-device or cannot reach it.
   */
  query(options?: { cid?: string | undefined }): Promise<Dps>;
  /**
   * Asks for new measurements (UPDATEDPS), which arrive as reports. Without `dps`, those of the settings, else the
   * usual ones of meters. Resolves when it is sent: many devices do not answer it.
   */
  refresh(dps?: readonly number[], options?: { cid?: string | undefined }): Promise<void>;
  /**
   * Sends one frame with this body, unchanged, at most 2,900 bytes. Resolves with the frame that answers it, a refusal
   * too; for UPDATEDPS, which devices need not answer, with undefined as soon as it is sent. Waits for its turn like any
   * other request. Rejects with BAD_INPUT for a command that must never be sent, with KEY_OR_VERSION for one that needs
   * proof of the key, with TIMEOUT and with OFFLINE.
   */
  sendRaw(command: number, payload: Buffer): Promise<FrameEvent | undefined>;
  /**
   * Follows a sub-device behind this gateway: reads it now and after each connect (reports with reason "initial"), and
   * asks regularly whether it is online. The returned function ends that.
   */
  addChild(cid: string): () => void;
  /**
   * Tells the device that it was announced. Ends the wait for `retryAt`. The announced address is tried, and kept when
   * the device has proved its key there. Forged announcements do no harm: trusted addresses are tried as well, and the
   * rate of attempts is limited.
   */
  heard(announcement: HeardAnnouncement): void;
}

/** What an announcement says about the address and the version of a device. Only a hint: everybody can forge it. */
export interface HeardAnnouncement {
  readonly ip: string;
  /** The address the packet came from, if it differs. */
  readonly sender?: string | undefined;
  readonly version?: string | undefined;
  /** When it was heard, in milliseconds since 1970; default now. */
  readonly time?: number | undefined;
}
