import { checkAddress, type Target } from "../../src/discovery/local-target";
import { textOf, type Message } from "../runtime/properties";

/** Longer than any id, key or host name. */
const MAX_TEXT = 256;

/** Why the settings a request carries cannot be those of a device, as a sentence; undefined where they can. */
export function refusalOf(body: Message, names: readonly string[]): string | undefined {
  const tooLong = names.find((name) => textOf(body[name]).length > MAX_TEXT);
  if (tooLong !== undefined) return `The field ${tooLong} is too long.`;
  const key = keyIn(body);
  const isKey = body["localKey"] === undefined || (key !== undefined && key.length <= MAX_TEXT);
  return isKey ? undefined : "The local key is no text, or far too long.";
}

/** The key a request carries; undefined where the stored one is meant. */
export function keyIn({ localKey }: Message): string | undefined {
  return typeof localKey === "string" ? localKey : undefined;
}

/** What to say of a gateway that is a sub-device. */
export function nestedSentence(name: string): string {
  return `${name} is behind a gateway itself. Choose the gateway they are both behind.`;
}

/** Where a connection to settings that are not deployed may lead, if anywhere: see `checkAddress`. */
export async function checkEntered(
  ip: string,
  canHear: () => boolean,
  configuredIp?: string,
): Promise<Target> {
  if (ip !== "" || canHear()) return checkAddress(ip, configuredIp);
  return {
    refusal:
      "No address is entered, and discovery is switched off in settings.js (tuyaDeviceDiscovery). Enter the address of the device.",
  };
}
