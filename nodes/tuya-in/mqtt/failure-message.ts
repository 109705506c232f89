import { foreignText } from "../../../src/protocol/foreign-text";
import { plainPayload } from "../../../src/mqtt/read-payload";
import type { DeviceTopics } from "../../../src/mqtt/topics";
import { type DeviceLink, originOf } from "../../link/device-link";
import type { FailedCommand } from "../../link/mqtt-hub";
import type { MqttMessage } from "./paced-sender";

/** How much of a payload is repeated, in characters. */
const MAX_PAYLOAD = 500;
const MAX_TOPIC = 1_000;
const ADDRESS = /\b\d{1,3}(?:\.\d{1,3}){3}\b(?::\d+)?/g;

/**
 * The message about a failed command for `B/D/error`. The sender may be another program, which gets nothing from Catch
 * nodes.
 */
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

/** Removes the address of the device, which is not for all readers at a broker. */
function withoutAddress(sentence: string, { settings }: DeviceLink): string {
  const host = settings?.ip ?? "";
  const text = host === "" ? sentence : sentence.replaceAll(host, "its address");
  return text.replace(ADDRESS, "its address");
}

function shortened(payload: unknown): unknown {
  if (typeof payload === "number" || typeof payload === "boolean") return payload;
  return foreignText(typeof payload === "string" ? payload : jsonOf(payload), MAX_PAYLOAD);
}

/** "" if it cannot be written as JSON, for example because it is nested too deeply. */
function jsonOf(payload: unknown): string {
  try {
    return JSON.stringify(payload) ?? "";
  } catch {
    return "";
  }
}
