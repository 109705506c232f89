import { createHash, createHmac } from "node:crypto";

/** The parts of a request that are signed. */
export interface SignedRequest {
  readonly method: "GET";
  /** Path and query as they were before URL encoding, the query sorted by name. */
  readonly url: string;
  /** Lines `name:value`, each with a line break, of headers that are signed too; "" = none. */
  readonly headers?: string;
  /** "" for a request for a token. */
  readonly token: string;
  /** Milliseconds since 1970, 13 digits. */
  readonly t: string;
  readonly nonce: string;
}

export interface PlatformCredentials {
  readonly accessId: string;
  readonly accessSecret: string;
}

/**
 * The signature of a request without a body, as Tuya documents it for projects made after June 2021: HMAC-SHA256 of
 * access id, token, time, nonce and what is asked for; in capitals
 * (developer.tuya.com/en/docs/iot/new-singnature?id=Kbw0q34cs2e5g).
 */
export function sign({ accessId, accessSecret }: PlatformCredentials, request: SignedRequest): string {
  const { method, url, headers = "", token, t, nonce } = request;
  const bodyHash = createHash("sha256").update("").digest("hex");
  const stringToSign = [method, bodyHash, headers, url].join("\n");
  return createHmac("sha256", accessSecret)
    .update(`${accessId}${token}${t}${nonce}${stringToSign}`)
    .digest("hex")
    .toUpperCase();
}
