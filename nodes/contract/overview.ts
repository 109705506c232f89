/*
 * What the side-bar tab "Tuya" and the runtime say to each other.
 *
 * `GET tuya/overview` (`tuya.read`) answers `OverviewRow[]`, `GET tuya/overview/<node id>` a `DeviceStory`. While a tab is
 * open its browser has said so by `RED.comms.send("tuya/overview", {watch: true})`, and what changes is published under the
 * same name as `OverviewNews`. None of it contains a key.
 */

/** Topic of Node-RED's comms, both ways. */
export type OverviewTopic = "tuya/overview";

/** A browser shows the overview from now on, or does so no more. */
export interface OverviewWatch {
  readonly watch: boolean;
}

/** A deployed `tuya-device`. Times are milliseconds since 1970. */
export interface OverviewRow {
  /** Of the node. Of one within a subflow `<id of the subflow's instance>-<id in the editor>`. */
  readonly id: string;
  readonly name: string;
  readonly deviceId: string;
  /** Of a sub-device. */
  readonly cid?: string;
  /** Of a sub-device: id of its gateway's node. */
  readonly gateway?: string;
  /** The `kind` of the runtime's state (`ready`, `waiting` …), or `unused` where no node uses the device. */
  readonly state: string;
  /** Address in use, else the one last used, else the configured one. */
  readonly ip?: string;
  /** As measured, now or last. */
  readonly version?: string;
  /** While it is `ready`: whether the device has proved that it holds the configured key. */
  readonly keyProven?: boolean;
  /** When it entered this state. */
  readonly since: number;
  /** The last sign of life. */
  readonly lastSeen?: number;
  /** How many nodes use it. */
  readonly users: number;
  /** Connections lost since Node-RED was started; those ended on purpose do not count. */
  readonly drops: number;
  /** Why it is not connected, kept while the next attempt is made; or, while it is `ready`, why it cannot be read. */
  readonly error?: { readonly code: string; readonly message: string };
}

/** What has changed. A big change comes in several parts. */
export interface OverviewNews {
  /** Rows that are new, or not as they were. */
  readonly rows?: readonly OverviewRow[];
  /** Ids of nodes that are no more. */
  readonly removed?: readonly string[];
  /** `lastSeen` by id, of rows that are otherwise as they were. */
  readonly seen?: Readonly<Record<string, number>>;
}

/** Something that happened to a device, as a sentence. */
export interface DeviceEvent {
  /** When, or when first. */
  readonly time: number;
  /** When last, where it has happened several times in a row. */
  readonly until: number;
  readonly count: number;
  readonly sentence: string;
}

/** What happened to a device lately, and how its connections are doing. */
export interface DeviceStory {
  /** Oldest first. */
  readonly events: readonly DeviceEvent[];
  /** Connections made. */
  readonly connects: number;
  /** Connections lost, by error code. */
  readonly drops: Readonly<Record<string, number>>;
  /** Of the last question that was answered, in milliseconds. */
  readonly roundTripMs?: number;
  /** Since the device was first used after its last deploy. Of a sub-device: those of its gateway. */
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** Messages that were dropped because nobody vouches for them. */
  readonly notAuthentic: number;
}
