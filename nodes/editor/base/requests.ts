import { JsonLines } from "./json-lines";
import type { Translate } from "./red";

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
