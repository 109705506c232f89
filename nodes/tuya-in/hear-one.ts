import type { Node, NodeAPI } from "node-red";
import type { DeviceLink } from "../link/device-link";
import { DeviceUser } from "../link/device-user";
import { NO_DEVICE } from "../link/link-state";
import { badgeOf, StatusBadge } from "../link/status-badge";
import { namesOf } from "./report-messages";
import { hasDataPoint } from "./report-profile";
import { ValueBadge } from "./value-badge";
import { Voice, type VoiceOptions } from "./voice";

/** Makes a tuya-in send messages of the device chosen in it. The returned function ends it. */
export function hearOne(RED: NodeAPI, node: Node, options: VoiceOptions, deviceNodeId: unknown): () => void {
  const badge = new StatusBadge(node);
  const words = { on: RED._("tuya-in.value.on"), off: RED._("tuya-in.value.off") };
  const lastValue = showsValue(options) ? new ValueBadge(badge, words) : undefined;
  const voice = new Voice(options, (outputs) => {
    // Before `send`: afterwards the message belongs to the flow, which may change it.
    lastValue?.sent(outputs);
    node.send(outputs);
  });
  const user = new DeviceUser({
    RED,
    node,
    deviceNodeId,
    ...voice.listeners,
    state: (state, link) => {
      if (lastValue) lastValue.state(state);
      else badge.show(badgeOf(state));
      voice.state(state, link);
    },
    started: (isNew, state, link) => {
      if (isNew && !link) node.error(NO_DEVICE.error, {});
      if (isNew && link && !options.compatible) warnOfUseless(node, options, link);
      voice.start(isNew, state, link);
    },
  });
  return () => {
    voice.close();
    lastValue?.close();
    user.close();
  };
}

/** How many values there is room for under a node. */
const MAX_SHOWN = 2;

function showsValue({ lastValue, compatible, dps }: VoiceOptions): boolean {
  return lastValue && !compatible && dps.length > 0 && dps.length <= MAX_SHOWN;
}

function warnOfUseless(node: Node, options: VoiceOptions, link: DeviceLink): void {
  const { name, dataPoints } = link.profile;
  if (namesOf(options, dataPoints)?.length === 0) {
    node.warn(
      `Nothing is passed on: no data points are chosen for the outputs, and ${name} has none with a name.`,
    );
  }
  const unknown = options.dps.filter((dp) => !hasDataPoint(link, dp));
  if (unknown.length === 0) return;
  node.warn(`${name} has no data point named ${unknown.join(", ")}: nothing of that is passed on.`);
}
