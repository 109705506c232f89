import { randomBytes } from "node:crypto";
import { access, mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { MAX_PROFILE_BYTES, MAX_PROFILES, readProfiles } from "./profile-folder";
import { entriesOf, parseProfile, type Profile } from "../../../src/datapoints/profiles";
import type { ListedTemplate, ListedTemplates } from "../../contract/templates";

/** The result of saving a template, with a sentence for a person. */
export type Saving =
  | { readonly kind: "saved"; readonly id: string; readonly file: string }
  /** There is one of this name already, and `replace` was false. */
  | { readonly kind: "exists"; readonly says: string }
  | { readonly kind: "refused"; readonly says: string }
  | { readonly kind: "failed"; readonly says: string };

const FOLDER = "tuya-templates";
const MAX_NAME = 60;
/** How many problems of a template are told. */
const MAX_SENTENCES = 5;
/** Names that Windows reserves for devices, with any ending. */
const DEVICE_NAME = /^(?:con|prn|aux|nul|com\d|lpt\d)$/;

/** The templates of a Node-RED: those that come with the package, and those that users saved in its user directory. */
export class TemplateFolder {
  readonly #folder: string;
  /** Saves one after the other: otherwise two of the same name could both find that there is none. */
  #saving: Promise<unknown> = Promise.resolve();

  /** @param userDir Node-RED's user directory; undefined = nothing can be saved */
  constructor(userDir: string | undefined) {
    this.#folder = userDir ? path.join(userDir, FOLDER) : "";
  }

  async list(): Promise<ListedTemplates> {
    const shipped = await readProfiles();
    const own = (await this.#exists(this.#folder))
      ? await readProfiles(this.#folder)
      : { profiles: [], problems: [] };
    return {
      folder: this.#folder,
      templates: [
        ...own.profiles.map((profile) => listed(profile, true)),
        ...shipped.profiles.map((profile) => listed(profile, false)),
      ],
      problems: own.problems,
    };
  }

  /** Saves a template in a file named after it, completely or not at all. */
  save(template: unknown, replace: boolean): Promise<Saving> {
    const saving = this.#saving.then(() => this.#save(template, replace));
    this.#saving = saving.catch(() => undefined);
    return saving;
  }

  async #save(template: unknown, replace: boolean): Promise<Saving> {
    if (this.#folder === "") return refused("This Node-RED has no user directory to keep templates in.");
    const { name } = (template ?? {}) as Readonly<Record<string, unknown>>;
    if (typeof name !== "string" || name.trim() === "") return refused("Give the template a name.");
    if (name.trim().length > MAX_NAME)
      return refused(`The name of the template is longer than ${MAX_NAME} characters.`);
    const id = fileNameOf(name);
    if (id === "") return refused("The name of the template needs a letter or a digit.");
    const { profile, problems } = parseProfile(id, template);
    if (!profile) return refused("The table has no data points to save.");
    if (problems.length > 0) return refused(problems.slice(0, MAX_SENTENCES).join(" "));
    const text = `${JSON.stringify(contentOf(profile), undefined, 2)}\n`;
    if (Buffer.byteLength(text) > MAX_PROFILE_BYTES) return refused("The table is too large for a template.");
    const file = path.join(this.#folder, `${id}.json`);
    const exists = await this.#exists(file);
    if (exists && !replace)
      return { kind: "exists", says: `There is a template of this name already: ${id}.json.` };
    if (!exists && (await this.#count()) >= MAX_PROFILES)
      return refused(`There are ${MAX_PROFILES} templates in ${this.#folder} already: remove some of them.`);
    try {
      await this.#write(file, text);
    } catch (error) {
      const { code = "" } = error as NodeJS.ErrnoException;
      return { kind: "failed", says: `The template cannot be written to ${this.#folder} (${code}).` };
    }
    return { kind: "saved", id, file };
  }

  /** Replaces the file in one step, so that readers get the former or the new text, never a part. */
  async #write(file: string, text: string): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    const draft = path.join(this.#folder, `.${randomBytes(6).toString("hex")}.tmp`);
    try {
      await writeFile(draft, text, { flag: "wx" });
      await rename(draft, file);
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    }
  }

  /** The number of files that count as templates; 0 if there is no folder. */
  async #count(): Promise<number> {
    const files = await readdir(this.#folder).catch(() => []);
    return files.filter((file) => file.endsWith(".json")).length;
  }

  #exists(file: string): Promise<boolean> {
    return access(file).then(
      () => true,
      () => false,
    );
  }
}

function listed(profile: Profile, own: boolean): ListedTemplate {
  return { id: profile.id, own, ...contentOf(profile) };
}

/** The content of a profile's file. */
function contentOf(profile: Profile): Readonly<Record<string, unknown>> {
  const { name, categories, notes, refresh, sleepy, core } = profile;
  return {
    name,
    categories,
    ...(notes !== undefined && { notes }),
    ...(refresh !== undefined && { refresh }),
    ...(sleepy && { sleepy }),
    ...(core.length > 0 && { core }),
    datapoints: entriesOf(profile),
  };
}

/**
 * A file name: lower-case letters (of any script) and digits, with dashes between them. Without dots and slashes it is a
 * file in this folder on each system.
 */
export function fileNameOf(name: string): string {
  const words = name
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .normalize("NFC")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "");
  // Cut by characters: one of other scripts takes four bytes at most.
  const joined = Array.from(words.join("-")).slice(0, MAX_NAME).join("");
  return DEVICE_NAME.test(joined) ? `template-${joined}` : joined;
}

function refused(says: string): Saving {
  return { kind: "refused", says };
}
