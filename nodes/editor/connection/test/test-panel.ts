import { isConclusion, type DiagnosisConclusion, type DiagnosisStep } from "../../../../src/diagnosis/lines";
import { keyState } from "../../../../src/local-key";
import { type AdminRequest } from "../../base/requests";
import type { DataPointRow } from "../../datapoints/data-point";
import type { ReportedValues } from "../../datapoints/data-point-table";
import type { Translate } from "../../base/red";
import { missingRows } from "../../datapoints/reported-points";
import { offersOf, stepViews, type StepView } from "./test-progress";
import { ReportBox } from "./report-box";
import "./test-panel.css";
import type { TestRequest } from "../../../contract/test";
import { requestTest } from "./test-requests";

/** Icons of steps, by state. */
const ICONS = {
  waiting: "fa-circle-o",
  running: "fa-spinner fa-spin",
  passed: "fa-check",
  failed: "fa-times",
} as const;

/** The parts of the form that the panel needs. */
export interface TestParts {
  /** Starts the test and, while it runs, ends it. */
  readonly button: JQuery;
  /** The element for steps and verdict; hidden while there is neither. */
  readonly box: JQuery;
  readonly translate: Translate;
  /** The settings to test, as they are now. */
  settings(): TestRequest;
  /** The user wants the version that the test has found. */
  useVersion(version: string): void;
  /** The user wants the address that the test has found. */
  useAddress(ip: string): void;
  /** The table that can take over the values of the device; absent if there is none. */
  readonly table?: TestTable;
  /** Opens the import, which may provide the present key. */
  readonly importKey: () => void;
  /** Opens the comparison of keys; absent for a device that is not configured yet. */
  readonly compareKeys?: (() => void) | undefined;
  /** Called before a test begins. */
  started(): void;
}

/** A table of data points that can take over the values of a test. */
export interface TestTable {
  /** All rows, as they are now. */
  dataPoints(): readonly DataPointRow[];
  /** Appends rows, marked as new. */
  addDataPoints(rows: readonly DataPointRow[]): void;
  /** The device has reported these values. */
  reported(values: ReportedValues): void;
  /**
   * Calls `show`, now or later, if a template fits these values. `caption` is the text of the button for it; `use` fills the
   * table and returns a sentence that says so.
   */
  offer(values: ReportedValues, show: (caption: string, use: () => string) => void): void;
}

/** The test of a device: shows its steps as they finish, the verdict, and buttons to take over results. */
export class TestPanel {
  readonly #parts: TestParts;
  #request: AdminRequest | undefined;
  /** What the last test has tested; undefined before the first one. */
  #settings: TestRequest | undefined;
  #steps: DiagnosisStep[] = [];
  /** The last line of the test; undefined before it has come. */
  #conclusion: DiagnosisConclusion | undefined;

  constructor(parts: TestParts) {
    this.#parts = parts;
    parts.button.on("click", () => {
      if (this.#request) this.#cancel();
      else this.#start();
    });
    this.#showButton();
  }

  /** Ends a running test and removes its result. May be called again. */
  close(): void {
    this.#request?.cancel();
    this.#request = undefined;
    this.#parts.box.hide().empty();
    this.#showButton();
  }

  /** The key in the form has changed: sentences about the former key are removed. */
  keyChanged(): void {
    if (this.#request || !this.#conclusion) return;
    if (isAboutKey(this.#conclusion, this.#settings)) this.close();
    else this.settingsChanged();
  }

  /**
   * The settings in the form have changed: the test does not tell whether the device works with these, so a good verdict
   * is removed.
   */
  settingsChanged(): void {
    if (this.#request || !this.#settings || this.#conclusion?.verdict !== "OK") return;
    // Leaving a field also triggers this, without other settings than those that were tested or that the test has found.
    if (!wereTested(this.#parts.settings(), this.#settings, this.#conclusion)) this.close();
  }

  /** Ends a running test, if there is one. */
  stop(): void {
    if (this.#request) this.#cancel();
  }

  #start(): void {
    const { translate } = this.#parts;
    this.#parts.started();
    this.#settings = this.#parts.settings();
    this.#steps = [];
    this.#conclusion = undefined;
    this.#request = requestTest(
      this.#settings,
      {
        line: (line) => {
          if (isConclusion(line)) this.#conclusion = line;
          else this.#steps.push(line);
          this.#render();
        },
        done: () => this.#end(this.#conclusion ? "" : translate("tuya-device.request.brokenOff")),
        failed: (sentence) => this.#end(sentence),
      },
      translate,
    );
    this.#showButton();
    this.#render();
    this.#parts.box.show().get(0)?.scrollIntoView({ block: "nearest" });
  }

  #cancel(): void {
    this.#request?.cancel();
    this.#end(this.#parts.translate("tuya-device.test.cancelled"), "neutral");
  }

  /** @param trouble why there is no verdict; "" = there is one */
  #end(trouble: string, tone: "bad" | "neutral" = "bad"): void {
    this.#request = undefined;
    this.#showButton();
    this.#render();
    const { box } = this.#parts;
    if (trouble !== "") box.append(this.#verdict(tone, trouble, ""));
    else if (this.#conclusion) this.#renderConclusion(this.#conclusion);
    box.children(":visible").last().get(0)?.scrollIntoView({ block: "nearest" });
  }

  #showButton(): void {
    const { button, translate } = this.#parts;
    const isRunning = this.#request !== undefined;
    button.find("i").toggleClass("fa-stethoscope", !isRunning).toggleClass("fa-stop", isRunning);
    button.find("span").text(translate(`tuya-device.test.${isRunning ? "cancel" : "start"}`));
  }

  #render(): void {
    const isRunning = this.#request !== undefined && this.#conclusion === undefined;
    const list = $('<ol class="tuya-steps">').attr("aria-busy", String(isRunning));
    for (const view of stepViews(this.#steps, isRunning)) list.append(this.#step(view));
    this.#parts.box.empty().append(list);
  }

  #step({ step, state, says, hint }: StepView): JQuery {
    const { translate } = this.#parts;
    // The sentence of the last step is also the verdict: it is shown only there.
    const isVerdict = says !== "" && says === this.#conclusion?.says;
    const text = $("<div>").append($("<span>").text(isVerdict ? translate("tuya-device.test.below") : says));
    if (hint !== "" && !isVerdict) text.append($("<small>").text(hint));
    return $('<li class="tuya-step">')
      .attr({ "data-step": step, "data-state": state, "data-verdict": String(isVerdict) })
      .append(
        $('<i class="fa">')
          .addClass(ICONS[state])
          .attr({ role: "img", "aria-label": translate(`tuya-device.test.state.${state}`) }),
        $('<span class="tuya-step-name">').text(translate(`tuya-device.test.step.${step}`)),
        text,
      );
  }

  #verdict(tone: "good" | "bad" | "neutral", says: string, hint: string): JQuery {
    const verdict = $('<div class="tuya-verdict" role="status">').attr("data-tone", tone);
    verdict.append($("<b>").text(says));
    if (hint !== "") verdict.append($("<div>").text(hint));
    return verdict;
  }

  #renderConclusion(conclusion: DiagnosisConclusion): void {
    const { box, translate } = this.#parts;
    const { verdict, says, hint } = conclusion;
    const tone = verdict === "OK" ? "good" : verdict === "KEY_NOT_PROVEN" ? "neutral" : "bad";
    this.#verdict(tone, says, hint).attr("data-verdict", verdict).appendTo(box);

    const actions = $('<div class="tuya-test-actions">').appendTo(box);
    const report = new ReportBox(translate);
    if (isAboutKey(conclusion, this.#settings)) this.#leadToKey(actions);
    const { version, ip } = offersOf(conclusion, this.#formNow());
    if (version !== undefined)
      this.#takeOver(actions, translate("tuya-device.test.useVersion", { version }), () => {
        this.#parts.useVersion(version);
        return translate("tuya-device.test.usedVersion", { version });
      });
    if (ip !== undefined)
      this.#takeOver(actions, translate("tuya-device.test.useAddress", { ip }), () => {
        this.#parts.useAddress(ip);
        return translate("tuya-device.test.usedAddress", { ip });
      });
    const { table } = this.#parts;
    if (table) this.#offerDataPoints(table, actions, (conclusion.dps ?? {}) as ReportedValues);
    $('<button type="button" class="red-ui-button red-ui-button-small tuya-report-open">')
      .append(
        '<i class="fa fa-clipboard" aria-hidden="true">',
        " ",
        $("<span>").text(translate("tuya-device.report.open")),
      )
      .on("click", () => {
        if (this.#settings) report.toggle({ settings: this.#settings, steps: this.#steps, conclusion });
      })
      .appendTo(actions);
    box.append(report.element);
  }

  /** Buttons that lead to the present key. */
  #leadToKey(actions: JQuery): void {
    const { translate, compareKeys, importKey } = this.#parts;
    const lead = (icon: string, key: string, open: () => void): void => {
      $('<button type="button" class="red-ui-button red-ui-button-small">')
        .append(
          `<i class="fa ${icon}" aria-hidden="true">`,
          " ",
          $("<span>").text(translate(`tuya-device.test.${key}`)),
        )
        .on("click", open)
        .appendTo(actions);
    };
    if (compareKeys) lead("fa-key", "compareKeys", compareKeys);
    lead("fa-upload", "importKey", importKey);
  }

  /** Offers to take over the data points: those of a template, which comes a moment later, and the others. */
  #offerDataPoints(table: TestTable, actions: JQuery, values: ReportedValues): void {
    table.reported(values);
    const missing = (): DataPointRow[] => missingRows(values, table.dataPoints());
    const add = this.#takeOver(actions, this.#counted("add", missing().length), () => {
      // Some rows may have been typed meanwhile.
      const rows = missing();
      table.addDataPoints(rows);
      return this.#counted("added", rows.length);
    }).toggle(missing().length > 0);
    table.offer(values, (caption, use) => {
      const offer = this.#takeOver(actions, caption, () => {
        const sentence = use();
        const { length } = missing();
        add.text(this.#counted("add", length)).toggle(length > 0);
        return sentence;
      });
      offer.addClass("tuya-offer").prependTo(actions);
    });
  }

  #counted(key: "add" | "added", count: number): string {
    const { translate } = this.#parts;
    return count === 1
      ? translate(`tuya-device.test.${key}One`)
      : translate(`tuya-device.test.${key}Many`, { count });
  }

  /** The parts of the form that results are compared with. */
  #formNow(): { version: string; ip: string; isChild: boolean } {
    const { version, ip, cid } = this.#parts.settings();
    return { version, ip, isChild: cid !== undefined };
  }

  /** A button that runs an action once and then shows its result. */
  #takeOver(actions: JQuery, caption: string, action: () => string): JQuery {
    const button = $('<button type="button" class="red-ui-button red-ui-button-small">').text(caption);
    return button.appendTo(actions).on("click", () => {
      const done = $('<span class="tuya-done" role="status">').append(
        '<i class="fa fa-check" aria-hidden="true">',
        " ",
      );
      button.replaceWith(done.append(document.createTextNode(action())));
    });
  }
}

/** Whether a verdict means that the device needs another key. */
function isAboutKey({ verdict }: DiagnosisConclusion, settings: TestRequest | undefined): boolean {
  const { localKey } = settings ?? {};
  if (verdict === "BAD_SETTINGS") return localKey !== undefined && keyState(localKey) !== "usable";
  return verdict === "WRONG_KEY" || verdict === "KEY_OR_VERSION";
}

/** Whether settings are those of a test, or what it has found out. The name does not count: it is for sentences only. */
function wereTested(settings: TestRequest, tested: TestRequest, found: DiagnosisConclusion): boolean {
  const names = ["kind", "deviceId", "localKey", "port", "gateway", "cid"] as const;
  return (
    names.every((name) => settings[name] === tested[name]) &&
    [tested.version, found.version].includes(settings.version) &&
    [tested.ip, found.ip].includes(settings.ip)
  );
}
