import type { Discarded } from "../../protocol/frame-decoder";

/** How long bytes that belong to no frame are collected, in milliseconds, if no frame follows. */
const GATHER_MS = 1_000;
/** The most bytes that are passed on in one piece. */
const PIECE_BYTES = 4 * 1024;

/** Collects consecutive bytes that belong to no frame, so that a stream of them makes one event and not thousands. */
export class DiscardedRun {
  readonly #tell: (discarded: Discarded) => void;
  #store: Buffer | undefined;
  #length = 0;
  #reason: Discarded["reason"] = "no_prefix";
  #timer: NodeJS.Timeout | undefined;

  /** `tell` gets the reason for which the first of the bytes were discarded. */
  constructor(tell: (discarded: Discarded) => void) {
    this.#tell = tell;
  }

  add({ bytes, reason }: Discarded): void {
    for (let at = 0; at < bytes.length; at += PIECE_BYTES)
      this.#add(bytes.subarray(at, at + PIECE_BYTES), reason);
  }

  /** Passes on what was collected, if anything: a frame follows, or the connection ends. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const bytes = this.#store?.subarray(0, this.#length);
    this.#store = undefined;
    this.#length = 0;
    if (bytes) this.#tell({ type: "discarded", bytes, reason: this.#reason });
  }

  #add(bytes: Buffer, reason: Discarded["reason"]): void {
    if (this.#length + bytes.length > PIECE_BYTES) this.flush();
    if (!this.#store) {
      this.#store = Buffer.allocUnsafe(PIECE_BYTES);
      this.#reason = reason;
      this.#timer = setTimeout(() => this.flush(), GATHER_MS);
    }
    this.#length += bytes.copy(this.#store, this.#length);
  }
}
