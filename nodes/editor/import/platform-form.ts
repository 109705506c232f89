import {
  DATA_CENTRE_IDS,
  dataCentre,
  type DataCentreId,
  isDataCentreId,
} from "../../../src/platform/data-centres";
import type { FetchRequest } from "../../contract/platform";
import { translate } from "../base/texts";
import "./platform-form.css";

/** The steps of the guide; last parts of catalogue keys. */
const STEPS = ["account", "project", "services", "link", "copy"] as const;
const HOME = "https://platform.tuya.com";

/** The callbacks of the form. */
export interface PlatformFormActions {
  /** The user wants the devices fetched, with the present `values`. */
  fetch(): void;
  /** The user wants the request ended; only while the form is busy. */
  cancel(): void;
  /** The choice between import and comparison has changed. */
  purposeChanged(): void;
  /** The user wants to fetch again. */
  again(): void;
}

/**
 * The form for access id, secret and data centre, with the result and a guide where to find them. The secret is only in
 * its field.
 */
export class PlatformForm {
  readonly element = $('<div class="tuya-platform">');
  readonly #actions: PlatformFormActions;
  readonly #form = $('<form class="tuya-platform-form" autocomplete="off">');
  readonly #accessId = $('<input type="text" id="tuya-platform-id" autocomplete="off" spellcheck="false">');
  // "new-password": browsers offer to save other passwords, but not this one in a form that is never sent.
  readonly #accessSecret = $('<input type="password" id="tuya-platform-secret" autocomplete="new-password">');
  readonly #dataCentre = $('<select id="tuya-platform-data-centre">');
  readonly #button = $('<button type="submit" class="red-ui-button tuya-platform-fetch">');
  readonly #host = $('<div class="tuya-import-hint">');
  readonly #progress = $('<div class="tuya-platform-progress" role="status">').hide();
  readonly #failure = $('<div class="tuya-import-failure" role="alert">').hide();
  readonly #after = $('<div class="tuya-platform-after">').hide();
  /** Ticked for a comparison. */
  readonly #purpose = $('<input type="checkbox" id="tuya-platform-compare">');
  readonly #compared = $('<div class="tuya-platform-compared" role="status">');
  #isBusy = false;

  constructor(isComparison: boolean, actions: PlatformFormActions) {
    this.#actions = actions;
    for (const id of DATA_CENTRE_IDS)
      $("<option>").val(id).text(dataCentre(id).name).appendTo(this.#dataCentre);
    this.#dataCentre.on("change", () => this.#showHost());
    this.#purpose.prop("checked", isComparison).on("change", () => this.#actions.purposeChanged());
    this.#build();
    this.#showHost();
    this.idle();
  }

  /** Whether keys are to be compared, instead of importing devices. */
  get isComparison(): boolean {
    return this.#purpose.prop("checked") === true;
  }

  /** What is filled in, without blanks around it. */
  values(): FetchRequest {
    const text = (field: JQuery): string => String(field.val() ?? "").trim();
    return {
      accessId: text(this.#accessId),
      accessSecret: text(this.#accessSecret),
      dataCentre: this.#chosen(),
    };
  }

  /** Shows that nothing is running. */
  idle(): void {
    this.#isBusy = false;
    this.#progress.hide();
    this.#setButton("fa-cloud-download", "fetch");
  }

  /** Shows that a request is running, and in the sentence what it does. May be called again for the next step. */
  busy(sentence: string): void {
    this.#isBusy = true;
    this.#failure.hide();
    this.#progress.find("span").text(sentence);
    this.#progress.show();
    this.#setButton("fa-stop", "cancel");
  }

  /**
   * Shows the problem and what to do.
   *
   * @param elsewhere the data centre in which the devices are, if that is known: a button fetches them there
   */
  failed(says: string, remedy = "", elsewhere?: DataCentreId): void {
    this.idle();
    this.#failure.empty().append($("<div>").text(says));
    if (remedy !== "") $('<div class="tuya-platform-remedy">').text(remedy).appendTo(this.#failure);
    if (elsewhere !== undefined) {
      const { name } = dataCentre(elsewhere);
      $('<button type="button" class="red-ui-button red-ui-button-small tuya-platform-elsewhere">')
        .text(translate("tuya-device.import.platform.use", { name }))
        .on("click", () => {
          this.#dataCentre.val(elsewhere);
          this.#showHost();
          this.#actions.fetch();
        })
        .appendTo(this.#failure);
    }
    this.#failure.show();
  }

  /** Shows that the devices are fetched from this data centre. The secret is removed. */
  fetched(name: string): void {
    this.idle();
    this.#accessSecret.val("");
    this.#form.hide();
    this.#after.find("b").text(translate("tuya-device.import.platform.from", { name }));
    this.#after.show();
  }

  /** Shows the result of a comparison; "" = none. */
  compared(sentence: string): void {
    this.#compared.text(sentence).toggle(sentence !== "");
  }

  /** Empties the field for the secret, and removes the form. */
  close(): void {
    this.#accessSecret.val("");
    this.element.remove();
  }

  #build(): void {
    this.#form.append(
      row("id", this.#accessId),
      row("secret", this.#accessSecret),
      row("dataCentre", this.#dataCentre),
      $('<div class="tuya-import-line">').append(this.#button, this.#host),
    );
    this.#form.on("submit", (event) => {
      event.preventDefault();
      if (this.#isBusy) this.#actions.cancel();
      else this.#actions.fetch();
    });
    this.#progress.append('<i class="fa fa-spinner fa-spin" aria-hidden="true">', " ", "<span>");
    const again = $('<button type="button" class="red-ui-button red-ui-button-small">')
      .text(translate("tuya-device.import.platform.again"))
      .on("click", () => this.#restart());
    const label = $('<label class="tuya-platform-purpose" for="tuya-platform-compare">').append(
      this.#purpose,
      $("<span>").text(translate("tuya-device.import.platform.compare")),
    );
    this.#form.append(guide());
    const line = $('<div class="tuya-platform-line">').append($("<b>"), again);
    this.#after.append(line, label, this.#compared);
    this.element.append(this.#form, this.#after, this.#progress, this.#failure);
  }

  /** Shows the form again, for other devices. */
  #restart(): void {
    this.#after.hide();
    this.compared("");
    this.#form.show();
    this.#accessSecret.trigger("focus");
    this.#actions.again();
  }

  #chosen(): DataCentreId {
    const id = String(this.#dataCentre.val() ?? "");
    return isDataCentreId(id) ? id : "eu";
  }

  #showHost(): void {
    const { host } = dataCentre(this.#chosen());
    this.#host.text(translate("tuya-device.import.platform.host", { host }));
  }

  /** The button fetches or cancels: what it says is what it does. */
  #setButton(icon: string, word: "fetch" | "cancel"): void {
    this.#button
      .empty()
      .append($(`<i class="fa ${icon}" aria-hidden="true">`), " ")
      .append($("<span>").text(translate(`tuya-device.import.platform.${word}`)));
  }
}

function row(name: "id" | "secret" | "dataCentre", field: JQuery): JQuery {
  const label = $("<label>")
    .attr("for", field.attr("id") ?? "")
    .text(translate(`tuya-device.import.platform.label.${name}`));
  return $('<div class="form-row">').append(label, field);
}

/** The guide for users who have no id and secret yet. */
function guide(): JQuery {
  const list = $("<ol>");
  for (const step of STEPS) {
    $("<li>")
      .text(translate(`tuya-device.import.platform.guide.${step}`))
      .appendTo(list);
  }
  const link = $('<a target="_blank" rel="noopener noreferrer">')
    .attr("href", HOME)
    .text("platform.tuya.com");
  list.children().first().append(" ", link);
  return $('<details class="tuya-platform-guide">').append(
    $("<summary>").text(translate("tuya-device.import.platform.guide.title")),
    list,
  );
}
