import type { EventEmitter } from "node:events";
import type { OverviewNews, OverviewRow, OverviewTopic } from "../../contract/overview";
import { configuredNodes } from "../../link/configured-devices";
import { type FlowsListener, offFlowsStarted, onFlowsStarted } from "../../runtime/flows-started";
import { lastSeenById, overviewRows } from "./overview-rows";

export interface PublicationTimes {
  /** Changes within this time are told together, in milliseconds. */
  readonly gatherMs?: number;
  /** Between two checks of `lastSeen`, in milliseconds. */
  readonly lookMs?: number;
}

export interface PublicationOptions extends PublicationTimes {
  /** Node-RED's events. */
  readonly events: EventEmitter;
  /** Sends a message to all open editors. */
  readonly publish: (topic: string, news: OverviewNews) => void;
}

const TOPIC: OverviewTopic = "tuya/overview";
const GATHER_MS = 200;
const LOOK_MS = 10_000;
/** The most rows in one message: about 15 kB. */
const MAX_ROWS = 50;

/** The event of Node-RED for a message from an editor: `comms:message:<topic>`. */
interface Received {
  readonly session: string;
  readonly data?: { readonly watch?: unknown } | null;
}

/**
 * Tells the open overviews what changes: one message for all of them, and only while one is open. Browsers say when they
 * show an overview, and Node-RED says when a browser's connection is gone. Node-RED's own editor uses the same two events
 * to show who else is editing (`@node-red/runtime/lib/multiplayer`, since 4.0).
 */
export class Publication {
  readonly #options: PublicationOptions;
  /** Connections of browsers that show an overview. */
  readonly #watchers = new Set<string>();
  #open: OpenPublication | undefined;

  constructor(options: PublicationOptions) {
    this.#options = options;
    const { events } = options;
    events.on(`comms:message:${TOPIC}`, this.#received);
    events.on("comms:connection-removed", this.#gone);
  }

  close(): void {
    const { events } = this.#options;
    events.off(`comms:message:${TOPIC}`, this.#received);
    events.off("comms:connection-removed", this.#gone);
    this.#watchers.clear();
    this.#settle();
  }

  readonly #received = ({ session, data }: Received): void => {
    if (data?.watch === true) this.#watchers.add(session);
    else this.#watchers.delete(session);
    this.#settle();
  };

  readonly #gone = ({ session }: Received): void => {
    if (this.#watchers.delete(session)) this.#settle();
  };

  #settle(): void {
    if (this.#watchers.size > 0) {
      this.#open ??= new OpenPublication(this.#options);
    } else {
      this.#open?.close();
      this.#open = undefined;
    }
  }
}

/** The publication while there are watchers: from the first one to the last one. */
class OpenPublication implements FlowsListener {
  readonly #options: PublicationOptions;
  readonly #removers = new Map<string, () => void>();
  readonly #look: NodeJS.Timeout;
  /** The rows that the watchers have, as JSON, by id. They requested the first ones themselves. */
  #told = new Map<string, string>();
  #seen: Map<string, number>;
  /** Ids of the rows that may have changed; undefined = all. */
  #stale: Set<string> | undefined = new Set();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: PublicationOptions) {
    this.#options = options;
    this.#seen = lastSeenById();
    for (const row of overviewRows()) this.#told.set(row.id, JSON.stringify(withoutSeen(row)));
    this.#follow();
    onFlowsStarted(options.events, this);
    this.#look = setInterval(() => this.#tellSeen(), options.lookMs ?? LOOK_MS).unref();
  }

  close(): void {
    clearInterval(this.#look);
    clearTimeout(this.#timer);
    offFlowsStarted(this.#options.events, this);
    for (const remove of this.#removers.values()) remove();
    this.#removers.clear();
  }

  flowsStarted(): void {
    this.#follow();
    this.#stale = undefined;
    this.#gather();
  }

  /** Listens to the present devices: a deploy replaces them. */
  #follow(): void {
    for (const remove of this.#removers.values()) remove();
    this.#removers.clear();
    for (const [id, link] of configuredNodes()) {
      const remove = link.on("state", () => {
        this.#stale?.add(id);
        this.#gather();
      });
      this.#removers.set(id, remove);
    }
  }

  #gather(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#tell();
    }, this.#options.gatherMs ?? GATHER_MS).unref();
  }

  #tell(): void {
    const stale = this.#stale;
    this.#stale = new Set();
    const rows = overviewRows(stale).filter((row) => {
      const json = JSON.stringify(withoutSeen(row));
      const isNews = this.#told.get(row.id) !== json;
      this.#told.set(row.id, json);
      return isNews;
    });
    for (let at = 0; at < rows.length; at += MAX_ROWS) this.#publish({ rows: rows.slice(at, at + MAX_ROWS) });
    // During a deploy a node may be missing for a moment, so nothing is removed then.
    if (!stale) this.#tellRemoved();
  }

  #tellRemoved(): void {
    const nodes = configuredNodes();
    const removed = Array.from(this.#told.keys()).filter((id) => !nodes.has(id));
    for (const id of removed) this.#told.delete(id);
    if (removed.length > 0) this.#publish({ removed });
  }

  #tellSeen(): void {
    const before = this.#seen;
    this.#seen = lastSeenById();
    const news = Array.from(this.#seen).filter(([id, time]) => before.get(id) !== time);
    if (news.length > 0) this.#publish({ seen: Object.fromEntries(news) });
  }

  #publish(news: OverviewNews): void {
    this.#options.publish(TOPIC, news);
  }
}

function withoutSeen({ lastSeen: _lastSeen, ...row }: OverviewRow): object {
  return row;
}
