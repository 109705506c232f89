import type { Node, NodeAPI } from "node-red";
import type { DeviceReport } from "../../src/device/types";
import { MAX_VALUES } from "../contract/value-badge";
import { badgeOf } from "../link/badge";
import type { DeviceLink } from "../link/device-link";
import { DeviceUser, type DeviceUserOptions } from "../link/device-user";
import { type LinkState, NO_DEVICE } from "../link/link-state";
import type { LinkListeners } from "../link/link-use";
import { StatusBadge } from "../link/status-badge";
import type { Outputs } from "./report-flow";
import { namesOf } from "./report-messages";
import { hasDataPoint } from "./report-profile";
import { ValueBadge } from "./value-badge";
import { Voice, type VoiceOptions, type VoiceTarget } from "./voice";

/** Makes a tuya-in send messages of the device chosen in it, until `close`. */
export class DeviceHearer implements DeviceUserOptions, VoiceTarget {
  readonly RED: NodeAPI;
  readonly node: Node;
  readonly deviceNodeId: unknown;
  /** Only for messages in the format of the other package. */
  readonly frame: LinkListeners["frame"];
  readonly eventMode: LinkListeners["eventMode"];
  readonly #options: VoiceOptions;
  readonly #badge: StatusBadge;
  readonly #lastValue: ValueBadge | undefined;
  readonly #voice: Voice;
  readonly #user: DeviceUser;

  constructor(RED: NodeAPI, node: Node, options: VoiceOptions, deviceNodeId: unknown) {
    this.RED = RED;
    this.node = node;
    this.deviceNodeId = deviceNodeId;
    this.#options = options;
    this.#badge = new StatusBadge(node);
    if (showsValue(options)) {
      const words = { on: RED._("tuya-in.value.on"), off: RED._("tuya-in.value.off") };
      this.#lastValue = new ValueBadge(this.#badge, words);
    }
    this.#voice = new Voice(options, this);
    const { frame, eventMode } = this.#voice.compatibleListeners;
    this.frame = frame;
    this.eventMode = eventMode;
    this.#user = new DeviceUser(this);
  }

  close(): void {
    this.#voice.close();
    this.#lastValue?.close();
    this.#user.close();
  }

  // DeviceUserOptions

  state(state: LinkState, link: DeviceLink | undefined): void {
    if (this.#lastValue) this.#lastValue.state(state);
    else this.#badge.show(badgeOf(state));
    this.#voice.state(state, link);
  }

  report(report: DeviceReport, link: DeviceLink): void {
    this.#voice.report(report, link);
  }

  started(isNew: boolean, state: LinkState, link: DeviceLink | undefined): void {
    if (isNew && !link) this.node.error(NO_DEVICE.error, {});
    if (isNew && link && !this.#options.compatible) warnOfUseless(this.node, this.#options, link);
    this.#voice.start(isNew, state, link);
  }

  // VoiceTarget

  send(outputs: Outputs): void {
    // Before `send`: afterwards the message belongs to the flow, which may change it.
    this.#lastValue?.sent(outputs);
    this.node.send(outputs);
  }
}

function showsValue({ lastValue, compatible, dps }: VoiceOptions): boolean {
  return lastValue && !compatible && dps.length > 0 && dps.length <= MAX_VALUES;
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
