import { hasWords } from "./checks";
import { NONE } from "./red";
import { translate } from "./texts";
import "./device-search.css";

/** A list with more devices than this is searched; others are the browser's own. */
const FEW = 10;

/** What the search knows of a device besides its label. */
export interface Described {
  /** Shown beside the label: that it is a gateway, or which gateway it is behind. "" = nothing. */
  readonly note: string;
  /** Further words that the search finds it by: its ids and address. */
  readonly words: string;
}

/** Describes the device with this node id, which is the value of its option. */
type Describe = (value: string) => Described;

/** How many lists there have been: makes the ids of their elements unique in the page. */
let lists = 0;

/**
 * Gives a list of devices a search field in place of the browser's own drop-down, while the list is long. Everything else
 * stays as Node-RED makes it: the element, its value, the mark for an error. Typing a letter begins a search at once.
 *
 * @param describe called each time the lines are drawn; returns what describes the devices, as they are then
 */
export function makeSearchable(select: JQuery, describe: () => Describe): void {
  const search = new DeviceSearch(select, describe);
  const isLong = (): boolean => select.find(`option[value!="${NONE}"]`).length > FEW;
  select.on("mousedown", (event) => {
    if (!isLong() || event.button !== 0) return;
    event.preventDefault();
    search.toggle();
  });
  select.on("keydown", (event) => {
    const { key } = event;
    if (!isLong() || event.ctrlKey || event.metaKey) return;
    const isLetter = key.length === 1 && key !== " ";
    if (!isLetter && ![" ", "ArrowDown", "ArrowUp", "F4"].includes(key)) return;
    event.preventDefault();
    search.open(isLetter ? key : "");
  });
}

/** The drop-down: a search field, and the matching devices below it. */
class DeviceSearch {
  readonly #select: JQuery;
  readonly #describe: () => Describe;
  readonly #input = $(
    '<input type="text" role="combobox" aria-autocomplete="list" aria-expanded="true" spellcheck="false" autocomplete="off">',
  );
  readonly #list = $('<ul role="listbox" tabindex="-1">');
  readonly #box = $('<div class="tuya-choices">').hide();
  #active = $();

  constructor(select: JQuery, describe: () => Describe) {
    this.#select = select;
    this.#describe = describe;
    const id = `tuya-choices-${(lists += 1)}`;
    const word = translate("tuya-device.overview.search");
    this.#list.attr("id", id);
    this.#input
      .attr({ "aria-controls": id, "aria-label": word, placeholder: word })
      .on("input", () => this.#show())
      .on("keydown", (event) => this.#pressed(event));
    // Keeps the focus in the field.
    this.#box.on("mousedown", "ul", (event) => event.preventDefault());
    this.#list.on("click", "[data-value]", (event) => this.#choose($(event.currentTarget as HTMLElement)));
    this.#box.on("focusout", (event) => {
      if (!this.#box.get(0)?.contains(event.relatedTarget as Node | null)) this.#close();
    });
    this.#box.append(this.#input, this.#list);
    select.attr("aria-haspopup", "listbox");
    select.parent().addClass("tuya-choice").append(this.#box);
  }

  toggle(): void {
    if (this.#box.is(":visible")) this.#leave();
    else this.open("");
  }

  /** @param typed the first letters of the search */
  open(typed: string): void {
    this.#box.css("width", `${this.#select.outerWidth() ?? 0}px`).show();
    this.#input.val(typed).trigger("focus");
    this.#show();
    this.#box.get(0)?.scrollIntoView({ block: "nearest" });
  }

  #close(): void {
    this.#box.hide();
    this.#list.empty();
  }

  /** Closes the list and gives the focus back to the element it belongs to. */
  #leave(): void {
    this.#close();
    this.#select.trigger("focus");
  }

  #choose(row: JQuery): void {
    const value = row.attr("data-value");
    this.#leave();
    if (value !== undefined && value !== this.#select.val()) this.#select.val(value).trigger("change");
  }

  /** Shows the matching devices. The current line is the chosen device, or during a search the best match. */
  #show(): void {
    const filter = String(this.#input.val() ?? "").trim();
    const chosen = this.#select.val();
    const options = this.#select.children("option:not([hidden])");
    const none = options.filter(`[value="${NONE}"]`);
    const describe = this.#describe();
    const groups = this.#select.children("optgroup").get();
    this.#list.empty().append([
      ...this.#rows(options.not(none), filter, describe),
      ...groups.flatMap((group) => {
        const rows = this.#rows($(group).children(), filter, describe);
        const heading = $('<li role="presentation" class="tuya-choice-group">').text(
          $(group).attr("label") ?? "",
        );
        return rows.length === 0 ? [] : [heading, ...rows];
      }),
      ...(filter === "" ? this.#rows(none, filter, describe) : []),
    ]);
    const found = this.#list.children("[data-value]");
    if (found.length === 0) {
      $('<li class="tuya-choice-none">').text(translate("tuya-device.overview.noMatch")).appendTo(this.#list);
    }
    const current = found.filter((_index, row) => filter === "" && $(row).attr("data-value") === chosen);
    this.#activate(current.length > 0 ? current : found.first());
  }

  /** The lines for those of these options that match: matches in the label before other matches. */
  #rows(options: JQuery, filter: string, describe: Describe): JQuery[] {
    const chosen = this.#select.val();
    const found = options.get().map((option) => {
      const label = $(option).text();
      const value = String($(option).val());
      return { label, value, hasLabel: hasWords(label, filter), ...describe(value) };
    });
    return found
      .filter(({ label, note, words }) => hasWords(`${label} ${note} ${words}`, filter))
      .sort((a, b) => Number(b.hasLabel) - Number(a.hasLabel))
      .map(({ label, value, note }) =>
        $('<li role="option">')
          .attr({ "data-value": value, "aria-selected": String(value === chosen) })
          .append($("<span>").text(label), $("<small>").text(note)),
      );
  }

  /** Makes this line the current one, which Enter chooses; none if there is no line. The focus stays in the field. */
  #activate(row: JQuery): void {
    this.#active.removeClass("tuya-choice-active").removeAttr("id");
    this.#active = row;
    const id = `${this.#list.attr("id")}-active`;
    row.addClass("tuya-choice-active").attr("id", id).get(0)?.scrollIntoView({ block: "nearest" });
    if (row.length > 0) this.#input.attr("aria-activedescendant", id);
    else this.#input.removeAttr("aria-activedescendant");
  }

  #pressed(event: JQuery.KeyDownEvent): void {
    const rows = this.#list.children("[data-value]");
    const at = rows.index(this.#active);
    const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 };
    const step = steps[event.key];
    if (step !== undefined) {
      event.preventDefault();
      this.#activate(rows.eq(Math.min(Math.max(at + step, 0), rows.length - 1)));
    } else if (event.key === "Enter") {
      this.#choose(this.#active);
    } else if (event.key === "Escape") {
      this.#leave();
    } else return;
    // Otherwise Enter would press Done, and Escape close the dialog.
    event.preventDefault();
    event.stopPropagation();
  }
}
