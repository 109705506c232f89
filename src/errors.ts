import { foreignText } from "./protocol/foreign-text";

/** What went wrong, for programs. Flows find it in `msg.error.code`. */
export const ERROR_CODES = [
  /** No device is chosen, or its id or local key is missing or impossible. */
  "NOT_CONFIGURED",
  /** No address is configured and the device has not announced itself. */
  "NOT_FOUND",
  /** No TCP connection: the device is off or in another network, or the address is wrong. */
  "UNREACHABLE",
  /** The device accepts connections and closes them at once: all its places are taken. */
  "BUSY",
  /** The device has another local key. This is proved. */
  "WRONG_KEY",
  /** Nothing decrypts: the key or the protocol version is wrong, and the protocol cannot tell which. */
  "KEY_OR_VERSION",
  /** The device did not answer in time. */
  "TIMEOUT",
  /** The device is not connected at the moment. Nothing was sent, unless the sentence says that it may have been. */
  "OFFLINE",
  /** The device refused the request, or reports another value than the one it was sent. */
  "REJECTED",
  /** The message asks for something that cannot be sent. Nothing was sent. */
  "BAD_INPUT",
  /** The gateway answers, but the sub-device behind it does not. */
  "CHILD_OFFLINE",
  /** The node was stopped or redeployed before the request was done. */
  "CLOSED",
  /** The bytes are no valid frame. Reserved: no error has this code. */
  "BAD_FRAME",
] as const;

/** One of `ERROR_CODES`. */
export type ErrorCode = (typeof ERROR_CODES)[number];

/** Longest message, in characters, however long the texts are that a device or a flow puts into it. */
const MAX_SENTENCE = 800;

/**
 * An error for people. Its message, 800 characters at most, says what happened, why, and what to do. It contains no key
 * and no characters that control a terminal. `code` is an own property, because Node-RED's Catch node copies own
 * properties only.
 */
export class TuyaError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(foreignText(message, MAX_SENTENCE), options);
    this.name = "TuyaError";
    this.code = code;
  }

  /** The message without the class name: Node-RED's Catch node passes it on as `msg.error.message`. */
  override toString(): string {
    return this.message;
  }
}

/** BAD_INPUT, for a message that cannot be sent. */
export function badInput(sentence: string): TuyaError {
  return new TuyaError("BAD_INPUT", sentence);
}
