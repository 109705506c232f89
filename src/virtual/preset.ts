import type { ProtocolVersion } from "../protocol/version";
import type { BehaviourName } from "./behaviours";
import type { Schema } from "./data-model";
import type { SubDeviceOptions } from "./options";
import type { Simulation } from "./simulation";
import type { Dps } from "../protocol/dps";

/** A product: the options that make a virtual device one of its kind. Id, key and addresses are not part of it. */
export interface Preset {
  /** Display name of the kind of product. */
  readonly title: string;
  readonly version: ProtocolVersion;
  readonly behaviour?: BehaviourName | undefined;
  readonly dps: Dps;
  readonly schema: Schema;
  readonly subDevices?: Readonly<Record<string, SubDeviceOptions>> | undefined;
  readonly simulation?: Simulation | undefined;
}
