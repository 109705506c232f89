import { isConclusion, type DiagnosisConclusion } from "../../../src/diagnosis/lines";
import type { AdminRequest } from "../base/requests";
import { translate } from "../base/texts";
import { requestTest } from "../connection/test/test-requests";
import { testRequestOf } from "./editor-devices";

/** How many tests run at the same time. The server allows four, so that one more can be started meanwhile. */
const PARALLEL = 3;

/** The status if four tests are running, or one of the same device: the test is tried again. */
const BUSY = 429;
/** How long after that it is tried again, in milliseconds. */
const AGAIN_MS = 1_500;
/** How often a test is tried at most. */
const MOST_TRIES = 20;

/** The result of a test. */
export interface TestResult {
  /** The node id of the device. */
  readonly id: string;
  /** Whether the verdict is "OK". */
  readonly isGood: boolean;
  /** What the test says; why it could not be made, if it failed. */
  readonly sentence: string;
}

/** Tests devices, a few at a time. Begins when it is made. */
export class TestQueue {
  readonly #finished: (result: TestResult) => void;
  /** The node ids of devices whose tests have not begun. */
  readonly #waiting: string[];
  readonly #running = new Map<string, AdminRequest>();
  /** How often each test was tried in vain. */
  readonly #tries = new Map<string, number>();
  #timer: number | undefined;

  /**
   * @param ids of `tuya-device` nodes
   * @param finished called for each of them, unless `cancel` comes first
   */
  constructor(ids: Iterable<string>, finished: (result: TestResult) => void) {
    this.#finished = finished;
    this.#waiting = Array.from(ids);
    this.#next();
  }

  /** Ends the running tests; the others do not begin. May be called again. */
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

  /** Tries the test of this device again later. */
  #later(id: string): void {
    this.#running.delete(id);
    this.#waiting.push(id);
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#next(), AGAIN_MS);
  }
}
