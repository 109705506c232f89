import type { DataPointMap } from "../datapoints/datapoint-map";
import type { Dps } from "../protocol/dps";

/** The fields of a configured device that MQTT needs: no key, no address. */
export interface MqttDevice {
  /** Tuya device id; for a sub-device without one, its cid. */
  readonly id: string;
  /** Set for a sub-device. */
  readonly cid?: string | undefined;
  /** Device id of a sub-device's gateway, if the gateway is configured. */
  readonly gatewayId?: string | undefined;
  /** Display name; the id if it has none. */
  readonly name: string;
  /** Its level in topics: see `deviceLevels`. */
  readonly level: string;
  /** The kind of device, if it is known. */
  readonly model?: string | undefined;
  readonly dataPoints: DataPointMap;
}

/** A payload. A text is published unchanged, everything else as JSON. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/**
 * A value that is computed from several data points, and set by setting several at once: a lamp, the mode of a climate
 * device. Its state is in the topic `B/D/<level>`; `B/D/<level>/set` takes commands.
 */
export interface VirtualValue {
  /**
   * Its name: `lamp`, `hvac_mode`. Its level is `DeviceTopics.virtual(name)`, because a data point may have the same
   * name.
   */
  readonly name: string;
  /** Numbers of the data points it is computed from: it is published again when one of them is reported. */
  readonly dps: readonly string[];
  /**
   * Its state.
   *
   * @param values the last known values of the device, in device units by data point number
   * @returns undefined if the device has not reported enough
   */
  read(values: Dps): Json | undefined;
  /**
   * Converts a command to values by data point number, code or friendly name, as in `payload.dps` of tuya-out, for one
   * frame. Throws BAD_INPUT for an impossible command.
   *
   * @param payload an object if the text that arrived was JSON of one; otherwise as it arrived, mostly a text
   */
  write(payload: unknown, values: Dps): Readonly<Record<string, unknown>>;
}

/** One discovery message for each device, or one for each entity. */
export type DiscoveryShape = "device" | "single";

/** How devices are announced to Home Assistant. */
export interface DiscoveryOptions {
  /** The base of all topics. */
  readonly base: string;
  /** The discovery prefix of Home Assistant, usually `homeassistant`. */
  readonly prefix: string;
  /** The topic with the state of this Node-RED: `B/bridge/state`. */
  readonly bridgeTopic: string;
  readonly shape: DiscoveryShape;
  /** Version of this package, for `origin.sw_version`. */
  readonly version?: string | undefined;
}

/** A message that tells Home Assistant which entities there are. To be published retained, with QoS 1. */
export interface DiscoveryMessage {
  readonly topic: string;
  /** To be written as JSON. */
  readonly payload: { readonly [key: string]: Json };
}
