import { translate } from "../base/texts";
import { FILTERS, ORDERS, type Filter, type ListView, type Order } from "./device-rows";

const CATALOGUE = "tuya-device.overview";

/** The controls above the list: search, filters with their counts, and order. */
export class ListControls {
  readonly element = $('<div class="tuya-controls">');
  readonly #changed: () => void;
  readonly #search = $('<input type="text" class="tuya-search" spellcheck="false" autocomplete="off">');
  readonly #order = $('<select class="tuya-order">');
  readonly #filters = $('<div class="tuya-filters" role="group">');
  readonly #captions = $('<div class="tuya-captions">');
  readonly #all = $('<input type="checkbox">');
  #filter: Filter = "all";

  /**
   * @param changed called when `view` has changed
   * @param chooseAll called when all shown lines are to be chosen, or none
   */
  constructor(changed: () => void, chooseAll: (isAll: boolean) => void) {
    this.#changed = changed;
    const word = translate(`${CATALOGUE}.search`);
    this.#search.attr({ placeholder: word, "aria-label": word }).on("input", changed);
    this.#search.on("keydown", (event) => {
      if (event.key !== "Escape" || this.#search.val() === "") return;
      event.stopPropagation();
      this.#search.val("");
      changed();
    });
    this.#order.attr({
      "aria-label": translate(`${CATALOGUE}.order.label`),
      title: translate(`${CATALOGUE}.order.label`),
    });
    for (const order of ORDERS) {
      $("<option>")
        .val(order)
        .text(translate(`${CATALOGUE}.order.${order}`))
        .appendTo(this.#order);
    }
    this.#order.on("change", () => this.#orderBy(this.view.order));
    this.#filters.attr("aria-label", translate(`${CATALOGUE}.filter.label`));
    for (const filter of FILTERS) {
      $('<button type="button" class="tuya-filter">')
        .attr({ "data-filter": filter, "aria-pressed": String(filter === "all") })
        .append($("<span>").text(translate(`${CATALOGUE}.filter.${filter}`)), " ", $("<b>"))
        .on("click", () => this.showOnly(filter === this.#filter ? "all" : filter))
        .appendTo(this.#filters);
    }
    this.#all
      .attr({ "aria-label": translate(`${CATALOGUE}.all`), title: translate(`${CATALOGUE}.all`) })
      .on("change", () => chooseAll(this.#all.prop("checked") === true));
    this.#captions.append(
      $("<span>").append(this.#all),
      "<span>",
      ...ORDERS_OF_COLUMNS.map((order) => this.#caption(order)),
    );
    this.element.append(
      $('<div class="tuya-controls-line">').append(this.#search, this.#order),
      this.#filters,
      this.#captions,
    );
    this.#orderBy("name", false);
  }

  /** What is searched, filtered and ordered by now. */
  get view(): ListView {
    return {
      search: String(this.#search.val() ?? ""),
      filter: this.#filter,
      order: String(this.#order.val()) as Order,
    };
  }

  /** Sets the filter. */
  showOnly(filter: Filter): void {
    this.#filter = filter;
    for (const button of this.#filters.children().get()) {
      $(button).attr("aria-pressed", String($(button).attr("data-filter") === filter));
    }
    this.#changed();
  }

  /** Resets search and filter. */
  reset(): void {
    this.#search.val("");
    this.showOnly("all");
  }

  /** Shows the counts of the filters, and how many lines are shown and chosen. */
  show(counts: Readonly<Record<Filter, number>>, shown: number, chosen: number): void {
    for (const button of this.#filters.children().get()) {
      const filter = $(button).attr("data-filter") as Filter;
      const count = String(counts[filter]);
      button.hidden = filter !== "all" && filter !== this.#filter && count === "0";
      if ($(button).attr("data-count") !== count) $(button).attr("data-count", count).find("b").text(count);
    }
    this.#all.prop({ checked: shown > 0 && chosen === shown, indeterminate: chosen > 0 && chosen < shown });
  }

  #orderBy(order: Order, isNews = true): void {
    this.#order.val(order);
    for (const caption of this.#captions.find("button").get()) {
      $(caption).attr("aria-pressed", String($(caption).attr("data-order") === order));
    }
    if (isNews) this.#changed();
  }

  #caption(order: Order): JQuery {
    return $('<button type="button" class="tuya-caption">')
      .attr("data-order", order)
      .text(translate(`${CATALOGUE}.order.${order}`))
      .on("click", () => this.#orderBy(order));
  }
}

/** The columns of a wide side bar, from left to right. */
const ORDERS_OF_COLUMNS: readonly Order[] = ["name", "state", "address", "version", "seen", "users"];
