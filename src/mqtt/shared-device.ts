import { friendlyWordOf } from "../datapoints/friendly/points";
import { DeviceTopics } from "./topics";
import type { DiscoveryMessage, MqttDevice, VirtualValue } from "./types";

/** What is shared of a device, and how. */
export interface SharedDeviceOptions {
  readonly base: string;
  readonly virtual: readonly VirtualValue[];
  /** Of the device as it is configured; none where nobody wants them. */
  readonly configs: () => readonly DiscoveryMessage[];
  /** Whether a data point, by number, or a friendly word is passed on at all. */
  readonly isChosen: (dp: string) => boolean;
}

/** A device with the topics under which it is shared. */
export class SharedDevice {
  readonly device: MqttDevice;
  readonly topics: DeviceTopics;
  readonly virtual: readonly VirtualValue[];
  readonly #start: string;
  readonly #options: SharedDeviceOptions;

  constructor(device: MqttDevice, options: SharedDeviceOptions) {
    this.device = device;
    this.topics = new DeviceTopics(options.base, device);
    this.virtual = options.virtual;
    this.#start = `${options.base}/${device.level}/`;
    this.#options = options;
  }

  configs(): readonly DiscoveryMessage[] {
    return this.#options.configs();
  }

  /** Whether a data point, by number, or a friendly word is passed on at all. */
  isChosen(name: string): boolean {
    return this.#options.isChosen(name);
  }

  /** Whether what stands retained in a topic is still said there; `configs` are the topics of the discovery messages. */
  isCurrent(topic: string, configs: ReadonlySet<string>): boolean {
    if (configs.has(topic)) return true;
    if (!topic.startsWith(this.#start)) return false;
    const { topics } = this;
    if (topic === topics.availability || topic === topics.connection) return true;
    const level = topic.slice(this.#start.length);
    const counter = topics.totalOf(level);
    if (counter !== undefined) return this.#options.isChosen(counter);
    if (this.virtual.some(({ name }) => topics.virtual(name) === topic)) return true;
    const name = topics.dpOf(level) ?? friendlyWordOf(level);
    if (name === undefined || topics.value(name) !== topic || !this.#options.isChosen(name)) return false;
    const { event = false, accumulate = false } = this.device.dataPoints.get(name) ?? {};
    return !event && !accumulate;
  }
}
