import { describeWord } from "../../src/datapoints/describe";
import { badInput } from "../../src/errors";
import type { DeviceLink } from "../link/device-link";
import { deviceNamed, deviceNameIn, unknownDevice } from "../link/named-device";
import type { Properties } from "../runtime/properties";

/** The value of `msg.device` that means all devices. */
const ALL = "*";

/** Whether a message is for all devices. */
export function isForAll({ device }: Properties): boolean {
  return typeof device === "string" && device.trim() === ALL;
}

/**
 * Finds the device a message is for: by `msg.device` (name, device id or node id), otherwise by the beginning of
 * `msg.topic`. Throws BAD_INPUT if it names none, or several.
 */
export function addresseeOf(msg: Properties): DeviceLink {
  const { device, topic } = msg;
  if (device === undefined || device === null || device === "") return byTopic(topic);
  if (typeof device !== "string" && typeof device !== "number") {
    throw badInput(
      `msg.device takes the name or the id of a device, not ${describeWord(device)}; nothing was sent.`,
    );
  }
  const word = String(device).trim();
  const link = deviceNamed(word);
  if (!link) throw unknownDevice(word, "msg.device");
  return link;
}

/** The name of the device at the beginning of a message's topic, as that of `tuya-in` or another one. */
export function calledIn({ topic }: Properties): string | undefined {
  return typeof topic === "string" ? deviceNameIn(topic.trim()) : undefined;
}

function byTopic(topic: unknown): DeviceLink {
  const text = typeof topic === "string" ? topic.trim() : "";
  if (text === "") {
    throw badInput(
      'The message does not say which device is meant. Name it in msg.device, or let msg.topic begin with it, as in "Kitchen lamp/on".',
    );
  }
  const called = deviceNameIn(text);
  const link = called === undefined ? undefined : deviceNamed(called.trim());
  if (!link) throw unknownDevice(text.split("/")[0] ?? "", "msg.topic");
  return link;
}
