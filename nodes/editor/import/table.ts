import { shortId } from "../base/distinction";
import type { ImportRow } from "./rows";
import type { Translate } from "../base/red";

const COLUMNS = ["device", "kind", "address", "key", "dataPoints", "outcome"] as const;

/** The callbacks for actions of the user in the table. Ids are device ids. */
export interface TableActions {
  /** Boxes were ticked or unticked; those that cannot be ticked may be among them. */
  choose(ids: readonly string[], isTicked: boolean): void;
  /** A name was typed; "" = the one in the list. */
  rename(id: string, name: string): void;
}

/**
 * The table of devices to choose from; new ones can be renamed. Rows keep their elements when they change, so that mouse
 * and keyboard stay on theirs.
 */
export class ImportTable {
  readonly element = $('<div class="tuya-import-table">');
  readonly #body = $("<tbody>");
  readonly #all = $('<input type="checkbox">');
  readonly #translate: Translate;
  readonly #actions: TableActions;
  /** By device id; also those that are not shown now. */
  readonly #lines = new Map<string, JQuery>();
  /** The shown rows. */
  #rows: readonly ImportRow[] = [];
  /** Rows to show when the user has finished typing a name. */
  #waiting: readonly ImportRow[] | undefined;

  constructor(translate: Translate, actions: TableActions) {
    this.#translate = translate;
    this.#actions = actions;
    const header = $("<tr>").append($('<th scope="col" class="tuya-import-tick">').append(this.#all));
    for (const column of COLUMNS) {
      $(`<th scope="col" class="tuya-import-${column}">`)
        .text(translate(`tuya-device.import.column.${column}`))
        .appendTo(header);
    }
    $("<table>").append($("<thead>").append(header), this.#body).appendTo(this.element);
    this.#all.attr("aria-label", translate("tuya-device.import.all")).on("change", () => {
      const ids = this.#rows.filter(({ outcome }) => outcome !== "same").map(({ id }) => id);
      this.#actions.choose(ids, this.#all.prop("checked") === true);
    });
  }

  /** Shows these rows; other ones not before the user has finished typing a name. */
  show(rows: readonly ImportRow[]): void {
    const isOther = rows.length !== this.#rows.length || rows.some(({ id }, at) => this.#rows[at]?.id !== id);
    const isRenaming = this.#body.children(".tuya-import-renaming").length > 0;
    this.#waiting = isOther && isRenaming ? rows : undefined;
    if (this.#waiting) return;
    this.#rows = rows;
    // A line that was filtered out keeps its element for when it is shown again.
    const focused = isOther ? this.#body.find(":focus") : $();
    if (isOther) this.#body.children().detach();
    for (const row of rows) this.#fill(this.#lineOf(row), row);
    focused.trigger("focus");
    const tickable = rows.filter(({ isTickable }) => isTickable);
    const ticked = tickable.filter(({ isTicked }) => isTicked);
    this.#all.prop({
      checked: ticked.length > 0 && ticked.length === tickable.length,
      indeterminate: ticked.length > 0 && ticked.length < tickable.length,
      disabled: tickable.length === 0,
    });
  }

  /** The line of a device, at its place or at the end of the table. */
  #lineOf(row: ImportRow): JQuery {
    const known = this.#lines.get(row.id);
    if (known) return known.parent().length > 0 ? known : known.appendTo(this.#body);
    const box = $('<input type="checkbox">').attr("aria-label", row.name);
    const renaming = this.#translate("tuya-device.import.rename", { name: row.listedName });
    const rename = $(
      '<button type="button" class="tuya-import-rename"><i class="fa fa-pencil" aria-hidden="true">',
    )
      // Not reached by the tab key, which goes from box to box: F2 renames.
      .attr({ title: renaming, "aria-label": renaming, tabindex: -1 })
      .on("click", () => this.#rename(row.id, line));
    box.on("change", () => this.#actions.choose([row.id], box.prop("checked") === true));
    const line = $("<tr>").append(
      $('<td class="tuya-import-tick">').append(box),
      $('<th scope="row" class="tuya-import-device">').append("<span>", rename, "<small>"),
      '<td class="tuya-import-kind">',
      $('<td class="tuya-import-address">').append("<span>", "<small>"),
      '<td class="tuya-import-key">',
      $('<td class="tuya-import-dataPoints">').append("<span>", "<small>"),
      $('<td class="tuya-import-outcome">').append('<span class="tuya-badge">', "<small>"),
    );
    box.on("keydown", (event) => {
      if (event.key === "F2") rename.filter(":visible").trigger("click");
    });
    // A click anywhere in the line ticks its box.
    line.on("click", (event) => {
      if ($(event.target).closest("input, button").length === 0) box.trigger("click");
    });
    line.appendTo(this.#body);
    this.#lines.set(row.id, line);
    return line;
  }

  /** Shows a field in place of the name until it is left. Escape keeps the former name. */
  #rename(id: string, line: JQuery): void {
    const name = line.find(".tuya-import-device > span");
    const button = line.find(".tuya-import-rename");
    const input = $('<input type="text" spellcheck="false" autocomplete="off">')
      .attr("aria-label", button.attr("aria-label") ?? "")
      .val(name.text());
    const leave = (isTaken: boolean): void => {
      const typed = String(input.val() ?? "");
      input.off("blur").remove();
      line.removeClass("tuya-import-renaming");
      if (isTaken) this.#actions.rename(id, typed);
      else if (this.#waiting) this.show(this.#waiting);
    };
    input.on("blur", () => leave(true));
    input.on("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== "Escape") return;
      // Neither key must reach the dialog.
      event.preventDefault();
      event.stopPropagation();
      leave(event.key === "Enter");
      line.find(".tuya-import-tick > input").trigger("focus");
    });
    line.addClass("tuya-import-renaming");
    name.before(input);
    input.trigger("focus").trigger("select");
  }

  #fill(line: JQuery, row: ImportRow): void {
    const translate = this.#translate;
    const say = (key: string, parameters?: Parameters<Translate>[1]): string =>
      translate(`tuya-device.import.${key}`, parameters);
    line.toggleClass("tuya-import-child", row.kind === "child").toggleClass("tuya-import-off", !row.isTicked);
    line.find(".tuya-import-tick > input").prop({ checked: row.isTicked, disabled: !row.isTickable });
    // Only new devices can be renamed.
    line.find(".tuya-import-rename").toggle(row.outcome === "create");
    line.find(".tuya-import-device > span").text(row.name);
    const isDouble = row.distinction !== "";
    const id = row.name === row.id ? "" : shortId(row.id);
    line
      .find(".tuya-import-device > small")
      .text(isDouble ? say("double", { id: row.distinction }) : id)
      .toggleClass("tuya-import-double", isDouble)
      .attr("title", row.id);
    line.find(".tuya-import-kind").text(this.#kindOf(row));
    line.find(".tuya-import-address > span").text(row.address.ip);
    line.find(".tuya-import-address > small").text(say(`address.${row.address.origin}`));
    line.find(".tuya-import-key").text(keyText(row, translate)).toggleClass("tuya-import-odd", row.isKeyOdd);
    const { count, template } = row.dataPoints;
    line.find(".tuya-import-dataPoints > span").text(count === 0 ? say("dataPoints.none") : String(count));
    line
      .find(".tuya-import-dataPoints > small")
      .text(
        count === 0
          ? ""
          : template === ""
            ? say("dataPoints.listed")
            : say("dataPoints.template", { template }),
      );
    line
      .find(".tuya-badge")
      .text(say(`outcome.${row.outcome}`))
      .attr("data-outcome", row.outcome);
    line.find(".tuya-import-outcome > small").text(noteOf(row, say));
  }

  #kindOf({ kind, gateway }: ImportRow): string {
    if (kind !== "child") return this.#translate(`tuya-device.import.kind.${kind}`);
    return gateway === ""
      ? this.#translate("tuya-device.import.kind.child")
      : this.#translate("tuya-device.import.kind.behind", { gateway });
  }
}

/** The note beside the outcome; "" = none. */
function noteOf({ obstacle, outcome, isTicked }: ImportRow, say: (key: string) => string): string {
  if (obstacle !== undefined) return say(`obstacle.${obstacle}`);
  if (outcome !== "updateKey") return "";
  return isTicked ? say("note.replaced") : say("note.kept");
}

function keyText({ keyLength, outcome }: ImportRow, translate: Translate): string {
  // The list has no key, and the stored one is kept.
  if (keyLength === 0 && outcome === "same") return translate("tuya-device.import.key.stored");
  if (keyLength === undefined) return translate("tuya-device.import.key.gateway");
  return keyLength === 0
    ? translate("tuya-device.import.key.none")
    : translate("tuya-device.import.key.length", { length: keyLength });
}
