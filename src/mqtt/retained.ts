import { BoundedMap } from "../bounded-map";
import { isJsonObject } from "../protocol/message";
import type { DiscoveryMessage, Json } from "./types";

/** Memory for the retained topics, in bytes: enough for about 25,000. */
const MAX_BYTES = 8 * 1024 * 1024;
/** How often a topic is emptied at most if it is not known whether the broker was connected. */
const ATTEMPTS = 3;

/** Home Assistant's platforms (kinds of entities) in the last discovery message for a device, by component. */
export type Platforms = Readonly<Record<string, string>>;

interface Entry {
  /** The key of the device it belongs to; "" = this Node-RED itself. */
  readonly owner: string;
  readonly platforms?: Platforms | undefined;
  /** How often it has been emptied; 0 = it is in use. */
  readonly emptied: number;
}

/** The form in which topics are saved: `[owner, platforms]` by topic. Plain JSON. */
export type KeptTopics = Readonly<Record<string, readonly [owner: string, platforms?: Platforms]>>;

/**
 * The retained topics that we have published. A broker keeps them for ever, so when a device is renamed or deleted its
 * topics must be emptied: maybe only after a restart, and repeatedly if it is not known whether the broker was connected.
 * If there is no more room, a topic is not remembered.
 */
export class RetainedTopics {
  readonly #entries = new BoundedMap<Entry>({
    budget: MAX_BYTES,
    bytesOf: ({ owner, platforms }) => 64 + 2 * owner.length + 2 * JSON.stringify(platforms ?? {}).length,
    whenFull: "refuse",
  });
  #hasChanged = false;

  /** Whether something changed since the last call of `takeChanged`. */
  get hasChanged(): boolean {
    return this.#hasChanged;
  }

  /** Whether something changed since the last call of `takeChanged`, which begins anew with this call. */
  takeChanged(): boolean {
    const hasChanged = this.#hasChanged;
    this.#hasChanged = false;
    return hasChanged;
  }

  /** Takes over saved topics (`KeptTopics`). Topics published meanwhile have priority; invalid entries are ignored. */
  restore(kept: unknown): void {
    if (typeof kept !== "object" || kept === null) return;
    for (const [topic, entry] of Object.entries(kept)) {
      if (!Array.isArray(entry) || typeof entry[0] !== "string" || this.#entries.get(topic)) continue;
      const [owner, platforms] = entry as [string, unknown];
      this.#entries.set(topic, {
        owner,
        platforms: arePlatforms(platforms) ? platforms : undefined,
        emptied: 0,
      });
    }
  }

  /** The form to save. A copy: it does not change. */
  get kept(): KeptTopics {
    const kept: Record<string, KeptTopics[string]> = {};
    for (const [topic, { owner, platforms }] of this.#entries.entries()) {
      kept[topic] = platforms ? [owner, platforms] : [owner];
    }
    return kept;
  }

  /**
   * A retained message was published.
   *
   * @param owner key of the device it belongs to; "" = this Node-RED itself
   */
  published(topic: string, owner: string, platforms?: Platforms): void {
    const known = this.#entries.get(topic);
    const isSame = known?.owner === owner && known.emptied === 0;
    if (isSame && JSON.stringify(known.platforms) === JSON.stringify(platforms)) return;
    if (this.#entries.set(topic, { owner, platforms, emptied: 0 })) this.#hasChanged = true;
  }

  /**
   * A topic was emptied. It is forgotten if that is certain, or was tried several times.
   *
   * @param isCertain whether the broker is known to have been connected
   */
  emptied(topic: string, isCertain: boolean): void {
    const known = this.#entries.get(topic);
    if (!known) return;
    const emptied = known.emptied + 1;
    if (isCertain || emptied >= ATTEMPTS) this.#entries.delete(topic);
    else this.#entries.set(topic, { ...known, emptied });
    this.#hasChanged = true;
  }

  /** The platforms in the last discovery message to this topic; undefined if it was none for a device. */
  platforms(topic: string): Platforms | undefined {
    return this.#entries.get(topic)?.platforms;
  }

  /** All topics by owner. A copy: it does not change. */
  byOwner(): ReadonlyMap<string, readonly string[]> {
    const topics = new Map<string, string[]>();
    for (const [topic, { owner }] of this.#entries.entries()) {
      const own = topics.get(owner);
      if (own) own.push(topic);
      else topics.set(owner, [topic]);
    }
    return topics;
  }
}

function arePlatforms(value: unknown): value is Platforms {
  return isJsonObject(value) && Object.values(value).every((platform) => typeof platform === "string");
}

/** The platform of each component in a discovery message for a device; undefined for a message for a single entity. */
export function platformsOf({ payload }: DiscoveryMessage): Platforms | undefined {
  const components = payload["components"];
  if (!isJsonObject(components)) return undefined;
  const platforms = Object.entries(components).flatMap(([key, component]) => {
    const platform = isJsonObject(component) ? component["platform"] : undefined;
    return typeof platform === "string" ? [[key, platform] as const] : [];
  });
  return Object.fromEntries(platforms);
}

/**
 * The messages to send for a discovery message. If the message before it had components that this one has not, there are
 * two: Home Assistant keeps a component that is merely left out, and removes it if only its platform is sent.
 *
 * @param before the platforms of the message before it
 */
export function withRetired(
  message: DiscoveryMessage,
  before: Platforms | undefined,
): readonly DiscoveryMessage[] {
  const { topic, payload } = message;
  const now = platformsOf(message) ?? {};
  const retired = Object.entries(before ?? {}).filter(([key, platform]) => now[key] !== platform);
  if (retired.length === 0 || !isJsonObject(payload["components"])) return [message];
  const stubs = Object.fromEntries(retired.map(([key, platform]) => [key, { platform }]));
  return [{ topic, payload: { ...payload, components: { ...payload["components"], ...stubs } } }, message];
}

/** The payload for a discovery topic whose entities another topic will take over: Home Assistant keeps them meanwhile. */
export const MIGRATE: Json = { migrate_discovery: true };
