import type { DataPointEntry } from "../../../src/datapoints/datapoint";
import {
  chooseProfile,
  entriesOf,
  matchProfiles,
  type Clues,
  type Profile,
  type ProfileMatch,
} from "../../../src/datapoints/profiles";

/** A template: one that comes with the package, or one a user saved. */
export interface Template {
  readonly profile: Profile;
  /** Saved by a user of this Node-RED. */
  readonly isOwn: boolean;
}

/** What is known about a device. An `ImportedDevice` can be used as well. */
export interface DeviceClues {
  /** Tuya's code for its kind: `cz`, `dj`; "" or absent = not known. */
  readonly category?: string | undefined;
  /** Its reported values by data point; absent = not known. */
  readonly values?: Clues["values"];
  /** The table it has already. */
  readonly datapoints?: readonly unknown[] | undefined;
}

/** A template for a device, and how well it fits. */
export interface ProfileOffer {
  readonly template: Template;
  /** The table for the device: if its values are known, only data points that it has. */
  readonly entries: readonly DataPointEntry[];
  /** How many reported values fit the template; 0 of 0 if no values are known. */
  readonly fits: number;
  readonly reported: number;
}

/** The templates that may fit a device, best first; empty if nothing is known about it. Its own table is ignored. */
export function rankTemplates(templates: readonly Template[], clues: DeviceClues): ProfileOffer[] {
  return matchProfiles(profilesOf(templates), cluesOf(clues)).map((match) =>
    offerOf(match, templates, clues),
  );
}

/**
 * The template to offer for a device without data points; undefined if it has some, or no template fits clearly better
 * than the others. Of templates that fit equally, one that a user saved is taken.
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
