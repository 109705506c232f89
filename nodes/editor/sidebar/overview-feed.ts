import type { OverviewNews, OverviewRow, OverviewTopic, OverviewWatch } from "../../contract/overview";
import { requestOverview } from "./overview-requests";

/** Functions of the editor's connection to the runtime whose types are missing. Node-RED has them since 4.0. */
interface Comms {
  send(topic: string, data: OverviewWatch): void;
  on(event: "connect", listener: () => void): void;
  off(event: "connect", listener: () => void): void;
}

const TOPIC: OverviewTopic = "tuya/overview";

const comms = RED.comms as unknown as Comms;

/** Who wants to know what the runtime says of its devices. */
export interface FeedListener {
  /** Something has changed. */
  changed(rows: ReadonlyMap<string, OverviewRow>): void;
  /** The list cannot be had: why, as a sentence. */
  failed(sentence: string): void;
}

/**
 * What the runtime says of its devices, kept up to date while anybody listens: asked for once, and told from then on. One
 * for all parts of the editor that show it.
 */
class OverviewFeed {
  readonly #rows = new Map<string, OverviewRow>();
  readonly #listeners = new Set<FeedListener>();
  /** Ids told of since the list was asked for; undefined while it is not being asked for. The answer is older. */
  #newer: Set<string> | undefined;
  #request: { cancel(): void } | undefined;
  #hasList = false;

  /** The returned function ends it. What is known already is told at once. */
  listen(listener: FeedListener): () => void {
    this.#listeners.add(listener);
    if (this.#listeners.size === 1) this.#open();
    else if (this.#hasList) listener.changed(this.#rows);
    return () => {
      if (this.#listeners.delete(listener) && this.#listeners.size === 0) this.#close();
    };
  }

  #open(): void {
    RED.comms.subscribe(TOPIC, this.#told);
    comms.on("connect", this.#connected);
    this.#connected();
  }

  #close(): void {
    RED.comms.unsubscribe(TOPIC, this.#told);
    comms.off("connect", this.#connected);
    comms.send(TOPIC, { watch: false });
    this.#request?.cancel();
    this.#newer = undefined;
    this.#hasList = false;
    this.#rows.clear();
  }

  /** A new connection is one the runtime does not know yet; what was told meanwhile is missing. */
  readonly #connected = (): void => {
    comms.send(TOPIC, { watch: true });
    this.#request?.cancel();
    const newer = (this.#newer = new Set());
    this.#request = requestOverview({
      done: (rows) => {
        this.#newer = undefined;
        const listed = new Set(rows.map(({ id }) => id));
        for (const id of this.#rows.keys()) if (!listed.has(id) && !newer.has(id)) this.#rows.delete(id);
        for (const row of rows) if (!newer.has(row.id)) this.#rows.set(row.id, row);
        this.#hasList = true;
        this.#tell();
      },
      failed: (sentence) => {
        this.#newer = undefined;
        for (const listener of this.#listeners) listener.failed(sentence);
      },
    });
  };

  readonly #told = (_topic: string, data: unknown): void => {
    const { rows = [], removed = [], seen = {} } = data as OverviewNews;
    for (const row of rows) {
      // The time it was seen last is told on its own.
      const known = this.#rows.get(row.id);
      this.#rows.set(row.id, { ...(known?.lastSeen !== undefined && { lastSeen: known.lastSeen }), ...row });
    }
    for (const id of removed) this.#rows.delete(id);
    for (const id of [...rows.map((row) => row.id), ...removed]) this.#newer?.add(id);
    for (const [id, lastSeen] of Object.entries(seen)) {
      const row = this.#rows.get(id);
      if (row) this.#rows.set(id, { ...row, lastSeen });
    }
    if (this.#hasList) this.#tell();
  };

  #tell(): void {
    for (const listener of this.#listeners) listener.changed(this.#rows);
  }
}

export const overviewFeed = new OverviewFeed();
