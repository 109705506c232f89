import { translate } from "./texts";

/** How long a section is highlighted after it was shown, in milliseconds. */
const LIT_MS = 1_500;

/**
 * A button that shows a section of the help of a node type in the side bar.
 *
 * @param section the heading's id in the help is `<type>-help-<section>`
 */
export function helpButton(type: string, section: string): JQuery {
  const title = translate("tuya-device.help");
  return $('<button type="button" class="tuya-help"><i class="fa fa-question-circle" aria-hidden="true">')
    .attr({ title, "aria-label": title, "data-section": section })
    .on("click", () => showHelp(type, section));
}

/** Puts a help button at the end of each element of a form that has an attribute `data-help`, the section it leads to. */
export function addHelpButtons(form: JQuery, type: string): void {
  for (const element of form.find("[data-help]").get()) {
    $(element).append(helpButton(type, $(element).attr("data-help") ?? ""));
  }
}

/**
 * Makes links in the help, and buttons elsewhere, invoke actions: `<a data-tuya-action="…">` with the name of an action.
 * Called when the script is loaded.
 */
export function followHelpLinks(): void {
  // Replaces the listener of an earlier script.
  $(document)
    .off("click.tuya-help")
    .on("click.tuya-help", "[data-tuya-action]", (event) => {
      event.preventDefault();
      RED.actions.invoke(String($(event.currentTarget).attr("data-tuya-action")));
    });
}

function showHelp(type: string, section: string): void {
  RED.sidebar.help.show(type);
  const heading = $(`#${type}-help-${section}`);
  heading.addClass("tuya-help-lit").get(0)?.scrollIntoView();
  window.setTimeout(() => heading.removeClass("tuya-help-lit"), LIT_MS);
}
