import { friendlyWordOf } from "../datapoints/friendly/points";
import { DeviceTopics } from "./topics";
import type { DiscoveryMessage, MqttDevice, VirtualValue } from "./types";

/** What is shared about a device, and how. */
export interface SharedDeviceOptions {
  readonly base: string;
  readonly virtual: readonly VirtualValue[];
  /** The discovery messages of the device as configured; empty if discovery is switched off. */
  readonly configs: () => readonly DiscoveryMessage[];
  /** Whether a data point, by number, or a friendly name is passed on at all. */
  readonly isChosen: (dp: string) => boolean;
}

/** A shared device and its topics. */
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

  /** Whether a data point, by number, or a friendly name is passed on at all. */
  isChosen(name: string): boolean {
    return this.#options.isChosen(name);
  }

  /** Whether a retained topic is still in use; `configs` are the topics of the discovery messages. */
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
