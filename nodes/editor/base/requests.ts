import type { Translate } from "./red";

/** An open request. After `cancel`, which may be called at any time, none of its callbacks is called. */
export interface AdminRequest {
  cancel(): void;
}

/** The callbacks of a request: one of the two is called, once. */
export interface Outcome<T> {
  done(result: T): void;
  /**
   * @param sentence says to a person why
   * @param status of the answer; 0 = there was none, 200 = it broke off
   */
  failed(sentence: string, status: number): void;
}

/** The callbacks of a request that is answered with one object a line. */
export interface LinesOutcome<T> extends Outcome<void> {
  /** Called for each line as soon as it has arrived, before `done` or `failed`. */
  line(line: T): void;
}

/** How long an answer in one piece may take, in milliseconds. Answers in lines may take as long as they like. */
const ANSWER_MS = 10_000;

/**
 * Posts a body to a route that answers one object a line.
 *
 * @param url relative to the editor
 * @param read reads an object; if it returns undefined, the line is ignored
 * @param translate for the sentence of a failure
 */
export function requestLines<T>(
  url: string,
  body: object,
  read: (object: object) => T | undefined,
  outcome: LinesOutcome<T>,
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
        // Not for a refusal, whose text is no stream of lines.
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

/**
 * Requests JSON by GET, or with a body by POST.
 *
 * @param url relative to the editor
 * @param read checks and converts the answer, which may be anything
 * @param translate for the sentence of a failure
 */
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
  // Relative, and with jQuery: only to such requests Node-RED adds its root and the authorization.
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

/** Catalogue keys (last part) for statuses whose answers have no sentence. */
const STATUS_SENTENCES: Readonly<Record<number, string>> = {
  0: "noAnswer",
  200: "brokenOff",
  401: "notAllowed",
  403: "notAllowed",
  404: "notThere",
};

function sentenceOf(request: JQuery.jqXHR, translate: Translate): string {
  const { status } = request;
  // If the server stops, a request has no status, or status 200 without the end of the answer.
  const text = status === 200 ? "" : ownSentence(request.responseText);
  if (text !== "") return text;
  const key = STATUS_SENTENCES[status];
  return key === undefined
    ? translate("tuya-device.request.failed", { status })
    : translate(`tuya-device.request.${key}`);
}

/** The sentence in a refusal, which is JSON or text; "" for a page of HTML. */
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

/**
 * Reads objects, one a line, from a text that grows: a request gives all text received so far, which may end in the
 * middle of a line. Lines that are no object are ignored.
 */
export class JsonLines {
  #taken = 0;

  /** The objects that became complete since the last call. With `isEnd` the last line needs no line break. */
  append(received: string, isEnd = false): object[] {
    const end = isEnd ? received.length : received.lastIndexOf("\n") + 1;
    if (end <= this.#taken) return [];
    const lines = received.slice(this.#taken, end).split("\n");
    this.#taken = end;
    return lines.map(parseObject).filter((object) => object !== undefined);
  }
}

function parseObject(line: string): object | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
