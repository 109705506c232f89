import { counted, translate } from "../base/texts";
import { deviceRows, type DeviceRow } from "./device-rows";
import { shortDuration } from "./durations";
import { editorDevices } from "./editor-devices";
import { overviewFeed } from "./overview-feed";

const CATALOGUE = "tuya-device.overview.live";

/**
 * Shows the state of a deployed device as one line in its form, and keeps it up to date, until the returned function is
 * called. Hidden while the device does not run.
 *
 * @param box an element for the line
 */
export function showLiveLine(box: JQuery, nodeId: string): () => void {
  const dot = $('<i class="tuya-live-dot" aria-hidden="true">');
  const text = $("<span>");
  const all = $('<button type="button" class="tuya-link" data-tuya-action="tuya:show-devices">').text(
    translate(`${CATALOGUE}.all`),
  );
  box.empty().append(dot, text, " ", all).hide();
  return overviewFeed.listen({
    changed: (live) => {
      const row = deviceRows(editorDevices(), live, new Map()).find(({ device }) => device.id === nodeId);
      box.toggle(row?.live !== undefined);
      if (!row?.live) return;
      dot.attr({ "data-fill": row.badge.fill, "data-shape": row.badge.shape });
      text.text(liveText(row, Date.now()));
    },
    failed: () => void box.hide(),
  });
}

/** The state with its duration, address, version and drops, and a sentence about what is wrong. */
function liveText({ live, badge, sentence, device }: DeviceRow, now: number): string {
  if (!live) return "";
  const state = translate(badge.text);
  const time = shortDuration(now - live.since);
  const facts = [
    live.state === "unused" ? state : translate(`${CATALOGUE}.since`, { state, time }),
    ...(live.ip === undefined || device.cid !== "" ? [] : [live.ip]),
    ...(live.version === undefined || device.cid !== ""
      ? []
      : [translate(`${CATALOGUE}.version`, { version: live.version })]),
    ...(live.drops === 0 ? [] : [counted(`${CATALOGUE}.drops`, live.drops)]),
  ];
  return [facts.join(" · "), sentence].filter(Boolean).join(". ");
}
