import { sourcesOf } from "../import/device-list";
import { type Family, joinFamilies } from "../import/families";
import { type Fields, textField } from "../import/fields";
import { DATA_CENTRE_IDS, dataCentre, type DataCentreId } from "./data-centres";
import { fetchChildren, fetchSpecifications, productOf } from "./details";
import { countDevices, listDevices } from "./device-pages";
import { PlatformError, type PlatformProblem, type ProblemCode } from "./problem";
import { PlatformSession, type SessionOptions } from "./platform-session";

/** The request. The secret is used to sign, and stored nowhere. */
export interface FetchRequest {
  readonly accessId: string;
  readonly accessSecret: string;
  readonly dataCentre: DataCentreId;
}

/** The present step, to be shown to people. */
export type FetchStep =
  | { readonly step: "devices"; readonly host: string; readonly count: number }
  | { readonly step: "datapoints"; readonly done: number; readonly of: number }
  /** There are no devices where they were expected: the other data centres are asked. */
  | { readonly step: "search"; readonly host: string };

/** The devices with all that belongs to them, or why there are none. */
export type FetchResult =
  ({ readonly ok: true } & Family) | { readonly ok: false; readonly problem: PlatformProblem };

export interface FetchOptions {
  /** Ends the fetch; the result is a problem CANCELLED. */
  readonly signal: AbortSignal;
  readonly progress?: (step: FetchStep) => void;
  /** For tests: every data centre is this port of 127.0.0.1; the `Host` header says which. */
  readonly loopbackPort?: number | undefined;
  /** How long one request may take; default 15 s. */
  readonly requestTimeoutMs?: number;
  /** How long all requests together may take; default 2 minutes. */
  readonly totalTimeoutMs?: number;
}

const REQUEST_TIMEOUT_MS = 15_000;
const TOTAL_TIMEOUT_MS = 120_000;

/** Problems that may come from having chosen the wrong data centre. */
const WRONG_PLACE: readonly ProblemCode[] = ["DATA_CENTRE", "ADDRESS_REFUSED", "NOT_LINKED"];

/**
 * Fetches the devices of a project of the Tuya developer platform with local keys, gateways and data points. If there are
 * none, looks for them in the other data centres, and says where they are. Never throws, never repeats a request that
 * failed.
 */
export async function fetchDevices(request: FetchRequest, options: FetchOptions): Promise<FetchResult> {
  const refusal = checkInput(request);
  if (refusal) return { ok: false, problem: refusal };
  const overall = new AbortController();
  const cancel = (): void => overall.abort();
  const { totalTimeoutMs = TOTAL_TIMEOUT_MS, requestTimeoutMs = REQUEST_TIMEOUT_MS, loopbackPort } = options;
  let isLate = false;
  const deadline = setTimeout(() => {
    isLate = true;
    cancel();
  }, totalTimeoutMs);
  options.signal.addEventListener("abort", cancel);
  if (options.signal.aborted) cancel();
  const fetcher = new Fetcher(
    request,
    { signal: overall.signal, timeoutMs: requestTimeoutMs, loopbackPort },
    options.progress ?? (() => undefined),
  );
  try {
    return { ok: true, ...(await fetcher.fetch()) };
  } catch (error) {
    return { ok: false, problem: isLate ? tooSlow(totalTimeoutMs) : problemOf(error) };
  } finally {
    clearTimeout(deadline);
    options.signal.removeEventListener("abort", cancel);
  }
}

class Fetcher {
  readonly #request: FetchRequest;
  readonly #session: SessionOptions;
  readonly #progress: (step: FetchStep) => void;

  constructor(request: FetchRequest, session: SessionOptions, progress: (step: FetchStep) => void) {
    this.#request = request;
    this.#session = session;
    this.#progress = progress;
  }

  async fetch(): Promise<Family> {
    const here = this.#request.dataCentre;
    const session = this.#sessionWith(here);
    try {
      const devices = await this.#list(session);
      if (devices.length > 0) return await this.#complete(session, devices);
      throw new PlatformError(notLinked(here));
    } catch (error) {
      if (!(error instanceof PlatformError) || !WRONG_PLACE.includes(error.problem.code)) throw error;
      const elsewhere = await this.#search(here);
      throw elsewhere ? new PlatformError(elsewhere) : error;
    }
  }

  #list(session: PlatformSession): Promise<readonly Fields[]> {
    const { host } = session;
    this.#progress({ step: "devices", host, count: 0 });
    return listDevices(session, (count) => this.#progress({ step: "devices", host, count }));
  }

  async #complete(session: PlatformSession, devices: readonly Fields[]): Promise<Family> {
    const children = await fetchChildren(session, devices);
    const { found, missing } = await fetchSpecifications(session, devices, (done, of) =>
      this.#progress({ step: "datapoints", done, of }),
    );
    const entries = devices.map((device) => ({
      ...device,
      ...children.get(textField(device, "id")),
      specification: found.get(productOf(device)),
    }));
    const family = joinFamilies(sourcesOf(entries) ?? []);
    if (missing === 0) return family;
    const products = missing === 1 ? "one product" : `${missing} products`;
    const problem = `The platform tells no data points of ${products}; they can be learnt from the device.`;
    return { devices: family.devices, problems: [...family.problems, problem] };
  }

  /** Looks for devices in the other data centres. Their errors are ignored. */
  async #search(here: DataCentreId): Promise<PlatformProblem | undefined> {
    for (const id of DATA_CENTRE_IDS.filter((candidate) => candidate !== here)) {
      const session = this.#sessionWith(id);
      this.#progress({ step: "search", host: session.host });
      try {
        const count = await countDevices(session);
        if (count > 0) return elsewhere(count, id, here);
      } catch (error) {
        if (!(error instanceof PlatformError) || error.problem.code === "CANCELLED") throw error;
      }
    }
    return undefined;
  }

  #sessionWith(id: DataCentreId): PlatformSession {
    return new PlatformSession(id, this.#request, this.#session);
  }
}

function checkInput({ accessId, accessSecret }: FetchRequest): PlatformProblem | undefined {
  const where =
    "They stand on platform.tuya.com under Cloud → Project Management → your project → Overview, beside each other.";
  const refuse = (says: string): PlatformProblem => ({ code: "BAD_INPUT", says, remedy: where });
  if (accessId === "" || accessSecret === "") {
    return refuse(`The access ${accessId === "" ? "id" : "secret"} is missing.`);
  }
  // Both are sent in headers, so other characters are refused.
  const isWord = (text: string): boolean => /^[\w-]{8,64}$/.test(text);
  if (!isWord(accessId)) return refuse("The access id is no access id: those are 20 letters and digits.");
  if (!isWord(accessSecret)) {
    return refuse("The access secret is no access secret: those are 32 letters and digits.");
  }
  return undefined;
}

function notLinked(id: DataCentreId): PlatformProblem {
  return {
    code: "NOT_LINKED",
    says: `The project has no devices, neither in ${dataCentre(id).name} nor in another data centre: no app account is linked with it, or one without devices.`,
    remedy:
      "On platform.tuya.com, open Cloud → Project Management → your project → Devices → Link App Account → Add App Account, and scan the QR code with the app your devices are in.",
  };
}

function elsewhere(count: number, id: DataCentreId, here: DataCentreId): PlatformProblem {
  const { name } = dataCentre(id);
  const devices = count === 1 ? "Your device is" : `Your ${count} devices are`;
  return {
    code: "DATA_CENTRE",
    says: `${devices} in ${name}, not in ${dataCentre(here).name}.`,
    remedy: `Choose the data centre ${name}.`,
    dataCentre: id,
  };
}

function tooSlow(totalTimeoutMs: number): PlatformProblem {
  return {
    code: "TIMEOUT",
    says: `The Tuya platform took longer than ${Math.round(totalTimeoutMs / 1000)} s for all its answers.`,
    remedy: "Try again later.",
  };
}

function problemOf(error: unknown): PlatformProblem {
  if (error instanceof PlatformError) return error.problem;
  return {
    code: "NONSENSE",
    says: "What the Tuya platform answered could not be understood.",
    remedy: "Try again later, or import the devices.json of tinytuya instead.",
  };
}
