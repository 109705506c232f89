import type { Socket } from "node:net";
import type { FaultState } from "./faults";

/** Bytes a client may leave unread before it is disconnected. */
const MAX_UNREAD = 256 * 1024;
const GARBAGE = Buffer.from("00005500ff0000660000aa55", "hex");

/**
 * Writes frames to one client, in order, with everything the faults of a network do to them: late, in pieces, glued
 * together, damaged. Holds a bounded number of bytes for a client that does not read.
 */
export class Outlet {
  readonly #socket: Socket;
  readonly #faults: FaultState;
  #queue: Buffer[] = [];
  #queued = 0;
  #timer: NodeJS.Timeout | undefined;
  #immediate: NodeJS.Immediate | undefined;
  #stalled = false;

  constructor(socket: Socket, faults: FaultState) {
    this.#socket = socket;
    this.#faults = faults;
  }

  /** Sends one whole frame. */
  send(frame: Buffer): void {
    const { silent, slowMs = 0, coalesce, splitBytes } = this.#faults.current;
    if (silent || this.#stalled) return;
    if (this.#queued + this.#socket.writableLength > MAX_UNREAD) {
      this.#socket.destroy();
      return;
    }
    const bytes = this.#damage(frame);
    if (slowMs > 0 || coalesce || splitBytes || this.#queued > 0) {
      this.#queue.push(bytes);
      this.#queued += bytes.length;
      this.#schedule(slowMs);
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
    this.#queued = 0;
    this.#stalled = true;
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
      this.#stalled = true;
    }
    return bytes;
  }

  #schedule(slowMs: number): void {
    if (this.#timer || this.#immediate) return;
    if (slowMs > 0) {
      this.#timer = setTimeout(() => {
        this.#timer = undefined;
        this.#next();
      }, slowMs);
    } else {
      this.#immediate = setImmediate(() => {
        this.#immediate = undefined;
        this.#next();
      });
    }
  }

  /** Writes what is due, and comes back for the rest. */
  #next(): void {
    const { coalesce, splitBytes = 0, slowMs = 0 } = this.#faults.current;
    const first = coalesce ? Buffer.concat(this.#queue) : this.#queue[0];
    if (!first) return;
    this.#queue = coalesce ? [] : this.#queue.slice(1);
    const piece = splitBytes > 0 ? first.subarray(0, splitBytes) : first;
    if (piece.length < first.length) this.#queue.unshift(first.subarray(piece.length));
    this.#queued -= piece.length;
    this.#write(piece);
    if (this.#queued > 0) this.#schedule(splitBytes > 0 ? 0 : slowMs);
  }

  #write(bytes: Buffer): void {
    if (this.#socket.writable) this.#socket.write(bytes);
  }
}
