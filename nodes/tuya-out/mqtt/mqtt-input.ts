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
import type { Properties } from "../../runtime/properties";

/** The request in a message that came over MQTT. */
export type MqttInput =
  /** Nothing is to be done, or it is done already. */
  | { readonly kind: "done" }
  /** All devices are to be queried. */
  | { readonly kind: "query-all" }
  | {
      readonly kind: "command";
      /** Identifies the device. */
      readonly key: string;
      /** Finds the device at each call; undefined if it was deleted meanwhile. */
      readonly link: () => DeviceLink | undefined;
      /** The request as a normal message for tuya-out. Reading its payload may throw BAD_INPUT. */
      readonly msg: Properties;
    };

export interface MqttInputOptions {
  readonly base: string;
  /** Warns the user with a sentence. */
  readonly warn: (sentence: string) => void;
  /** The number of messages that were for devices of other programs. */
  readonly foreign: (count: number) => void;
}

const DONE: MqttInput = { kind: "done" };

/** Reads messages from an `mqtt in` node below the base of this Node-RED. */
export class MqttInputs {
  readonly #options: MqttInputOptions;
  #foreign = 0;
  #hasWarned = false;

  constructor(options: MqttInputOptions) {
    this.#options = options;
  }

  /** Undefined for a message that did not come over MQTT. */
  read(msg: Properties): MqttInput | undefined {
    const { topic, device } = msg;
    const { base } = this.#options;
    if (typeof topic !== "string" || (device !== undefined && device !== null && device !== ""))
      return undefined;
    const payload = plainPayload(msg["payload"]);
    const hub = hubOf(base);
    // The state topic of our own tuya-in is ignored: it would publish everything again, and so on for ever.
    if (hub.some(({ bridgeTopic }) => topic === bridgeTopic)) return DONE;
    if (isBirth(topic, payload, base, hub)) {
      for (const { born } of hub) born();
      return DONE;
    }
    if (topic !== base && !topic.startsWith(`${base}/`)) return undefined;
    const request = readTopic(topic, base);
    // Topics that are only published, and messages that remove a retained command, are ignored.
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
      // Read when its turn comes, when the device may have reported its values.
      get payload(): unknown {
        return payloadOf(request, payload, find() ?? member, base);
      },
    };
    return { kind: "command", key: member.key, link: () => find()?.link, msg };
  }
}

type DeviceRequest = Exclude<MqttRequest, { kind: "birth" | "bridge" }>;

/** Translates a request into a payload for tuya-out. Throws BAD_INPUT. */
function payloadOf(
  request: DeviceRequest,
  payload: unknown,
  { key, device, link }: MqttMember,
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
    // First those that are shared: of chosen data points other ones may be made, and their words may differ.
    virtual: [...hubOf(base).flatMap(({ virtual }) => virtual(key)), ...virtualValuesOf(device)],
    values: link.device?.values(device.cid) ?? {},
  };
  const dps =
    request.kind === "value"
      ? readValueCommand(request.name, payload, commanded)
      : readValuesCommand(payload, commanded);
  return { dps };
}

/** Whether a message is empty and only removes a retained one. A query needs no payload. */
function isVoid({ kind }: MqttRequest, payload: unknown): boolean {
  return kind !== "query" && isEmptyPayload(payload);
}

/** Whether a message is retained, by the rules of "mqtt out". */
function isRetained(msg: Properties): boolean {
  return msg["retain"] === true || msg["retain"] === "true";
}

function retainedSentence(topic: string): string {
  return `A retained command was ignored (${foreignText(topic)}): the broker would send it again at every start. Publish commands without "retain"; an empty retained message to the same topic removes it.`;
}

/**
 * The topic of a message that is sent on when it is done, or has failed (to a Catch node). With the topic of the command
 * an "mqtt out" behind it would send the command again.
 */
export function endedTopic(topic: string, how: "done" | "failed"): string {
  return topic.replace(/\/(?:set|get)$/, `/${how}`);
}
