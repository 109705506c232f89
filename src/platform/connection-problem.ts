import { PlatformError } from "./problem";

/** What is known about a request that was not answered. */
export interface Circumstances {
  /** The name of the data centre's server. */
  readonly host: string;
  /** Whether the user cancelled the fetch. */
  readonly isCancelled: boolean;
  /** Whether the request took longer than `timeoutMs`. */
  readonly isLate: boolean;
  readonly timeoutMs: number;
}

/** Turns an error of Node.js into a sentence that says why no answer came. */
export function connectionProblem(error: unknown, circumstances: Circumstances): PlatformError {
  const { host, isCancelled, isLate, timeoutMs } = circumstances;
  if (isCancelled) {
    return new PlatformError({ code: "CANCELLED", says: "The fetch was cancelled.", remedy: "" });
  }
  if (isLate) {
    return new PlatformError({
      code: "TIMEOUT",
      says: `${host} did not answer within ${Math.round(timeoutMs / 1000)} s.`,
      remedy: `Try again. If it stays silent, a firewall holds the request back.${proxyHint()}`,
    });
  }
  const code = codeOf(error);
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") {
    return new PlatformError({
      code: "NO_NAME",
      says: `The name ${host} cannot be looked up: no DNS server knows it, or none answers.`,
      remedy: `Check that the computer which runs Node-RED reaches the internet, and that no ad blocker (Pi-hole, AdGuard) blocks Tuya.${proxyHint()}`,
    });
  }
  if (code === "CERT_NOT_YET_VALID" || code === "CERT_HAS_EXPIRED") {
    return new PlatformError({
      code: "TLS",
      says: `The certificate of ${host} is not valid today, says the clock of this server (${new Date().toISOString().slice(0, 10)}).`,
      remedy: "If that date is wrong, set the clock of the computer that runs Node-RED.",
    });
  }
  if (isTls(code)) {
    return new PlatformError({
      code: "TLS",
      says: `What answers for ${host} cannot prove that it is Tuya (${code}).`,
      remedy: `A firewall or virus scanner that opens encrypted connections is the usual reason: let this host pass, or name its certificate in NODE_EXTRA_CA_CERTS.${proxyHint()}`,
    });
  }
  return new PlatformError({
    code: "UNREACHABLE",
    says: `${host} cannot be reached${code === "" ? "" : ` (${code})`}.`,
    remedy: `Check that the computer which runs Node-RED reaches the internet, and that no firewall blocks Tuya.${proxyHint()}`,
  });
}

/** The problem if something else than the platform answered. */
export function nonsense(host: string, what: string): PlatformError {
  return new PlatformError({
    code: "NONSENSE",
    says: `What answers for ${host} is not the Tuya platform, or is out of order: it sent ${what}.`,
    remedy: `Try again later. If it stays so, a proxy or a log-in page of the network answers in its place.${proxyHint()}`,
  });
}

/** Node.js does not use proxies by itself: in a network that needs one, requests time out. */
function proxyHint(): string {
  const name = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"].find(
    (candidate) => (process.env[candidate] ?? "") !== "",
  );
  return name === undefined
    ? ""
    : ` The environment variable ${name} names a proxy: this request does not use it. Run the wizard of tinytuya where the internet is reached directly, and import its devices.json.`;
}

function isTls(code: string): boolean {
  return /^(?:CERT_|ERR_TLS_|ERR_SSL_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH|EPROTO)/.test(
    code,
  );
}

/** Code of an error, or of the first of several: one an address tried. */
function codeOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : "";
}
