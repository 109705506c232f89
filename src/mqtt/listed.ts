import type { Dps } from "../protocol/dps";

/** A topic of a device, for the preview in the editor. */
export interface ListedTopic {
  /** The level below the device: `switch_1`. */
  readonly level: string;
  /** The whole topic. */
  readonly topic: string;
  /** An example of its payload; if it takes only commands, of a command; "" if there is no example. */
  readonly payload: string;
  /** Whether the device has really reported this value; otherwise it is only a likely one. */
  readonly isKnown: boolean;
  /** Whether values are published there. */
  readonly isPublished: boolean;
  readonly isRetained: boolean;
  /** The topic for commands; undefined if it cannot be set. */
  readonly set: string | undefined;
}

/** An entity that Home Assistant will have. */
export interface ListedEntity {
  /** Kind of entity, as Home Assistant calls it: `light`. */
  readonly platform: string;
  /** Without the name of the device; "" if it has the name of the device. */
  readonly name: string;
}

/** The device of the preview, with its present settings in the editor. */
export interface PreviewedDevice {
  readonly id: string;
  readonly name: string;
  readonly level: string;
  readonly cid?: string | undefined;
  readonly gatewayId?: string | undefined;
  /** The table of data points, as in a flow file. */
  readonly datapoints: unknown;
}

/** The settings for sharing. */
export interface PreviewedSharing {
  readonly base: string;
  /** Names of the data points that are passed on; empty = all. */
  readonly chosen: readonly string[];
  /** Present values of the device, by number. */
  readonly known: Dps;
  /** Likely values, by number or friendly name. */
  readonly likely: Dps;
}

export interface SharingPreview {
  readonly topics: readonly ListedTopic[];
  readonly entities: readonly ListedEntity[];
}

/** The type of `src/mqtt/preview.ts`, which a browser loads when it is needed. */
export type PreviewSharing = (device: PreviewedDevice, sharing: PreviewedSharing) => SharingPreview;
