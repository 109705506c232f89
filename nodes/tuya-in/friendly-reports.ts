import { isDeepStrictEqual } from "node:util";
import { bareDataPoint, type DataPoint } from "../../src/datapoints/datapoint";
import { DataPointMap } from "../../src/datapoints/datapoint-map";
import { type FriendlyPoint, friendlyPoints, friendlyWordOf } from "../../src/datapoints/friendly/points";
import { showFriendly } from "../../src/datapoints/friendly/show";
import type { DeviceReport } from "../../src/device/types";
import type { Dps, DpValue } from "../../src/protocol/dps";
import type { LinkProfile } from "../link/device-link";

/** The data point behind a friendly name, and its value as reported. */
export interface Source {
  readonly dp: string;
  readonly raw: DpValue;
}

/** A report that also has friendly names, as if they were data points. */
export interface FriendlyReport extends DeviceReport {
  /** The sources of the values of friendly names, by name. */
  readonly sources?: Readonly<Record<string, Source>>;
  /** The report as the device sent it. */
  readonly original?: DeviceReport;
}

/** A report and the profile of its device, both with friendly names as data points. */
export interface ToldReport {
  readonly report: FriendlyReport;
  readonly profile: LinkProfile;
}

/** The friendly names of a device, and the profile extended by them. */
interface Known {
  readonly values: Map<string, unknown>;
  words: string;
  profile: LinkProfile;
}

/**
 * Adds the friendly names chosen in a tuya-in to reports, as if they were data points: to each report that contains a
 * data point they depend on; as changed if their own value has changed. A code of the device with the same spelling has
 * priority.
 */
export class FriendlyReports {
  readonly #words: readonly string[];
  /** By the profile of a device or a configured sub-device. */
  readonly #known = new WeakMap<LinkProfile, Known>();

  private constructor(words: readonly string[]) {
    this.#words = words;
  }

  /** For the friendly names among the chosen names; undefined if there are none. */
  static among(names: readonly string[]): FriendlyReports | undefined {
    const words = names.filter((name) => friendlyWordOf(name) !== undefined);
    return words.length > 0 ? new FriendlyReports(words) : undefined;
  }

  /** @param values the last known values of the device, those of the report included */
  extend(report: DeviceReport, profile: LinkProfile, values: Dps): ToldReport {
    if (report.cid !== profile.cid) return { report, profile };
    const points = this.#points(profile, values);
    if (points.length === 0) return { report, profile };
    const known = this.#knownOf(profile, points);
    const dps: Record<string, DpValue> = { ...report.dps };
    const changed = [...report.changed];
    const previous: Record<string, DpValue> = { ...report.previous };
    const sources: Record<string, Source> = {};
    for (const [word, point] of points) {
      if (!point.dps.some((dp) => Object.hasOwn(report.dps, dp))) continue;
      const before = known.values.get(word);
      const reading = showFriendly(point, profile.dataPoints, values);
      if (!reading) {
        known.values.delete(word);
        continue;
      }
      known.values.set(word, reading.value);
      dps[word] = reading.value as DpValue;
      sources[word] = { dp: reading.dp, raw: reading.raw };
      if (!isDeepStrictEqual(before, reading.value)) changed.push(word);
      if (before !== undefined) previous[word] = before as DpValue;
    }
    return {
      report: { ...report, dps, changed, previous, sources, original: report },
      profile: known.profile,
    };
  }

  #points(profile: LinkProfile, values: Dps): readonly (readonly [word: string, FriendlyPoint])[] {
    const points = friendlyPoints(profile.dataPoints, values);
    return this.#words.flatMap((word) => {
      const point = points.find((each) => each.word === friendlyWordOf(word));
      const isCode = profile.dataPoints.numberOf(word) !== undefined;
      return point && !isCode ? [[word, point] as const] : [];
    });
  }

  /** The extended profile. A device without a table may get more friendly names as it reports more values. */
  #knownOf(profile: LinkProfile, points: readonly (readonly [word: string, FriendlyPoint])[]): Known {
    const words = points.map(([word, { unit }]) => `${word} ${unit}`).join();
    const known = this.#known.get(profile) ?? { values: new Map<string, unknown>(), words: "", profile };
    if (known.words !== words) {
      const own = points.map(([word, point]) => pointAsDataPoint(word, point));
      known.words = words;
      known.profile = {
        ...profile,
        dataPoints: new DataPointMap([...profile.dataPoints.dataPoints, ...own]),
      };
      this.#known.set(profile, known);
    }
    return known;
  }
}

/** Without a type, so that its values are passed unchanged. */
function pointAsDataPoint(word: string, { unit, label }: FriendlyPoint): DataPoint {
  return { ...bareDataPoint(word), code: word, unit, label };
}
