import { foreignText } from "../../src/protocol/foreign-text";
import type { NodeMessage } from "node-red";
import { MAX_VALUES } from "../contract/value-badge";
import { badgeOf } from "../link/badge";
import type { LinkState } from "../link/link-state";
import type { StatusBadge } from "../link/status-badge";
import { isPlainObject, textOf } from "../runtime/properties";
import type { Outputs } from "./report-flow";

/** Shortest time between two changes, in milliseconds: each status is sent to all open editors. */
const SHOW_MS = 1_000;
const MAX_TEXT = 20;

/** Words for on and off. */
export interface SwitchWords {
  readonly on: string;
  readonly off: string;
}

/**
 * The badge of a tuya-in with few data points. While the device is connected it shows the last values, "on · 100.2 W",
 * updated at most once a second. Before the first values, and otherwise, it shows the connection.
 */
export class ValueBadge {
  readonly #badge: StatusBadge;
  readonly #words: SwitchWords;
  readonly #values = new Map<string, string>();
  #state: LinkState | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isDue = false;

  constructor(badge: StatusBadge, words: SwitchWords) {
    this.#badge = badge;
    this.#words = words;
  }

  state(state: LinkState): void {
    this.#state = state;
    if (state.kind !== "ready") this.#values.clear();
    if (this.#values.size === 0) this.#badge.show(badgeOf(state));
    else this.#show();
  }

  /** These messages were sent. */
  sent(outputs: Outputs): void {
    const messages = Array.isArray(outputs) ? outputs.flatMap((output) => output ?? []) : [outputs];
    for (const message of messages) this.#note(message);
    if (this.#values.size === 0) return;
    if (this.#timer) this.#isDue = true;
    else this.#show();
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #note({ payload, tuya }: NodeMessage): void {
    // A message about the connection has no values.
    if (!isPlainObject(tuya) || !isPlainObject(tuya["dps"])) return;
    const { dp, code, unit, units } = tuya;
    if (dp !== undefined) this.#keep(textOf(code) || textOf(dp), payload, unit);
    else if (isPlainObject(payload)) {
      const unitOf = isPlainObject(units) ? units : {};
      for (const [name, value] of Object.entries(payload)) this.#keep(name, value, unitOf[name]);
    }
  }

  #keep(name: string, value: unknown, unit: unknown): void {
    if (this.#values.size >= MAX_VALUES && !this.#values.has(name)) return;
    const text = this.#textOf(value, unit);
    if (text !== "") this.#values.set(name, text);
  }

  #textOf(value: unknown, unit: unknown): string {
    if (typeof value === "boolean") return this.#words[value ? "on" : "off"];
    if (typeof value === "number") return typeof unit === "string" ? `${value} ${unit}` : String(value);
    if (typeof value === "string") return foreignText(value, MAX_TEXT);
    return isPlainObject(value) && typeof value["hex"] === "string" ? value["hex"] : "";
  }

  #show(): void {
    clearTimeout(this.#timer);
    this.#isDue = false;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#isDue) this.#show();
    }, SHOW_MS);
    if (this.#state?.kind === "ready") {
      this.#badge.show(badgeOf(this.#state), [...this.#values.values()].join(" · "));
    }
  }
}
