import { dataCentre, type DataCentreId, isDataCentreId } from "../../../src/platform/data-centres";
import type { PlatformProblem } from "../../../src/platform/problem";
import { type AdminRequest, requestJson, requestLines } from "../base/requests";
import type { ImportSource, Offer } from "./source";
import { counted, translate } from "../base/texts";
import { PlatformForm } from "./platform-form";
import type { Fetched, FetchLine, FetchRequest, KeysToStore } from "../../contract/platform";
import { keysToStore, offeredDevices, readFetchLine } from "./platform-devices";

/**
 * The page that imports devices of a project on Tuya's developer platform. The server fetches them, and their keys stay
 * there.
 */
export class PlatformSource implements ImportSource {
  readonly title = translate("tuya-device.import.platform.title");
  readonly #isComparison: boolean;
  #page: OpenPage | undefined;

  /** @param isComparison whether to begin with a comparison of keys instead of an import */
  constructor(isComparison = false) {
    this.#isComparison = isComparison;
  }

  open(page: JQuery, offer: Offer): void {
    this.#page = new OpenPage(page, offer, this.#isComparison);
  }

  close(): void {
    this.#page?.close();
    this.#page = undefined;
  }
}

/** The page while it is open. */
class OpenPage {
  readonly #offer: Offer;
  readonly #form: PlatformForm;
  #request: AdminRequest | undefined;
  /** What was fetched last; its keys are on the server. */
  #fetched: Fetched | undefined;

  constructor(page: JQuery, offer: Offer, isComparison: boolean) {
    this.#offer = offer;
    this.#form = new PlatformForm(isComparison, {
      fetch: () => this.#fetch(),
      cancel: () => this.#cancel(),
      purposeChanged: () => this.#show(),
      again: () => {
        this.#fetched = undefined;
        this.#offer.nothing();
      },
    });
    page.append(this.#form.element);
  }

  close(): void {
    this.#request?.cancel();
    this.#form.close();
    this.#fetched = undefined;
  }

  #fetch(): void {
    this.#offer.nothing();
    const body: FetchRequest = this.#form.values();
    const { dataCentre: id } = body;
    this.#form.busy(translate("tuya-device.import.platform.asking", { host: dataCentre(id).host }));
    let isOver = false;
    this.#request = requestLines(
      "tuya/platform/fetch",
      body,
      readFetchLine,
      {
        line: (line) => {
          isOver ||= !("step" in line);
          this.#take(line, id);
        },
        done: () => {
          if (!isOver) this.#form.failed(translate("tuya-device.request.brokenOff"));
        },
        failed: (sentence) => this.#form.failed(sentence),
      },
      translate,
    );
  }

  #cancel(): void {
    this.#request?.cancel();
    this.#form.idle();
  }

  /** @param id the data centre that was asked */
  #take(line: FetchLine, id: DataCentreId): void {
    if ("problem" in line) return this.#refused(line.problem);
    if ("step" in line) return this.#form.busy(progressOf(line));
    this.#fetched = line;
    this.#form.fetched(dataCentre(id).name);
    this.#show();
  }

  #refused({ says, remedy, dataCentre: id }: PlatformProblem): void {
    const isKnown = id !== undefined && isDataCentreId(id);
    this.#form.failed(says, remedy, isKnown ? id : undefined);
  }

  /** Shows the fetched devices, for an import or for a comparison. */
  #show(): void {
    const fetched = this.#fetched;
    if (!fetched) return;
    const isComparison = this.#form.isComparison;
    const { devices, variables, counts } = offeredDevices(fetched.devices, isComparison);
    this.#form.compared(isComparison ? comparison(counts) : "");
    const fromVariables = variables.map((device) =>
      translate("tuya-device.import.platform.variable", device),
    );
    this.#offer.devices({
      title: translate("tuya-device.import.platform.list"),
      devices,
      problems: isComparison ? fromVariables : [...fetched.problems, ...fromVariables],
      deliver: (nodeIds) => this.#deliver(fetched, nodeIds),
    });
  }

  /** Makes the server store the keys for the next deploy. */
  #deliver(fetched: Fetched, nodeIds: ReadonlyMap<string, readonly string[]>): Promise<void> {
    const nodes = keysToStore(fetched.devices, nodeIds);
    if (Object.keys(nodes).length === 0) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const body: KeysToStore = { ticket: fetched.ticket, nodes };
      const outcome = { done: resolve, failed: (sentence: string) => reject(new Error(sentence)) };
      this.#request = requestJson("tuya/platform/apply", () => undefined, outcome, translate, body);
    });
  }
}

/** The sentence about the result of a comparison. */
function comparison({ same, other }: { readonly same: number; readonly other: number }): string {
  if (same + other === 0) return translate("tuya-device.import.platform.comparedNone");
  if (other === 0) return counted("tuya-device.import.platform.allSame", same);
  return `${counted("tuya-device.import.platform.paired", other)} ${counted("tuya-device.import.platform.same", same)}`;
}

function progressOf(line: Extract<FetchLine, { step: string }>): string {
  switch (line.step) {
    case "devices":
      return line.count === 0
        ? translate("tuya-device.import.platform.asking", { host: line.host })
        : counted("tuya-device.import.platform.listed", line.count);
    case "datapoints":
      return translate("tuya-device.import.platform.dataPoints", { done: line.done, of: line.of });
    case "search":
      return translate("tuya-device.import.platform.searching", { host: line.host });
  }
}
