import type { NodeAPI } from "node-red";
import { diagnose } from "../../src/diagnosis/diagnose";
import { checkTarget, resolveLocal } from "../../src/diagnosis/local-target";
import type { DiagnosisTimings } from "../../src/diagnosis/timings";
import { configuredDevice, configuredNames } from "./configured-devices";
import type { DiscoveryShare, ShareDiscovery } from "./discovery-share";
import { listedDevices } from "./listed-device";
import { networkHealth } from "./network-health";
import { storedKeys, type StoredKey } from "./stored-key";
import { readTestRequest } from "./test-request";

type Handler = Parameters<NodeAPI["httpAdmin"]["post"]>[1];
export type Request = Parameters<Extract<Handler, (...args: never[]) => unknown>>[0];
export type Response = Parameters<Extract<Handler, (...args: never[]) => unknown>>[1];

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
  const { httpAdmin, auth } = RED;
  httpAdmin.get("/tuya/devices", auth.needsPermission("tuya.read"), (_request, response) => {
    response.json(routes.devices());
  });
  httpAdmin.get("/tuya/health", auth.needsPermission("tuya.read"), (_request, response) => {
    response.json(routes.health());
  });
  httpAdmin.post("/tuya/test", auth.needsPermission("tuya.write"), (request, response) => {
    routes.test(request, response).catch((error: unknown) => {
      RED.log.error(
        `A test of a Tuya device failed: ${error instanceof Error ? error.message : String(error)}`,
      );
      response.end();
    });
  });
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

  devices(): unknown {
    const discovery = this.#listen()?.discovery;
    return discovery ? listedDevices(discovery) : [];
  }

  health(): unknown {
    return networkHealth(this.#listen()?.discovery);
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
    const abort = new AbortController();
    response.on("close", () => abort.abort());
    try {
      const target = await checkTarget(read.input.ip);
      if ("refusal" in target) return refuse(response, 400, target.refusal);
      await this.#stream({ ...read.input, ip: target.ip }, response, abort.signal);
    } finally {
      this.#testing.delete(deviceId);
    }
  }

  async #stream(
    input: Parameters<typeof diagnose>[0],
    response: Response,
    signal: AbortSignal,
  ): Promise<void> {
    const share = this.#options.share();
    response.status(200).type("application/x-ndjson").set("Cache-Control", "no-store, no-transform");
    response.flushHeaders();
    try {
      const lines = diagnose(input, {
        discovery: share?.discovery,
        running: configuredDevice(input.deviceId)?.device,
        knownNames: configuredNames(),
        resolve: resolveLocal,
        signal,
        timings: this.#options.timings,
      });
      for await (const line of lines) response.write(`${JSON.stringify(line)}\n`);
    } finally {
      share?.release();
      response.end();
    }
  }

  #listen(): DiscoveryShare | undefined {
    clearTimeout(this.#timer);
    if (!this.#kept) {
      this.#kept = this.#options.share();
      this.#endSeeking = this.#kept?.discovery.seek();
    }
    this.#timer = setTimeout(() => this.#stopListening(), this.#options.listenMs ?? LISTEN_MS).unref();
    return this.#kept;
  }

  #stopListening(): void {
    this.#endSeeking?.();
    this.#endSeeking = undefined;
    this.#kept?.release();
    this.#kept = undefined;
  }
}

function refuse(response: Response, status: number, message: string): void {
  response.status(status).json({ message });
}
