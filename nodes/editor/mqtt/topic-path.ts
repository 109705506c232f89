import { topicPath } from "../../../src/mqtt/topics";

/** Whether a text can be the beginning of topics. The runtime would change other texts. */
export function isTopicPath(text: string): boolean {
  return text !== "" && topicPath(text, "") === text;
}
