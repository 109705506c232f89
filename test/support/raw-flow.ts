import type { NodeMessage } from "node-red";
import { type FlowNode, probe, raw, tab, watcher } from "./flow";

/** A frame as flows see it. */
export interface Frame {
  readonly time?: number;
  readonly direction?: "in" | "out";
  readonly format?: string;
  readonly version?: string;
  readonly sequence?: number;
  readonly command?: number;
  readonly name?: string;
  readonly returnCode?: number;
  readonly payload: Buffer;
  readonly json?: { readonly dps?: object; readonly data?: { readonly dps: object } };
  readonly valid: boolean;
  readonly reason?: string;
  readonly raw: Buffer;
  readonly announcement?: object;
}

export interface Seen extends NodeMessage {
  readonly payload: Frame;
  readonly tuya: object;
}

/** First values of a virtual device. */
export const VALUES = { "1": false, "2": 0, "3": "low" };

/** A tuya-raw with everything that can hear of it. */
export function rawFlow(deviceNode: FlowNode | undefined, more: object = {}): FlowNode[] {
  return [
    tab("t"),
    ...(deviceNode ? [deviceNode] : []),
    raw("raw", "t", { wires: [["seen"]], ...more }),
    probe("seen", "t"),
    watcher("catch", "catch", "t", "caught"),
    probe("caught", "t"),
    watcher("complete", "complete", "t", "completed", { scope: ["raw"] }),
    probe("completed", "t"),
  ];
}

/** Tells frames by direction and command. */
export function isFrame(direction: string, command: number): (msg: Seen) => boolean {
  return ({ payload }) => payload.direction === direction && payload.command === command;
}
