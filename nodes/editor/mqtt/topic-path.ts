import { topicPath } from "../../../src/mqtt/topics";

/** Whether a text can be what topics begin with: the runtime would change everything else. */
export function isTopicPath(text: string): boolean {
  return text !== "" && topicPath(text, "") === text;
}
