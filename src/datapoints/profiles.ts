import { decodeColour, isColour } from "./notation/colour-format";
import { type DataPoint, type DataPointEntry, parseDataPoints, toEntry } from "./datapoint";
import { SHORTEST_REFRESH } from "../limits";
import type { Dps, DpValue } from "../protocol/dps";
import { parseObject } from "./notation/json-text";

/** A template: the data points that products of a kind usually have. */
export interface Profile {
  /** The name of its file, without ending. */
  readonly id: string;
  /** What people call such a product. */
  readonly name: string;
  /** Tuya's codes for the kind: `dj`, `cz`. */
  readonly categories: readonly string[];
  /** What a user should know. */
  readonly notes: string | undefined;
  /** Seconds between refreshes: what such a product measures, it reports only when asked. undefined = it reports by itself. */
  readonly refresh: number | undefined;
  /** Runs on a battery and sleeps most of the time. */
  readonly sleepy: boolean;
  /** Data points without which a device is none of this kind. */
  readonly core: readonly string[];
  readonly dataPoints: readonly DataPoint[];
}

/** What is known of a device that has no table of data points. */
export interface Clues {
  readonly category?: string | undefined;
  /** What it reports. */
  readonly values?: Dps | undefined;
}

/** How well a profile fits. */
export interface ProfileMatch {
  readonly profile: Profile;
  readonly score: number;
  /** Data points the device has and the profile does not. */
  readonly unnamed: readonly string[];
  /** Data points whose values are none of what the profile says. */
  readonly conflicting: readonly string[];
}

/** What to offer: one profile that fits better than any other, or several that fit alike, best first; never a guess. */
export type ProfileChoice =
  | { readonly kind: "one"; readonly match: ProfileMatch }
  | { readonly kind: "several"; readonly matches: readonly ProfileMatch[] }
  | { readonly kind: "none" };

/** Weights: a value of the right kind speaks for a profile, one of another kind against it twice as much. */
const FITS = 2;
const KNOWN_WORD = 1;
const CONFLICTS = -4;
const MISSES_CORE = -3;
/** Numbers to 100 are the category's, those above the manufacturer's own: they say little. */
const UNNAMED = -1;
const UNNAMED_OWN = -0.2;
const LAST_STANDARD_DP = 100;
/** Profiles closer than this fit alike. */
const MARGIN = 1;

/** Reads a profile. Takes whatever its file contains; undefined where that is no profile, with the reasons. */
export function parseProfile(
  id: string,
  json: unknown,
): { readonly profile: Profile | undefined; readonly problems: readonly string[] } {
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    return { profile: undefined, problems: ["It is no object."] };
  }
  const { name, categories, notes, refresh, sleepy, core, datapoints } = json as Readonly<
    Record<string, unknown>
  >;
  const { dataPoints, problems } = parseDataPoints(datapoints);
  if (dataPoints.length === 0)
    return { profile: undefined, problems: [...problems, "It has no data points."] };
  const profile = {
    id,
    name: typeof name === "string" && name.trim() !== "" ? name.trim() : id,
    categories: textsOf(categories),
    notes: typeof notes === "string" ? notes : undefined,
    refresh: typeof refresh === "number" && refresh >= SHORTEST_REFRESH ? refresh : undefined,
    sleepy: sleepy === true,
    core: textsOf(core).filter((dp) => dataPoints.some((dataPoint) => dataPoint.dp === dp)),
    dataPoints,
  };
  return { profile, problems };
}

/**
 * The profiles for a device, best first: those of its category where there are any, and where values are known those
 * they speak for.
 */
export function matchProfiles(
  profiles: readonly Profile[],
  { category, values = {} }: Clues,
): ProfileMatch[] {
  const ofCategory = profiles.filter(
    ({ categories }) => category !== undefined && categories.includes(category),
  );
  const hasValues = Object.keys(values).length > 0;
  if (!hasValues) return ofCategory.map((profile) => ({ profile, score: 0, unnamed: [], conflicting: [] }));
  const fitting = ratedBy(ofCategory, values);
  return fitting.length > 0 ? fitting : ratedBy(profiles, values);
}

/** What to offer for a device. A profile is proposed alone only where it fits clearly better than the next one. */
export function chooseProfile(profiles: readonly Profile[], clues: Clues): ProfileChoice {
  const matches = matchProfiles(profiles, clues);
  const [best] = matches;
  if (!best) return { kind: "none" };
  const alike = matches.filter(({ score }) => best.score - score < MARGIN);
  return alike.length === 1 ? { kind: "one", match: best } : { kind: "several", matches: alike };
}

/**
 * The table of a profile, as a flow file holds it: of a device that reports values, the data points it reports and those
 * that are only sent or only pushed.
 */
export function entriesOf({ dataPoints }: Profile, values: Dps = {}): DataPointEntry[] {
  const isThere = ({ dp, access, event }: DataPoint) => Object.hasOwn(values, dp) || access === "wr" || event;
  const chosen = Object.keys(values).length === 0 ? dataPoints : dataPoints.filter(isThere);
  return chosen.map(toEntry);
}

function ratedBy(profiles: readonly Profile[], values: Dps): ProfileMatch[] {
  return profiles
    .map((profile) => rate(profile, values))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score);
}

function rate(profile: Profile, values: Dps): ProfileMatch {
  const unnamed: string[] = [];
  const conflicting: string[] = [];
  let score = 0;
  for (const [dp, value] of Object.entries(values)) {
    const dataPoint = profile.dataPoints.find((candidate) => candidate.dp === dp);
    if (!dataPoint) {
      unnamed.push(dp);
      score += Number(dp) > LAST_STANDARD_DP ? UNNAMED_OWN : UNNAMED;
      continue;
    }
    const points = speaksFor(dataPoint, value);
    if (points < 0) conflicting.push(dp);
    score += points;
  }
  // What a device never reported may still be there, where it only pushes or receives it.
  const missing = profile.core.filter((dp) => !Object.hasOwn(values, dp));
  return { profile, score: score + missing.length * MISSES_CORE, unnamed, conflicting };
}

/** Whether a value can be one of a data point: a text of another kind, or a number beyond a limit, cannot. */
export function fits(dataPoint: DataPoint, value: DpValue): boolean {
  return speaksFor(dataPoint, value) > 0;
}

/** How much a value speaks for a data point being what the profile says. A null says that it exists. */
function speaksFor(dataPoint: DataPoint, value: DpValue): number {
  if (value === null) return FITS / 2;
  if (isColour(dataPoint)) return value === "" || decodeColour(value, dataPoint) ? FITS : CONFLICTS;
  const { type, min, max, values: members } = dataPoint;
  switch (type) {
    case undefined:
      return FITS / 2;
    case "Boolean":
      return typeof value === "boolean" ? FITS : CONFLICTS;
    case "Integer":
    case "Bitmap": {
      const isInside = typeof value === "number" && value >= (min ?? -Infinity) && value <= (max ?? Infinity);
      return isInside ? FITS : CONFLICTS;
    }
    case "Enum":
      if (typeof value !== "string") return CONFLICTS;
      if (members.length === 0) return FITS;
      return members.includes(value) ? FITS + KNOWN_WORD : CONFLICTS;
    case "String":
    case "Raw":
      return typeof value === "string" ? FITS : CONFLICTS;
    case "Json":
      return typeof value === "object" || (typeof value === "string" && parseObject(value))
        ? FITS
        : CONFLICTS;
  }
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}
