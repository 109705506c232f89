import { bridgeTopics, DEFAULT_BASE, DEFAULT_PREFIX, topicPath } from "../../../src/mqtt/topics";
import type { DiscoveryShape } from "../../../src/mqtt/types";
import { textOf } from "../../runtime/properties";
import type { ReportFlowOptions } from "../report-flow";

/** Properties of a tuya-in in a flow file. */
export interface MqttProperties {
  /** B, the beginning of all topics; default `tuya`. */
  readonly base?: unknown;
  /** The shape of discovery messages for Home Assistant: "device", "single", or "" = none are sent. */
  readonly discovery?: unknown;
  /** The discovery prefix of Home Assistant; default `homeassistant`. */
  readonly discoveryPrefix?: unknown;
  /** The topic with the state of this Node-RED; default `B/bridge/state`. */
  readonly bridgeTopic?: unknown;
}

/** How a tuya-in shares its devices. */
export interface MqttOptions {
  readonly base: string;
  /** Undefined = no discovery messages. */
  readonly discovery: DiscoveryShape | undefined;
  readonly prefix: string;
  readonly bridgeTopic: string;
  /** Which parts of a report are passed on. */
  readonly reports: ReportFlowOptions;
}

/** Durations, in milliseconds. */
export interface MqttTimings {
  /** A device is published as offline when it has been away for so long: a reconnect takes less. */
  readonly holdMs: number;
  /** Wait before everything is published again, because several reasons often come together. */
  readonly gatherMs: number;
  /** Everything is published again after so long in any case. */
  readonly repeatMs: number;
  /** Wait after a change before the list of devices is published and the retained topics are saved. */
  readonly listMs: number;
  /** Pause between two groups of messages. */
  readonly pauseMs: number;
}

/** What brokers and Home Assistant bear well. */
export const MQTT_TIMINGS: MqttTimings = {
  holdMs: 5_000,
  gatherMs: 1_000,
  repeatMs: 600_000,
  listMs: 2_000,
  pauseMs: 100,
};

/** Reads the options. Missing properties get defaults; `when` is "change" unless the node says otherwise. */
export function readMqttOptions(properties: MqttProperties, reports: ReportFlowOptions): MqttOptions {
  const base = topicPath(textOf(properties.base), DEFAULT_BASE);
  const { discovery } = properties;
  return {
    base,
    discovery: discovery === "device" || discovery === "single" ? discovery : undefined,
    prefix: topicPath(textOf(properties.discoveryPrefix), DEFAULT_PREFIX),
    bridgeTopic: bridgeTopics(base, textOf(properties.bridgeTopic)).state,
    // Each value has its own topic, and a retained topic has the present value, so first values are published, too.
    reports: { ...reports, output: "each", initial: true },
  };
}
