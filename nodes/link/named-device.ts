import { describeWord } from "../../src/datapoints/describe";
import { badInput } from "../../src/errors";
import { folded } from "../../src/name-filter";
import { configuredLinks } from "./configured-devices";
import type { DeviceLink } from "./device-link";

/** How many names a sentence about an unknown name suggests. */
const MAX_SUGGESTED = 3;

/**
 * The ways to name a device. Earlier ones have priority: a word that is the name of one device and the id of another one
 * means the name.
 */
const WAYS_TO_NAME: readonly ((link: DeviceLink, word: string) => boolean)[] = [
  ({ profile }, word) => profile.name === word,
  ({ profile }, word) => profile.deviceId === word && profile.cid === undefined,
  ({ profile }, word) => profile.deviceId === word || profile.cid === word,
  ({ profile }, word) => folded(profile.name) === folded(word),
];

/**
 * The configured device with this name, device id or node id (cid). Undefined if there is none; throws BAD_INPUT with the
 * ids if several devices have this name.
 */
export function deviceNamed(word: string): DeviceLink | undefined {
  const found = linksCalled(word);
  const ids = new Set(found.map(idOf));
  if (ids.size > 1) throw ambiguous(word, [...ids]);
  return found[0];
}

/**
 * The name of the device at the beginning of a topic, `<device>/<data point>`; undefined if it begins with none. A name
 * may contain slashes: the longest one counts.
 */
export function deviceNameIn(topic: string): string | undefined {
  const levels = topic.split("/");
  return levels
    .map((_level, index) => levels.slice(0, levels.length - index).join("/"))
    .find((beginning) => linksCalled(beginning.trim()).length > 0);
}

function linksCalled(word: string): readonly DeviceLink[] {
  const links = configuredLinks();
  for (const isNamed of WAYS_TO_NAME) {
    const found = links.filter((link) => isNamed(link, word));
    if (found.length > 0) return found;
  }
  return [];
}

/** BAD_INPUT for a word that names no device. It suggests devices with a similar name. */
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

/** Tells a device from others with the same name. Two nodes with the same id are the same device. */
function idOf({ profile: { deviceId, cid }, gateway }: DeviceLink): string {
  return cid === undefined ? deviceId : `${cid} behind ${gateway?.profile.deviceId ?? "a gateway"}`;
}

function ambiguous(word: string, ids: readonly string[]) {
  return badInput(
    `${ids.length} devices are called ${describeWord(word)}: ${ids.join(", ")}. Name the one that is meant by its id; nothing was sent.`,
  );
}

/** Only the beginnings of longer names are compared. */
const MAX_COMPARED = 64;

/**
 * The `count` names most similar to a word, best first: suggestions for a mistyped word. Upper and lower case are the
 * same; names that contain the word come first.
 */
export function nearest(word: string, names: readonly string[], count: number): readonly string[] {
  const wanted = folded(word.trim()).slice(0, MAX_COMPARED);
  const rated = [...new Set(names)].map((name) => {
    const written = folded(name).slice(0, MAX_COMPARED);
    const isPart = wanted !== "" && written.includes(wanted);
    return { name, distance: isPart ? 0 : distanceOf(wanted, written) };
  });
  return rated
    .sort((a, b) => a.distance - b.distance)
    .slice(0, count)
    .map(({ name }) => name);
}

/** The number of letters to insert, remove or replace to get from one text to the other (Levenshtein). */
function distanceOf(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_item, index) => index);
  for (const [index, letter] of Array.from(from).entries()) {
    const next = [index + 1];
    for (let column = 1; column <= to.length; column++) {
      const replaced = (row[column - 1] ?? 0) + (to[column - 1] === letter ? 0 : 1);
      next.push(Math.min(replaced, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
