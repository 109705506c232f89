import type { Decoded, FrameDecoder } from "../protocol/frame-decoder";
import type { Allowance } from "./allowance";
import { DiscardedRun } from "./discarded-run";

/** Where bytes come from, and can be told to wait. */
export interface Source {
  pause(): void;
  resume(): void;
}

/** Who an inflow tells what came. */
export interface InflowOwner {
  /** Takes a frame, or all bytes that belong to none between two frames. May stop the inflow. */
  take(decoded: Decoded): void;
  /** All that came so far was taken, or is held back. `isProgress`: something of it was complete. */
  settled(isProgress: boolean): void;
  /** Runs what a timer calls. */
  guard(act: () => void): void;
}

/** Frames that are taken before everybody else in this process has a turn. */
const FRAMES_PER_TURN = 64;
/** How long they may take together: a few of the largest take as long as many small ones. */
const TURN_MS = 10;

/**
 * What comes from a device, no faster than it is allowed to and never much at a time: where there is too much the device
 * is not read, and waits. Keeps at most one chunk that was read and one unfinished frame.
 */
export class Inflow {
  readonly #source: Source;
  readonly #decoder: FrameDecoder;
  readonly #allowance: Allowance;
  readonly #owner: InflowOwner;
  /** Made when there is one: hardly any device sends such bytes. */
  #discarded: DiscardedRun | undefined;
  /** What was cut out of the last chunk, and how much of it was taken. */
  #decoded: readonly Decoded[] = [];
  #next = 0;
  #isStopped = false;
  #turns = 0;
  /** Set while the source waits. */
  #timer: NodeJS.Timeout | undefined;
  #turn: NodeJS.Immediate | undefined;

  constructor(source: Source, decoder: FrameDecoder, allowance: Allowance, owner: InflowOwner) {
    this.#source = source;
    this.#decoder = decoder;
    this.#allowance = allowance;
    this.#owner = owner;
  }

  /** Whether more is there than was taken. */
  get isHeldBack(): boolean {
    return this.#timer !== undefined || this.#turn !== undefined;
  }

  /** Changes with every turn: what is taken in one had all come before anything that is written during it. */
  get turn(): number {
    return this.#turns;
  }

  push(chunk: Buffer): void {
    if (this.#isStopped) return;
    const decoded = this.#decoder.push(chunk);
    // A source that was paused may have had a chunk on its way.
    this.#decoded = this.#next < this.#decoded.length ? [...this.#rest(), ...decoded] : decoded;
    this.#next = 0;
    if (!this.isHeldBack) this.#takeSome();
  }

  /** For good: nothing more is taken. Bytes that belong to no frame and were not told yet are told. */
  stop(): void {
    if (this.#isStopped) return;
    this.#discarded?.flush();
    this.#isStopped = true;
    this.#decoded = [];
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
      waitMs = this.#allowance.spend(sizeOf(decoded), began);
    }
    const isOver = this.#next >= this.#decoded.length;
    if (isOver) {
      this.#decoded = [];
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

function sizeOf(decoded: Decoded): number {
  return decoded.type === "frame" ? decoded.frame.bytes.length : decoded.bytes.length;
}
