import { randomUUID } from "node:crypto";
import { type Fields, isFields, textField } from "../import/fields";
import { type Answer, ask, type Endpoint } from "./ask";
import { nonsense } from "./connection-problem";
import { dataCentre, type DataCentreId } from "./data-centres";
import { PlatformError } from "./problem";
import { refusalOf } from "./platform-refusal";
import { type PlatformCredentials, sign } from "./signature";

export interface SessionOptions {
  readonly signal: AbortSignal;
  /** How long one request may take. */
  readonly timeoutMs: number;
  /** For tests: every data centre is this port of 127.0.0.1; the `Host` header says which. */
  readonly loopbackPort?: number | undefined;
}

/** The parameters of a request, not yet URL encoded. */
export type Query = Readonly<Record<string, string>>;

/** Codes for a token that is no longer valid. */
const TOKEN_CODES: readonly (number | undefined)[] = [1010, 1011, 1012];

/** Sends requests to one data centre: gets a token when it is first needed, signs, and turns refusals into errors. */
export class PlatformSession {
  readonly dataCentreId: DataCentreId;
  readonly #credentials: PlatformCredentials;
  readonly #options: SessionOptions;
  readonly #endpoint: Endpoint;
  #token: Promise<string> | undefined;

  constructor(dataCentreId: DataCentreId, credentials: PlatformCredentials, options: SessionOptions) {
    this.dataCentreId = dataCentreId;
    this.#credentials = credentials;
    this.#options = options;
    const { host } = dataCentre(dataCentreId);
    this.#endpoint = { host, loopbackPort: options.loopbackPort };
  }

  get host(): string {
    return this.#endpoint.host;
  }

  /** The `result` of a GET. @throws PlatformError */
  async get(path: string, query: Query = {}): Promise<unknown> {
    const token = await this.#currentToken();
    try {
      return await this.#request(path, query, token);
    } catch (error) {
      // A project has one token at a time: another run may have replaced this one. A new token is requested once.
      if (!(error instanceof PlatformError && TOKEN_CODES.includes(error.answered))) throw error;
      this.#token = undefined;
      return this.#request(path, query, await this.#currentToken());
    }
  }

  #currentToken(): Promise<string> {
    this.#token ??= this.#fetchToken();
    return this.#token;
  }

  async #fetchToken(): Promise<string> {
    const result = await this.#request("/v1.0/token", { grant_type: "1" }, "");
    const token = isFields(result) ? textField(result, "access_token") : "";
    if (token === "") throw nonsense(this.host, "no token");
    return token;
  }

  async #request(path: string, query: Query, token: string): Promise<unknown> {
    const { signal, timeoutMs } = this.#options;
    const names = Object.keys(query).sort();
    const joined = (encode: (text: string) => string): string =>
      names.map((name) => `${name}=${encode(query[name] ?? "")}`).join("&");
    const url = names.length === 0 ? path : `${path}?${joined((text) => text)}`;
    const askedAt = Date.now();
    const t = String(askedAt);
    const nonce = randomUUID();
    const headers = {
      client_id: this.#credentials.accessId,
      sign: sign(this.#credentials, { method: "GET", url, token, t, nonce }),
      sign_method: "HMAC-SHA256",
      t,
      nonce,
      lang: "en",
      ...(token !== "" && { access_token: token }),
    };
    const encoded = names.length === 0 ? path : `${path}?${joined(encodeURIComponent)}`;
    const answer = await ask(this.#endpoint, { path: encoded, headers, signal, timeoutMs });
    return this.#resultOf(answer, askedAt);
  }

  #resultOf({ value, date }: Answer, askedAt: number): unknown {
    if (!isFields(value)) throw nonsense(this.host, "data without meaning");
    if (value["success"] === true) return value["result"];
    const code = Number(value["code"]);
    if (!Number.isInteger(code)) throw nonsense(this.host, "a refusal without a code");
    const theirs = timeOf(value) ?? date;
    throw refusalOf(
      {
        code,
        msg: textField(value, "msg"),
        aheadMs: theirs === undefined ? undefined : askedAt - theirs,
      },
      dataCentre(this.dataCentreId),
    );
  }
}

/** The time the platform puts into its answers, in milliseconds since 1970. */
function timeOf(value: Fields): number | undefined {
  const t = value["t"];
  return typeof t === "number" && t > 1e12 ? t : undefined;
}
