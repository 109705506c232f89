/** Where Node-RED serves what is in the package's folder `resources`, relative to the editor's own address. */
const FOLDER = "resources/@localtuya/node-red-tuya/";

/**
 * What few ever need, in a file of the package's folder `resources`: the returned function fetches it when it is first asked
 * for, and anew where that has failed.
 */
export function resource<TModule>(file: string): () => Promise<TModule> {
  let loading: Promise<TModule> | undefined;
  return () => {
    loading ??= load<TModule>(file).catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };
}

async function load<TModule>(file: string): Promise<TModule> {
  return (await import(new URL(FOLDER + file, document.baseURI).href)) as TModule;
}
