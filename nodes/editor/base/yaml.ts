import type { YamlReader } from "../../../src/import/yaml";
import { resource } from "./resource";

const load = resource<{ readonly readYaml: YamlReader }>("yaml.js");

/** Loads the reader of YAML, unless that is done. Rejects if the server does not send it. */
export async function loadYaml(): Promise<YamlReader> {
  return (await load()).readYaml;
}
