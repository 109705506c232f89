import type { NodeMessage } from "node-red";
import { TuyaError } from "../../../src/errors";
import { readTopic } from "../../../src/mqtt/incoming";
import type { DeviceLink } from "../../link/device-link";
import { hubOf } from "../../link/mqtt-hub";
import type { Message } from "../../runtime/properties";
import type { CommandResult } from "../carry-out";
import { endedTopic, MqttInputs, type MqttInputOptions } from "./mqtt-input";

export interface MqttPerformerOptions extends MqttInputOptions {
  /** Carries out a message that did not come by MQTT. */
  readonly perform: (msg: Message) => Promise<CommandResult>;
  /** Carries out a message for one device. */
  readonly run: (msg: Message, link: () => DeviceLink | undefined) => Promise<CommandResult>;
  /** Asks all devices that are connected for their values. */
  readonly queryAll: () => Promise<CommandResult>;
}

/** Does what a message asks for; resolves with what that adds to it, undefined where it goes no further. */
export type Perform = (msg: NodeMessage) => Promise<CommandResult | undefined>;

/** Carries out what comes by MQTT, and everything else as ever. What fails is told at the broker, too. */
export function mqttPerformer(options: MqttPerformerOptions): Perform {
  const { base, perform, run, queryAll } = options;
  const inputs = new MqttInputs(options);
  return async (msg) => {
    const input = inputs.read(msg);
    if (!input) return perform(msg);
    if (input.kind === "done") return undefined;
    const { topic = "", payload } = msg;
    try {
      const result = await (input.kind === "query-all" ? queryAll() : run(input.msg, input.link));
      answer(msg, base);
      return result;
    } catch (error) {
      if (error instanceof TuyaError && input.kind === "command") {
        for (const { failed } of hubOf(base)) failed({ key: input.key, error, topic, payload });
      }
      msg.topic = endedTopic(topic, "failed");
      throw error;
    }
  };
}

/**
 * A v5 "mqtt out" sends a message without a topic to where its author wants the answer. Not where that would be a command:
 * the answer to it goes there as well, for ever.
 */
function answer(msg: NodeMessage, base: string): void {
  const { responseTopic } = msg as { responseTopic?: unknown };
  const isWanted = typeof responseTopic === "string" && responseTopic !== "";
  if (isWanted && !readTopic(responseTopic, base)) delete msg.topic;
  else msg.topic = endedTopic(msg.topic ?? "", "done");
}
