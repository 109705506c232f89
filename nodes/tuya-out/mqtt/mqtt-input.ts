import { badInput } from "../../../src/errors";
import { readOperationCommand, readValueCommand, readValuesCommand } from "../../../src/mqtt/command";
import { isBirth, type MqttRequest, readTopic } from "../../../src/mqtt/incoming";
import { isEmptyPayload, isTooLong, MAX_PAYLOAD, plainPayload } from "../../../src/mqtt/read-payload";
import { DeviceTopics } from "../../../src/mqtt/topics";
import { foreignText } from "../../../src/protocol/foreign-text";
import { virtualValuesOf } from "../../../src/mqtt/virtual/index";
import type { DeviceLink } from "../../link/device-link";
import { type MqttMember, mqttMemberCalled, mqttMembers } from "../../link/mqtt-devices";
import { hubOf } from "../../link/mqtt-hub";
import type { Message } from "../../runtime/properties";

/** What a message that came by MQTT asks for. */
export type MqttInput =
  /** Nothing, or it is done. */
  | { readonly kind: "done" }
  /** Every device there is, to be asked for its values. */
  | { readonly kind: "query-all" }
  | {
      readonly kind: "command";
      /** Identifies the device. */
      readonly key: string;
      /** Finds it, at the time of asking: undefined where it was deleted meanwhile. */
      readonly link: () => DeviceLink | undefined;
      /** As the other messages of tuya-out. Reading it may throw BAD_INPUT. */
      readonly msg: Message;
    };

export interface MqttInputOptions {
  readonly base: string;
  /** Something the user should know, as a sentence. */
  readonly warn: (sentence: string) => void;
  /** So many messages were for devices of others. */
  readonly foreign: (count: number) => void;
}

const DONE: MqttInput = { kind: "done" };

/** Reads what comes from an `mqtt in` node below the base of this Node-RED. */
export class MqttInputs {
  readonly #options: MqttInputOptions;
  #foreign = 0;
  #hasWarned = false;

  constructor(options: MqttInputOptions) {
    this.#options = options;
  }

  /** Undefined for a message that did not come this way. */
  read(msg: Message): MqttInput | undefined {
    const { topic, device } = msg;
    const { base } = this.#options;
    if (typeof topic !== "string" || (device !== undefined && device !== null && device !== ""))
      return undefined;
    const payload = plainPayload(msg["payload"]);
    const hub = hubOf(base);
    // What a tuya-in says of itself is no news to it, wherever it says it: it would answer, and hear that again.
    if (hub.some(({ bridgeTopic }) => topic === bridgeTopic)) return DONE;
    if (isBirth(topic, payload, base, hub)) {
      for (const { born } of hub) born();
      return DONE;
    }
    if (topic !== base && !topic.startsWith(`${base}/`)) return undefined;
    const request = readTopic(topic, base);
    // What is written here by this side itself or by others, and what removes a retained command.
    if (!request || request.kind === "birth" || isVoid(request, payload)) return DONE;
    if (isRetained(msg)) {
      if (!this.#hasWarned) this.#options.warn(retainedSentence(topic));
      this.#hasWarned = true;
      return DONE;
    }
    return request.kind === "bridge" ? this.#ofBridge(payload) : this.#command(request, payload);
  }

  #ofBridge(payload: unknown): MqttInput {
    const word = typeof payload === "string" ? payload.trim().toLowerCase() : "";
    if (word === "query") return { kind: "query-all" };
    if (word === "publish") for (const { born } of hubOf(this.#options.base)) born();
    return DONE;
  }

  #command(request: DeviceRequest, payload: unknown): MqttInput {
    const member = mqttMemberCalled(request.level);
    if (!member) {
      this.#foreign += 1;
      this.#options.foreign(this.#foreign);
      return DONE;
    }
    const { base } = this.#options;
    const find = (): MqttMember | undefined => mqttMembers().find(({ key }) => key === member.key);
    const msg = {
      // Read when its turn comes, which may be after the device has told its values.
      get payload(): unknown {
        return payloadOf(request, payload, find() ?? member, base);
      },
    };
    return { kind: "command", key: member.key, link: () => find()?.link, msg };
  }
}

type DeviceRequest = Exclude<MqttRequest, { kind: "birth" | "bridge" }>;

/** What a request means in the words of tuya-out. Throws BAD_INPUT. */
function payloadOf(
  request: DeviceRequest,
  payload: unknown,
  { device, link }: MqttMember,
  base: string,
): object {
  if (isTooLong(payload)) {
    throw badInput(
      `The payload is longer than the ${MAX_PAYLOAD} characters that could ever be a command; nothing was sent.`,
    );
  }
  if (request.kind === "query") return { operation: "query" };
  if (request.kind === "operation") return { operation: readOperationCommand(payload) };
  const commanded = {
    topics: new DeviceTopics(base, device),
    dataPoints: device.dataPoints,
    virtual: virtualValuesOf(device),
    values: link.device?.values(device.cid) ?? {},
  };
  const dps =
    request.kind === "value"
      ? readValueCommand(request.name, payload, commanded)
      : readValuesCommand(payload, commanded);
  return { dps };
}

/** Whether a message says nothing: it removes a retained one. A question needs no payload. */
function isVoid({ kind }: MqttRequest, payload: unknown): boolean {
  return kind !== "query" && isEmptyPayload(payload);
}

/** As an "mqtt out" takes it, too. */
function isRetained(msg: Message): boolean {
  return msg["retain"] === true || msg["retain"] === "true";
}

function retainedSentence(topic: string): string {
  return `A retained command was ignored (${foreignText(topic)}): the broker would send it again at every start. Publish commands without "retain"; an empty retained message to the same topic removes it.`;
}

/**
 * Where a message goes on that was done, or that has failed and comes to a Catch node: with the topic of the command, an
 * "mqtt out" behind would send it in a circle.
 */
export function endedTopic(topic: string, how: "done" | "failed"): string {
  return topic.replace(/\/(?:set|get)$/, `/${how}`);
}
