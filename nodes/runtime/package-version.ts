import { readFileSync } from "node:fs";
import path from "node:path";

/** The version of this package, as its package.json has it. */
export const PACKAGE_VERSION: string = (() => {
  // Three folders up from where this file is compiled to: dist/nodes/runtime.
  const file = path.join(__dirname, "..", "..", "..", "package.json");
  return (JSON.parse(readFileSync(file, "utf8")) as { readonly version: string }).version;
})();
