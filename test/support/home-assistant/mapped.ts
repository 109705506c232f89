import assert from "node:assert/strict";
import { discoveryMessages } from "../../../src/mqtt/discovery/index";
import { houseOf } from "./devices";
import { type Announced, expand, type Keys } from "./expand";

/** The entities of a device with these data points, but for its connection. */
export function entitiesOf(...entries: readonly object[]): readonly Announced[] {
  const [device] = houseOf([{ what: "D", entries }]);
  assert.ok(device);
  const options = { base: "b", prefix: "ha", bridgeTopic: "b/bridge/state", shape: "device" } as const;
  return discoveryMessages(device, options)
    .flatMap((message) => expand(JSON.parse(JSON.stringify(message)) as typeof message))
    .filter(({ uniqueId }) => !uniqueId.endsWith("_connection"));
}

/** Platform and some keys; a key that is to be missing is undefined. */
export function check(entity: Announced | undefined, platform: string, keys: Keys = {}): void {
  assert.equal(entity?.platform, platform);
  const actual = Object.fromEntries(Object.keys(keys).map((key) => [key, entity.keys[key]]));
  assert.deepEqual(actual, keys);
}

export const bool = (code: string, more: object = {}) => ({ dp: "1", code, type: "Boolean", ...more });
export const int = (code: string, unit?: string, more: object = {}) => ({
  dp: "1",
  code,
  type: "Integer",
  ...(unit !== undefined && { unit }),
  ...more,
});
export const words = (code: string, values: readonly string[], more: object = {}) => ({
  dp: "1",
  code,
  type: "Enum",
  values,
  ...more,
});
