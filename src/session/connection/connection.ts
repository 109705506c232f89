import { randomBytes } from "node:crypto";
import { connect, type Socket } from "node:net";
import type { Logger } from "../../logger";
import { Command } from "../../protocol/command";
import { Envelope, type OpenFailure, type Opened } from "../../protocol/envelope";
import { type Frame, hasValidCrc } from "../../protocol/frame";
import { type Decoded, FrameDecoder } from "../../protocol/frame-decoder";
import type { HandshakeFailure, Transition } from "../../protocol/handshake";
import { createIvSource } from "../../protocol/iv";
import type { Message } from "../../protocol/message";
import type { Dialect } from "../../protocol/version";
import { Allowance } from "./allowance";
import { describeDiscarded, describeReceived, describeSent, type FrameTap } from "./frame-event";
import { Inflow, type InflowOwner } from "./inflow";
import { Negotiation } from "./negotiation";
import type { Timings } from "../timings";
import { type ConnectionEnd, endByError } from "./connection-end";

/*
 *   socket ─chunks─▶ Inflow ─Frame─▶ Envelope.open ─Message─▶ negotiation, or owner
 *   socket ◀─bytes── Envelope.seal ◀─────── Message ─────────────── negotiation, or owner
 */

export interface ConnectionOptions {
  readonly host: string;
  readonly port: number;
  /** 16 bytes. */
  readonly localKey: Buffer;
  /** How long to wait before the first frame is sent, in milliseconds; 0 = not at all. */
  readonly settleMs: number;
  readonly timings: Timings;
  readonly logger: Logger;
  /** Absent if nobody looks at frames. */
  readonly frames?: FrameTap | undefined;
}

/** What a connection calls, from socket callbacks. An error that a method throws ends the connection. */
export interface ConnectionOwner {
  /** TCP is open. */
  opened(): void;
  /** Requests may be sent: at once up to 3.3, after the negotiation on 3.4 and 3.5. */
  established(): void;
  /** A frame was verified and decrypted; a client may have written it (`isOwn`). Not called for the negotiation. */
  message(message: Message, frame: Frame): void;
  /** A whole frame could not be opened. The connection goes on unless the owner ends it. */
  unreadable(reason: OpenFailure, frame: Frame): void;
  /** Whether a client wrote a message, such as a request that came back. Called only while frames are looked at. */
  isOwn(message: Message): boolean;
  /** Called exactly once, last. */
  ended(end: ConnectionEnd): void;
}

/**
 * One TCP connection to a device, from connecting to closed. Single-use: connecting again means a new object, so a late
 * event of an old socket cannot reach the new connection.
 */
export class Connection implements InflowOwner {
  readonly #dialect: Dialect;
  readonly #options: ConnectionOptions;
  readonly #owner: ConnectionOwner;
  readonly #socket: Socket;
  readonly #decoder: FrameDecoder;
  readonly #allowance = new Allowance(performance.now());
  readonly #inflow: Inflow;
  readonly #local: Envelope;
  /** Present in versions whose frames have an IV. */
  readonly #nextIv: (() => Buffer) | undefined;
  /** Present in versions that negotiate, from the first step on. */
  #negotiation: Negotiation | undefined;
  #session: Envelope | undefined;
  #sequence = 0;
  #answered = false;
  #end: ConnectionEnd | undefined;
  /** Ends the present phase if it takes too long: opening TCP, waiting before the first frame, the negotiation. */
  #phaseTimer: NodeJS.Timeout | undefined;
  #stallTimer: NodeJS.Timeout | undefined;
  /** Whether the socket is gone. */
  #isGone = false;

  constructor(dialect: Dialect, options: ConnectionOptions, owner: ConnectionOwner) {
    const { localKey, host, port, timings } = options;
    this.#dialect = dialect;
    this.#options = options;
    this.#owner = owner;
    this.#decoder = new FrameDecoder({ integrity: dialect.integrity });
    this.#local = new Envelope(dialect, localKey);
    if (dialect.format === "6699") this.#nextIv = createIvSource(randomBytes(12));
    this.#socket = connect({
      host,
      port,
      noDelay: true,
      keepAlive: true,
      autoSelectFamily: false,
      onread: {
        buffer: Buffer.allocUnsafeSlow(READ_BYTES),
        callback: (length, buffer) => this.#read(buffer as Buffer, length),
      },
    });
    this.#inflow = new Inflow(this.#socket, this.#decoder, this.#allowance, this);
    this.#socket
      .once("connect", () => this.guard(() => this.#connected()))
      .on("error", (error: NodeJS.ErrnoException) => this.end(this.#failedWith(error)))
      .on("close", () => {
        this.#isGone = true;
        this.end(this.#closedByDevice());
      });
    this.#deadline(timings.connectTimeoutMs, { reason: "unreachable", detail: "no answer" });
  }

  /** Resolves when the socket is gone. */
  get closed(): Promise<void> {
    if (this.#isGone) return Promise.resolve();
    return new Promise((resolve) => {
      this.#socket.once("close", () => resolve());
    });
  }

  /** Bytes received so far. */
  get bytesIn(): number {
    return this.#socket.bytesRead;
  }

  /** See `Inflow`. */
  get turn(): number {
    return this.#inflow.turn;
  }

  /** Bytes sent so far. */
  get bytesOut(): number {
    return this.#socket.bytesWritten;
  }

  /** Encrypts and sends a message. Returns its sequence number, or undefined if the connection has ended. */
  send(command: number, payload: Buffer): number | undefined {
    if (this.#end) return undefined;
    const envelope = this.#session ?? this.#local;
    const sequence = ++this.#sequence;
    const { frames } = this.#options;
    const bytes = envelope.seal({ sequence, command, payload, iv: this.#nextIv?.() });
    this.#socket.write(bytes);
    this.#allowance.asked(performance.now());
    if (frames?.active) frames.frame(describeSent({ sequence, command, payload }, bytes, this.#dialect));
    return sequence;
  }

  /** The present frame has so many values, or ids. Processing each costs time, so they count as bytes the device sent. */
  spendOn(values: number): void {
    this.#allowance.spendOn(values);
  }

  /** Ends the connection. The first reason counts; later calls do nothing. */
  end(end: ConnectionEnd): void {
    if (this.#end) return;
    this.#end = end;
    clearTimeout(this.#phaseTimer);
    clearTimeout(this.#stallTimer);
    this.#inflow.stop();
    this.#destroyGently();
    this.guard(() => this.#owner.ended(end));
  }

  // InflowOwner

  take(decoded: Decoded): void {
    const { frames } = this.#options;
    if (decoded.type === "frame") this.#open(decoded);
    else if (frames?.active) frames.frame(describeDiscarded(decoded.bytes, decoded.reason, this.#dialect));
  }

  /** Restarts the timer only for another unfinished frame: single bytes of the same one must not extend it. */
  settled(isProgress: boolean): void {
    // The rest of a frame cannot come while the socket is not read.
    const isWaiting = this.#decoder.pending > 0 && !this.#end && !this.#inflow.isHeldBack;
    if (isProgress || !isWaiting) {
      clearTimeout(this.#stallTimer);
      this.#stallTimer = undefined;
    }
    if (isWaiting) {
      this.#stallTimer ??= setTimeout(
        () => this.end({ reason: "stalled" }),
        this.#options.timings.stalledFrameMs,
      );
    }
  }

  /** An error in here must not reach the process: no device may be able to stop Node-RED. */
  guard(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.#options.logger.error(
        `Fault while handling a device: ${error instanceof Error ? error.stack : String(error)}`,
      );
      this.end({ reason: "fault" });
    }
  }

  /** Lets the frame that is being written be completed: older firmware hangs for ever after half a frame. */
  #destroyGently(): void {
    const socket = this.#socket;
    if (socket.destroyed) return;
    if (socket.connecting || socket.writableLength === 0) {
      socket.destroy();
      return;
    }
    const timer = setTimeout(() => socket.destroy(), this.#options.timings.closeGraceMs);
    socket.once("close", () => clearTimeout(timer));
    socket.end(() => socket.destroy());
  }

  /** Copies the bytes, because the next ones overwrite the buffer. Returns whether to go on reading. */
  #read(buffer: Buffer, length: number): boolean {
    const chunk = Buffer.allocUnsafe(length);
    buffer.copy(chunk, 0, 0, length);
    this.guard(() => this.#inflow.push(chunk));
    return true;
  }

  #connected(): void {
    this.#endPhase();
    this.#owner.opened();
    const { settleMs } = this.#options;
    if (settleMs === 0) this.#begin();
    else if (!this.#end) this.#phaseTimer = setTimeout(() => this.guard(() => this.#begin()), settleMs);
  }

  #begin(): void {
    if (this.#end) return;
    if (!this.#dialect.negotiates) {
      this.#owner.established();
      return;
    }
    this.#negotiation = new Negotiation(this.#dialect, this.#options.localKey);
    this.#step(this.#negotiation.start());
  }

  #step({ state, send }: Transition): void {
    if (send) this.send(send.command, send.payload);
    // A listener that was shown this frame may have ended the connection.
    if (this.#end) return;
    switch (state.step) {
      case "awaiting-response":
        this.#deadline(this.#options.timings.negotiationTimeoutMs, { reason: "silent" });
        return;
      case "established":
        this.#endPhase();
        this.#session = new Envelope(this.#dialect, state.sessionKey);
        this.#owner.established();
        return;
      case "failed":
        this.end({ reason: HANDSHAKE_ENDS[state.reason] });
        return;
      case "awaiting-start":
      case "awaiting-finish":
        return;
    }
  }

  #open(frame: Frame): void {
    const opened = this.#openWithEitherKey(frame);
    const { frames } = this.#options;
    if (frames?.active) frames.frame(describeReceived(frame, this.#asItCounts(opened), this.#dialect));
    if (this.#end) return;
    if (!opened.ok) {
      this.#unreadable(frame, opened.reason);
      return;
    }
    this.#answered = true;
    const { message } = opened;
    const negotiation = this.#negotiation;
    if (!negotiation || message.command !== Command.SESS_KEY_NEG_RESP) this.#owner.message(message, frame);
    else if (negotiation.isOpen) this.#step(negotiation.finish(message));
    // Another nonce makes another session key.
    else if (!negotiation.isRepeated(message)) this.end({ reason: "out-of-step" });
  }

  /** A message that a client wrote counts as invalid. */
  #asItCounts(opened: Opened): Opened {
    return opened.ok && this.#owner.isOwn(opened.message)
      ? { ok: false, reason: "from_client", clear: opened.message }
      : opened;
  }

  /** Two may still be encrypted with the local key: a push around the negotiation (3.5), and the repeated answer to it. */
  #openWithEitherKey(frame: Frame): Opened {
    const opened = (this.#session ?? this.#local).open(frame);
    if (opened.ok || !this.#session || !MAY_BE_UNDER_LOCAL_KEY.includes(frame.command)) return opened;
    const underLocalKey = this.#local.open(frame);
    return underLocalKey.ok ? underLocalKey : opened;
  }

  #unreadable(frame: Frame, reason: OpenFailure): void {
    if (this.#negotiation?.isOpen) {
      const foreign = speaksOther(frame, reason, this.#dialect);
      if (foreign) this.end({ reason: "foreign", speaks: foreign });
      else if (frame.command === Command.SESS_KEY_NEG_RESP) this.end({ reason: "wrong-key" });
      return;
    }
    if (reason === "bad_hmac" || reason === "bad_tag") this.end({ reason: "out-of-step" });
    else this.#owner.unreadable(reason, frame);
  }

  #endPhase(): void {
    clearTimeout(this.#phaseTimer);
    this.#phaseTimer = undefined;
  }

  #deadline(ms: number, end: ConnectionEnd): void {
    this.#endPhase();
    this.#phaseTimer = setTimeout(() => this.end(end), ms);
  }

  #failedWith(error: NodeJS.ErrnoException): ConnectionEnd {
    const isTalking = this.#answered && !this.#socket.connecting;
    return endByError(error, isTalking, this.#closedByDevice());
  }

  #closedByDevice(): ConnectionEnd {
    return this.#sequence === 0 ? { reason: "busy" } : { reason: "closed", answered: this.#answered };
  }
}

/**
 * The size of the buffer that a connection reads into, and keeps. A socket that is read as a stream allocates 64 KiB for
 * each report and passes it through a queue: a tenth of the cost of a report.
 */
const READ_BYTES = 4 * 1024;

/** Commands of frames that may be encrypted with the local key although a session key is agreed on. */
const MAY_BE_UNDER_LOCAL_KEY: readonly number[] = [Command.STATUS, Command.SESS_KEY_NEG_RESP];

/** A malformed answer that verifies with our key proves another kind of device, not another key. */
const HANDSHAKE_ENDS = {
  wrong_key: "wrong-key",
  unusable_key: "unusable-session-key",
  malformed: "undecryptable",
} as const satisfies Record<HandshakeFailure, ConnectionEnd["reason"]>;

/** What a frame that cannot be opened tells about the version its sender speaks. */
function speaksOther(frame: Frame, reason: OpenFailure, dialect: Dialect): "older" | "newer" | undefined {
  if (reason === "foreign_format") return dialect.format === "6699" ? "older" : "newer";
  return reason === "bad_hmac" && hasValidCrc(frame) ? "older" : undefined;
}
