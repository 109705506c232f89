import type { ErrorCode } from "../../src/errors";
import { type Badge, badgeOf, badgeOfFailure, QUEUED } from "./badge";
import { type LinkState, NO_DEVICE } from "./link-state";
import { StatusBadge, type StatusTarget } from "./status-badge";

/** How long the failure of a message is shown, in milliseconds. */
const FAILURE_MS = 5_000;

/** The badge of a node that sends commands. Shows waiting messages first, then a recent failure, then the connection. */
export class OutBadge {
  readonly #badge: StatusBadge;
  readonly #queuedText: (count: number) => string;
  #connection: Badge = badgeOf(NO_DEVICE);
  /** Shown in place of the key of the connection's badge. */
  #connectionText: string | undefined;
  #queued = 0;
  #failure: Badge | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(target: StatusTarget, queuedText: (count: number) => string) {
    this.#badge = new StatusBadge(target);
    this.#queuedText = queuedText;
  }

  linkChanged(state: LinkState): void {
    this.connection(badgeOf(state));
  }

  /** The badge of the connection, or of several connections. */
  connection(badge: Badge, text?: string): void {
    this.#connection = badge;
    this.#connectionText = text;
    this.#show();
  }

  /** So many messages wait for the device. */
  queued(count: number): void {
    this.#queued = count;
    this.#show();
  }

  /** A message failed. */
  failed(code: ErrorCode): void {
    const failure = badgeOfFailure(code);
    if (!failure) return;
    clearTimeout(this.#timer);
    this.#failure = failure;
    this.#timer = setTimeout(() => this.succeeded(), FAILURE_MS);
    this.#show();
  }

  /** A message was confirmed: an earlier failure is not shown any more. */
  succeeded(): void {
    clearTimeout(this.#timer);
    this.#failure = undefined;
    this.#show();
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #show(): void {
    if (this.#queued > 0) this.#badge.show(QUEUED, this.#queuedText(this.#queued));
    else if (this.#failure) this.#badge.show(this.#failure);
    else this.#badge.show(this.#connection, this.#connectionText);
  }
}
