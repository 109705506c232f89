import type { YamlReader } from "../../../src/import/yaml";
import { resource } from "./resource";

const load = resource<{ readonly readYaml: YamlReader }>("yaml.js");

/** The reader of YAML. */
export async function loadYaml(): Promise<YamlReader> {
  return (await load()).readYaml;
}
