import type { Node, NodeAPI } from "node-red";
import { OverallView } from "../link/overall-view";
import { StatusBadge } from "../link/status-badge";

/** The badge of a tuya-in for many devices. */
export function overallBadge(RED: NodeAPI, node: Node): OverallView {
  const badge = new StatusBadge(node);
  return new OverallView({
    connected: RED._("tuya-in.status.connected"),
    none: "tuya-in.devices.none",
    show: (shown, text) => badge.show(shown, text),
  });
}
