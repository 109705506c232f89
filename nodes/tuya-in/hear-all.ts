import type { Node, NodeAPI } from "node-red";
import { AllDevices } from "../link/all-devices";
import type { DeviceLink } from "../link/device-link";
import { overallBadge } from "./overall-badge";
import { nameFilter } from "../../src/name-filter";
import { listOf } from "../runtime/properties";
import { hasDataPoint } from "./report-profile";
import { Voice, type VoiceOptions } from "./voice";

/**
 * Makes a tuya-in send messages of all enabled devices whose name passes the filter, later ones included. Each has its
 * own `Voice`, sub-devices too. The returned function ends it.
 */
export function hearAll(RED: NodeAPI, node: Node, options: VoiceOptions, filter: unknown): () => void {
  const isMeant = nameFilter(listOf(filter));
  const view = overallBadge(RED, node);
  let hasWarned = false;
  const warnOnce = (links: readonly DeviceLink[]): void => {
    if (hasWarned || options.compatible || links.length === 0) return;
    hasWarned = true;
    const unknown = options.dps.filter((dp) => !links.some((link) => hasDataPoint(link, dp)));
    if (unknown.length === 0) return;
    node.warn(
      `None of the devices has a data point named ${unknown.join(", ")}: nothing of that is passed on.`,
    );
  };
  const devices = new AllDevices({
    RED,
    node,
    wants: ({ profile }) => isMeant(profile.name),
    changed: (links) => view.look(links),
    found: (link) => {
      const voice = new Voice(options, node);
      return {
        ...voice.compatibleListeners,
        report: (report, of) => voice.report(report, of),
        state: (state, of) => voice.state(state, of),
        started: () => {
          voice.start(true, link.state, link);
          warnOnce(devices.links);
        },
        left: () => voice.close(),
      };
    },
  });
  return () => {
    devices.close();
    view.close();
  };
}
