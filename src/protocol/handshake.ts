import { timingSafeEqual } from "node:crypto";
import { Ecb, gcmSeal, hmacSha256, IV_LENGTH, HMAC_LENGTH, KEY_LENGTH, secretKey } from "./cipher";
import { Command } from "./command";
import type { Dialect } from "./version";

/*
 * Session key negotiation of 3.4 and 3.5, as steps without input or output, for both ends. These messages are encrypted
 * with the local key; everything after FINISH, in both directions, with the session key.
 *
 * client                                                        device
 * |--- SESS_KEY_NEG_START   client nonce (16) ----------------->|
 * |<-- SESS_KEY_NEG_RESP    device nonce (16), HMAC(client nonce)|
 * |--- SESS_KEY_NEG_FINISH  HMAC(device nonce) ---------------->|   never answered
 */
export const NONCE_LENGTH = 16;

/** What one end knows from the start. */
export interface HandshakeContext {
  readonly dialect: Dialect;
  readonly localKey: Buffer;
  /** This end's own nonce: 16 random bytes. */
  readonly nonce: Buffer;
}

/** Why a negotiation failed. */
export type HandshakeFailure =
  /** A negotiation message of impossible length. */
  | "malformed"
  /** The other end's proof is wrong: it has another local key. */
  | "wrong_key"
  /**
   * The session key begins with 00, which 3.5 firmware takes for "no key yet" and never answers (1 session in 256).
   * The remedy is a new connection with a new nonce.
   */
  | "unusable_key";

/** How far a negotiation is: what this end waits for, and what it knows by then. */
export type HandshakeState =
  | { readonly step: "awaiting-start" }
  | { readonly step: "awaiting-response" }
  | { readonly step: "awaiting-finish"; readonly sessionKey: Buffer; readonly deviceNonce: Buffer }
  | { readonly step: "established"; readonly sessionKey: Buffer }
  | { readonly step: "failed"; readonly reason: HandshakeFailure };

/** A message of commands 3, 4 or 5, decrypted. */
export interface NegotiationMessage {
  readonly command: number;
  readonly payload: Buffer;
}

/** The state after a step, and what to send before the next one. */
export interface Transition {
  readonly state: HandshakeState;
  readonly send?: NegotiationMessage;
}

/** The client's first step. */
export function startHandshake(context: HandshakeContext): Transition {
  return {
    state: { step: "awaiting-response" },
    send: { command: Command.SESS_KEY_NEG_START, payload: context.nonce },
  };
}

/** The state in which the device begins. */
export const DEVICE_HANDSHAKE: HandshakeState = { step: "awaiting-start" };

/**
 * The step a received message leads to. Messages that do not belong to the step change nothing: a STATUS push may arrive
 * during the negotiation.
 */
export function continueHandshake(
  context: HandshakeContext,
  state: HandshakeState,
  received: NegotiationMessage,
): Transition {
  switch (state.step) {
    case "awaiting-start":
      return received.command === Command.SESS_KEY_NEG_START ? respond(context, received.payload) : { state };
    case "awaiting-response":
      return received.command === Command.SESS_KEY_NEG_RESP ? finish(context, received.payload) : { state };
    case "awaiting-finish":
      if (received.command !== Command.SESS_KEY_NEG_FINISH) return { state };
      return isProof(received.payload, context.localKey, state.deviceNonce)
        ? { state: { step: "established", sessionKey: state.sessionKey } }
        : failed("wrong_key");
    case "established":
    case "failed":
      return { state };
  }
}

/**
 * The session key from both nonces. 3.4: AES-ECB of their XOR, one block without padding. 3.5: the cipher text of
 * AES-GCM over their XOR, IV = first 12 bytes of the client's nonce, no AAD, tag dropped.
 */
export function deriveSessionKey(
  dialect: Dialect,
  localKey: Buffer,
  clientNonce: Buffer,
  deviceNonce: Buffer,
): Buffer {
  const mixed = Buffer.alloc(KEY_LENGTH);
  for (let i = 0; i < KEY_LENGTH; i++) mixed[i] = clientNonce[i]! ^ deviceNonce[i]!;
  const key = secretKey(localKey);
  return dialect.format === "6699"
    ? gcmSeal(key, clientNonce.subarray(0, IV_LENGTH), undefined, mixed).text
    : new Ecb(key).encryptBlock(mixed);
}

/** Device: answers START. Firmware reads the first 16 bytes and ignores more. */
function respond({ dialect, localKey, nonce }: HandshakeContext, payload: Buffer): Transition {
  if (payload.length < NONCE_LENGTH) return failed("malformed");
  const clientNonce = payload.subarray(0, NONCE_LENGTH);
  const sessionKey = deriveSessionKey(dialect, localKey, clientNonce, nonce);
  return {
    state: { step: "awaiting-finish", sessionKey, deviceNonce: nonce },
    send: {
      command: Command.SESS_KEY_NEG_RESP,
      payload: Buffer.concat([nonce, hmacSha256(localKey, clientNonce)]),
    },
  };
}

/** Client: checks RESP and answers it. */
function finish({ dialect, localKey, nonce }: HandshakeContext, payload: Buffer): Transition {
  if (payload.length !== NONCE_LENGTH + HMAC_LENGTH) return failed("malformed");
  const deviceNonce = payload.subarray(0, NONCE_LENGTH);
  if (!isProof(payload.subarray(NONCE_LENGTH), localKey, nonce)) return failed("wrong_key");
  const sessionKey = deriveSessionKey(dialect, localKey, nonce, deviceNonce);
  if (sessionKey[0] === 0) return failed("unusable_key");
  return {
    state: { step: "established", sessionKey },
    send: { command: Command.SESS_KEY_NEG_FINISH, payload: hmacSha256(localKey, deviceNonce) },
  };
}

/** Whether bytes begin with the HMAC of a nonce under the local key. Compared in constant time. */
function isProof(bytes: Buffer, localKey: Buffer, nonce: Buffer): boolean {
  return (
    bytes.length >= HMAC_LENGTH &&
    timingSafeEqual(bytes.subarray(0, HMAC_LENGTH), hmacSha256(localKey, nonce))
  );
}

function failed(reason: HandshakeFailure): Transition {
  return { state: { step: "failed", reason } };
}
