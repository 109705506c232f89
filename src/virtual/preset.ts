import type { ProtocolVersion } from "../protocol/version";
import type { BehaviourName } from "./behaviours";
import type { Schema } from "./data-model";
import type { SubDeviceOptions } from "./options";
import type { Simulation } from "./simulation";
import type { Dps } from "../protocol/dps";

/** A product: what a virtual device can be without further ado. */
export interface Preset {
  readonly title: string;
  readonly version: ProtocolVersion;
  readonly behaviour?: BehaviourName | undefined;
  readonly dps: Dps;
  readonly schema: Schema;
  readonly subDevices?: Readonly<Record<string, SubDeviceOptions>> | undefined;
  readonly simulation?: Simulation | undefined;
}
