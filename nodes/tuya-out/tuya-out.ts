import type { Node, NodeAPI, NodeDef } from "node-red";
import { performInputs } from "../link/command-input";
import { broadcast } from "./broadcast";
import type { CommandResult } from "./carry-out";
import { CommandRunner } from "./command-runner";
import { type Devices, everyDevice, theDevice } from "./devices";
import type { DeviceLink } from "../link/device-link";
import { OutBadge } from "../link/out-badge";
import { LONGEST_TIMER_MS } from "../../src/limits";
import { DEFAULT_BASE, topicPath } from "../../src/mqtt/topics";
import { mqttPerformer, type MqttPerformerOptions } from "./mqtt/perform-mqtt";
import { reportPlainly } from "../runtime/plain-errors";
import { type Properties, textOf } from "../runtime/properties";

interface TuyaOutDef extends NodeDef {
  readonly device?: unknown;
  /** "message": each message says which device it is for. */
  readonly scope?: unknown;
  /** With scope "message": the base of MQTT topics. "" = messages do not come over MQTT. */
  readonly base?: unknown;
  readonly dp?: unknown;
  readonly offline?: unknown;
  readonly queueSeconds?: unknown;
  readonly confirm?: unknown;
}

interface OutNode extends Node {
  /** The devices it commands; not set while it is being constructed. */
  devices?: Devices;
}

const DEFAULT_QUEUE_SECONDS = 60;
const MAX_QUEUE_SECONDS = LONGEST_TIMER_MS / 1000;

export default function (RED: NodeAPI): void {
  function TuyaOut(this: OutNode, def: TuyaOutDef): void {
    RED.nodes.createNode(this, def);
    const badge = new OutBadge(this, (count) => `${RED._("tuya-out.status.queued")} ${count}`);
    const isForAll = def.scope === "message";
    const base = isForAll && textOf(def.base) !== "" ? topicPath(textOf(def.base), DEFAULT_BASE) : "";
    const devices = (this.devices = isForAll
      ? everyDevice(RED, this, badge)
      : theDevice(RED, this, def.device, badge));
    const chosen = textOf(def.dp);
    const warned = new Set<string>();
    const warn = (sentence: string): void => {
      // Each sentence is warned of once, because a flow may repeat the message all the time.
      if (!warned.has(sentence)) this.warn(sentence);
      warned.add(sentence);
    };
    const runner = new CommandRunner({
      link: (msg) => devices.link(msg),
      called: (msg) => devices.called(msg),
      chosen,
      confirm: def.confirm === "report" ? "report" : "ack",
      queueMs: def.offline === "queue" ? queueSeconds(def.queueSeconds) * 1000 : undefined,
      warn,
      queued: (count) => badge.queued(count),
    });

    const foreign = (count: number): void => devices.note(`${count} ${RED._("tuya-out.devices.foreign")}`);
    const run: MqttPerformerOptions["run"] = (msg, link) => runner.run(msg, link);
    const toAll = (msg: Properties, links: readonly DeviceLink[]): Promise<CommandResult> =>
      broadcast(msg, { links, chosen, run: (own, link) => run(own, () => link) });
    const perform = (msg: Properties): Promise<CommandResult> => {
      const links = devices.all(msg);
      return links ? toAll(msg, links) : runner.run(msg);
    };
    const queryAll = (): Promise<CommandResult> =>
      toAll({ payload: { operation: "query" } }, devices.connected());
    const performer = base === "" ? perform : mqttPerformer({ base, warn, foreign, perform, run, queryAll });
    performInputs(this, { badge, perform: performer, closing: [runner, devices] });
  }

  reportPlainly(TuyaOut.prototype as OutNode, ({ devices }, msg) => devices?.nameFor(msg));
  RED.nodes.registerType("tuya-out", TuyaOut);
}

function queueSeconds(value: unknown): number {
  const seconds = Number(value);
  return seconds > 0 ? Math.min(seconds, MAX_QUEUE_SECONDS) : DEFAULT_QUEUE_SECONDS;
}
