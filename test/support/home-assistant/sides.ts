import { readTopic } from "../../../src/mqtt/incoming";
import { bridgeTopics, DeviceTopics } from "../../../src/mqtt/topics";
import type { MqttDevice } from "../../../src/mqtt/types";
import { virtualValuesOf } from "../../../src/mqtt/virtual/index";
import type { Sides } from "./rules";

/** What tuya-in publishes of some devices, and what tuya-out takes for them. */
export function sidesOf(devices: readonly MqttDevice[], base: string): Sides {
  const published = new Set<string>([bridgeTopics(base).state]);
  const names = new Map<string, Set<string>>();
  for (const device of devices) {
    const topics = new DeviceTopics(base, device);
    const levels = new Set<string>();
    for (const { dp, accumulate, access } of device.dataPoints.dataPoints) {
      published.add(topics.value(dp));
      if (accumulate) published.add(topics.total(dp));
      if (access !== "ro") levels.add(topics.value(dp));
    }
    for (const { name } of virtualValuesOf(device)) {
      published.add(topics.virtual(name));
      levels.add(topics.virtual(name));
    }
    published.add(topics.availability).add(topics.connection);
    names.set(device.level, levels);
  }
  return {
    isPublished: (topic) => published.has(topic),
    isTaken: (topic) => {
      const request = readTopic(topic, base);
      if (request?.kind === "values") return names.has(request.level);
      return (
        request?.kind === "value" &&
        (names.get(request.level)?.has(`${base}/${request.level}/${request.name}`) ?? false)
      );
    },
  };
}
