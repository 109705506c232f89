import { type IncomingMessage, request as requestHttp, type RequestOptions } from "node:http";
import { request as requestHttps } from "node:https";
import { connectionProblem, nonsense } from "./connection-problem";
import { PlatformError } from "./problem";

/** The address of a data centre. */
export interface Endpoint {
  /** Shown to people, and sent in the `Host` header. */
  readonly host: string;
  /** For tests: the platform is a server on this port of 127.0.0.1, without TLS. */
  readonly loopbackPort?: number | undefined;
}

export interface Question {
  /** Path and query, URL encoded. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
}

export interface Answer {
  /** The body, JSON. */
  readonly value: unknown;
  /** Of the `Date` header, in milliseconds since 1970. */
  readonly date: number | undefined;
}

/** More than a hundred devices with all their details need. */
const MAX_BYTES = 4_000_000;

/** One GET. Never follows a redirection, never asks twice. @throws PlatformError */
export async function ask(endpoint: Endpoint, question: Question): Promise<Answer> {
  const { signal, timeoutMs } = question;
  const either = new AbortController();
  let isLate = false;
  const cancel = (): void => either.abort();
  const deadline = setTimeout(() => {
    isLate = true;
    either.abort();
  }, timeoutMs);
  signal.addEventListener("abort", cancel);
  if (signal.aborted) cancel();
  try {
    const response = await send(endpoint, question, either.signal);
    const body = await read(response, endpoint);
    const date = Date.parse(response.headers.date ?? "");
    return { value: parse(body, response, endpoint), date: Number.isNaN(date) ? undefined : date };
  } catch (error) {
    if (error instanceof PlatformError) throw error;
    const { host } = endpoint;
    throw connectionProblem(error, { host, isCancelled: signal.aborted, isLate, timeoutMs });
  } finally {
    clearTimeout(deadline);
    signal.removeEventListener("abort", cancel);
  }
}

function send(
  { host, loopbackPort }: Endpoint,
  { path, headers }: Question,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  // A new connection for each request, so that none stays open afterwards.
  const options: RequestOptions = { path, headers: { ...headers, Host: host }, agent: false, signal };
  return new Promise((resolve, reject) => {
    const request =
      loopbackPort === undefined
        ? requestHttps({ ...options, host }, resolve)
        : requestHttp({ ...options, host: "127.0.0.1", port: loopbackPort }, resolve);
    request.on("error", reject);
    request.end();
  });
}

async function read(response: IncomingMessage, { host }: Endpoint): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_BYTES) {
      response.destroy();
      throw nonsense(host, "an answer without an end");
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function parse(body: string, { statusCode = 0 }: IncomingMessage, { host }: Endpoint): unknown {
  try {
    return JSON.parse(body);
  } catch {
    const isPage = /^\s*</.test(body);
    throw nonsense(host, isPage ? `a web page (HTTP ${statusCode})` : `HTTP ${statusCode} without data`);
  }
}
