/** Node-RED's clipboard; its types lack this call. */
interface Clipboard {
  copyText(text: string, near?: JQuery, message?: string): boolean;
}

/**
 * Copies a text; returns whether that worked.
 *
 * @param near where Node-RED shows for a moment that the text was copied; without it Node-RED shows nothing
 */
export function copyText(text: string, near?: JQuery): boolean {
  const clipboard = RED.clipboard as unknown as Clipboard;
  return near ? clipboard.copyText(text, near, "clipboard.copyMessageValue") : clipboard.copyText(text);
}
