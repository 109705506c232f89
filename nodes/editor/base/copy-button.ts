import "./copy-button.css";

/** A text that a click copies; Node-RED says that it did. */
export function copyButton(copied: string, shown = copied): JQuery {
  const button = $('<button type="button" class="tuya-copy">').text(shown).attr("title", copied);
  const clipboard = RED.clipboard as unknown as {
    copyText(text: string, element: JQuery, message: string): boolean;
  };
  return button.on("click", () => clipboard.copyText(copied, button, "clipboard.copyMessageValue"));
}
