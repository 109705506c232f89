import assert from "node:assert/strict";
import { convertFlow, type ConvertedFlow, type ConvertOptions } from "../../src/import/convert-flow";
import type { FlowNode } from "../../src/import/flow";
import { freeze } from "./freeze";

/** Invented keys. */
export const KEYS = ["7{O<&\"$M}N0z/'|q", "kV3tWq8ZrX1nLp5e", "aB3$dE6&gH9(jK2)"] as const;

/** Converts a flow that must not be changed. New ids count from new1. */
export function convert(flow: readonly FlowNode[], options: Partial<ConvertOptions> = {}): ConvertedFlow {
  let next = 0;
  return convertFlow(freeze(structuredClone(flow)), { newId: () => `new${++next}`, ...options });
}

/** The node with an id; fails where there is none. */
export function node(flow: readonly FlowNode[], id: string | undefined): FlowNode {
  return flow.find((candidate) => candidate.id === id) ?? assert.fail(`There is no node ${id}.`);
}

/** A node of the other package, wired as given. */
export function smartDevice(id: string, more: object = {}): FlowNode {
  return {
    id,
    type: "tuya-smart-device",
    z: "tab",
    deviceName: `Device ${id}`,
    deviceId: `bf${id}`,
    deviceKey: KEYS[1],
    x: 100,
    y: 100,
    wires: [[], []],
    ...more,
  };
}
