import { Command, commandName, isForbidden } from "../../protocol/command";
import type { Request } from "../../protocol/request";
import type { Answer, Exchange } from "./exchange";
import { MAX_BODY_BYTES } from "./set-command";

const MAX_COMMAND = 0xffff_ffff;

/** Why a raw frame must not be sent; undefined if it may. */
export function obstacleToRaw(command: number, payload: Buffer): string | undefined {
  if (!Number.isInteger(command) || command < 0 || command > MAX_COMMAND)
    return `the command is no whole number from 0 to ${MAX_COMMAND}`;
  if (isForbidden(command))
    return `the command ${nameOf(command)} pairs, resets or removes a device, or belongs to the negotiation of its session key`;
  return payload.length > MAX_BODY_BYTES
    ? `the payload is longer than the ${MAX_BODY_BYTES} bytes a device can read`
    : undefined;
}

/** Whether a request is done as soon as it is sent, because many devices never answer it. */
export function isUnanswered(command: number): boolean {
  return command === Command.UPDATEDPS;
}

/** Puts a raw frame into the queue. `wasSent` tells whether it was sent. */
export function askRaw(
  exchange: Exchange,
  request: Request,
): Promise<{ readonly answer: Answer; readonly wasSent: boolean }> {
  return new Promise((resolve) => {
    let wasSent = false;
    exchange.ask({
      request: () => request,
      sending: () => (wasSent = true),
      done: (answer) => resolve({ answer, wasSent }),
    });
  });
}

function nameOf(command: number): string {
  const name = commandName(command);
  return name.startsWith("0x") ? name : `${name} (${command})`;
}
