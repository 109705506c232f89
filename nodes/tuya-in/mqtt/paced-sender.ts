import type { NodeMessage } from "node-red";
import type { Platforms } from "../../../src/mqtt/retained";

/** A message for `mqtt out`. */
export interface MqttMessage extends NodeMessage {
  readonly topic: string;
  readonly qos: 0 | 1;
  readonly retain: boolean;
}

/** A message, and the facts about its topic if it is retained. */
export interface Publication {
  readonly message: MqttMessage;
  /** The owner of the topic; see `RetainedTopics`. */
  readonly owner: string;
  readonly platforms?: Platforms | undefined;
}

/**
 * The most messages with QoS 1 in a group, and the most messages in all. A broker keeps a thousand messages for a
 * subscriber that acknowledges slowly, and drops the rest (mosquitto: max_queued_messages). With a tenth of a second
 * between groups, a subscriber that answers within that time never has so many waiting. Messages with QoS 0 are not kept
 * by the broker, but serializing them takes time.
 */
const MAX_ACKNOWLEDGED = 20;
const MAX_AT_ONCE = 200;

/** Makes a message when its turn comes; undefined if it is not needed any more. */
export type MakePublication = () => Publication | undefined;

/** Sends many messages in small groups: new ones first, then repeated ones. */
export class PacedSender {
  readonly #pauseMs: number;
  readonly #send: (publications: Publication[]) => void;
  /** New messages; only the newest of each topic. */
  readonly #news = new Map<string, MakePublication>();
  #series: Iterator<Publication> | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** @param pauseMs between two groups; see `MAX_ACKNOWLEDGED` for why 100 is a good value */
  constructor(pauseMs: number, send: (publications: Publication[]) => void) {
    this.#pauseMs = pauseMs;
    this.#send = send;
  }

  /** Sends a message soon, or at once if no group is waiting. A later one with the same key replaces it. */
  offer(key: string, make: MakePublication): void {
    this.#news.set(key, make);
    this.#wake();
  }

  /** Sends a series of messages; replaces the rest of the series before. */
  begin(series: Iterator<Publication>): void {
    this.#series = series;
    this.#wake();
  }

  /** Sends nothing any more. */
  close(): void {
    clearTimeout(this.#timer);
    this.#news.clear();
    this.#series = undefined;
  }

  #wake(): void {
    if (!this.#timer) this.#round();
  }

  #round(): void {
    this.#timer = undefined;
    const publications: Publication[] = [];
    let acknowledged = 0;
    while (acknowledged < MAX_ACKNOWLEDGED && publications.length < MAX_AT_ONCE) {
      const publication = this.#next();
      if (!publication) break;
      publications.push(publication);
      acknowledged += publication.message.qos;
    }
    if (publications.length === 0) return;
    this.#timer = setTimeout(() => this.#round(), this.#pauseMs);
    this.#send(publications);
  }

  #next(): Publication | undefined {
    for (const [key, make] of this.#news) {
      this.#news.delete(key);
      const publication = make();
      if (publication) return publication;
    }
    const next = this.#series?.next();
    if (next && !next.done) return next.value;
    this.#series = undefined;
    return undefined;
  }
}
