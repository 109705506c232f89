import { totalName } from "../datapoints/accumulate";
import { isDpNumber } from "../datapoints/datapoint";
import type { PointTable } from "../datapoints/friendly/point-table";
import { BRIDGE, levelOf } from "./levels";

/*
 * Comments write topics as B/D/C: the base B, the level D of a device (see `deviceLevels`), and the level C of a value,
 * which is the code of its data point or, without a code, the number.
 */

/** The base if the user has chosen none. */
export const DEFAULT_BASE = "tuya";
/** The usual discovery prefix of Home Assistant: the first level of all discovery messages. */
export const DEFAULT_PREFIX = "homeassistant";

/** Levels below a device that are not values. */
const OWN_LEVELS = ["availability", "connection", "error", "dps", "operation", "set", "get"] as const;

/** Cleans a base or a prefix that a user wrote: no wildcards, no empty levels. `fallback` if nothing is left. */
export function topicPath(text: string, fallback: string): string {
  const levels = text.split("/").map((level) => levelOf(level.trim()));
  return levels.filter((level) => level !== "").join("/") || fallback;
}

/** The topics of this Node-RED itself. */
export interface BridgeTopics {
  /** `online`, retained. `offline` is written by the broker node, with its close message and its will. */
  readonly state: string;
  /** A list of all devices, for programs. */
  readonly devices: string;
}

/** @param bridgeTopic the topic of the state; "" = `B/bridge/state` */
export function bridgeTopics(base: string, bridgeTopic = ""): BridgeTopics {
  const own = `${base}/${BRIDGE}`;
  return { state: topicPath(bridgeTopic, `${own}/state`), devices: `${own}/devices` };
}

/** The topics of one device: `B/D/…`. */
export class DeviceTopics {
  readonly #start: string;
  readonly #dataPoints: PointTable;
  readonly #values = new Map<string, string>();
  readonly #totals = new Map<string, string>();
  readonly #taken = new Set<string>(OWN_LEVELS);

  /** @param device `level` is D */
  constructor(
    base: string,
    { level, dataPoints }: { readonly level: string; readonly dataPoints: PointTable },
  ) {
    this.#start = `${base}/${level}`;
    this.#dataPoints = dataPoints;
    for (const { dp, code } of dataPoints.dataPoints) this.#values.set(dp, this.#take(levelOf(code || dp)));
    for (const point of dataPoints.dataPoints) {
      if (point.accumulate) this.#totals.set(point.dp, this.#take(levelOf(totalName(point))));
    }
  }

  /** `online` or `offline`. */
  get availability(): string {
    return `${this.#start}/availability`;
  }

  /** `connected`, `asleep`, or an error code. */
  get connection(): string {
    return `${this.#start}/connection`;
  }

  /** The error of a command that failed. */
  get error(): string {
    return `${this.#start}/error`;
  }

  /** `B/D/C` of a data point, by number. */
  value(dp: string): string {
    return `${this.#start}/${this.#values.get(dp) ?? dp}`;
  }

  /** `B/D/C_total`, the sum of an increment. */
  total(dp: string): string {
    return `${this.#start}/${this.#totals.get(dp) ?? totalName({ dp, code: "" })}`;
  }

  /** The topic of a virtual value, by name: `B/D/lamp`. */
  virtual(name: string): string {
    return `${this.#start}/${this.virtualLevel(name)}`;
  }

  /** The topic for commands to the value in `topic`. */
  set(topic: string): string {
    return `${topic}/set`;
  }

  /** `B/D/dps/set`: a JSON object, several values in one frame. */
  get valuesSet(): string {
    return `${this.#start}/dps/set`;
  }

  /** `B/D/operation/set`: query, refresh, connect, disconnect, reconnect. */
  get operationSet(): string {
    return `${this.#start}/operation/set`;
  }

  /** The level of a virtual value below D, by name. If a data point has that level, a `_` is added. */
  virtualLevel(name: string): string {
    return free(levelOf(name), this.#taken);
  }

  /** The number of the data point a level below D belongs to: its level, number or code. Undefined if there is none. */
  dpOf(level: string): string | undefined {
    for (const [dp, own] of this.#values) if (own === level) return dp;
    if (isDpNumber(level)) return level;
    return this.#dataPoints.dataPoints.find(({ code }) => code === level)?.dp;
  }

  /** The number of the data point whose sum a level below D has; undefined if there is none. */
  totalOf(level: string): string | undefined {
    for (const [dp, own] of this.#totals) if (own === level) return dp;
    return undefined;
  }

  #take(level: string): string {
    const own = free(level, this.#taken);
    this.#taken.add(own);
    return own;
  }
}

/** A level that is not used yet: the later one gets a `_`. */
function free(level: string, taken: ReadonlySet<string>): string {
  let own = level;
  while (taken.has(own)) own += "_";
  return own;
}
