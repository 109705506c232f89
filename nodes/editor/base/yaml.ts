import type { YamlReader } from "../../../src/import/yaml";

/** Where Node-RED serves what is in the package's folder `resources`, relative to the editor's own address. */
const ADDRESS = "resources/@localtuya/node-red-tuya/yaml.js";

let loading: Promise<YamlReader> | undefined;

/** The reader of YAML, which few ever need: fetched when it is first asked for, and anew where that has failed. */
export function loadYaml(): Promise<YamlReader> {
  loading ??= fetchReader().catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function fetchReader(): Promise<YamlReader> {
  const address = new URL(ADDRESS, document.baseURI).href;
  const { readYaml } = (await import(address)) as { readonly readYaml: YamlReader };
  return readYaml;
}
