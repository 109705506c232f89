import type { DiagnosisLine } from "../../src/diagnosis/lines";
import { readFoundDevices, type FoundDevice } from "./found-device";
import { JsonLines } from "./json-lines";
import { readHealth, type NetworkHealth } from "./network-findings";
import type { Translate } from "./red";
import { readLine } from "./test-progress";

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
  readonly gateway?: string;
  readonly cid?: string;
}

/** A request under way. After `cancel` none of its callbacks is called. */
export interface AdminRequest {
  cancel(): void;
}

/** What becomes of a request: `done`, or `failed` with a sentence for a person. */
export interface Outcome<T> {
  done(result: T): void;
  failed(sentence: string): void;
}

const ANSWER_MS = 10_000;

/** Devices heard so far. */
export function requestDevices(outcome: Outcome<FoundDevice[]>, translate: Translate): AdminRequest {
  return get("tuya/devices", readFoundDevices, outcome, translate);
}

/** How well announcements can be heard. */
export function requestHealth(outcome: Outcome<NetworkHealth>, translate: Translate): AdminRequest {
  return get("tuya/health", readHealth, outcome, translate);
}

/** Starts a test. `line` is called for each line as soon as it has arrived. */
export function requestTest(
  body: TestRequest,
  outcome: Outcome<void> & { line(line: DiagnosisLine): void },
  translate: Translate,
): AdminRequest {
  const object = (received: object): void => {
    const line = readLine(received);
    if (line) outcome.line(line);
  };
  return postForObjects("tuya/test", body, { ...outcome, object }, translate);
}

/** Posts and gets an object a line: `object` is called for each as soon as it has arrived. */
export function postForObjects(
  url: string,
  body: object,
  outcome: Outcome<void> & { object(object: object): void },
  translate: Translate,
): AdminRequest {
  const lines = new JsonLines();
  let isCancelled = false;
  const take = (received: string, isEnd: boolean): void => {
    for (const object of lines.take(received, isEnd)) {
      if (!isCancelled) outcome.object(object);
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
    if (!isCancelled) outcome.failed(sentenceOf(request, translate));
  });
  return {
    cancel: () => {
      isCancelled = true;
      request.abort();
    },
  };
}

/** Posts, and gets one object. */
export function post<T>(
  url: string,
  body: object,
  read: (answer: unknown) => T,
  outcome: Outcome<T>,
  translate: Translate,
): AdminRequest {
  const data = JSON.stringify(body);
  return send({ url, method: "POST", contentType: "application/json", data }, read, outcome, translate);
}

function get<T>(
  url: string,
  read: (answer: unknown) => T,
  outcome: Outcome<T>,
  translate: Translate,
): AdminRequest {
  return send({ url, cache: false }, read, outcome, translate);
}

function send<T>(
  settings: JQuery.AjaxSettings & { readonly url: string },
  read: (answer: unknown) => T,
  outcome: Outcome<T>,
  translate: Translate,
): AdminRequest {
  let isCancelled = false;
  // Relative and by jQuery: Node-RED adds its root and the authorization to such requests only.
  const request = $.ajax({ ...settings, dataType: "json", timeout: ANSWER_MS });
  request.done((answer: unknown) => {
    if (!isCancelled) outcome.done(read(answer));
  });
  request.fail(() => {
    if (!isCancelled) outcome.failed(sentenceOf(request, translate));
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
