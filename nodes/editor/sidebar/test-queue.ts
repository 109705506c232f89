import { isConclusion, type DiagnosisConclusion } from "../../../src/diagnosis/lines";
import type { AdminRequest } from "../base/requests";
import { translate } from "../base/texts";
import { requestTest } from "../connection/test/test-requests";
import { testRequestOf } from "./editor-devices";

/** How many tests run at the same time. The server allows four, so that one more can be started meanwhile. */
const PARALLEL = 3;

/** The status if four tests are running, or one of the same device: the test is tried again. */
const BUSY = 429;
const AGAIN_MS = 1_500;
const MOST_TRIES = 20;

/** The result of a test. */
export interface TestResult {
  readonly id: string;
  readonly isGood: boolean;
  /** One sentence. */
  readonly sentence: string;
}

/** Tests devices, a few at a time. */
export class TestQueue {
  readonly #finished: (result: TestResult) => void;
  readonly #waiting: string[];
  readonly #running = new Map<string, AdminRequest>();
  readonly #tries = new Map<string, number>();
  #timer: number | undefined;

  /** @param finished called for each of the devices, unless `cancel` comes first */
  constructor(ids: Iterable<string>, finished: (result: TestResult) => void) {
    this.#finished = finished;
    this.#waiting = Array.from(ids);
    this.#next();
  }

  cancel(): void {
    clearTimeout(this.#timer);
    this.#waiting.length = 0;
    for (const request of this.#running.values()) request.cancel();
    this.#running.clear();
  }

  #next(): void {
    while (this.#running.size < PARALLEL) {
      const id = this.#waiting.shift();
      if (id === undefined) return;
      this.#start(id);
    }
  }

  #start(id: string): void {
    let conclusion: DiagnosisConclusion | undefined;
    const end = (isGood: boolean, sentence: string): void => {
      this.#running.delete(id);
      this.#finished({ id, isGood, sentence });
      this.#next();
    };
    const request = requestTest(
      testRequestOf(id),
      {
        line: (line) => {
          if (isConclusion(line)) conclusion = line;
        },
        done: () => {
          const sentence = conclusion?.says ?? translate("tuya-device.request.brokenOff");
          end(conclusion?.verdict === "OK", sentence);
        },
        failed: (sentence, status) => {
          const tries = (this.#tries.get(id) ?? 0) + 1;
          this.#tries.set(id, tries);
          if (status === BUSY && tries < MOST_TRIES) this.#later(id);
          else end(false, sentence);
        },
      },
      translate,
    );
    this.#running.set(id, request);
  }

  #later(id: string): void {
    this.#running.delete(id);
    this.#waiting.push(id);
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#next(), AGAIN_MS);
  }
}
