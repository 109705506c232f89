import type { NodeMessage } from "node-red";
import { TuyaError } from "../../../src/errors";
import { readTopic } from "../../../src/mqtt/incoming";
import type { DeviceLink } from "../../link/device-link";
import { hubOf } from "../../link/mqtt-hub";
import type { Properties } from "../../runtime/properties";
import type { CommandResult } from "../carry-out";
import { endedTopic, MqttInputs, type MqttInputOptions } from "./mqtt-input";

export interface MqttPerformerOptions extends MqttInputOptions {
  /** Carries out a message that did not come over MQTT. */
  readonly perform: (msg: Properties) => Promise<CommandResult>;
  /** Carries out a message for one device. */
  readonly run: (msg: Properties, link: () => DeviceLink | undefined) => Promise<CommandResult>;
  /** Queries all connected devices. */
  readonly queryAll: () => Promise<CommandResult>;
}

/** Carries out a message; resolves with properties to add to it; undefined = the message is not sent on. */
export type Perform = (msg: NodeMessage) => Promise<CommandResult | undefined>;

/** Carries out messages from MQTT, and others as usual. Failures are also published at the broker. */
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
 * Prepares the message as an MQTT v5 answer: an "mqtt out" sends a message without a topic to its response topic. Not if
 * that is itself a command topic of ours, which would be answered again for ever.
 */
function answer(msg: NodeMessage, base: string): void {
  const { responseTopic } = msg as { responseTopic?: unknown };
  const isWanted = typeof responseTopic === "string" && responseTopic !== "";
  if (isWanted && !readTopic(responseTopic, base)) delete msg.topic;
  else msg.topic = endedTopic(msg.topic ?? "", "done");
}
