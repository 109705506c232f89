import type { Node, NodeAPI, NodeDef, NodeMessage } from "node-red";
import { performInputs } from "../link/command-input";
import { broadcast } from "./broadcast";
import type { CommandResult } from "./carry-out";
import { CommandRunner } from "./command-runner";
import { everyDevice, theDevice } from "./devices";
import { OutBadge } from "../link/out-badge";
import { textOf } from "../runtime/properties";

interface TuyaOutDef extends NodeDef {
  readonly device?: unknown;
  /** "message": each message says which device it is for. */
  readonly scope?: unknown;
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
    const devices =
      def.scope === "message" ? everyDevice(RED, this, badge) : theDevice(RED, this, def.device, badge);
    const chosen = textOf(def.dp);
    const warned = new Set<string>();
    const runner = new CommandRunner({
      link: (msg) => devices.link(msg),
      called: (msg) => devices.called(msg),
      chosen,
      confirm: def.confirm === "report" ? "report" : "ack",
      queueMs: def.offline === "queue" ? queueSeconds(def.queueSeconds) * 1000 : undefined,
      warn: (sentence) => {
        // A flow may repeat it with every start of a timer.
        if (!warned.has(sentence)) this.warn(sentence);
        warned.add(sentence);
      },
      queued: (count) => badge.queued(count),
    });

    const perform = (msg: NodeMessage): Promise<CommandResult> => {
      const links = devices.all(msg);
      if (!links) return runner.run(msg);
      return broadcast(msg, { links, chosen, run: (own, link) => runner.run(own, () => link) });
    };
    performInputs(this, { badge, perform, closing: [runner, devices] });
  }

  RED.nodes.registerType("tuya-out", TuyaOut);
}

function queueSeconds(value: unknown): number {
  const seconds = Number(value);
  return seconds > 0 ? Math.min(seconds, MAX_QUEUE_SECONDS) : DEFAULT_QUEUE_SECONDS;
}
