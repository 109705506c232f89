import { requestValues, type AdminRequest } from "./admin-requests";

/** Between two looks at what the device says. */
const POLL_MS = 2_000;

/** Values by data point number, as messages show them. */
export type LiveValues = Readonly<Record<string, unknown>>;

/** Asks for the values of one device after the other for as long as a form is open. Failures show as no values. */
export class ValuePoll {
  readonly #show: (values: LiveValues) => void;
  #deviceId = "";
  #request: AdminRequest | undefined;
  #timer: number | undefined;

  constructor(show: (values: LiveValues) => void) {
    this.#show = show;
  }

  /** From now on this device, a `tuya-device` node; "" = none. */
  watch(deviceId: string): void {
    if (deviceId === this.#deviceId) return;
    this.end();
    this.#deviceId = deviceId;
    this.#show({});
    if (deviceId !== "") this.#ask();
  }

  /** Asks no more. Harmless when repeated. */
  end(): void {
    this.#deviceId = "";
    this.#request?.cancel();
    window.clearTimeout(this.#timer);
  }

  #ask(): void {
    const next = (values: LiveValues): void => {
      this.#show(values);
      this.#timer = window.setTimeout(() => this.#ask(), POLL_MS);
    };
    this.#request = requestValues(this.#deviceId, { done: next, failed: () => next({}) });
  }
}
