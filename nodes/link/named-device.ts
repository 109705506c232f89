import { describeWord } from "../../src/datapoints/describe";
import { badInput } from "../../src/errors";
import { configuredLinks } from "./configured-devices";
import type { DeviceLink } from "./device-link";
import { nearest } from "./nearest";

/** Names in a sentence about one that is unknown. */
const MAX_SUGGESTED = 3;

/** What a device can be called, the commonest first: a name that one device has and another's id counts as the name. */
const NOTIONS: readonly ((link: DeviceLink, word: string) => boolean)[] = [
  ({ profile }, word) => profile.name === word,
  ({ profile }, word) => profile.deviceId === word && profile.cid === undefined,
  ({ profile }, word) => profile.deviceId === word || profile.cid === word,
  ({ profile }, word) => profile.name.toLowerCase() === word.toLowerCase(),
];

/**
 * The configured device with this name, device id or node id (cid). Undefined where there is none; throws BAD_INPUT with
 * the ids where several devices are called so.
 */
export function deviceNamed(word: string): DeviceLink | undefined {
  const found = linksCalled(word);
  const ids = new Set(found.map(idOf));
  if (ids.size > 1) throw ambiguous(word, [...ids]);
  return found[0];
}

/**
 * What a topic calls the device it begins with, `<device>/<data point>`; undefined where it begins with none. A name may
 * contain slashes itself: the longest one counts.
 */
export function deviceNameIn(topic: string): string | undefined {
  const levels = topic.split("/");
  return levels
    .map((_level, index) => levels.slice(0, levels.length - index).join("/"))
    .find((beginning) => linksCalled(beginning.trim()).length > 0);
}

function linksCalled(word: string): readonly DeviceLink[] {
  const links = configuredLinks();
  for (const isCalled of NOTIONS) {
    const found = links.filter((link) => isCalled(link, word));
    if (found.length > 0) return found;
  }
  return [];
}

/** BAD_INPUT for a word that names no device: it says which devices there are that are written like it. */
export function unknownDevice(word: string, where: string) {
  const names = nearest(
    word,
    configuredLinks().map(({ profile }) => profile.name),
    MAX_SUGGESTED,
  );
  if (names.length === 0) {
    return badInput(
      `${describeWord(word)} in ${where} names no device: this Node-RED has no tuya-device that is enabled.`,
    );
  }
  const known = names.map((name) => `"${name}"`).join(", ");
  return badInput(`${describeWord(word)} in ${where} names no device. The nearest ones are ${known}.`);
}

/** What tells a device from others of the same name. Two nodes with the same id are the same device. */
function idOf({ profile: { deviceId, cid }, gateway }: DeviceLink): string {
  return cid === undefined ? deviceId : `${cid} behind ${gateway?.profile.deviceId ?? "a gateway"}`;
}

function ambiguous(word: string, ids: readonly string[]) {
  return badInput(
    `${ids.length} devices are called ${describeWord(word)}: ${ids.join(", ")}. Name the one that is meant by its id; nothing was sent.`,
  );
}
