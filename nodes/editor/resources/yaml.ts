// Built into its own file, resources/yaml.js: the editor loads it only when a user pastes YAML.
import { defineScalarTag, load, mapTag, mergeTag, Schema, seqTag, strTag, YAMLException } from "js-yaml";
import type { YamlReader } from "../../../src/import/yaml";

/** Home Assistant's own tags: `!secret name` stands for a text that is elsewhere. */
const ELSEWHERE = defineScalarTag("!", { matchByTagPrefix: true, resolve: () => "", identify: () => false });

/** Scalars are always texts, so that an id of digits stays unchanged. */
const TEXTS = new Schema([strTag, seqTag, mapTag, mergeTag, ELSEWHERE]);

/** More than files made by hand have. */
const MAX_ALIASES = 1000;

export const readYaml: YamlReader = (text) => {
  try {
    return { ok: true, value: load(text, { schema: TEXTS, maxAliases: MAX_ALIASES, json: true }) };
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    // Cut before a quotation, which may contain a part of a key.
    const [reason = ""] = error.reason.split(/["'`<!&*:]/);
    return { ok: false, line: (error.mark?.line ?? 0) + 1, reason: reason.trim() };
  }
};
