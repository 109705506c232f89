import { isDpNumber } from "../datapoints/datapoint";
import { DataPointMap } from "../datapoints/datapoint-map";
import { friendlyWordOf } from "../datapoints/friendly/points";
import { DeviceTopics } from "./topics";
import type { DiscoveryMessage, MqttDevice, VirtualValue } from "./types";
import { virtualValuesOf } from "./virtual/index";

/** What is shared about a device, and how. */
export interface SharedDeviceOptions {
  readonly base: string;
  /** What is passed on: codes or numbers of data points, and friendly names. Empty = all data points. */
  readonly chosen: readonly string[];
  /** Makes the discovery messages; empty if discovery is switched off. */
  readonly configs: (device: MqttDevice) => readonly DiscoveryMessage[];
}

/** A shared device and its topics. */
export class SharedDevice {
  readonly device: MqttDevice;
  readonly topics: DeviceTopics;
  /** The virtual values that the chosen data points make. */
  readonly virtual: readonly VirtualValue[];
  /** The chosen data points by number, and friendly names as they were written; empty = all data points. */
  readonly #chosen: ReadonlySet<string>;
  /** The device with the chosen data points only. */
  readonly #own: MqttDevice;
  readonly #start: string;
  readonly #options: SharedDeviceOptions;

  constructor(device: MqttDevice, options: SharedDeviceOptions) {
    const { dataPoints } = device;
    this.device = device;
    this.topics = new DeviceTopics(options.base, device);
    this.#chosen = new Set(options.chosen.map((name) => dataPoints.numberOf(name) ?? name));
    const points = dataPoints.dataPoints.filter(({ dp }) => this.isChosen(dp));
    const isAll = points.length === dataPoints.dataPoints.length;
    this.#own = isAll ? device : { ...device, dataPoints: new DataPointMap(points) };
    this.virtual = virtualValuesOf(this.#own);
    this.#start = `${options.base}/${device.level}/`;
    this.#options = options;
  }

  /** Its discovery messages, made anew; empty if discovery is switched off. */
  configs(): readonly DiscoveryMessage[] {
    return this.#options.configs(this.#own);
  }

  /** Whether a value is passed on: a data point, by number, or a friendly name as it was written among the chosen names. */
  isChosen(name: string): boolean {
    return this.#chosen.size === 0 ? isDpNumber(name) : this.#chosen.has(name);
  }

  /**
   * Whether a topic is still published, and retained. If not, it is to be emptied at the broker.
   *
   * @param configs topics of its discovery messages
   */
  isCurrent(topic: string, configs: ReadonlySet<string>): boolean {
    if (configs.has(topic)) return true;
    if (!topic.startsWith(this.#start)) return false;
    const { topics } = this;
    if (topic === topics.availability || topic === topics.connection) return true;
    const level = topic.slice(this.#start.length);
    const counter = topics.totalOf(level);
    if (counter !== undefined) return this.isChosen(counter);
    if (this.virtual.some(({ name }) => topics.virtual(name) === topic)) return true;
    const isFriendly = friendlyWordOf(level) !== undefined;
    const name = topics.dpOf(level) ?? (isFriendly ? level : undefined);
    if (name === undefined || topics.value(name) !== topic || !this.isChosen(name)) return false;
    const { event = false, accumulate = false } = this.device.dataPoints.get(name) ?? {};
    return !event && !accumulate;
  }
}
