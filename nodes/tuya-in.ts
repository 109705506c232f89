import type { Node, NodeAPI, NodeDef } from "node-red";
import type { DeviceReport } from "../src/device/types";
import { ConnectionEvents } from "./shared/connection-events";
import { DeviceUser } from "./shared/device-user";
import { type LinkState, NO_DEVICE } from "./shared/link-state";
import { isOn, listOf } from "./shared/properties";
import { messagesOf, replayOf, type ReportOptions } from "./shared/report-messages";
import { badgeOf, StatusBadge } from "./shared/status";

interface TuyaInDef extends NodeDef {
  readonly device?: unknown;
  readonly output?: unknown;
  readonly dps?: unknown;
  readonly when?: unknown;
  readonly initial?: unknown;
  readonly state?: unknown;
}

export default function (RED: NodeAPI): void {
  function TuyaIn(this: Node, def: TuyaInDef): void {
    RED.nodes.createNode(this, def);
    const options = readOptions(def);
    const badge = new StatusBadge(this);
    const events = isOn(def.state) ? new ConnectionEvents() : undefined;
    /** Until all nodes of the flows exist, there is nobody to send to. */
    let isStarted = false;

    const sendReport = (report: DeviceReport): void => {
      if (!isStarted || !user.link) return;
      const messages = messagesOf(report, user.link.profile, options);
      if (messages.length > 0) this.send([messages]);
    };
    const sendState = (state: LinkState): void => {
      const message = isStarted ? events?.next(state, user.link) : undefined;
      if (message) this.send([null, message]);
    };
    const start = (isNew: boolean): void => {
      isStarted = true;
      if (!isNew) return;
      sendState(user.state);
      const { link } = user;
      if (!link) {
        this.error(NO_DEVICE.error, {});
        return;
      }
      warnOfUnknown(this, options.dps, link.profile);
      const { cid } = link.profile;
      if (link.state.kind === "ready") sendReport(replayOf(link.device?.values(cid) ?? {}, cid));
    };

    const user = new DeviceUser({
      RED,
      node: this,
      deviceNodeId: def.device,
      state: (state) => {
        badge.show(badgeOf(state));
        if (isStarted) sendState(state);
      },
      report: sendReport,
      started: start,
    });
    this.on("close", () => {
      isStarted = false;
      user.close();
    });
  }

  RED.nodes.registerType("tuya-in", TuyaIn);
}

function readOptions({ output, dps, when, initial }: TuyaInDef): ReportOptions {
  return {
    output: output === "each" ? "each" : "object",
    dps: listOf(dps),
    when: when === "push" || when === "all" ? when : "change",
    initial: initial !== false && initial !== "false",
  };
}

function warnOfUnknown(
  node: Node,
  names: ReportOptions["dps"],
  { name, dataPoints }: { readonly name: string; readonly dataPoints: { numberOf(name: string): unknown } },
): void {
  const unknown = names.filter((dp) => dataPoints.numberOf(dp) === undefined);
  if (unknown.length === 0) return;
  node.warn(`${name} has no data point named ${unknown.join(", ")}: nothing of that is passed on.`);
}
