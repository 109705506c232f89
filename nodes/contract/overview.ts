/*
 * Messages between the side-bar tab "Tuya" and the runtime.
 *
 * `GET tuya/overview` (`tuya.read`) answers `OverviewRow[]`, `GET tuya/overview/<node id>` a `DeviceStory`. A browser
 * whose tab is open sends `RED.comms.send("tuya/overview", {watch: true})`. From then on changes are published under the
 * same topic as `OverviewNews`. None of it contains a key.
 */

/** Topic of Node-RED's comms, both ways. */
export type OverviewTopic = "tuya/overview";

/** Whether the browser shows the overview from now on. */
export interface OverviewWatch {
  readonly watch: boolean;
}

/** A deployed `tuya-device`. Times are milliseconds since 1970. */
export interface OverviewRow {
  /** Id of the node. For one within a subflow `<id of the subflow's instance>-<id in the editor>`. */
  readonly id: string;
  readonly name: string;
  readonly deviceId: string;
  /** For a sub-device. */
  readonly cid?: string;
  /** For a sub-device: the id of its gateway's node. */
  readonly gateway?: string;
  /** The `kind` of the runtime's state (`ready`, `waiting` …), or `unused` if no node uses the device. */
  readonly state: string;
  /** The address in use; without a connection the one last used, or the configured one. */
  readonly ip?: string;
  /** The version the device speaks, or last spoke. */
  readonly version?: string;
  /** While it is `ready`: whether the device has proved the configured key. */
  readonly keyProven?: boolean;
  /** When it entered this state. */
  readonly since: number;
  /** When something was last received from it. */
  readonly lastSeen?: number;
  /** How many nodes use it. */
  readonly users: number;
  /** How many connections were lost since Node-RED was started, without those ended on purpose. */
  readonly drops: number;
  /** Why it is not connected (kept during the next attempt); or, while it is `ready`, why it cannot be read. */
  readonly error?: { readonly code: string; readonly message: string };
}

/** Changes. A large one comes in several parts. */
export interface OverviewNews {
  /** Rows that are new or have changed. */
  readonly rows?: readonly OverviewRow[];
  /** Ids of nodes that do not exist any more. */
  readonly removed?: readonly string[];
  /** `lastSeen` by id, for rows in which nothing else has changed. */
  readonly seen?: Readonly<Record<string, number>>;
}

/** Something that happened to a device, as a sentence. */
export interface DeviceEvent {
  /** When it happened, or happened first. */
  readonly time: number;
  /** When it happened last, if it happened several times in a row. */
  readonly until: number;
  readonly count: number;
  readonly sentence: string;
}

/** Recent events of a device, and statistics of its connections. */
export interface DeviceStory {
  /** The oldest first. */
  readonly events: readonly DeviceEvent[];
  /** How many connections were made. */
  readonly connects: number;
  /** How many connections were lost, by error code. */
  readonly drops: Readonly<Record<string, number>>;
  /** From the last answered request to its answer, in milliseconds. */
  readonly roundTripMs?: number;
  /** Since the device was first used after its last deploy. For a sub-device: those of its gateway. */
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** Number of messages that were dropped because they need not be from the device. */
  readonly notAuthentic: number;
}

/** Body of `POST tuya/reconnect` (`tuya.write`): connects the devices of these nodes anew, for sub-devices their gateway. */
export interface ReconnectRequest {
  /** Ids of nodes. */
  readonly nodes: readonly string[];
}

/** The answer of `POST tuya/reconnect`. */
export interface ReconnectAnswer {
  /** The number of connections that are made anew. */
  readonly reconnected: number;
}
