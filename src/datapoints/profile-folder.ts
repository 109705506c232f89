import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { parseProfile, type Profile } from "./profiles";

/** The folder that comes with the package, as seen from `dist/src/datapoints`. */
const SHIPPED = path.join(__dirname, "../../../profiles");

export interface ReadProfiles {
  readonly profiles: readonly Profile[];
  /** A sentence for every file that was left out, or read in part. */
  readonly problems: readonly string[];
}

/** Reads the profiles of a folder, in the order of their names. Never rejects: what cannot be read is named. */
export async function readProfiles(folder: string = SHIPPED): Promise<ReadProfiles> {
  const profiles: Profile[] = [];
  const problems: string[] = [];
  const names = await readdir(folder).catch(() => undefined);
  if (!names) return { profiles, problems: [`The folder of profiles ${folder} cannot be read.`] };
  for (const name of names.filter((file) => file.endsWith(".json")).sort()) {
    const json = await readJson(path.join(folder, name));
    const { profile, problems: reasons } = json.ok
      ? parseProfile(path.basename(name, ".json"), json.value)
      : { profile: undefined, problems: ["It is no JSON."] };
    if (profile) profiles.push(profile);
    problems.push(...reasons.map((reason) => `Profile ${name}: ${reason}`));
  }
  return { profiles, problems };
}

async function readJson(
  file: string,
): Promise<{ readonly ok: true; readonly value: unknown } | { readonly ok: false }> {
  try {
    return { ok: true, value: JSON.parse(await readFile(file, "utf8")) as unknown };
  } catch {
    return { ok: false };
  }
}
