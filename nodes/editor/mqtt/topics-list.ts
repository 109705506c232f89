import type { ListedTopic } from "../../../src/mqtt/preview-types";
import { copyButton } from "../base/copy-button";
import type { Translate } from "../base/red";
import "./topics-list.css";

/**
 * The topics of a device, each with its payload and the topic for commands. A click copies a topic. Lines do not move
 * while only values change.
 */
export class TopicsList {
  /** What all topics begin with, shown once. */
  readonly #start = $("<code>");
  readonly #list = $("<ol>");
  readonly #translate: Translate;
  /** The shown topics without their payloads, as JSON. */
  #shown = "";

  /** @param box an empty element */
  constructor(box: JQuery, translate: Translate) {
    this.#translate = translate;
    box.append(this.#start, this.#list);
  }

  /** Shows these topics in place of those before. */
  show(topics: readonly ListedTopic[]): void {
    const lines = JSON.stringify(topics.map(({ topic, set, isPublished }) => [topic, set, isPublished]));
    if (lines !== this.#shown) {
      this.#shown = lines;
      const [first] = topics;
      const start = first ? first.topic.slice(0, first.topic.length - first.level.length) : "";
      this.#start.text(start).attr("title", start);
      this.#list.empty().append(topics.map((topic) => this.#line(topic)));
    }
    const cells = this.#list.find(".tuya-topic-payload");
    topics.forEach(({ payload, isKnown }, index) => {
      cells.eq(index).text(payload).attr("title", payload).toggleClass("tuya-topic-known", isKnown);
    });
  }

  #line({ level, topic, set, isPublished, isRetained }: ListedTopic): JQuery {
    const line = $("<li>");
    const name = copyButton(isPublished ? topic : (set ?? topic), isPublished ? level : `${level}/set`);
    name.addClass("tuya-topic-level").appendTo(line);
    $('<span class="tuya-topic-payload">').appendTo(line);
    if (!isRetained) {
      $('<i class="tuya-topic-once fa fa-bolt" role="img">')
        .attr({
          title: this.#translate("tuya-in.topics.once"),
          "aria-label": this.#translate("tuya-in.topics.once"),
        })
        .appendTo(line);
    }
    if (isPublished && set !== undefined) copyButton(set, "/set").addClass("tuya-topic-set").appendTo(line);
    return line;
  }
}
