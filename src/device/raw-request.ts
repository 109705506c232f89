import { Command, commandName, isForbidden } from "../protocol/command";
import { MAX_BODY_BYTES } from "./set-command";

const MAX_COMMAND = 0xffff_ffff;

/** Why a frame made by somebody else is not sent; undefined where it is. */
export function obstacleToRaw(command: number, payload: Buffer): string | undefined {
  if (!Number.isInteger(command) || command < 0 || command > MAX_COMMAND)
    return `the command is no whole number from 0 to ${MAX_COMMAND}`;
  if (isForbidden(command))
    return `the command ${nameOf(command)} pairs, resets or removes a device, or belongs to the negotiation of its session key`;
  return payload.length > MAX_BODY_BYTES
    ? `the payload is longer than the ${MAX_BODY_BYTES} bytes a device can read`
    : undefined;
}

/** Whether a request is done when it is sent: many devices never answer it. */
export function isUnanswered(command: number): boolean {
  return command === Command.UPDATEDPS;
}

function nameOf(command: number): string {
  const name = commandName(command);
  return name.startsWith("0x") ? name : `${name} (${command})`;
}
