import type { Dps } from "../protocol/dps";

/** A topic of a device as somebody sees it who asks what there will be. */
export interface ListedTopic {
  /** What stands behind the device: `switch_1`. */
  readonly level: string;
  /** All of it. */
  readonly topic: string;
  /** What is in it or, where it takes commands only, what may be sent; "" where nobody can say. */
  readonly payload: string;
  /** Whether the device has said so, rather than that it might. */
  readonly isKnown: boolean;
  /** Whether values are published there. */
  readonly isPublished: boolean;
  readonly isRetained: boolean;
  /** Where commands go; undefined where it cannot be set. */
  readonly set: string | undefined;
}

/** An entity Home Assistant will have. */
export interface ListedEntity {
  /** Kind of entity, as Home Assistant calls it: `light`. */
  readonly platform: string;
  /** Without the name of the device; "" for what is called like the device. */
  readonly name: string;
}

/** A device somebody looks at, as it is configured at the moment. */
export interface LookedAtDevice {
  readonly id: string;
  readonly name: string;
  readonly level: string;
  readonly cid?: string | undefined;
  readonly gatewayId?: string | undefined;
  /** The table of data points as it stands in a flow file. */
  readonly datapoints: unknown;
}

/** How it is to be shared. */
export interface LookedAtSharing {
  readonly base: string;
  /** Names of the data points that are passed on; none = all. */
  readonly chosen: readonly string[];
  /** What the device says now, by number. */
  readonly known: Dps;
  /** What it might say, by number or friendly word. */
  readonly likely: Dps;
}

export interface LookedAt {
  readonly topics: readonly ListedTopic[];
  readonly entities: readonly ListedEntity[];
}

/** `src/mqtt/look.ts`, which a browser loads when it is needed. */
export type LookAtSharing = (device: LookedAtDevice, sharing: LookedAtSharing) => LookedAt;
