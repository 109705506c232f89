import { decodeColour, isColour } from "./notation/colour-format";
import { type DataPoint, type DataPointEntry, parseDataPoints, toEntry } from "./datapoint";
import { SHORTEST_REFRESH } from "../limits";
import type { Dps, DpValue } from "../protocol/dps";
import { parseObject } from "./notation/json-text";

/** A template: the data points that products of a kind usually have. */
export interface Profile {
  /** The name of its file, without ending. */
  readonly id: string;
  /** Display name of the kind of product. */
  readonly name: string;
  /** Tuya's codes for the kind: `dj`, `cz`. */
  readonly categories: readonly string[];
  /** What users should know. */
  readonly notes: string | undefined;
  /**
   * Seconds between refreshes, for products that report measurements only when asked; undefined = they report by
   * themselves.
   */
  readonly refresh: number | undefined;
  /** Runs on a battery and sleeps most of the time. */
  readonly sleepy: boolean;
  /** Data points that each device of this kind has. */
  readonly core: readonly string[];
  readonly dataPoints: readonly DataPoint[];
}

/** What is known about a device without a table of data points. */
export interface Clues {
  /** Tuya's code for its kind, such as `dj`. */
  readonly category?: string | undefined;
  /** Its reported values. */
  readonly values?: Dps | undefined;
}

/** How well a profile fits. */
export interface ProfileMatch {
  readonly profile: Profile;
  /** Points for and against it: the higher, the better. 0 if no values are known to compare with. */
  readonly score: number;
  /** Data points that the device has and the profile does not. */
  readonly unnamed: readonly string[];
  /** Data points whose values do not fit the profile. */
  readonly conflicting: readonly string[];
}

/** The profiles to offer: one that fits clearly better than all others, or several that fit about equally, best first. */
export type ProfileChoice =
  | { readonly kind: "one"; readonly match: ProfileMatch }
  | { readonly kind: "several"; readonly matches: readonly ProfileMatch[] }
  | { readonly kind: "none" };

/** Weights: a value that fits counts for a profile; one that does not counts against it, twice as much. */
const FITS = 2;
const KNOWN_WORD = 1;
const CONFLICTS = -4;
const MISSES_CORE = -3;
/** Numbers up to 100 are defined per category; higher ones by the manufacturer, so they count little. */
const UNNAMED = -1;
const UNNAMED_OWN = -0.2;
const LAST_STANDARD_DP = 100;
/** Profiles whose scores differ by less fit equally. */
const MARGIN = 1;

/** Reads a profile from the content of its file, whatever that is. Undefined, with the reasons, if it is no profile. */
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
 * The profiles that fit a device, best first. Only those of its category, if there are any; and only those that fit its
 * values, if these are known.
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

/** The profiles to offer for a device. One alone is proposed only if it fits clearly better than the next one. */
export function chooseProfile(profiles: readonly Profile[], clues: Clues): ProfileChoice {
  const matches = matchProfiles(profiles, clues);
  const [best] = matches;
  if (!best) return { kind: "none" };
  const alike = matches.filter(({ score }) => best.score - score < MARGIN);
  return alike.length === 1 ? { kind: "one", match: best } : { kind: "several", matches: alike };
}

/**
 * The table of a profile, as in a flow file. If values of the device are known: without data points that it should have
 * reported but did not.
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
    const points = pointsFor(dataPoint, value);
    if (points < 0) conflicting.push(dp);
    score += points;
  }
  // A data point that was not reported may exist, if it is only pushed or only sent.
  const missing = profile.core.filter((dp) => !Object.hasOwn(values, dp));
  return { profile, score: score + missing.length * MISSES_CORE, unnamed, conflicting };
}

/** Whether a value fits a data point: it has the right type and is within the limits. */
export function fits(dataPoint: DataPoint, value: DpValue): boolean {
  return pointsFor(dataPoint, value) > 0;
}

/** How many points a value adds to the score of a profile. A null only shows that the data point exists. */
function pointsFor(dataPoint: DataPoint, value: DpValue): number {
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
      if (typeof value === "object") return FITS;
      if (typeof value !== "string") return CONFLICTS;
      // The platform calls scenes Json that lamps report as hex digits, or as "" before there is one.
      return parseObject(value) ? FITS : FITS / 2;
  }
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}
