import type { DataPointMap } from "../datapoints/datapoint-map";
import type { Dps } from "../protocol/dps";

/** A configured device, as far as MQTT is concerned: no key, no address. */
export interface MqttDevice {
  /** Tuya device id; of a sub-device without one its cid. */
  readonly id: string;
  /** Set for a sub-device. */
  readonly cid?: string | undefined;
  /** Device id of the gateway a sub-device is behind, where that is configured. */
  readonly gatewayId?: string | undefined;
  /** What people call it; the id where it has no name. */
  readonly name: string;
  /** D, its level in topics: see `deviceLevels`. */
  readonly level: string;
  /** What kind of device it is, where that is known. */
  readonly model?: string | undefined;
  readonly dataPoints: DataPointMap;
}

/** What JSON can say. A text is published as it is, everything else as JSON. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/**
 * A value that is no data point but follows from some, and is set by setting several at once: a lamp, the mode of a
 * climate device. One topic `B/D/<level>` has its state, `B/D/<level>/set` takes commands.
 */
export interface VirtualValue {
  /** What it is called: `lamp`, `hvac_mode`. Its level is `DeviceTopics.virtual(name)`, for a data point may be called so. */
  readonly name: string;
  /** What is added to the id of the device to identify it for ever, whatever it is called. */
  readonly key: string;
  /** Numbers of the data points its value follows from: it is published again when one of them is reported. */
  readonly dps: readonly string[];
  /**
   * Its state.
   *
   * @param values the last known values of the device, in device units by data point number
   * @returns undefined where the device has not said enough
   */
  read(values: Dps): Json | undefined;
  /**
   * What a command means: values by data point number, code or friendly word, as `payload.dps` of tuya-out takes them, for
   * one frame. Throws BAD_INPUT for what cannot be meant.
   *
   * @param payload an object where the text that arrived is JSON of one; otherwise as it arrived, mostly a text
   */
  write(payload: unknown, values: Dps): Readonly<Record<string, unknown>>;
}

/** How Home Assistant is told: one message a device, or one for each entity. */
export type DiscoveryShape = "device" | "single";

export interface DiscoveryOptions {
  /** B. */
  readonly base: string;
  /** Where Home Assistant listens: `homeassistant`. */
  readonly prefix: string;
  /** Where it stands whether this Node-RED is there: `B/bridge/state`. */
  readonly bridgeTopic: string;
  readonly shape: DiscoveryShape;
  /** Version of this package, for `origin.sw_version`. */
  readonly version?: string | undefined;
}

/** A retained discovery message, QoS 1. */
export interface DiscoveryMessage {
  readonly topic: string;
  readonly payload: { readonly [key: string]: Json };
}

/** `src/mqtt/virtual`: what a device has besides its data points and the sums of its increments. */
export type VirtualValuesOf = (device: MqttDevice) => readonly VirtualValue[];

/** `src/mqtt/discovery`: all discovery messages of a device. Those it no longer has are emptied by whoever publishes. */
export type DiscoveryMessages = (
  device: MqttDevice,
  options: DiscoveryOptions,
) => readonly DiscoveryMessage[];
