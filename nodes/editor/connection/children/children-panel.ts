import { type AdminRequest } from "../../base/requests";
import {
  type ChildRow,
  type ChildrenNews,
  type FoundChild,
  type ListAnswer,
  NEWS_MS,
  toChildRows,
} from "./child-row";
import { ChildrenList } from "./children-list";
import type { Translate } from "../../base/red";
import "../find/find-panel.css";
import "./children-panel.css";
import type { ChildrenRequest } from "../../../contract/children";
import { requestChildren } from "./children-requests";

/** The parts of the form that the panel needs. */
export interface ChildrenParts {
  /** The element that becomes the panel; hidden while it is closed. */
  readonly box: JQuery;
  readonly translate: Translate;
  /** The gateway to ask, with its settings in the editor, and its name; undefined if none is chosen. */
  gateway(): { readonly request: ChildrenRequest; readonly name: string } | undefined;
  /** The cid in the form. */
  currentCid(): string;
  /** Labels of the other devices of the editor behind the chosen gateway, by cid. */
  knownChildren(): ReadonlyMap<string, string>;
  /** The user has chosen a sub-device. */
  pick(row: ChildRow): void;
}

/** Asks a gateway for its sub-devices and shows them. Asks only while it is open. */
export class ChildrenPanel {
  readonly #parts: ChildrenParts;
  #open: OpenPanel | undefined;

  constructor(parts: ChildrenParts) {
    this.#parts = parts;
  }

  get isOpen(): boolean {
    return this.#open !== undefined;
  }

  /** Opens the panel and asks the gateway; does nothing if the panel is open. */
  open(): void {
    this.#open ??= new OpenPanel(this.#parts);
  }

  /** Ends all requests of the panel. May be called again. */
  close(): void {
    this.#open?.close();
    this.#open = undefined;
  }
}

/** The progress of the request. `asking`: the gateway is connected, and has not answered yet. */
type Progress =
  | { readonly step: "noGateway" | "connecting" | "asking" }
  | { readonly step: "listening"; readonly answer: ListAnswer }
  /** `says`: why it failed; "" if it did not. */
  | { readonly step: "over"; readonly says: string };

/** The panel while it is open. */
class OpenPanel {
  readonly #parts: ChildrenParts;
  readonly #list: ChildrenList;
  readonly #spinner = $('<i class="fa fa-spinner fa-spin" aria-hidden="true">');
  readonly #status = $('<span class="tuya-find-status" role="status">');
  readonly #again = $('<button type="button" class="tuya-link">');
  readonly #byHand = $('<div class="tuya-children-hint">');
  /** By cid. */
  readonly #children = new Map<string, FoundChild>();
  /** When each last reported by itself, by cid. */
  readonly #heardAt = new Map<string, number>();
  #gatewayName = "";
  #progress: Progress = { step: "connecting" };
  #request: AdminRequest | undefined;
  /** Draws the list again when the last report is no news any more. */
  #newsTimer: number | undefined;
  /** Whether the list has been scrolled to, which happens once. */
  #wasShown = false;

  constructor(parts: ChildrenParts) {
    this.#parts = parts;
    const { box, translate } = parts;
    this.#list = new ChildrenList(translate, (row) => parts.pick(row));
    this.#again.text(translate("tuya-device.children.again")).on("click", () => this.#ask());
    this.#byHand.text(translate("tuya-device.children.byHand"));
    const line = $('<div class="tuya-find-line">').append(this.#spinner, this.#status, this.#again);
    box.empty().append(line, this.#list.element, this.#byHand).show();
    this.#ask();
  }

  close(): void {
    this.#request?.cancel();
    clearTimeout(this.#newsTimer);
    this.#parts.box.hide().empty();
  }

  #ask(): void {
    const { translate } = this.#parts;
    this.#request?.cancel();
    const gateway = this.#parts.gateway();
    this.#progress = { step: gateway ? "connecting" : "noGateway" };
    this.#gatewayName = gateway?.name ?? "";
    if (gateway) {
      this.#request = requestChildren(
        gateway.request,
        {
          line: (news) => this.#note(news),
          // If the server stops, or a proxy gives up, the answer ends without a last line.
          done: () => this.#end(""),
          failed: (sentence) => this.#end(sentence),
        },
        translate,
      );
    }
    this.#render();
  }

  #note(news: ChildrenNews): void {
    switch (news.kind) {
      case "state":
        this.#progress = { step: news.isConnected ? "asking" : "connecting" };
        break;
      case "list":
        this.#progress = { step: "listening", answer: news.answer };
        break;
      case "child":
        this.#noteChild(news.child);
        break;
      case "end":
        this.#end(news.says);
        return;
    }
    this.#render();
  }

  #noteChild(child: FoundChild): void {
    const before = this.#children.get(child.cid)?.reports ?? 0;
    this.#children.set(child.cid, child);
    if (child.reports <= before) return;
    this.#heardAt.set(child.cid, Date.now());
    clearTimeout(this.#newsTimer);
    this.#newsTimer = window.setTimeout(() => this.#render(), NEWS_MS);
  }

  #end(says: string): void {
    if (this.#progress.step === "over") return;
    this.#progress = { step: "over", says };
    this.#render();
  }

  #render(): void {
    const rows = toChildRows(this.#children.values(), {
      current: this.#parts.currentCid(),
      known: this.#parts.knownChildren(),
      heardAt: this.#heardAt,
      now: Date.now(),
    });
    this.#list.show(rows);
    const { step } = this.#progress;
    const isOver = step === "over" || step === "noGateway";
    const isFailure = this.#progress.step === "over" && this.#progress.says !== "";
    this.#spinner.toggle(!isOver);
    this.#again.toggle(step === "over");
    this.#status.text(this.#statusText()).toggleClass("tuya-danger-text", isFailure || step === "noGateway");
    // Whether the gateway gives no list: then the user must enter the cid.
    const isInVain =
      step === "over" || (this.#progress.step === "listening" && this.#progress.answer !== "listed");
    this.#byHand.toggle(rows.length === 0 && (isInVain || step === "listening"));
    if (rows.length > 0 && !this.#wasShown) {
      this.#wasShown = true;
      this.#list.element.get(0)?.scrollIntoView({ block: "nearest" });
    }
  }

  #statusText(): string {
    const { translate } = this.#parts;
    const gateway = this.#gatewayName;
    const count = this.#children.size;
    const progress = this.#progress;
    switch (progress.step) {
      case "noGateway":
        return translate("tuya-device.children.noGateway");
      case "connecting":
      case "asking":
        return translate(`tuya-device.children.${progress.step}`, { gateway });
      case "over":
        return progress.says || translate("tuya-device.children.over");
      case "listening":
        if (count === 0) return translate(`tuya-device.children.none.${progress.answer}`, { gateway });
        return count === 1
          ? translate("tuya-device.children.one", { gateway })
          : translate("tuya-device.children.many", { gateway, count });
    }
  }
}
