import { NONE } from "../../none";
import type { Decoded, FrameDecoder } from "../../protocol/frame-decoder";
import type { Allowance } from "./allowance";
import { DiscardedRun } from "./discarded-run";

/** The source of bytes, which can be paused. */
export interface Source {
  pause(): void;
  resume(): void;
}

/** What an inflow passes the received frames to. */
export interface InflowOwner {
  /** Processes a frame, or all bytes between two frames that belong to none. May stop the inflow. */
  take(decoded: Decoded): void;
  /** Everything received so far was processed, or is held back. `isProgress`: at least one frame was complete. */
  settled(isProgress: boolean): void;
  /** Runs the callback of a timer; see `Connection.guard`. */
  guard(act: () => void): void;
}

/** How many frames are processed before the rest of this process has a turn. */
const FRAMES_PER_TURN = 64;
/** How long they may take together, in milliseconds: a few large ones take as long as many small ones. */
const TURN_MS = 10;

/**
 * Processes what a device sends, in small portions and no faster than its allowance permits. If it sends more, its socket
 * is not read, so that it has to wait. Keeps at most one chunk that was read and one unfinished frame.
 */
export class Inflow {
  readonly #source: Source;
  readonly #decoder: FrameDecoder;
  readonly #allowance: Allowance;
  readonly #owner: InflowOwner;
  /** Made when it is needed: hardly any device sends such bytes. */
  #discarded: DiscardedRun | undefined;
  /** The frames of the last chunk, and how many of them were processed. */
  #decoded: readonly Decoded[] = NONE;
  #next = 0;
  #isStopped = false;
  #turns = 0;
  /** Set while the source is paused. */
  #timer: NodeJS.Timeout | undefined;
  #turn: NodeJS.Immediate | undefined;

  constructor(source: Source, decoder: FrameDecoder, allowance: Allowance, owner: InflowOwner) {
    this.#source = source;
    this.#decoder = decoder;
    this.#allowance = allowance;
    this.#owner = owner;
  }

  /** Whether something was received that is not processed yet. */
  get isHeldBack(): boolean {
    return this.#timer !== undefined || this.#turn !== undefined;
  }

  /** Changes with every turn: all frames processed in a turn had arrived before anything that is sent in it. */
  get turn(): number {
    return this.#turns;
  }

  push(chunk: Buffer): void {
    if (this.#isStopped) return;
    const decoded = this.#decoder.push(chunk);
    // A paused source may still deliver one chunk.
    this.#decoded = this.#next < this.#decoded.length ? [...this.#rest(), ...decoded] : decoded;
    this.#next = 0;
    if (!this.isHeldBack) this.#takeSome();
  }

  /** Processes nothing more. Collected bytes that belong to no frame are passed on. */
  stop(): void {
    if (this.#isStopped) return;
    this.#discarded?.flush();
    this.#isStopped = true;
    this.#decoded = NONE;
    clearTimeout(this.#timer);
    clearImmediate(this.#turn);
  }

  #rest(): readonly Decoded[] {
    return this.#decoded.slice(this.#next);
  }

  #takeSome(): void {
    this.#turns++;
    const began = performance.now();
    const isProgress = this.#decoded.length > 0;
    let waitMs = 0;
    let frames = 0;
    while (this.#next < this.#decoded.length && waitMs === 0) {
      if (frames > 0 && (frames === FRAMES_PER_TURN || performance.now() - began > TURN_MS)) break;
      const decoded = this.#decoded[this.#next++]!;
      frames++;
      this.#take(decoded);
      if (this.#isStopped) return;
      waitMs = this.#allowance.spend(decoded.bytes.length, began);
    }
    const isOver = this.#next >= this.#decoded.length;
    if (isOver) {
      this.#decoded = NONE;
      this.#next = 0;
    }
    if (waitMs > 0) this.#hold(waitMs);
    else if (!isOver) this.#giveTurn();
    this.#owner.settled(isProgress);
  }

  #take(decoded: Decoded): void {
    if (decoded.type === "discarded") {
      this.#discarded ??= new DiscardedRun((run) => this.#owner.guard(() => this.#owner.take(run)));
      this.#discarded.add(decoded);
      return;
    }
    this.#discarded?.flush();
    if (!this.#isStopped) this.#owner.take(decoded);
  }

  #hold(ms: number): void {
    this.#source.pause();
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#goOn();
    }, Math.ceil(ms));
  }

  #giveTurn(): void {
    this.#source.pause();
    this.#turn = setImmediate(() => {
      this.#turn = undefined;
      this.#goOn();
    });
  }

  #goOn(): void {
    this.#owner.guard(() => {
      this.#takeSome();
      if (!this.isHeldBack && !this.#isStopped) this.#source.resume();
    });
  }
}
