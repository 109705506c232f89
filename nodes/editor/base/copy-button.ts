import "./copy-button.css";

/** A button that copies a text; Node-RED confirms it. */
export function copyButton(copied: string, shown = copied): JQuery {
  const button = $('<button type="button" class="tuya-copy">').text(shown).attr("title", copied);
  const clipboard = RED.clipboard as unknown as {
    copyText(text: string, element: JQuery, message: string): boolean;
  };
  return button.on("click", () => clipboard.copyText(copied, button, "clipboard.copyMessageValue"));
}
