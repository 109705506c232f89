import { readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import { parseProfile, type Profile } from "../../../src/datapoints/profiles";

/** The folder that comes with the package, relative to the compiled file. */
const SHIPPED = path.join(__dirname, "../../../../profiles");

/** Some people keep a file for each product; a table of 500 data points takes 60 kB. */
export const MAX_PROFILES = 500;
export const MAX_PROFILE_BYTES = 256 * 1024;

export interface ReadProfiles {
  readonly profiles: readonly Profile[];
  /** A sentence for each file that was left out, or read only in part. */
  readonly problems: readonly string[];
}

/**
 * Reads the profiles of a folder, in the order of their names. Never rejects: files that cannot be read are named in
 * `problems`.
 */
export async function readProfiles(folder: string = SHIPPED): Promise<ReadProfiles> {
  const profiles: Profile[] = [];
  const problems: string[] = [];
  const names = await readdir(folder).catch(() => undefined);
  if (!names) return { profiles, problems: [`The folder of templates ${folder} cannot be read.`] };
  const files = names.filter((file) => file.endsWith(".json")).sort();
  if (files.length > MAX_PROFILES)
    problems.push(`Only the first ${MAX_PROFILES} of ${files.length} templates are read.`);
  for (const name of files.slice(0, MAX_PROFILES)) {
    const json = await readJson(path.join(folder, name));
    const { profile, problems: reasons } =
      "reason" in json
        ? { profile: undefined, problems: [json.reason] }
        : parseProfile(path.basename(name, ".json"), json.value);
    if (profile) profiles.push(profile);
    problems.push(...reasons.map((reason) => `Template ${name}: ${reason}`));
  }
  return { profiles, problems };
}

async function readJson(file: string): Promise<{ readonly value: unknown } | { readonly reason: string }> {
  try {
    const found = await stat(file);
    if (!found.isFile()) return { reason: "It is no file." };
    if (found.size > MAX_PROFILE_BYTES) return { reason: "It is too large for a template." };
    const text = await readFile(file, "utf8");
    return readText(text);
  } catch {
    return { reason: "It cannot be read." };
  }
}

function readText(text: string): { readonly value: unknown } | { readonly reason: string } {
  try {
    // Editors on Windows put a byte order mark before the text.
    return { value: JSON.parse(text.replace(/^\ufeff/, "")) as unknown };
  } catch {
    return { reason: "It is no JSON." };
  }
}
