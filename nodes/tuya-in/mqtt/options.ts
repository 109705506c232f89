import { bridgeTopics, DEFAULT_BASE, DEFAULT_PREFIX, topicPath } from "../../../src/mqtt/topics";
import type { DiscoveryShape } from "../../../src/mqtt/types";
import { textOf } from "../../runtime/properties";
import type { ReportFlowOptions } from "../report-flow";

/** Properties of a tuya-in as they stand in a flow file. */
export interface MqttProperties {
  /** B, what all topics begin with; default `tuya`. */
  readonly base?: unknown;
  /** How Home Assistant is told of the devices: "device", "single", or "" = not at all. */
  readonly discovery?: unknown;
  /** Where Home Assistant listens; default `homeassistant`. */
  readonly discoveryPrefix?: unknown;
  /** Where it stands whether this Node-RED is there; default `B/bridge/state`. */
  readonly bridgeTopic?: unknown;
}

/** How a tuya-in shares its devices. */
export interface MqttOptions {
  readonly base: string;
  /** Undefined = Home Assistant is told nothing. */
  readonly discovery: DiscoveryShape | undefined;
  readonly prefix: string;
  readonly bridgeTopic: string;
  /** What of a report is passed on. */
  readonly reports: ReportFlowOptions;
}

/** Durations, in milliseconds. */
export interface MqttTimings {
  /** For so long a device has to be away before it is said to be offline: reconnects take less. */
  readonly holdMs: number;
  /** From a reason to tell everything again until that begins: reasons come in groups. */
  readonly gatherMs: number;
  /** Everything is told again after so long in any case. */
  readonly repeatMs: number;
  /** From a change until the list of devices is told, and what is retained is written down. */
  readonly listMs: number;
  /** Between two groups of messages. */
  readonly pauseMs: number;
}

export const MQTT_TIMINGS: MqttTimings = {
  holdMs: 5_000,
  gatherMs: 1_000,
  repeatMs: 600_000,
  listMs: 2_000,
  pauseMs: 100,
};

/** What nobody said is a default. Changes are what is worth a topic, unless the node says otherwise. */
export function readMqttOptions(properties: MqttProperties, reports: ReportFlowOptions): MqttOptions {
  const base = topicPath(textOf(properties.base), DEFAULT_BASE);
  const { discovery } = properties;
  return {
    base,
    discovery: discovery === "device" || discovery === "single" ? discovery : undefined,
    prefix: topicPath(textOf(properties.discoveryPrefix), DEFAULT_PREFIX),
    bridgeTopic: bridgeTopics(base, textOf(properties.bridgeTopic)).state,
    // Each topic is on its own, and what stands in one is the present value, so the first values belong to it.
    reports: { ...reports, output: "each", initial: true },
  };
}
