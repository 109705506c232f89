import type { OverviewNews, OverviewRow, OverviewTopic, OverviewWatch } from "../../contract/overview";
import type { AdminRequest } from "../base/requests";
import { requestOverview } from "./overview-requests";

/** Functions of the editor's connection to the runtime that the types lack. Node-RED has them since 4.0. */
interface Comms {
  send(topic: string, data: OverviewWatch): void;
  on(event: "connect", listener: () => void): void;
  off(event: "connect", listener: () => void): void;
}

const TOPIC: OverviewTopic = "tuya/overview";

const comms = RED.comms as unknown as Comms;

/** The callbacks of a listener. */
export interface FeedListener {
  /** The rows have changed. They are by id, and live. */
  changed(rows: ReadonlyMap<string, OverviewRow>): void;
  /** The list could not be loaded, as the sentence says. */
  failed(sentence: string): void;
}

/**
 * The rows from the runtime, kept up to date while there are listeners: requested once, then updated by messages. Shared
 * by all parts of the editor.
 */
class OverviewFeed {
  readonly #rows = new Map<string, OverviewRow>();
  readonly #listeners = new Set<FeedListener>();
  /**
   * Ids in messages since the list was requested: the answer has older rows for them. Undefined while no request is open.
   */
  #newer: Set<string> | undefined;
  #request: AdminRequest | undefined;
  /** Whether the list was loaded; messages before that are kept, but not told. */
  #hasList = false;

  /** Adds a listener; the returned function removes it. Known rows are told at once. */
  listen(listener: FeedListener): () => void {
    this.#listeners.add(listener);
    if (this.#listeners.size === 1) this.#open();
    else if (this.#hasList) listener.changed(this.#rows);
    return () => {
      if (this.#listeners.delete(listener) && this.#listeners.size === 0) this.#close();
    };
  }

  #open(): void {
    RED.comms.subscribe(TOPIC, this.#received);
    comms.on("connect", this.#connected);
    this.#connected();
  }

  #close(): void {
    RED.comms.unsubscribe(TOPIC, this.#received);
    comms.off("connect", this.#connected);
    comms.send(TOPIC, { watch: false });
    this.#request?.cancel();
    this.#newer = undefined;
    this.#hasList = false;
    this.#rows.clear();
  }

  /** After a reconnect the runtime does not know this browser any more, and messages were missed: starts again. */
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

  /** A message has come: `OverviewNews`. */
  readonly #received = (_topic: string, data: unknown): void => {
    const { rows = [], removed = [], seen = {} } = data as OverviewNews;
    for (const row of rows) {
      // `lastSeen` may be newer, because it also comes on its own.
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

/** The only feed. */
export const overviewFeed = new OverviewFeed();
