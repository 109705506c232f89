import type { NodeMessage } from "node-red";
import type { Platforms } from "../../../src/mqtt/retained";

/** A message as `mqtt out` takes it. */
export interface MqttMessage extends NodeMessage {
  readonly topic: string;
  readonly qos: 0 | 1;
  readonly retain: boolean;
}

/** A message, and what there is to know of the topic it leaves behind. */
export interface Publication {
  readonly message: MqttMessage;
  /** Who the topic is of; see `RetainedTopics`. */
  readonly owner: string;
  readonly platforms?: Platforms | undefined;
}

/**
 * At most so many messages with QoS 1 are sent at a time, and so many in all. A broker keeps a thousand for a subscriber that
 * is slow to acknowledge, and drops the rest (mosquitto: max_queued_messages): with a tenth of a second between, one that
 * answers within that time never has that many waiting. QoS 0 is not kept there, but serializing takes time that others need.
 */
const MAX_ACKNOWLEDGED = 20;
const MAX_AT_ONCE = 200;

/** Makes one when its turn comes; undefined where there is nothing to say any more. */
export type MakePublication = () => Publication | undefined;

/** Sends many messages a few at a time: what has just happened first, then what is told again. */
export class PacedSender {
  readonly #pauseMs: number;
  readonly #send: (publications: Publication[]) => void;
  /** The newest of each topic. */
  readonly #news = new Map<string, MakePublication>();
  #series: Iterator<Publication> | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** @param pauseMs between two groups; see `MAX_ACKNOWLEDGED` for why 100 is a good one */
  constructor(pauseMs: number, send: (publications: Publication[]) => void) {
    this.#pauseMs = pauseMs;
    this.#send = send;
  }

  /** Sends a message soon, at once where nothing else is on its way. A later one of the same key takes its place. */
  offer(key: string, make: MakePublication): void {
    this.#news.set(key, make);
    this.#wake();
  }

  /** Sends a series, in place of what is left of the last one. */
  begin(series: Iterator<Publication>): void {
    this.#series = series;
    this.#wake();
  }

  /** Nothing is sent any more. */
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
