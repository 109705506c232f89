import type { PresentValues } from "../../contract/values";
import { objectOf } from "../base/answers";
import { type AdminRequest, type Outcome, requestJson } from "../base/requests";

/** Between two requests, in milliseconds. */
const POLL_MS = 2_000;

/** The values of a device by data point number, as messages show them and with friendly names; or raw. */
export type LiveValues = PresentValues;

/**
 * Requests the values of one device regularly, from `watch` until `end`. If a request fails there are no values until the
 * next one. Whoever makes a poll ends it.
 */
export class ValuePoll {
  readonly #show: (values: LiveValues) => void;
  readonly #isRaw: boolean;
  #nodeId = "";
  #request: AdminRequest | undefined;
  #timer: number | undefined;

  /**
   * @param show called with the values of each answer, and with none when another device is watched
   * @param isRaw whether to request raw values
   */
  constructor(show: (values: LiveValues) => void, isRaw = false) {
    this.#show = show;
    this.#isRaw = isRaw;
  }

  /** Requests the values of this `tuya-device` node from now on; "" = none. */
  watch(nodeId: string): void {
    if (nodeId === this.#nodeId) return;
    this.end();
    this.#nodeId = nodeId;
    this.#show({});
    if (nodeId !== "") this.#ask();
  }

  /** Ends the requests. May be called again. */
  end(): void {
    this.#nodeId = "";
    this.#request?.cancel();
    window.clearTimeout(this.#timer);
  }

  #ask(): void {
    const next = (values: LiveValues): void => {
      this.#show(values);
      this.#timer = window.setTimeout(() => this.#ask(), POLL_MS);
    };
    const outcome = { done: next, failed: () => next({}) };
    this.#request = requestValues(this.#nodeId, outcome, this.#isRaw);
  }
}

function requestValues(nodeId: string, outcome: Outcome<LiveValues>, isRaw: boolean): AdminRequest {
  const url = `tuya/values/${encodeURIComponent(nodeId)}${isRaw ? "?raw=true" : "?friendly=true"}`;
  // Without texts: nobody is told why there are no values.
  return requestJson(url, objectOf, outcome, (key) => key);
}
