import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import type { Runtime } from "./node-red";

const run = promisify(execFile);

/** How Node-RED's palette manager installs a package. */
const PALETTE_INSTALL =
  "install --no-audit --no-update-notifier --no-fund --save --save-prefix=~ --omit=dev --engine-strict".split(
    " ",
  );

/** The newest Node-RED and the oldest Node.js it runs on that gets updates. */
const NEWEST = { "node-red": "5.0.7", node: "22.23.3" };
const NEWEST_FOLDER = path.resolve(".cache", "node-red-5");
/** For a download that is cut off where the network is slow or silent. */
export const FETCH_MS = 300_000;

export interface PackedFile {
  readonly path: string;
  readonly size: number;
}

export interface Tarball {
  readonly file: string;
  /** Bytes. */
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: readonly PackedFile[];
}

/** Packs what `npm run build` has built. */
export async function pack(folder: string): Promise<Tarball> {
  const args = ["pack", "--ignore-scripts", "--json", "--pack-destination", folder];
  const { stdout } = await run("npm", args);
  const [tarball] = JSON.parse(stdout) as [Omit<Tarball, "file"> & { readonly filename: string }];
  return { ...tarball, file: path.join(folder, tarball.filename) };
}

/** Installs a package into an empty folder, as a user does from the editor. Nothing has to be fetched, so nothing may be. */
export async function installFromPalette(tarball: string, userDir: string): Promise<void> {
  await mkdir(userDir, { recursive: true });
  await writeFile(path.join(userDir, "package.json"), '{ "name": "node-red-project", "version": "0.0.1" }');
  await run("npm", [...PALETTE_INSTALL, "--offline", tarball], { cwd: userDir });
}

/** The newest Node-RED, from a folder that is kept; fetched from the npm registry where that is empty. */
export async function newestRuntime(): Promise<Runtime> {
  const modules = path.join(NEWEST_FOLDER, "node_modules");
  const isThere = Object.entries(NEWEST).every(
    ([name, version]) => versionOf(path.join(modules, name)) === version,
  );
  if (!isThere) await fetchNewest();
  return {
    nodeRed: path.join(modules, "node-red", "lib", "red.js"),
    node: path.join(modules, "node", "bin", process.platform === "win32" ? "node.exe" : "node"),
  };
}

async function fetchNewest(): Promise<void> {
  await mkdir(NEWEST_FOLDER, { recursive: true });
  const packages = Object.entries(NEWEST).map(([name, version]) => `${name}@${version}`);
  const args = ["install", "--prefix", NEWEST_FOLDER, "--no-audit", "--no-fund", "--no-update-notifier"];
  try {
    await run("npm", [...args, ...packages], { timeout: FETCH_MS });
  } catch (error) {
    // npm's whole report would bury the sentence.
    const [code = "time-out"] = /(?<=npm error code )\w+/.exec((error as { stderr: string }).stderr) ?? [];
    throw new Error(
      `${packages.join(" and ")} could not be fetched from the npm registry (${code}). Check the network, or set SKIP_PACKAGE_TEST=1 to test without them.`,
    );
  }
}

function versionOf(folder: string): string | undefined {
  const file = path.join(folder, "package.json");
  if (!existsSync(file)) return undefined;
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}
