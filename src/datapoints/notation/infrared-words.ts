import { type InfraredCommand, readSend } from "./infrared";
import { INFRARED_EXPECTS } from "./infrared-code";
import { readBoolean } from "./on-off";

/** A command to a blaster as messages write it. */
export type InfraredWords = { readonly learn: boolean } | { readonly send: unknown };

/** What each word accepts, as the end of a sentence "… takes". */
export const WORDS_EXPECTS = {
  learn: "true to learn a code, or false to stop learning",
  send: INFRARED_EXPECTS,
} as const;

/** The command of `learn` with this value. */
export function readLearn(value: unknown): InfraredCommand | undefined {
  const isOn = readBoolean(value);
  return isOn === undefined ? undefined : { action: isOn ? "learn" : "stop" };
}

/** The command of `{learn}` or `{send}`; undefined for any other object, and for impossible values. */
export function readInfraredWords(words: object): InfraredCommand | undefined {
  if (Object.keys(words).length > 1) return undefined;
  if ("learn" in words) return readLearn(words.learn);
  return "send" in words ? readSend(words.send) : undefined;
}

/** A command as messages write it: the reverse of `readInfraredWords`. */
export function showInfrared(command: InfraredCommand): InfraredWords {
  switch (command.action) {
    case "learn":
      return { learn: true };
    case "stop":
      return { learn: false };
    case "send":
      return { send: command.code };
    case "key":
      return { send: { head: command.head, key: command.key } };
  }
}
