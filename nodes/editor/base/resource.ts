/** The URL of the package's folder `resources`, relative to the editor. */
const FOLDER = "resources/@localtuya/node-red-tuya/";

/**
 * Returns a function that loads a module from the package's folder `resources`: at its first call, and again if that has failed. So a
 * large module is loaded only when it is needed. `TModule` is not checked.
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
