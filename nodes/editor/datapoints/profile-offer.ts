import type { DataPointEntry } from "../../../src/datapoints/datapoint";
import {
  chooseProfile,
  entriesOf,
  matchProfiles,
  type Clues,
  type Profile,
  type ProfileMatch,
} from "../../../src/datapoints/profiles";

/** A table of data points to fill a device's with: one that comes with the package, or one somebody saved. */
export interface Template {
  readonly profile: Profile;
  /** Saved by a user of this Node-RED. */
  readonly isOwn: boolean;
}

/** What is known of a device, imported or found: an `ImportedDevice` is such a thing. */
export interface DeviceClues {
  /** Tuya's code of its kind: `cz`, `dj`; "" or absent = not known. */
  readonly category?: string | undefined;
  /** What it reports, by data point; absent = not known. */
  readonly values?: Clues["values"];
  /** The table it has already. */
  readonly datapoints?: readonly unknown[] | undefined;
}

/** A template for a device, and how well it fits. */
export interface ProfileOffer {
  readonly template: Template;
  /** What the device's table would be: where its values are known, what it has of the template. */
  readonly entries: readonly DataPointEntry[];
  /** How many of the data points it reports are what the template says; 0 of 0 where no values are known. */
  readonly fits: number;
  readonly reported: number;
}

/** The templates that may fit a device, best first; none where nothing is known of it. Its own table is not looked at. */
export function rankTemplates(templates: readonly Template[], clues: DeviceClues): ProfileOffer[] {
  return matchProfiles(profilesOf(templates), cluesOf(clues)).map((match) =>
    offerOf(match, templates, clues),
  );
}

/**
 * The one template to offer for a device without data points; undefined where it has some, and where none fits clearly
 * better than the others. Among those that fit alike, the one a user has saved is meant.
 */
export function offerProfile(templates: readonly Template[], clues: DeviceClues): ProfileOffer | undefined {
  if ((clues.datapoints ?? []).length > 0) return undefined;
  const choice = chooseProfile(profilesOf(templates), cluesOf(clues));
  switch (choice.kind) {
    case "one":
      return offerOf(choice.match, templates, clues);
    case "several": {
      const [own, ...others] = choice.matches
        .map((match) => offerOf(match, templates, clues))
        .filter(({ template }) => template.isOwn);
      return others.length === 0 ? own : undefined;
    }
    case "none":
      return undefined;
  }
}

function profilesOf(templates: readonly Template[]): Profile[] {
  return templates.map(({ profile }) => profile);
}

function cluesOf({ category, values }: DeviceClues): Clues {
  return { category: category || undefined, values };
}

function offerOf(
  { profile, unnamed, conflicting }: ProfileMatch,
  templates: readonly Template[],
  { values = {} }: DeviceClues,
): ProfileOffer {
  const reported = Object.keys(values).length;
  return {
    template: templates.find((template) => template.profile === profile) ?? { profile, isOwn: false },
    entries: entriesOf(profile, values),
    fits: reported - unnamed.length - conflicting.length,
    reported,
  };
}
