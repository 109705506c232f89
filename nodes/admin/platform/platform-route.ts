import type { NodeAPI } from "node-red";
import type { ImportedDevice } from "../../../src/import/imported-device";
import { isPort } from "../../../src/limits";
import { countCharacters } from "../../../src/local-key";
import { isDataCentreId } from "../../../src/platform/data-centres";
import { fetchDevices, type FetchRequest } from "../../../src/platform/fetch-devices";
import type { ComparedKeys, KeyComparison, KeysToCompare } from "../../contract/keys";
import type { ComparedNode, KeysStored, KeysToStore, PlatformDevice } from "../../contract/platform";
import { ConfiguredKeys, type KeyHolder } from "../keys/configured-keys";
import { KeyTickets } from "../keys/key-tickets";
import { LineStream } from "../line-stream";
import { PendingKeys } from "../keys/pending-keys";
import { textOf, isPlainObject } from "../../runtime/properties";
import { fieldsOf } from "../request-fields";
import { post, refuse, type Request, type Response } from "../route";
import { isForeign } from "../keys/stored-key";

export interface PlatformRouteOptions {
  /** How long fetched keys are kept for use, in milliseconds. */
  readonly keepMs?: number;
}

const KEEP_MS = 15 * 60_000;
/** The most nodes in one request. */
const MAX_NODES = 5_000;
/** Longer than any id, key, secret or ticket. */
const MAX_TEXT = 256;

/**
 * Routes for keys from the Tuya platform or a file, all with the permission `tuya.write`. No answer contains a key. Bodies
 * and answers are in `nodes/contract/platform.ts` and `keys.ts`.
 *
 * `POST tuya/platform/fetch` `{accessId, accessSecret, dataCentre}`: fetches devices from the Tuya developer platform.
 * Answers one JSON object a line: steps, then `{ticket, devices, problems}` or `{problem}`. The keys stay here, under the
 * ticket. `POST tuya/platform/apply` `{ticket, nodes: {<node id>: <device id>}}`: puts them into the credential store.
 * `POST tuya/keys/compare` `{keys: [{nodeId, localKey}]}`: answers `{<node id>: "same" | "other" | "none"}`.
 */
export function registerPlatformRoutes(RED: NodeAPI, options: PlatformRouteOptions = {}): void {
  const routes = new PlatformRoutes(RED, options.keepMs ?? KEEP_MS);
  post(RED, "/tuya/platform/fetch", "Fetching devices", (request, response) =>
    routes.fetch(request, response),
  );
  post(RED, "/tuya/platform/apply", "Storing keys", (request, response) => routes.apply(request, response));
  post(RED, "/tuya/keys/compare", "Comparing keys", (request, response) => routes.compare(request, response));
}

class PlatformRoutes {
  readonly #RED: NodeAPI;
  readonly #configured: ConfiguredKeys;
  readonly #tickets: KeyTickets;
  readonly #pending: PendingKeys;
  #isFetching = false;

  constructor(RED: NodeAPI, keepMs: number) {
    this.#RED = RED;
    this.#configured = new ConfiguredKeys(RED);
    this.#tickets = new KeyTickets(keepMs);
    this.#pending = new PendingKeys(RED);
  }

  async fetch(request: Request, response: Response): Promise<void> {
    const asked = readFetchRequest(request.body);
    if (typeof asked === "string") return refuse(response, 400, asked);
    const { tuyaDevicePlatform } = this.#RED.settings as { readonly tuyaDevicePlatform?: unknown };
    const { isAllowed, loopbackPort } = readPlatformSettings(tuyaDevicePlatform);
    if (!isAllowed) {
      return refuse(response, 403, "Requests to the Tuya platform are switched off in settings.js.");
    }
    if (this.#isFetching) {
      return refuse(response, 429, "Devices are being fetched already. Wait until that has ended.");
    }
    this.#isFetching = true;
    const stream = new LineStream<object>(response);
    const { signal } = stream;
    const write = (line: object): void => stream.write(line);
    try {
      const result = await fetchDevices(asked, { signal, progress: write, loopbackPort });
      if (signal.aborted) return;
      if (!result.ok) return write({ problem: result.problem });
      const keys = new Map(
        result.devices.flatMap(({ id, localKey }) => (localKey === "" ? [] : [[id, localKey] as const])),
      );
      const devices = toPlatformDevices(result.devices, this.#configured);
      write({ ticket: this.#tickets.keep(keys), devices, problems: result.problems });
    } finally {
      this.#isFetching = false;
      stream.end();
    }
  }

  apply(request: Request, response: Response): void {
    const asked = readApplyRequest(request.body);
    if (typeof asked === "string") return refuse(response, 400, asked);
    const fetched = this.#tickets.find(asked.ticket);
    if (!fetched) {
      return refuse(response, 410, "The fetched keys are not kept any longer. Fetch the devices again.");
    }
    const keys = new Map<string, string>();
    for (const [nodeId, deviceId] of asked.nodes) {
      const key = fetched.get(deviceId);
      if (isForeign(this.#RED, nodeId)) {
        return refuse(response, 400, `The node ${nodeId} is no tuya-device. Nothing was changed.`);
      }
      if (key === undefined) {
        return refuse(response, 400, `No key was fetched for the device ${deviceId}. Nothing was changed.`);
      }
      keys.set(nodeId, key);
    }
    this.#tickets.forget(asked.ticket);
    this.#pending.add(keys);
    response.json({ stored: keys.size } satisfies KeysStored);
  }

  compare(request: Request, response: Response): void {
    const { keys } = fieldsOf<KeysToCompare>(request.body);
    if (!Array.isArray(keys) || keys.length > MAX_NODES) {
      return refuse(response, 400, "The request has no list of keys, or too long a one.");
    }
    const compared = new Map<string, KeyComparison>();
    for (const item of keys as unknown[]) {
      const { nodeId, localKey } = fieldsOf<KeysToCompare["keys"][number]>(item);
      if (!isShortText(nodeId) || !isShortText(localKey)) {
        return refuse(response, 400, "Something in the list is no node id with a key.");
      }
      compared.set(nodeId, this.#configured.compare(nodeId, localKey));
    }
    response.json(Object.fromEntries(compared) satisfies ComparedKeys);
  }
}

/** `tuyaDevicePlatform` of `settings.js`. */
interface PlatformSettings {
  /** `tuyaDevicePlatform: false` forbids all requests to the Tuya platform. */
  readonly isAllowed: boolean;
  /**
   * For tests: a server on this port of 127.0.0.1 is used in place of the platform. No other host can be named, because
   * access secrets are sent there.
   */
  readonly loopbackPort: number | undefined;
}

function readPlatformSettings(value: unknown): PlatformSettings {
  const port = isPlainObject(value) ? value["loopbackPort"] : undefined;
  if (port === undefined) return { isAllowed: value !== false, loopbackPort: undefined };
  // A faulty value must not lead a test to the real platform.
  return isPort(port)
    ? { isAllowed: true, loopbackPort: port }
    : { isAllowed: false, loopbackPort: undefined };
}

function readFetchRequest(body: unknown): FetchRequest | string {
  const { accessId, accessSecret, dataCentre } = fieldsOf<FetchRequest>(body);
  if (!isShortText(accessId) || !isShortText(accessSecret) || !isShortText(dataCentre)) {
    return "The request has no access id, no access secret or no data centre.";
  }
  if (!isDataCentreId(dataCentre)) return "There is no such data centre.";
  return { accessId: textOf(accessId), accessSecret: textOf(accessSecret), dataCentre };
}

function readApplyRequest(
  body: unknown,
): { readonly ticket: string; readonly nodes: readonly (readonly [string, string])[] } | string {
  const { ticket, nodes } = fieldsOf<KeysToStore>(body);
  if (!isShortText(ticket) || !isPlainObject(nodes)) return "The request has no ticket or no nodes.";
  const entries = Object.entries(nodes);
  const isRight = (entry: [string, unknown]): entry is [string, string] =>
    /^[\w.-]{1,64}$/.test(entry[0]) && entry[0] !== "__proto__" && isShortText(entry[1]);
  if (entries.length > MAX_NODES || !entries.every(isRight)) return "The request's nodes cannot be ones.";
  return { ticket, nodes: entries };
}

function isShortText(value: unknown): value is string {
  return typeof value === "string" && value.length <= MAX_TEXT;
}

/** The fetched devices as they are sent to the browser: without keys. */
function toPlatformDevices(
  devices: readonly ImportedDevice[],
  configured: ConfiguredKeys,
): readonly PlatformDevice[] {
  const holders = configured.holders();
  return devices.map((device) => {
    const { localKey, values: _values, keyLength: _keyLength, keyState: _keyState, ...rest } = device;
    const nodes = holders
      .filter(({ deviceId }) => deviceId === device.id)
      .map((holder) => comparedNode(holder, localKey, configured));
    return { ...rest, keyLength: countCharacters(localKey), keyState: stateOf(localKey, nodes), nodes };
  });
}

function comparedNode(
  { nodeId, name, variable }: KeyHolder,
  localKey: string,
  configured: ConfiguredKeys,
): ComparedNode {
  return { nodeId, name, key: configured.compare(nodeId, localKey), ...(variable && { variable }) };
}

function stateOf(localKey: string, nodes: readonly ComparedNode[]): PlatformDevice["keyState"] {
  if (localKey === "") return "none";
  if (nodes.length === 0) return "new";
  return nodes.every(({ key }) => key === "same") ? "same" : "other";
}
