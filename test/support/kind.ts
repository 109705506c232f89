import { readFileSync } from "node:fs";
import type { DataPointEntry } from "../../src/datapoints/datapoint";
import type { NodeMessage } from "node-red";
import type { ProtocolVersion } from "../../src/protocol/version";
import type { Schema } from "../../src/virtual/data-model";
import { PRESETS } from "../../src/virtual/presets";
import type { Dps } from "../../src/protocol/dps";

/** A kind of device as people have it: its table of data points, and what is said to it and by it. */
export interface Kind {
  readonly what: string;
  readonly version: ProtocolVersion;
  readonly datapoints: readonly DataPointEntry[];
  readonly dps: Dps;
  readonly schema?: Schema;
  /** A message to tuya-out, and the values it becomes on the wire. In order: each starts where the last one ended. */
  readonly sends: readonly (readonly [message: NodeMessage, wire: Dps])[];
  /** A message that must not be sent, and the sentence that says why. */
  readonly refuses: readonly (readonly [message: NodeMessage, sentence: RegExp])[];
  /** What the device reports, and the payload of tuya-in. */
  readonly reports: readonly (readonly [wire: Dps, payload: object])[];
}

type Products = Record<keyof typeof PRESETS, { readonly dps: Dps; readonly schema: Schema }>;

/** Values and schema of a product, which does nothing by itself here. */
export function product(name: keyof typeof PRESETS): { readonly dps: Dps; readonly schema: Schema } {
  const { dps, schema } = (PRESETS as Products)[name];
  return { dps, schema };
}

/** The table of a profile, with changes by data point number. */
export function profile(
  id: string,
  changes: Readonly<Record<string, object>> = {},
): readonly DataPointEntry[] {
  const { datapoints } = JSON.parse(readFileSync(`profiles/${id}.json`, "utf8")) as {
    datapoints: readonly DataPointEntry[];
  };
  return datapoints.map((entry) => ({ ...entry, ...changes[entry.dp] }));
}

/** A message with this payload. */
export const value = (payload: unknown, more: object = {}): NodeMessage => ({ payload, ...more });
