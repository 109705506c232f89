import type { NodeMessage } from "node-red";
import { device, type FlowNode, output, probe, tab, watcher } from "./flow";

/** Properties of a lamp. */
export const LAMP_DEVICE = {
  name: "Lamp",
  datapoints: [
    { dp: "1", code: "switch_led", type: "Boolean" },
    { dp: "2", code: "bright_value", type: "Integer", scale: 1, min: 0, max: 1000 },
    { dp: "3", code: "work_mode", type: "Enum", values: ["low", "high"] },
  ],
};

/** A message that was confirmed. */
export interface Sent extends NodeMessage {
  readonly tuya: {
    readonly dps: object;
    readonly confirmed: object;
    readonly ms: number;
    readonly cid?: string;
  };
}

/** A tuya-out with everything that can hear of it. */
export function outFlow(
  more: object = {},
  deviceNode: FlowNode = device("device", undefined, LAMP_DEVICE),
): FlowNode[] {
  return [
    tab("t"),
    deviceNode,
    output("out", "t", { wires: [["sent"]], ...more }),
    probe("sent", "t"),
    watcher("catch", "catch", "t", "caught"),
    probe("caught", "t"),
    watcher("complete", "complete", "t", "completed", { scope: ["out"] }),
    probe("completed", "t"),
  ];
}
