import { readFileSync, statSync } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import path from "node:path";
import type { NodeAPI } from "node-red";
import type { KnownDevice, KnownDevices } from "../../src/device/attempts/known-devices";
import { isJsonObject } from "../../src/protocol/message";
import { isProtocolVersion, type ProtocolVersion } from "../../src/protocol/version";

const FILE = "tuya-known-devices.json";
/** A note in the file for people who open it. */
const NOTE =
  "Written by node-red-tuya: where each device proved its key last, and in which protocol version. No keys. Delete it to have the devices found anew.";
/** The longest file that is read. Longer than those written. */
const MAX_FILE_BYTES = 1_048_576;
/** Ids have 20 to 22 characters, host names 253 at most: so the file is shorter than half a megabyte. */
const MAX_DEVICES = 1_000;
const MAX_ID = 64;
const MAX_ADDRESS = 253;

interface Entry extends KnownDevice {
  /** When it proved its key there for the first time, as an ISO date. */
  readonly proven: string;
}

/** Known devices that outlive a restart of Node-RED: a small file in its user directory. */
export class KnownDevicesFile implements KnownDevices {
  readonly #file: string | undefined;
  readonly #warn: (sentence: string) => void;
  /** In the order of the last proof, the oldest first. */
  readonly #devices = new Map<string, Entry>();
  #writing: Promise<void> | undefined;
  #isStale = false;
  #hasWarned = false;

  /** @param userDir undefined = nothing is written; devices are forgotten when the process ends */
  constructor(userDir: string | undefined, warn: (sentence: string) => void) {
    this.#file = userDir ? path.join(userDir, FILE) : undefined;
    this.#warn = warn;
    this.#load();
  }

  recall(deviceId: string): KnownDevice | undefined {
    return this.#devices.get(deviceId);
  }

  remember(deviceId: string, { ip, version }: KnownDevice): void {
    const known = this.#devices.get(deviceId);
    if (known?.ip === ip && known.version === version) return;
    if (deviceId.length > MAX_ID || ip.length > MAX_ADDRESS) return;
    this.#devices.delete(deviceId);
    this.#devices.set(deviceId, { ip, version, proven: new Date().toISOString() });
    const [oldest = ""] = this.#devices.keys();
    if (this.#devices.size > MAX_DEVICES) this.#devices.delete(oldest);
    this.#isStale = true;
    this.#writing ??= this.#write();
  }

  /** Resolves when everything is written, or writing has failed. */
  async written(): Promise<void> {
    await this.#writing;
  }

  #load(): void {
    if (!this.#file) return;
    const read = readEntries(this.#file);
    if (read.problem !== undefined)
      this.#warnOnce(
        `${this.#file} cannot be read (${read.problem}): which device speaks what is found out anew.`,
      );
    for (const [id, entry] of read.entries) this.#devices.set(id, entry);
  }

  /** Writes until nothing has changed meanwhile. The old file is replaced when the new one is complete. */
  async #write(): Promise<void> {
    const file = this.#file;
    try {
      while (file && this.#isStale) {
        this.#isStale = false;
        const devices = Array.from(this.#devices, ([id, { ip, version, proven }]) => ({
          id,
          address: ip,
          version,
          proven,
        }));
        const draft = `${file}.new`;
        await writeFile(draft, `${JSON.stringify({ note: NOTE, devices }, undefined, 1)}\n`, { mode: 0o600 });
        await rename(draft, file);
      }
    } catch (error) {
      this.#warnOnce(
        `${file} cannot be written (${String(error)}): which device speaks what is found out anew after a restart.`,
      );
    } finally {
      this.#writing = undefined;
    }
  }

  #warnOnce(sentence: string): void {
    if (this.#hasWarned) return;
    this.#hasWarned = true;
    this.#warn(sentence);
  }
}

interface ReadEntries {
  readonly entries: readonly (readonly [string, Entry])[];
  /** Why the file, or a part of it, was not read. */
  readonly problem?: string;
}

function readEntries(file: string): ReadEntries {
  let text: string;
  try {
    if (statSync(file).size > MAX_FILE_BYTES) return { entries: [], problem: "it is too long" };
    text = readFileSync(file, "utf8");
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === "ENOENT";
    return { entries: [], ...(isMissing ? {} : { problem: String(error) }) };
  }
  const listed = parseList(text);
  if (!listed) return { entries: [], problem: "it is damaged" };
  const entries = listed.slice(-MAX_DEVICES).flatMap((item) => readEntry(item) ?? []);
  return { entries, ...(entries.length < listed.length ? { problem: "a part of it is damaged" } : {}) };
}

function parseList(text: string): readonly unknown[] | undefined {
  try {
    const json: unknown = JSON.parse(text);
    return isJsonObject(json) && Array.isArray(json["devices"]) ? json["devices"] : undefined;
  } catch {
    return undefined;
  }
}

/** In an array, because `flatMap` flattens its result. */
function readEntry(item: unknown): [[string, Entry]] | undefined {
  if (!isJsonObject(item)) return undefined;
  const { id, address, version, proven } = item;
  const isWhole = isText(id, MAX_ID) && isText(address, MAX_ADDRESS) && isProtocolVersion(version);
  if (!isWhole) return undefined;
  return [
    [id, { ip: address, version: version as ProtocolVersion, proven: isText(proven, 40) ? proven : "" }],
  ];
}

function isText(value: unknown, longest: number): value is string {
  return typeof value === "string" && value !== "" && value.length <= longest;
}

/** The known devices of a running Node-RED. */
export function knownDevicesOf(RED: NodeAPI): KnownDevices & { written(): Promise<void> } {
  return new KnownDevicesFile(RED.settings.userDir, (sentence) => RED.log.warn(sentence));
}
