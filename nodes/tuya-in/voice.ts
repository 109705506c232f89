import type { DeviceReport } from "../../src/device/types";
import { linkForCid } from "../link/configured-devices";
import type { DeviceLink } from "../link/device-link";
import type { EventMode } from "../../src/import/event-mode";
import type { LinkState } from "../link/link-state";
import type { LinkListeners } from "../link/link-use";
import { CompatibleEvents } from "./compatible-events";
import { CompatibleFlow } from "./compatible-flow";
import { ConnectionEvents } from "./connection-events";
import { FriendlyReports } from "./friendly-reports";
import {
  type Outputs,
  outputsOf,
  ReportFlow,
  type ReportFlowOptions,
  type ReportFlowOwner,
  valueOutputs,
} from "./report-flow";
import type { Selection } from "./report-messages";
import { replaysOf, speakerOf } from "./report-profile";

/** What a tuya-in sends about a device, and how. */
export interface VoiceOptions extends ReportFlowOptions {
  /** Set if the messages are to have the format of node-red-contrib-tuya-smart-device. */
  readonly compatible: { readonly name: string; readonly mode: EventMode } | undefined;
  /** Whether connection events are wanted, on an output behind those of the values. */
  readonly state: boolean;
  /** Whether the node shows the last values, if there are few. */
  readonly lastValue: boolean;
  /** Whether the node is for all devices. Then each configured sub-device of a gateway has a voice of its own. */
  readonly isForAll: boolean;
}

/** Where a voice sends its messages: a node, or who looks at them first. */
export interface VoiceTarget {
  send(outputs: Outputs): void;
}

/** Sends the messages of one device for a tuya-in: its reports and its connection events. Hears the link of the device. */
export class Voice implements ReportFlowOwner {
  readonly #options: VoiceOptions;
  readonly #target: VoiceTarget;
  readonly #compatible: CompatibleFlow | undefined;
  readonly #reports: ReportFlow | undefined;
  readonly #events: ConnectionEvents | CompatibleEvents | undefined;
  /** Present if friendly names are chosen. */
  readonly #friendly: FriendlyReports | undefined;
  /** Whether all nodes of the flows exist. Before that, messages would not arrive everywhere. */
  #isStarted = false;

  constructor(options: VoiceOptions, target: VoiceTarget) {
    const { compatible, state, initial, dps } = options;
    this.#options = options;
    this.#target = target;
    if (compatible)
      this.#compatible = new CompatibleFlow({ ...compatible, initial }, (message) => target.send(message));
    else {
      this.#reports = new ReportFlow(options, this);
      this.#friendly = FriendlyReports.among(dps);
    }
    if (state) this.#events = compatible ? new CompatibleEvents(compatible.name) : new ConnectionEvents();
  }

  /** What only messages in the format of the other package depend on. */
  get compatibleListeners(): Pick<LinkListeners, "frame" | "eventMode"> {
    const compatible = this.#compatible;
    if (!compatible) return {};
    return {
      frame: (frame, { profile }) => {
        if (this.#isStarted) compatible.receiveFrame(frame, profile);
      },
      eventMode: (mode) => {
        compatible.mode = mode;
      },
    };
  }

  /** The device's state changed; `link` undefined = there is no device. */
  state(state: LinkState, link: DeviceLink | undefined): void {
    const message = this.#isStarted ? this.#events?.next(state, link) : undefined;
    if (!message) return;
    const before = valueOutputs(this.#options, link?.profile);
    this.#target.send([...Array.from({ length: before }, () => null), [message]]);
  }

  /** The device reported values. */
  report(report: DeviceReport, link: DeviceLink): void {
    if (!this.#isStarted || this.#isAnothers(report, link)) return;
    const profile = this.#hearsItselfOnly ? link.profile : speakerOf(link, report);
    if (this.#compatible) {
      this.#compatible.receive(report, profile);
      return;
    }
    const values = this.#friendly && (link.device?.values(report.cid) ?? {});
    const told = values && this.#friendly?.extend(report, profile, values);
    this.#reports?.receive(told?.report ?? report, told?.profile ?? profile);
  }

  /** All nodes of the flows exist. If `isNew`, the device is new for this node, and its known values are sent. */
  start(isNew: boolean, state: LinkState, link: DeviceLink | undefined): void {
    this.#isStarted = true;
    if (!isNew) return;
    this.#reports?.restart();
    this.state(state, link);
    if (link?.state.kind !== "ready") return;
    for (const report of replaysOf(link, this.#hearsItselfOnly)) this.report(report, link);
  }

  /** Sends nothing any more. */
  close(): void {
    this.#isStarted = false;
    this.#reports?.close();
  }

  // ReportFlowOwner

  pass(selection: Selection): void {
    this.#target.send(outputsOf(selection, this.#options));
  }

  /** Whether only the device's own reports are sent: without chosen names, the outputs are those of its own data points. */
  get #hearsItselfOnly(): boolean {
    const { compatible, output, dps } = this.#options;
    return compatible !== undefined || (output === "ports" && dps.length === 0);
  }

  /** Whether another voice sends this report: a gateway also reports for sub-devices that have a voice of their own. */
  #isAnothers(report: DeviceReport, link: DeviceLink): boolean {
    if (!this.#options.isForAll || report.cid === link.profile.cid) return false;
    return linkForCid(link, report.cid) !== undefined;
  }
}
