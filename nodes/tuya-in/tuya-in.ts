import type { Node, NodeAPI, NodeDef, NodeMessage } from "node-red";
import { COMPATIBLE_OUTPUT } from "../../src/import/smart-device";
import { CompatibleEvents } from "./compatible-events";
import { CompatibleFlow } from "./compatible-flow";
import { ConnectionEvents } from "./connection-events";
import { DeviceUser } from "../link/device-user";
import { type EventMode, readEventMode } from "../../src/import/event-mode";
import type { DeviceLink } from "../link/device-link";
import { type LinkState, NO_DEVICE } from "../link/link-state";
import { isOn, listOf, secondsOf, textOf } from "../runtime/properties";
import { ReportFlow, type ReportFlowOptions, valueOutputs } from "./report-flow";
import { namesOf } from "./report-messages";
import { hasDataPoint, replaysOf, speakerOf } from "./report-profile";
import { badgeOf, StatusBadge } from "../link/status";
import type { DeviceReport } from "../../src/device/types";
import type { FrameEvent } from "../../src/session/frame-event";
import { parseBand } from "../../src/datapoints/band";

interface TuyaInDef extends NodeDef {
  readonly device?: unknown;
  readonly output?: unknown;
  readonly eventMode?: unknown;
  readonly dps?: unknown;
  readonly when?: unknown;
  readonly initial?: unknown;
  readonly state?: unknown;
  readonly throttle?: unknown;
  readonly deadband?: unknown;
}

export default function (RED: NodeAPI): void {
  function TuyaIn(this: Node, def: TuyaInDef): void {
    RED.nodes.createNode(this, def);
    const options = readOptions(def);
    const badge = new StatusBadge(this);
    const compatible = createCompatible(def, options, (message) => this.send(message));
    const createEvents = () => (compatible ? new CompatibleEvents(textOf(def.name)) : new ConnectionEvents());
    const events = isOn(def.state) ? createEvents() : undefined;
    /** Until all nodes of the flows exist, there is nobody to send to. */
    let isStarted = false;

    const reports: Reports = compatible ?? new ReportFlow(options, (outputs) => this.send(outputs));

    // Outputs that are not chosen by name are those of the device's own data points.
    const isOwnOnly = compatible !== undefined || (options.output === "ports" && options.dps.length === 0);

    const sendReport = (report: DeviceReport, link: DeviceLink): void => {
      if (!isStarted) return;
      reports.receive(report, isOwnOnly ? link.profile : speakerOf(link, report));
    };
    const sendState = (state: LinkState, link: DeviceLink | undefined): void => {
      const message = isStarted ? events?.next(state, link) : undefined;
      if (!message) return;
      const before = valueOutputs(options, link?.profile);
      this.send([...Array.from({ length: before }, () => null), message]);
    };
    const start = (isNew: boolean, state: LinkState, link: DeviceLink | undefined): void => {
      isStarted = true;
      if (!isNew) return;
      reports.restart?.();
      sendState(state, link);
      if (!link) {
        this.error(NO_DEVICE.error, {});
        return;
      }
      if (!compatible) warnOfUseless(this, options, link);
      if (link.state.kind === "ready")
        for (const report of replaysOf(link, isOwnOnly)) sendReport(report, link);
    };

    const user = new DeviceUser({
      RED,
      node: this,
      deviceNodeId: def.device,
      state: (state, link) => {
        badge.show(badgeOf(state));
        sendState(state, link);
      },
      report: sendReport,
      ...(compatible && {
        frame: (frame: FrameEvent, { profile }: DeviceLink) => {
          if (isStarted) compatible.receiveFrame(frame, profile);
        },
        eventMode: (mode: EventMode) => {
          compatible.mode = mode;
        },
      }),
      started: start,
    });
    this.on("close", () => {
      isStarted = false;
      reports.close?.();
      user.close();
    });
  }

  RED.nodes.registerType("tuya-in", TuyaIn);
}

/** What becomes of reports: see `ReportFlow`. */
type Reports = Pick<ReportFlow, "receive"> & Partial<ReportFlow>;

/** Where the messages are to look as those of node-red-contrib-tuya-smart-device did. */
function createCompatible(
  { name, output, eventMode }: TuyaInDef,
  { initial }: ReportFlowOptions,
  send: (message: NodeMessage) => void,
): CompatibleFlow | undefined {
  if (output !== COMPATIBLE_OUTPUT) return undefined;
  return new CompatibleFlow({ name: textOf(name), mode: readEventMode(eventMode), initial }, send);
}

function readOptions(def: TuyaInDef): ReportFlowOptions {
  const { output, dps, when, initial, throttle, deadband } = def;
  return {
    output: output === "each" || output === "ports" ? output : "object",
    dps: listOf(dps),
    when: when === "push" || when === "all" ? when : "change",
    initial: initial !== false && initial !== "false",
    throttleMs: (secondsOf(throttle) ?? 0) * 1000,
    deadband: parseBand(textOf(deadband)),
  };
}

function warnOfUseless(node: Node, options: ReportFlowOptions, link: DeviceLink): void {
  const { name, dataPoints } = link.profile;
  if (namesOf(options, dataPoints)?.length === 0) {
    node.warn(
      `No data points are chosen for the outputs, and ${name} has none with a name: nothing is passed on.`,
    );
  }
  const unknown = options.dps.filter((dp) => !hasDataPoint(link, dp));
  if (unknown.length === 0) return;
  node.warn(`${name} has no data point named ${unknown.join(", ")}: nothing of that is passed on.`);
}
