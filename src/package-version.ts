import { readFileSync } from "node:fs";
import path from "node:path";

/** The version in this package's package.json. */
export function packageVersion(): string {
  // Two folders above the compiled file in dist/src.
  const file = path.join(__dirname, "..", "..", "package.json");
  return (JSON.parse(readFileSync(file, "utf8")) as { readonly version: string }).version;
}
