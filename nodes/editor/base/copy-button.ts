import { copyText } from "./clipboard";
import "./copy-button.css";

/** A button with the text `shown`; a click copies the text `copied`, which is also its tool tip. Node-RED confirms it. */
export function copyButton(copied: string, shown = copied): JQuery {
  const button = $('<button type="button" class="tuya-copy">').text(shown).attr("title", copied);
  return button.on("click", () => copyText(copied, button));
}
