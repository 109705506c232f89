/** Resolves when everything has arrived that is on its way between nodes. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
}
