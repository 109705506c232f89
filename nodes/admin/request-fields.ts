import { checkAddress, type Target } from "../../src/discovery/local-target";
import type { Unchecked } from "../contract/unchecked";
import { isPlainObject, textOf, type Properties } from "../runtime/properties";

/** Longer than any id, key or host name. */
const MAX_TEXT = 256;

/** The fields of an object in a request, none of which is checked; none at all if it is no object. */
export function fieldsOf<TObject>(value: unknown): Unchecked<TObject> {
  return isPlainObject(value) ? value : {};
}

/** A sentence that says why the fields of a request are impossible settings; undefined if they are possible. */
export function refusalOf(body: Properties, names: readonly string[]): string | undefined {
  const tooLong = names.find((name) => textOf(body[name]).length > MAX_TEXT);
  if (tooLong !== undefined) return `The field ${tooLong} is too long.`;
  const key = keyIn(body);
  const isKey = body["localKey"] === undefined || (key !== undefined && key.length <= MAX_TEXT);
  return isKey ? undefined : "The local key is no text, or far too long.";
}

/** The key in a request; undefined if the stored one is to be used. */
export function keyIn({ localKey }: Properties): string | undefined {
  return typeof localKey === "string" ? localKey : undefined;
}

/** The sentence about a gateway that is itself a sub-device. */
export function nestedSentence(name: string): string {
  return `${name} is behind a gateway itself. Choose the gateway they are both behind.`;
}

/** Checks the address in settings that are not deployed: see `checkAddress`. */
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
