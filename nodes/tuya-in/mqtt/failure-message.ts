import { foreignText } from "../../../src/protocol/foreign-text";
import { plainPayload } from "../../../src/mqtt/read-payload";
import type { DeviceTopics } from "../../../src/mqtt/topics";
import { type DeviceLink, originOf } from "../../link/device-link";
import type { FailedCommand } from "../../link/mqtt-hub";
import type { MqttMessage } from "./paced-sender";

/** Of a payload that is repeated, in characters. */
const MAX_PAYLOAD = 500;
const MAX_TOPIC = 1_000;
const ADDRESS = /\b\d{1,3}(?:\.\d{1,3}){3}\b(?::\d+)?/g;

/** What became of a command, for `B/D/error`: whoever sent it is not in this Node-RED, so its Catch nodes help nobody. */
export function failureMessage(
  { error: { code, message }, topic, payload }: FailedCommand,
  link: DeviceLink,
  topics: DeviceTopics,
): MqttMessage {
  return {
    topic: topics.error,
    payload: {
      code,
      message: withoutAddress(message, link),
      topic: foreignText(topic, MAX_TOPIC),
      payload: shortened(plainPayload(payload)),
    },
    qos: 0,
    retain: false,
    tuya: originOf(link.profile),
  };
}

/** Where a device is in the network is nothing for all who read at a broker. */
function withoutAddress(sentence: string, { settings }: DeviceLink): string {
  const host = settings?.ip ?? "";
  const text = host === "" ? sentence : sentence.replaceAll(host, "its address");
  return text.replace(ADDRESS, "its address");
}

function shortened(payload: unknown): unknown {
  if (typeof payload === "number" || typeof payload === "boolean") return payload;
  return foreignText(typeof payload === "string" ? payload : jsonOf(payload), MAX_PAYLOAD);
}

/** "" for what cannot be written: nested too deeply, for one. */
function jsonOf(payload: unknown): string {
  try {
    return JSON.stringify(payload) ?? "";
  } catch {
    return "";
  }
}
