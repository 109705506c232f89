import { topicPath } from "../../../src/mqtt/topics";

/** Whether a text can be the beginning of topics as it is: the runtime changes other texts, or takes a default for them. */
export function isTopicPath(text: string): boolean {
  return text !== "" && topicPath(text, "") === text;
}
