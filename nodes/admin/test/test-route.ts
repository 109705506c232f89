import type { NodeAPI } from "node-red";
import { diagnose } from "../../../src/diagnosis/diagnose";
import type { DiagnosisLine } from "../../../src/diagnosis/lines";
import { checkTarget, resolveLocal } from "../../../src/discovery/local-target";
import type { DiagnosisTimings } from "../../../src/diagnosis/timings";
import type { Discovery } from "../../../src/discovery/discovery";
import { configuredDevice, configuredNames } from "../../link/configured-devices";
import type { DiscoveryShare, ShareDiscovery } from "../../runtime/discovery-share";
import { LineStream } from "../line-stream";
import { listedDevices } from "../../tuya-discover/listed-device";
import { networkHealth } from "../../../src/diagnosis/address/network-health";
import { get, post, refuse, type Request, type Response } from "../route";
import { storedKeys, type StoredKey } from "../keys/stored-key";
import { readTestRequest } from "./test-request";
import type { DiagnosisInput } from "../../../src/diagnosis/input";

export interface RouteOptions {
  readonly share: ShareDiscovery;
  /** How long discovery goes on after the editor last asked, in milliseconds. */
  readonly listenMs?: number;
  readonly timings?: Partial<DiagnosisTimings>;
}

/** Tests that may run at the same time, all devices together. */
const MAX_TESTS = 4;
const LISTEN_MS = 60_000;

/**
 * The routes the editor's panels call: `GET tuya/devices` and `GET tuya/health` (permission `tuya.read`), `POST tuya/test`
 * (`tuya.write`). No answer contains a key. Register once per load of the module.
 */
export function registerAdminRoutes(RED: NodeAPI, options: RouteOptions): void {
  const routes = new AdminRoutes(options, storedKeys(RED));
  get(RED, "/tuya/devices", "Listing the devices heard", async (_request, response) => {
    response.json(await routes.devices());
  });
  get(RED, "/tuya/health", "Looking at the network", async (_request, response) => {
    response.json(await routes.health());
  });
  post(RED, "/tuya/test", "Testing a device", (request, response) => routes.test(request, response));
}

class AdminRoutes {
  readonly #options: RouteOptions;
  /** Devices under test, by id. */
  readonly #testing = new Set<string>();
  /** Kept for a while after the editor asked, so that its list fills. */
  #kept: DiscoveryShare | undefined;
  #endSeeking: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;

  readonly #storedKey: StoredKey;

  constructor(options: RouteOptions, storedKey: StoredKey) {
    this.#options = options;
    this.#storedKey = storedKey;
  }

  async devices(): Promise<unknown> {
    const discovery = await this.#listen();
    return discovery ? listedDevices(discovery) : [];
  }

  async health(): Promise<unknown> {
    return networkHealth(await this.#listen());
  }

  /** Answers with one JSON object a line, each as soon as its step is done. */
  async test(request: Request, response: Response): Promise<void> {
    const read = readTestRequest(request.body, this.#storedKey);
    if ("refusal" in read) return refuse(response, 400, read.refusal);
    const { deviceId } = read.input;
    if (this.#testing.has(deviceId)) return refuse(response, 429, "This device is being tested already.");
    if (this.#testing.size >= MAX_TESTS) {
      return refuse(response, 429, "Too many tests run at this moment. Wait for one of them to end.");
    }
    this.#testing.add(deviceId);
    try {
      const target = await checkTarget(read.input.ip);
      if ("refusal" in target) return refuse(response, 400, target.refusal);
      await this.#stream({ ...read.input, ip: target.ip }, new LineStream(response));
    } finally {
      this.#testing.delete(deviceId);
    }
  }

  async #stream(input: DiagnosisInput, lines: LineStream<DiagnosisLine>): Promise<void> {
    const share = this.#options.share();
    const { signal } = lines;
    try {
      const diagnosis = diagnose(input, {
        discovery: share?.discovery,
        running: configuredDevice(input.deviceId)?.device,
        knownNames: configuredNames(),
        resolve: resolveLocal,
        signal,
        timings: this.#options.timings,
      });
      for await (const line of diagnosis) lines.write(line);
    } finally {
      share?.release();
      lines.end();
    }
  }

  /** Resolves once the ports are open: whoever has an answer knows that announcements are heard from now on. */
  async #listen(): Promise<Discovery | undefined> {
    clearTimeout(this.#timer);
    if (!this.#kept) {
      this.#kept = this.#options.share();
      this.#endSeeking = this.#kept?.discovery.seek();
    }
    this.#timer = setTimeout(() => this.#stopListening(), this.#options.listenMs ?? LISTEN_MS).unref();
    const { discovery } = this.#kept ?? {};
    await discovery?.open();
    return discovery;
  }

  #stopListening(): void {
    this.#endSeeking?.();
    this.#endSeeking = undefined;
    this.#kept?.release();
    this.#kept = undefined;
  }
}
