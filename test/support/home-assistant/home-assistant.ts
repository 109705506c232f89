import assert from "node:assert/strict";
import { type Announced, expand } from "./expand";
import { type Press, pressesOf } from "./presses";
import { readEntity, type Shown } from "./reading";
import { platformOfTopic, schemaProblems } from "./schemas";

/**
 * A small Home Assistant: takes discovery messages of both shapes, follows the topics of their entities, presses their
 * buttons. What the real one would refuse or write into its log fails.
 */
export class HomeAssistant {
  readonly #prefix: string;
  /** Entities by the topic that announced them. */
  readonly #announced = new Map<string, readonly Announced[]>();
  /** Payloads by topic, those of events not among them. */
  readonly #payloads = new Map<string, string>();
  /** Everything that happened, by unique id of its entity. */
  readonly events: (readonly [uniqueId: string, type: string])[] = [];

  constructor(prefix = "homeassistant") {
    this.#prefix = prefix;
  }

  /** All entities it knows. */
  get entities(): readonly Announced[] {
    return [...this.#announced.values()].flat();
  }

  /** A message has arrived; an empty payload removes what was there. */
  receive(topic: string, payload: string, isRetained: boolean): void {
    if (topic.startsWith(`${this.#prefix}/`) && platformOfTopic(topic) !== undefined) {
      this.#discover(topic, payload);
      return;
    }
    if (payload === "") this.#payloads.delete(topic);
    else this.#payloads.set(topic, payload);
    for (const entity of this.entities) {
      if (entity.platform === "event" && entity.keys["state_topic"] === topic) {
        assert.equal(isRetained, false, `${entity.uniqueId} is an event that is retained`);
        const { event } = readEntity(entity, new Map([[topic, payload]]));
        this.events.push([entity.uniqueId, String(event)]);
      }
    }
  }

  /** What is shown of an entity now. Fails where what arrived does not fit it. */
  shown(entity: Announced): Shown {
    return entity.platform === "event" ? {} : readEntity(entity, this.#payloads);
  }

  /** Whether all that has to be online is. */
  isAvailable(entity: Announced): boolean {
    return entity.availability.every((topic) => this.#payloads.get(topic) === "online");
  }

  /** Everything a person can do with an entity. */
  presses(entity: Announced): readonly Press[] {
    return pressesOf(entity);
  }

  /** Whether an entity shows what is expected: percentages and kelvin to what a lamp can tell apart. */
  shows(entity: Announced, expected: Shown): boolean {
    const shown = this.shown(entity);
    return Object.entries(expected).every(([aspect, value]) => isAlike(aspect, shown[aspect], value));
  }

  #discover(topic: string, payload: string): void {
    if (payload === "") {
      this.#announced.delete(topic);
      return;
    }
    const config = { topic, payload: withoutRetired(JSON.parse(payload) as object) };
    if ("migrate_discovery" in config.payload) return;
    assert.deepEqual(schemaProblems(config), []);
    this.#announced.set(topic, expand(config));
  }
}

/** A component of which nothing but the platform is told is gone. */
function withoutRetired(payload: object): object {
  if (!("components" in payload)) return payload;
  const components = Object.entries(payload.components as Readonly<Record<string, object>>);
  const present = components.filter(([, component]) => Object.keys(component).join() !== "platform");
  return { ...payload, components: Object.fromEntries(present) };
}

const TOLERANCES: Readonly<Record<string, number>> = { brightness: 1, kelvin: 20, hue: 1, saturation: 1 };

function isAlike(aspect: string, shown: unknown, expected: unknown): boolean {
  const tolerance = TOLERANCES[aspect] ?? 1e-6;
  if (typeof shown !== "number" || typeof expected !== "number") return shown === expected;
  return Math.abs(shown - expected) <= tolerance;
}
