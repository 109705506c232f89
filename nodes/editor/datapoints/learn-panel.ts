import type { AdminRequest } from "../base/requests";
import type { DataPointTable, ReportedValues } from "./data-point-table";
import { requestLearning, type LearnNews } from "./learn-requests";
import type { Translate } from "../base/red";
import { missingRows } from "./reported-points";
import type { LearnRequest } from "../../contract/learn";

/** How many rows learning adds at most: a device may invent data points. */
const MAX_ROWS = 300;

/** The parts of the form that learning needs. */
export interface LearnParts {
  /** Starts it and, while it goes on, ends it. */
  readonly button: JQuery;
  /** The line with the progress below the button. */
  readonly status: JQuery;
  readonly table: DataPointTable;
  readonly translate: Translate;
  /** The settings of the device in the form, as they are now. */
  settings(): LearnRequest;
  /** Called before learning begins: other tools that use the device must end. */
  started(): void;
}

/** `busy`: not connected yet; `good`: values can come. */
type Tone = "busy" | "good" | "bad" | "neutral";

const ICONS: Readonly<Record<Tone, string>> = {
  busy: "fa-spinner fa-spin",
  good: "fa-rss",
  bad: "fa-exclamation-triangle",
  neutral: "fa-info-circle",
};

/** Learning: reported data points appear in the table at once, and changes are highlighted. */
export class LearnPanel {
  readonly #parts: LearnParts;
  #request: AdminRequest | undefined;
  /** Number of rows added since it began. */
  #added = 0;
  /** Whether the device is connected. */
  #isListening = false;

  constructor(parts: LearnParts) {
    this.#parts = parts;
    parts.button.on("click", () => {
      if (this.#request) this.stop();
      else this.#start();
    });
    this.#showButton();
  }

  get isRunning(): boolean {
    return this.#request !== undefined;
  }

  /** Ends learning, if it goes on; learned rows stay. */
  stop(): void {
    if (!this.#request) return;
    this.#request.cancel();
    this.#end("neutral", this.#parts.translate("tuya-device.learn.stopped"));
  }

  #start(): void {
    const { translate } = this.#parts;
    this.#parts.started();
    this.#added = 0;
    this.#isListening = false;
    this.#say("busy", translate("tuya-device.learn.starting"));
    this.#request = requestLearning(
      this.#parts.settings(),
      {
        line: (line) => this.#take(line),
        done: () => {
          if (this.#request) this.#end("bad", translate("tuya-device.learn.brokenOff"));
        },
        failed: (sentence, status) =>
          this.#end("bad", status === 200 ? translate("tuya-device.learn.brokenOff") : sentence),
      },
      translate,
    );
    this.#showButton();
  }

  #take(line: LearnNews): void {
    switch (line.kind) {
      case "state":
        this.#isListening = line.state === "listening";
        if (this.#isListening) this.#sayListening();
        else this.#say("busy", this.#parts.translate(`tuya-device.learn.${line.state}`, { ip: line.ip }));
        return;
      case "trouble":
        this.#isListening = false;
        this.#say("bad", line.says);
        return;
      case "end":
        this.#end("neutral", line.says);
        return;
      case "values":
        this.#learn(line.values, line.isPushed, line.isAsked);
    }
  }

  #learn(values: ReportedValues, isPushed: boolean, isAsked: boolean): void {
    const { table } = this.#parts;
    const lit = litBy({
      values,
      known: table.values,
      isPushed,
      isAsked,
      isEvent: (dp) => isEvent(table, dp),
    });
    const rows = missingRows(values, table.rows()).slice(0, Math.max(0, MAX_ROWS - this.#added));
    table.showValues(values);
    if (rows.length > 0) {
      this.#added += rows.length;
      table.add(rows, true);
      if (this.#isListening) this.#sayListening();
    }
    // Does not scroll to measured values, which change all the time: the user looks for the button just pressed.
    table.light(lit, !isAsked);
  }

  #sayListening(): void {
    const { translate } = this.#parts;
    const added =
      this.#added === 0
        ? ""
        : this.#added === 1
          ? translate("tuya-device.learn.addedOne")
          : translate("tuya-device.learn.addedMany", { count: this.#added });
    this.#say("good", [translate("tuya-device.learn.listening"), added].filter(Boolean).join(" "));
  }

  #end(tone: Tone, sentence: string): void {
    this.#request = undefined;
    this.#say(tone, sentence);
    this.#showButton();
  }

  #say(tone: Tone, sentence: string): void {
    const { status } = this.#parts;
    if (status.attr("data-tone") === tone && status.text().trim() === sentence) return;
    status
      .empty()
      .attr("data-tone", tone)
      .append($('<i class="fa" aria-hidden="true">').addClass(ICONS[tone]), $("<span>").text(sentence));
  }

  #showButton(): void {
    const { button, translate } = this.#parts;
    const { isRunning } = this;
    button.attr("aria-pressed", String(isRunning));
    button.find("i").toggleClass("fa-graduation-cap", !isRunning).toggleClass("fa-stop", isRunning);
    button.find("span").text(translate(`tuya-device.learn.${isRunning ? "stop" : "start"}`));
  }
}

function isEvent(table: DataPointTable, dp: string): boolean {
  return table.rows().some((row) => row.dp.trim() === dp && row.event);
}

/**
 * The data points to highlight: those with a changed value, and those reported by the device itself with the same value,
 * as buttons do; but not the answers of a meter that was asked to measure.
 */
function litBy(report: {
  readonly values: ReportedValues;
  readonly known: ReportedValues;
  readonly isPushed: boolean;
  readonly isAsked: boolean;
  readonly isEvent: (dp: string) => boolean;
}): string[] {
  const { values, known, isPushed, isAsked } = report;
  return Object.keys(values).filter((dp) => {
    const isNews = Object.hasOwn(known, dp) && JSON.stringify(known[dp]) !== JSON.stringify(values[dp]);
    return isNews || (isPushed && (!isAsked || report.isEvent(dp) || !Object.hasOwn(known, dp)));
  });
}
