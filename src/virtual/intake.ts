import type { Frame } from "../protocol/frame";
import { FrameDecoder } from "../protocol/frame-decoder";
import type { Behaviour } from "./behaviours";

/** What a device made of the bytes it read. */
export type Taken =
  | Frame
  /** Bytes that are no frame, and no frame came with them. */
  | { readonly type: "garbage" }
  /** The beginning of a frame, too short for a device that then resets the connection. */
  | { readonly type: "fatal-remnant" };

/** Bytes a frame has beyond what its `length` field counts, at most: 18 of header and 4 of suffix in a 6699 frame. */
const UNCOUNTED = 22;

/**
 * Cuts frames out of a stream the way the vendor's code does, which is less than perfectly: it works read by read, throws
 * short reads away, and loses frames whose first piece is short. Lengths are bounded, so the buffer is.
 */
export class Intake {
  readonly #behaviour: Behaviour;
  #decoder: FrameDecoder;

  constructor(behaviour: Behaviour) {
    this.#behaviour = behaviour;
    this.#decoder = this.#newDecoder();
  }

  /** Whether half a frame is waiting for the rest. */
  get isWaiting(): boolean {
    return this.#decoder.pending > 0;
  }

  /** What the device makes of bytes that arrived together. */
  *take(chunk: Buffer): Generator<Taken> {
    const { readSize } = this.#behaviour;
    if (chunk.length <= readSize) {
      yield* this.#read(chunk);
      return;
    }
    for (let start = 0; start < chunk.length; start += readSize) {
      yield* this.#read(chunk.subarray(start, start + readSize));
    }
  }

  *#read(bytes: Buffer): Generator<Taken> {
    const { minimumRead, shortRemnant } = this.#behaviour;
    if (!this.isWaiting && bytes.length < minimumRead) return;
    let frames = 0;
    let garbage = 0;
    for (const decoded of this.#decoder.push(bytes)) {
      if (decoded.type === "frame") {
        frames++;
        yield decoded;
      } else {
        garbage++;
      }
    }
    if (this.isWaiting && this.#decoder.pending < minimumRead) {
      this.#decoder = this.#newDecoder();
      if (frames > 0 && shortRemnant === "reset") yield { type: "fatal-remnant" };
    }
    if (garbage > 0 && frames === 0 && !this.isWaiting) yield { type: "garbage" };
  }

  #newDecoder(): FrameDecoder {
    // The decoder takes frames with the shortest trailer there is, so one of another version is refused, not overlooked.
    return new FrameDecoder({ maxLength: this.#behaviour.maxFrame - UNCOUNTED });
  }
}
