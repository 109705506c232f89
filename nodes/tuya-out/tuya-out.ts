import type { Node, NodeAPI, NodeDef } from "node-red";
import { performInputs } from "../link/command-input";
import { CommandRunner } from "./command-runner";
import { DeviceUser } from "../link/device-user";
import { OutBadge } from "../link/out-badge";
import { textOf } from "../runtime/properties";

interface TuyaOutDef extends NodeDef {
  readonly device?: unknown;
  readonly dp?: unknown;
  readonly offline?: unknown;
  readonly queueSeconds?: unknown;
  readonly confirm?: unknown;
}

const DEFAULT_QUEUE_SECONDS = 60;
/** The longest time a timer of Node.js can count, in seconds. */
const MAX_QUEUE_SECONDS = 2_147_483;

export default function (RED: NodeAPI): void {
  function TuyaOut(this: Node, def: TuyaOutDef): void {
    RED.nodes.createNode(this, def);
    const badge = new OutBadge(this, (count) => `${RED._("tuya-out.status.queued")} ${count}`);
    const user = new DeviceUser({
      RED,
      node: this,
      deviceNodeId: def.device,
      state: (state) => badge.linkChanged(state),
    });
    const warned = new Set<string>();
    const runner = new CommandRunner({
      link: () => user.lookUp(),
      chosen: textOf(def.dp),
      confirm: def.confirm === "report" ? "report" : "ack",
      queueMs: def.offline === "queue" ? queueSeconds(def.queueSeconds) * 1000 : undefined,
      warn: (sentence) => {
        // A flow may repeat it with every start of a timer.
        if (!warned.has(sentence)) this.warn(sentence);
        warned.add(sentence);
      },
      queued: (count) => badge.queued(count),
    });

    performInputs(this, { badge, perform: (msg) => runner.run(msg), closing: [runner, user] });
  }

  RED.nodes.registerType("tuya-out", TuyaOut);
}

function queueSeconds(value: unknown): number {
  const seconds = Number(value);
  return seconds > 0 ? Math.min(seconds, MAX_QUEUE_SECONDS) : DEFAULT_QUEUE_SECONDS;
}
