import { valuePayload } from "../../../src/mqtt/payloads";
import type { DeviceTopics } from "../../../src/mqtt/topics";
import { isMomentary, messagesByDp, type Selection } from "../report-messages";
import type { MqttMessage } from "./paced-sender";

/**
 * The messages with the values of a selection, each for its own topic, and the sum behind an increment. Events are not
 * retained: a later subscriber would take an old press of a button for a new one.
 */
export function valueMessages(selection: Selection, topics: DeviceTopics): MqttMessage[] {
  const { report, dataPoints, dps } = selection;
  const messages = messagesByDp(selection);
  return dps.flatMap((dp, index): MqttMessage[] => {
    const [value, total] = messages[index] ?? [];
    const payload = valuePayload(dataPoints, dp, report.dps[dp]);
    const own: MqttMessage = {
      topic: topics.value(dp),
      payload,
      qos: 0,
      retain: !isMomentary(dp, dataPoints),
      tuya: value?.tuya,
    };
    const sum = total && ({ ...total, topic: topics.total(dp), qos: 0, retain: true } as const);
    return [...(payload === undefined ? [] : [own]), ...(sum ? [sum] : [])];
  });
}
