import type { NodeAPI } from "node-red";
import { diagnose } from "../../../src/diagnosis/diagnose";
import type { DiagnosisLine } from "../../../src/diagnosis/lines";
import { checkTarget, resolveLocal } from "../../../src/discovery/local-target";
import type { KnownDevices } from "../../../src/device/attempts/known-devices";
import type { DiagnosisTimings } from "../../../src/diagnosis/timings";
import { configuredDevice, configuredNames } from "../../link/configured-devices";
import type { ShareDiscovery } from "../../runtime/discovery-share";
import { LineStream } from "../line-stream";
import { post, refuse, type Request, type Response } from "../route";
import { storedKeyUse, type UseStoredKey } from "../keys/stored-key-use";
import { readTestRequest } from "./test-request";
import type { DiagnosisInput } from "../../../src/diagnosis/input";

export interface TestRouteOptions {
  readonly share: ShareDiscovery;
  /** Devices that proved their key before. */
  readonly known?: KnownDevices | undefined;
  readonly timings?: Partial<DiagnosisTimings>;
}

/** How many tests may run at the same time, of all devices together. */
const MAX_TESTS = 4;

/**
 * `POST tuya/test` (permission `tuya.write`): tests whether a device works, and why not. No answer contains a key.
 * Register once per load of the module.
 */
export function registerTestRoute(RED: NodeAPI, options: TestRouteOptions): void {
  const route = new TestRoute(options, storedKeyUse(RED, options.share));
  post(RED, "/tuya/test", "Testing a device", (request, response) => route.test(request, response));
}

class TestRoute {
  readonly #options: TestRouteOptions;
  readonly #useStoredKey: UseStoredKey;
  /** Devices under test, by id. */
  readonly #testing = new Set<string>();

  constructor(options: TestRouteOptions, useStoredKey: UseStoredKey) {
    this.#options = options;
    this.#useStoredKey = useStoredKey;
  }

  /** Answers with one JSON object a line, each as soon as its step is done. */
  async test(request: Request, response: Response): Promise<void> {
    const read = readTestRequest(request.body, this.#useStoredKey);
    if ("refusal" in read) return refuse(response, 400, read.refusal);
    const { deviceId } = read.input;
    if (this.#testing.has(deviceId)) return refuse(response, 429, "This device is being tested already.");
    if (this.#testing.size >= MAX_TESTS) {
      return refuse(response, 429, "Too many tests run at this moment. Wait for one of them to end.");
    }
    this.#testing.add(deviceId);
    try {
      const target = await checkTarget(read.input.ip, configuredDevice(deviceId)?.settings?.ip);
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
        known: this.#options.known,
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
}
