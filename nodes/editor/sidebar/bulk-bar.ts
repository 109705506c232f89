import { SHORTEST_REFRESH } from "../../../src/limits";
import { PROTOCOL_VERSIONS } from "../../../src/protocol/version";
import { isSeconds } from "../base/checks";
import { isSubDevice } from "../base/red";
import { counted, translate } from "../base/texts";
import { changeDevices, deleteDevices, unusedAmong } from "./editor-devices";
import { TestQueue, type TestResult } from "./test-queue";

const CATALOGUE = "tuya-device.overview.bulk";

/** The bar with actions for several devices. Shown while devices are chosen or tested. */
export class BulkBar {
  readonly element = $('<div class="tuya-bulk" role="toolbar">').hide();
  readonly #count = $("<b>");
  readonly #said = $('<div class="tuya-bulk-said" role="status">');
  readonly #test: JQuery;
  readonly #delete: JQuery;
  readonly #tested: (result: TestResult) => void;
  /** The node ids of the chosen devices. */
  #ids: ReadonlySet<string> = new Set();
  /** The running tests. */
  #queue: TestQueue | undefined;

  /**
   * @param clear called when no device is to be chosen any more
   * @param tested called when the test of a device has ended
   */
  constructor(clear: () => void, tested: (result: TestResult) => void) {
    this.#tested = tested;
    this.element.attr("aria-label", translate(`${CATALOGUE}.label`));
    this.#test = this.#button("test", () => this.#toggleTest());
    this.#delete = this.#button("delete", () => this.#deleteUnused());
    const none = $('<button type="button" class="tuya-link">')
      .text(translate(`${CATALOGUE}.none`))
      .on("click", clear);
    const head = $('<div class="tuya-bulk-line">').append(this.#count, none);
    const tools = $('<div class="tuya-bulk-line">').append(
      this.#test,
      this.#versions(),
      this.#refresh(),
      this.#delete,
    );
    this.element.append(head, tools, this.#said);
  }

  /** Shows the bar for the devices with these node ids; hides it if there are none, unless a test is running. */
  show(ids: ReadonlySet<string>): void {
    this.#ids = ids;
    this.#count.text(counted(`${CATALOGUE}.chosen`, ids.size));
    this.element.toggle(ids.size > 0 || this.#queue !== undefined);
    const unused = unusedAmong(ids).length;
    this.#delete.prop("disabled", unused === 0).text(translate(`${CATALOGUE}.delete`, { count: unused }));
    if (!this.#queue) this.#said.text("");
  }

  /** Ends running tests. May be called again. */
  close(): void {
    this.#queue?.cancel();
    this.#queue = undefined;
  }

  /** Tests the chosen devices, or ends that. */
  #toggleTest(): void {
    if (this.#queue) {
      this.close();
      this.#said.text(translate("tuya-device.test.cancelled"));
      this.#showTest();
      return;
    }
    const { size } = this.#ids;
    let good = 0;
    let bad = 0;
    const progress = (): void => {
      const isOver = good + bad === size;
      if (isOver) this.#queue = undefined;
      this.#said.text(
        translate(`${CATALOGUE}.${isOver ? "tested" : "testing"}`, { done: good + bad, of: size, good, bad }),
      );
      this.#showTest();
    };
    this.#queue = new TestQueue(this.#ids, (result) => {
      if (result.isGood) good += 1;
      else bad += 1;
      this.#tested(result);
      progress();
    });
    progress();
  }

  #showTest(): void {
    this.#test.text(translate(this.#queue ? "tuya-device.test.cancel" : `${CATALOGUE}.test`));
  }

  #versions(): JQuery {
    const select = $("<select>").attr("aria-label", translate(`${CATALOGUE}.version`));
    $('<option value="">')
      .text(translate(`${CATALOGUE}.version`))
      .appendTo(select);
    $('<option value="auto">').text(translate("tuya-device.version.auto")).appendTo(select);
    for (const version of PROTOCOL_VERSIONS) $("<option>").val(version).text(version).appendTo(select);
    return select.on("change", () => {
      const version = String(select.val());
      select.val("");
      if (version !== "") this.#change({ version });
    });
  }

  #refresh(): JQuery {
    const input = $('<input type="text" inputmode="numeric" class="tuya-bulk-refresh">');
    const word = translate(`${CATALOGUE}.refresh`);
    input.attr({ placeholder: translate(`${CATALOGUE}.seconds`), "aria-label": word, title: word });
    input.on("keydown", (event) => {
      if (event.key === "Enter") apply();
    });
    const apply = (): void => {
      const refresh = String(input.val() ?? "").trim();
      if (refresh === "" || isSeconds(refresh, SHORTEST_REFRESH)) {
        this.#change({ refresh });
        input.val("");
      } else {
        this.#said.text(translate("tuya-device.problem.refresh", { least: SHORTEST_REFRESH }));
      }
    };
    const set = this.#button("set", apply);
    return $('<span class="tuya-bulk-pair">').append(input, set);
  }

  /** Changes a setting of the chosen devices. Not of sub-devices, which use those of their gateway. */
  #change(values: { readonly version: string } | { readonly refresh: string }): void {
    const changed = changeDevices(this.#ids, (device) => (isSubDevice(device) ? undefined : values));
    this.#said.text(
      changed === 0 ? translate(`${CATALOGUE}.changedNone`) : counted(`${CATALOGUE}.changed`, changed),
    );
  }

  #deleteUnused(): void {
    const ids = unusedAmong(this.#ids);
    deleteDevices(ids);
    this.#said.text(counted(`${CATALOGUE}.deleted`, ids.length));
  }

  #button(key: string, act: () => void): JQuery {
    return $('<button type="button" class="red-ui-button red-ui-button-small">')
      .attr("data-action", key)
      .text(translate(`${CATALOGUE}.${key}`))
      .on("click", act);
  }
}
