import { randomBytes } from "node:crypto";
import type { Socket } from "node:net";
import { IV_LENGTH } from "../protocol/cipher";
import { Command, isNegotiation } from "../protocol/command";
import { Envelope, type OpenFailure, type Outgoing } from "../protocol/envelope";
import { body55aa, encodeFrame55aa, type Frame, NO_BYTES } from "../protocol/frame";
import { continueHandshake, DEVICE_HANDSHAKE, type HandshakeState } from "../protocol/handshake";
import { createIvSource } from "../protocol/iv";
import type { Message } from "../protocol/message";
import type { Dialect } from "../protocol/version";
import type { Behaviour, Reaction } from "./behaviours";
import type { FaultState } from "./faults";
import { Intake } from "./intake";
import { Outlet } from "./outlet";

/** What a session needs of the device it belongs to. */
export interface SessionOwner {
  readonly dialect: Dialect;
  readonly behaviour: Behaviour;
  readonly faultState: FaultState;
  readonly localKey: Buffer;
  /** The device's nonce for a negotiation the client began with this one. */
  chooseNonce(clientNonce: Buffer): Buffer;
  chooseFirstSequence(): number;
  /** A frame of the client that the device could read. */
  received(session: Session, message: Message): void;
  /** A frame whose body does not decrypt, where this generation says so. */
  receivedUnreadable(session: Session, frame: Frame): void;
  /** A step of the negotiation is done. */
  negotiated(session: Session): void;
  /** The client is half way through a frame, or no longer. */
  waiting(session: Session, isWaiting: boolean): void;
  closed(session: Session): void;
}

/** With so many other frames between the two steps of the negotiation, a device closes the connection. */
const MOST_EARLY_FRAMES = 3;

/**
 * One client's connection: reads frames, negotiates the session key, enforces the rules of its generation, and seals
 * what the device sends. Ends with its socket; nothing of it outlives `close`.
 */
export class Session {
  readonly number: number;
  readonly #owner: SessionOwner;
  readonly #socket: Socket;
  readonly #intake: Intake;
  readonly #outlet: Outlet;
  readonly #localEnvelope: Envelope;
  readonly #nextIv = createIvSource(randomBytes(IV_LENGTH));
  #sessionEnvelope: Envelope | undefined;
  #handshake: HandshakeState = DEVICE_HANDSHAKE;
  /** False if the firmware takes the session key for none. */
  #hasUsableKey = true;
  /** Frames that came before the negotiation was finished. */
  #earlyFrames = 0;
  #lastSequence = 0;
  #nextSequence: number;
  /** Which of two frames with swapped sequence numbers comes next: the first one sent carries the second number. */
  #swap: "none" | "second-due" | "first-due" = "none";
  readonly #idleTimer: NodeJS.Timeout;
  #closeTimer: NodeJS.Timeout | undefined;
  #isClosing = false;

  constructor(owner: SessionOwner, socket: Socket, number: number) {
    this.number = number;
    this.#owner = owner;
    this.#socket = socket;
    this.#intake = new Intake(owner.behaviour);
    this.#outlet = new Outlet(socket, owner.faultState);
    this.#localEnvelope = new Envelope(owner.dialect, owner.localKey);
    this.#nextSequence = owner.chooseFirstSequence();
    this.#idleTimer = setTimeout(() => this.#endIdle(), owner.behaviour.idleMs);
    socket.setNoDelay(owner.faultState.current.delaysSegments !== true);
    socket.on("data", (chunk: Buffer) => this.#receive(chunk));
    // A client that vanishes is no error of the device; `close` follows in any case.
    socket.on("error", () => {});
    socket.on("close", () => this.#closed());
  }

  /** Whether this client is sent STATUS reports now. */
  get hearsReports(): boolean {
    return !this.#isClosing && (this.isEstablished || this.#owner.behaviour.pushesBeforeNegotiation);
  }

  /** Whether the client may ask for something: at once, or after the negotiation. */
  get isEstablished(): boolean {
    return !this.#owner.dialect.negotiates || this.#handshake.step === "established";
  }

  /** The next number of the device's own counter. */
  takeSequence(): number {
    const next = this.#nextSequence;
    if (this.#swap === "second-due") {
      this.#swap = "first-due";
      return (next + 1) >>> 0;
    }
    this.#nextSequence = (next + (this.#swap === "first-due" ? 2 : 1)) >>> 0;
    this.#swap = "none";
    return next;
  }

  /** Of the next two frames each carries the number meant for the other, as when two threads write at once. */
  swapNextSequences(): void {
    if (this.#swap === "none") this.#swap = "second-due";
  }

  /** Seals a message with the key of the moment, and sends it. */
  send(message: Omit<Outgoing, "iv">): void {
    const faults = this.#owner.faultState.current;
    const envelope = this.#sessionEnvelope ?? this.#localEnvelope;
    this.#outlet.send(
      envelope.seal({
        ...message,
        iv: this.#nextIv(),
        sequence: faults.sequence ?? message.sequence,
        returnCode: faults.noReturnCode ? undefined : message.returnCode,
        returnCodeOrder: faults.returnCodeOrder ?? message.returnCodeOrder,
      }),
    );
  }

  /** Stops or resumes reading: while another client keeps a single-threaded device busy. */
  hold(isHeld: boolean): void {
    if (isHeld) this.#socket.pause();
    else this.#socket.resume();
  }

  /** Closes the connection (FIN), and does not wait for a client that reads nothing. */
  close(): void {
    this.#isClosing = true;
    this.#outlet.close();
    this.#socket.destroy();
  }

  /** Resets the connection (RST). */
  reset(): void {
    this.#isClosing = true;
    this.#socket.resetAndDestroy();
  }

  /** Closes the connection (FIN) after all that was sent. */
  hangUp(): void {
    this.#isClosing = true;
    this.#outlet.close();
    this.#socket.end();
  }

  /** Closes the connection of a client that is silent; a device that hangs closes none. */
  #endIdle(): void {
    if (this.#owner.faultState.current.hangs || this.#socket.isPaused()) this.#idleTimer.refresh();
    else this.close();
  }

  #receive(chunk: Buffer): void {
    for (const taken of this.#intake.take(chunk)) {
      if (this.#isClosing) return;
      switch (taken.type) {
        case "frame":
          this.#read(taken);
          break;
        case "garbage":
          this.#react(this.#owner.behaviour.onGarbage);
          break;
        case "fatal-remnant":
          this.reset();
          break;
      }
    }
    this.#owner.waiting(this, this.#intake.isWaiting);
  }

  #read(frame: Frame): void {
    const { dialect, behaviour, faultState } = this.#owner;
    if (faultState.current.hangs) return;
    if (faultState.strikes("reset")) {
      this.reset();
      return;
    }
    if (frame.format !== dialect.format) {
      this.#react(behaviour.onForeignFormat);
      return;
    }
    if (behaviour.risingSequence) {
      if (frame.sequence <= this.#lastSequence) {
        this.#closeSoon();
        return;
      }
      this.#lastSequence = frame.sequence;
    }
    if (!this.isEstablished) {
      this.#negotiate(frame);
      return;
    }
    if (dialect.negotiates && (isNegotiation(frame.command) || !this.#hasUsableKey)) {
      this.#closeSoon();
      return;
    }
    if (frame.command === Command.HEART_BEAT && behaviour.heartbeatBody === "any") {
      const { sequence, command } = frame;
      this.#accept({ sequence, command, payload: NO_BYTES, encrypted: false });
      return;
    }
    this.#open(frame, this.#sessionEnvelope ?? this.#localEnvelope);
  }

  #open(frame: Frame, envelope: Envelope): void {
    const { behaviour } = this.#owner;
    let opened = envelope.open(frame, "client");
    if (!opened.ok && opened.reason === "bad_crc" && !behaviour.checksCrc)
      opened = envelope.open(withRightCrc(frame), "client");
    if (opened.ok) this.#accept(opened.message);
    else this.#refuse(frame, opened.reason);
  }

  #refuse(frame: Frame, reason: OpenFailure): void {
    const { behaviour } = this.#owner;
    // If the HMAC is right, the key is right as well, and only the body is damaged.
    const isDamagedBody = behaviour.checksCrc && reason === "bad_body";
    this.#react(isDamagedBody ? "refuse" : behaviour.onWrongKey, frame);
  }

  #accept(message: Message): void {
    this.#idleTimer.refresh();
    this.#owner.received(this, message);
  }

  #negotiate(frame: Frame): void {
    const { dialect, localKey } = this.#owner;
    const isFirst = this.#handshake.step === "awaiting-start";
    const expected = isFirst ? Command.SESS_KEY_NEG_START : Command.SESS_KEY_NEG_FINISH;
    if (frame.command !== expected) {
      const isTooEarly = !isFirst && frame.command > Command.SESS_KEY_NEG_FINISH;
      if (!isTooEarly || ++this.#earlyFrames >= MOST_EARLY_FRAMES) this.#closeSoon();
      return;
    }
    const opened = this.#localEnvelope.open(frame, "client");
    if (!opened.ok) {
      this.#refuse(frame, opened.reason);
      return;
    }
    const { command, payload } = opened.message;
    const nonce = isFirst ? this.#owner.chooseNonce(payload) : NO_BYTES;
    const { state, send } = continueHandshake({ dialect, localKey, nonce }, this.#handshake, {
      command,
      payload,
    });
    if (state.step === "failed") {
      // A nonce that is too short gets no answer, and no harm comes of it.
      if (state.reason !== "malformed") this.#closeSoon();
      return;
    }
    this.#idleTimer.refresh();
    this.#handshake = state;
    const times = isFirst && this.#owner.faultState.strikes("repeatNegotiation") ? 2 : 1;
    for (let i = 0; send && i < times; i++)
      this.send({ ...send, sequence: this.takeSequence(), returnCode: 0, header: null });
    if (state.step === "established") this.#establish(state.sessionKey);
    this.#owner.negotiated(this);
  }

  #establish(sessionKey: Buffer): void {
    this.#hasUsableKey = sessionKey[0] !== 0 || !this.#owner.behaviour.zeroKeyIsNone;
    if (this.#hasUsableKey) this.#sessionEnvelope = new Envelope(this.#owner.dialect, sessionKey);
  }

  #react(reaction: Reaction, frame?: Frame): void {
    if (reaction === "close") this.#closeSoon();
    else if (reaction === "refuse" && frame) this.#owner.receivedUnreadable(this, frame);
  }

  #closeSoon(): void {
    if (this.#isClosing) return;
    this.#isClosing = true;
    this.#outlet.close();
    const { closeDelayMs } = this.#owner.behaviour;
    if (closeDelayMs === 0) this.close();
    else this.#closeTimer = setTimeout(() => this.close(), closeDelayMs);
  }

  #closed(): void {
    this.#isClosing = true;
    clearTimeout(this.#idleTimer);
    clearTimeout(this.#closeTimer);
    this.#outlet.close();
    this.#owner.closed(this);
  }
}

/** The frame with the CRC its bytes ask for: to devices that do not look at it every CRC is right. */
function withRightCrc(frame: Frame): Frame {
  const bytes = encodeFrame55aa(frame.sequence, frame.command, [body55aa(frame, "crc32")]);
  return { ...frame, bytes };
}
