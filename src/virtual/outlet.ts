import type { Socket } from "node:net";
import type { FaultState } from "./faults";

/** Bytes a client may leave unread before it is disconnected. */
const MAX_UNREAD = 256 * 1024;
const GARBAGE = Buffer.from("00005500ff0000660000aa55", "hex");

/** Bytes and the moment from which they may leave, in milliseconds. */
interface Queued {
  readonly bytes: Buffer;
  readonly dueAt: number;
}

/**
 * Writes frames to one client, in order, with everything the faults of a network do to them: late, in pieces, glued
 * together, damaged. Holds a bounded number of bytes for a client that does not read.
 */
export class Outlet {
  readonly #socket: Socket;
  readonly #faults: FaultState;
  #queue: Queued[] = [];
  #queuedBytes = 0;
  #timer: NodeJS.Timeout | undefined;
  #immediate: NodeJS.Immediate | undefined;
  #isStalled = false;

  constructor(socket: Socket, faults: FaultState) {
    this.#socket = socket;
    this.#faults = faults;
  }

  /** Sends one whole frame. */
  send(frame: Buffer): void {
    const { silent, slowMs = 0, coalesce, splitBytes, repeatFrames } = this.#faults.current;
    if (silent || this.#isStalled) return;
    if (this.#queuedBytes + this.#socket.writableLength > MAX_UNREAD) {
      this.#socket.destroy();
      return;
    }
    const once = this.#damage(frame);
    const bytes = repeatFrames ? Buffer.concat([once, once]) : once;
    if (slowMs > 0 || coalesce || splitBytes || this.#queue.length > 0) {
      this.#queue.push({ bytes, dueAt: performance.now() + slowMs });
      this.#queuedBytes += bytes.length;
      this.#schedule();
    } else {
      this.#write(bytes);
    }
  }

  /** Forgets what is queued and frees the timers. */
  close(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#immediate);
    this.#timer = this.#immediate = undefined;
    this.#queue = [];
    this.#queuedBytes = 0;
    this.#isStalled = true;
  }

  #damage(frame: Buffer): Buffer {
    let bytes = frame;
    if (this.#faults.strikes("corrupt")) {
      bytes = Buffer.from(bytes);
      // The last byte before the suffix: part of every CRC, HMAC and tag.
      const at = bytes.length - 5;
      bytes[at] = bytes[at]! ^ 0xff;
    }
    if (this.#faults.strikes("garbage")) bytes = Buffer.concat([GARBAGE, bytes]);
    if (this.#faults.strikes("halfFrame")) {
      bytes = bytes.subarray(0, Math.floor(bytes.length / 2));
      this.#isStalled = true;
    }
    return bytes;
  }

  #schedule(): void {
    const [first] = this.#queue;
    if (!first || this.#timer || this.#immediate) return;
    const wait = Math.ceil(first.dueAt - performance.now());
    if (wait > 0) {
      this.#timer = setTimeout(() => {
        this.#timer = undefined;
        this.#writeDue();
      }, wait);
    } else {
      this.#immediate = setImmediate(() => {
        this.#immediate = undefined;
        this.#writeDue();
      });
    }
  }

  /** Writes one segment of what is due, and comes back for the rest. */
  #writeDue(): void {
    const { coalesce, splitBytes = Number.POSITIVE_INFINITY } = this.#faults.current;
    const now = performance.now();
    const due = this.#queue.filter(({ dueAt }) => dueAt <= now).slice(0, coalesce ? undefined : 1);
    if (due.length > 0) {
      const bytes = Buffer.concat(due.map((queued) => queued.bytes));
      const piece = bytes.subarray(0, splitBytes);
      this.#queue.splice(0, due.length);
      if (piece.length < bytes.length)
        this.#queue.unshift({ bytes: bytes.subarray(piece.length), dueAt: now });
      this.#queuedBytes -= piece.length;
      this.#write(piece);
    }
    this.#schedule();
  }

  #write(bytes: Buffer): void {
    if (this.#socket.writable) this.#socket.write(bytes);
  }
}
