import { type InfraredCommand, readSend } from "./infrared";
import { INFRARED_EXPECTS } from "./infrared-code";
import { readBoolean } from "./on-off";

/** What a blaster is asked to do, as messages say it. */
export type InfraredWords = { readonly learn: boolean } | { readonly send: unknown };

/** What either word takes, as the end of a sentence "… takes". */
export const WORDS_EXPECTS = {
  learn: "true to learn a code, or false to stop learning",
  send: INFRARED_EXPECTS,
} as const;

/** What `learn` and its value ask for. */
export function readLearn(value: unknown): InfraredCommand | undefined {
  const isOn = readBoolean(value);
  return isOn === undefined ? undefined : { action: isOn ? "learn" : "stop" };
}

/** What `{learn}` or `{send}` asks for; undefined for any other object, and for values that cannot be meant. */
export function readInfraredWords(words: object): InfraredCommand | undefined {
  if (Object.keys(words).length > 1) return undefined;
  if ("learn" in words) return readLearn(words.learn);
  return "send" in words ? readSend(words.send) : undefined;
}

/** A command as messages say it: `readInfraredWords` makes the same of it again. */
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
