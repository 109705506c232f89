import type { DiagnosisLine } from "../../../src/diagnosis/lines";
import { type ChildrenNews, readNews } from "../connection/children/child-row";
import { readFoundDevices, type FoundDevice } from "../connection/find/found-device";
import { JsonLines } from "./json-lines";
import { readHealth, type NetworkHealth } from "../connection/find/network-findings";
import type { Translate } from "./red";
import { readLine } from "../connection/test/test-progress";

/** Body of `POST tuya/test`: settings as they stand in the form. Without `localKey` the stored key of `id` is used. */
export interface TestRequest {
  readonly id: string;
  /** For sentences. */
  readonly name: string;
  readonly deviceId: string;
  readonly ip: string;
  readonly port: string;
  readonly version: string;
  readonly localKey?: string;
  /** A sub-device, even while neither of the following is filled in. */
  readonly kind?: "child";
  readonly gateway?: string;
  readonly cid?: string;
}

/**
 * Body of `POST tuya/children`: the node of a gateway and, where the editor has another one than the server, `changed` and
 * its settings. Without `localKey` the stored key is used.
 */
export interface ChildrenRequest {
  readonly gateway: string;
  readonly changed: boolean;
  readonly name: string;
  readonly deviceId: string;
  readonly ip: string;
  readonly port: string;
  readonly version: string;
  readonly localKey?: string;
}

/** A request under way. After `cancel` none of its callbacks is called. */
export interface AdminRequest {
  cancel(): void;
}

/** What becomes of a request: `done`, or `failed` with a sentence for a person. */
export interface Outcome<T> {
  done(result: T): void;
  /** @param status of the answer; 0 where there was none */
  failed(sentence: string, status: number): void;
}

const ANSWER_MS = 10_000;

/** Devices heard so far. */
export function requestDevices(outcome: Outcome<FoundDevice[]>, translate: Translate): AdminRequest {
  return requestJson("tuya/devices", readFoundDevices, outcome, translate);
}

/** How well announcements can be heard. */
export function requestHealth(outcome: Outcome<NetworkHealth>, translate: Translate): AdminRequest {
  return requestJson("tuya/health", readHealth, outcome, translate);
}

/** Values of a deployed device by data point number, as messages show them or, raw, as the device said them. */
export function requestValues(
  nodeId: string,
  outcome: Outcome<Readonly<Record<string, unknown>>>,
  isRaw = false,
): AdminRequest {
  const read = (answer: unknown) => (typeof answer === "object" && answer !== null ? { ...answer } : {});
  const url = `tuya/values/${encodeURIComponent(nodeId)}${isRaw ? "?raw=true" : ""}`;
  return requestJson(url, read, outcome, (key) => key);
}

/** Starts a test. `line` is called for each line as soon as it has arrived. */
export function requestTest(
  body: TestRequest,
  outcome: Outcome<void> & { line(line: DiagnosisLine): void },
  translate: Translate,
): AdminRequest {
  return requestLines("tuya/test", body, readLine, outcome, translate);
}

/** Asks a gateway for its sub-devices. `line` is called for each piece of news as soon as it has arrived. */
export function requestChildren(
  body: ChildrenRequest,
  outcome: Outcome<void> & { line(news: ChildrenNews): void },
  translate: Translate,
): AdminRequest {
  return requestLines("tuya/children", body, readNews, outcome, translate);
}

/**
 * Posts settings to a route that answers one object a line. `line` is called for each as soon as it has arrived, with what
 * `read` makes of it; undefined = nothing.
 */
export function requestLines<T>(
  url: string,
  body: object,
  read: (object: object) => T | undefined,
  outcome: Outcome<void> & { line(line: T): void },
  translate: Translate,
): AdminRequest {
  const lines = new JsonLines();
  let isCancelled = false;
  const take = (received: string, isEnd: boolean): void => {
    for (const object of lines.append(received, isEnd)) {
      const line = read(object);
      if (line !== undefined && !isCancelled) outcome.line(line);
    }
  };
  const request = $.ajax({
    url,
    method: "POST",
    contentType: "application/json",
    data: JSON.stringify(body),
    dataType: "text",
    xhr: () => {
      const xhr = new XMLHttpRequest();
      xhr.addEventListener("progress", () => {
        // The text of a refusal is no stream.
        if (xhr.status === 200) take(xhr.responseText, false);
      });
      return xhr;
    },
  });
  request.done((received: string) => {
    take(received, true);
    if (!isCancelled) outcome.done();
  });
  request.fail(() => {
    if (!isCancelled) outcome.failed(sentenceOf(request, translate), request.status);
  });
  return {
    cancel: () => {
      isCancelled = true;
      request.abort();
    },
  };
}

/** Asks for JSON; with a body it posts it. `read` makes of the answer what is wanted, whatever it is. */
export function requestJson<T>(
  url: string,
  read: (answer: unknown) => T,
  outcome: Outcome<T>,
  translate: Translate,
  body?: object,
): AdminRequest {
  let isCancelled = false;
  const posting =
    body === undefined ? {} : { method: "POST", contentType: "application/json", data: JSON.stringify(body) };
  // Relative and by jQuery: Node-RED adds its root and the authorization to such requests only.
  const request = $.ajax({ url, dataType: "json", cache: false, timeout: ANSWER_MS, ...posting });
  request.done((answer: unknown) => {
    if (!isCancelled) outcome.done(read(answer));
  });
  request.fail(() => {
    if (!isCancelled) outcome.failed(sentenceOf(request, translate), request.status);
  });
  return {
    cancel: () => {
      isCancelled = true;
      request.abort();
    },
  };
}

/** Statuses that say nothing of their own, by the last part of a catalogue key. */
const STATUS_SENTENCES: Readonly<Record<number, string>> = {
  0: "noAnswer",
  200: "brokenOff",
  401: "notAllowed",
  403: "notAllowed",
  404: "notThere",
};

function sentenceOf(request: JQuery.jqXHR, translate: Translate): string {
  const { status } = request;
  // A server that goes away leaves a request without a status, or one that began well without its end.
  const text = status === 200 ? "" : ownSentence(request.responseText);
  if (text !== "") return text;
  const key = STATUS_SENTENCES[status];
  return key === undefined
    ? translate("tuya-device.request.failed", { status })
    : translate(`tuya-device.request.${key}`);
}

/** The sentence a refusal brings along, as JSON or as text. A page of HTML is none. */
function ownSentence(text: string | undefined): string {
  if (text === undefined) return "";
  try {
    const { message, error } = JSON.parse(text) as { message?: unknown; error?: unknown };
    const sentence = message ?? error;
    return typeof sentence === "string" ? sentence : "";
  } catch {
    return /^[^<]{10,300}[.!?]$/.test(text) ? text : "";
  }
}
