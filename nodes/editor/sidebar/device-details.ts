import type { DeviceStory } from "../../contract/overview";
import { COMPARE_ACTION, IMPORT_ACTION } from "../base/device-select";
import type { AdminRequest } from "../base/requests";
import { counted, translate } from "../base/texts";
import { ReportBox } from "../connection/test/report-box";
import { TestPanel } from "../connection/test/test-panel";
import type { OpenDetails } from "./device-list";
import { deviceReport } from "./device-report";
import type { DeviceRow } from "./device-rows";
import { shortBytes, shortTime } from "./durations";
import { changeDevices, editDevice, namesIn, NodeTour, testRequestOf } from "./editor-devices";
import { requestReconnect, requestStory } from "./overview-requests";

/** The shortest time between two requests without news, in milliseconds: bytes and round trips change all the time. */
const STORY_PAUSE_MS = 5_000;
/** Errors that another key may solve. */
const KEY_ERRORS: readonly string[] = ["WRONG_KEY", "KEY_OR_VERSION"];
const CATALOGUE = "tuya-device.overview";

/** The details below the open line of a device: actions, statistics and recent events. */
export class DeviceDetails implements OpenDetails {
  readonly element: HTMLElement;
  readonly #actions = $('<div class="tuya-details-actions">');
  readonly #said = $('<div class="tuya-details-said" role="status">');
  readonly #facts = $('<dl class="tuya-details-facts">');
  readonly #events = $('<ol class="tuya-events">');
  readonly #test: TestPanel;
  readonly #report = new ReportBox(translate);
  readonly #tour: NodeTour;
  readonly #reconnect: JQuery;
  readonly #nodes: JQuery;
  /** Buttons that lead to another key, shown while the stored one is wrong. */
  readonly #keyLeads: readonly JQuery[];
  #row: DeviceRow;
  #story: DeviceStory | undefined;
  #request: AdminRequest | undefined;
  #timer: number | undefined;
  /** When the events were last requested, as `performance.now()`. */
  #askedAt = -Infinity;
  /** Since when the device had been in its state then: another time means news. */
  #askedSince: number | undefined;

  constructor(row: DeviceRow) {
    this.#row = row;
    const { id } = row.device;
    this.#tour = new NodeTour(id);
    const testBox = $('<div class="tuya-test">').hide();
    const edit = this.#button("fa-pencil", "edit", () => editDevice(id));
    this.#nodes = this.#button("fa-crosshairs", "show", () => this.#tour.next());
    const test = $('<button type="button" class="red-ui-button red-ui-button-small">').append(
      '<i class="fa fa-stethoscope" aria-hidden="true">',
      " ",
      "<span>",
    );
    this.#reconnect = this.#button("fa-plug", "reconnect", () => this.#connectAnew());
    const report = this.#button("fa-clipboard", "report", () => this.#report.toggleText(this.#reportText()));
    this.#keyLeads = [
      this.#button("fa-key", "compareKeys", () => RED.actions.invoke(COMPARE_ACTION)),
      this.#button("fa-upload", "importKey", () => RED.actions.invoke(IMPORT_ACTION)),
    ];
    this.#actions.append(edit, this.#nodes, test, ...this.#keyLeads, this.#reconnect, report);
    this.#test = new TestPanel({
      button: test,
      box: testBox,
      translate,
      settings: () => testRequestOf(id),
      useVersion: (version) => changeDevices([id], () => ({ version })),
      useAddress: (ip) => changeDevices([id], () => ({ ip })),
      importKey: () => RED.actions.invoke(IMPORT_ACTION),
      compareKeys: () => RED.actions.invoke(COMPARE_ACTION),
      started: () => this.#said.text(""),
    });
    const lately = $("<h4>").text(translate(`${CATALOGUE}.lately`));
    const box = $("<div>").append(
      this.#actions,
      this.#said,
      testBox,
      this.#report.element,
      this.#facts,
      lately,
      this.#events,
    );
    this.element = box.get(0) as HTMLElement;
    this.update(row);
  }

  /** Shows the device as it is now. */
  update(row: DeviceRow): void {
    this.#row = row;
    const { live } = row;
    this.#nodes.prop("disabled", this.#tour.length === 0);
    this.#nodes.find("span").text(translate(`${CATALOGUE}.show`, { count: this.#tour.length }));
    this.#reconnect.prop("disabled", !live || live.state === "unused");
    const isKeyWrong = KEY_ERRORS.includes(live?.error?.code ?? "");
    for (const lead of this.#keyLeads) lead.toggle(isKeyWrong);
    const isNews = live?.since !== this.#askedSince;
    this.#askedSince = live?.since;
    if (live) this.#ask(isNews);
    this.#render();
  }

  /** Ends the test and the requests. */
  close(): void {
    clearTimeout(this.#timer);
    this.#request?.cancel();
    this.#test.close();
  }

  /** Requests the events: at once if something has happened, otherwise not too often. */
  #ask(isNews: boolean): void {
    const wait = isNews ? 0 : this.#askedAt + STORY_PAUSE_MS - performance.now();
    clearTimeout(this.#timer);
    if (wait > 0) {
      this.#timer = window.setTimeout(() => this.#ask(true), wait);
      return;
    }
    this.#askedAt = performance.now();
    this.#request?.cancel();
    this.#request = requestStory(this.#row.live?.id ?? "", {
      done: (story) => {
        this.#story = story;
        this.#render();
      },
      failed: (sentence) => void this.#said.text(sentence),
    });
  }

  /** Makes the connection of the device anew, for a sub-device that of its gateway, and says so. */
  #connectAnew(): void {
    const { live } = this.#row;
    if (!live) return;
    requestReconnect([live.id], {
      done: (count) =>
        void this.#said.text(translate(`${CATALOGUE}.reconnect${count === 0 ? "None" : "Done"}`)),
      failed: (sentence) => void this.#said.text(sentence),
    });
  }

  #render(): void {
    const { device, live, behind } = this.#row;
    const now = Date.now();
    const facts = this.#facts.empty();
    const add = (key: string, value: string): void => {
      if (value === "") return;
      facts.append($("<dt>").text(translate(`${CATALOGUE}.fact.${key}`)), $("<dd>").text(value));
    };
    add("deviceId", device.deviceId);
    add("cid", device.cid);
    add("behind", behind);
    if (live && live.state !== "unused") add("since", shortTime(live.since, now));
    if (live?.lastSeen !== undefined) add("seen", shortTime(live.lastSeen, now));
    if (live?.keyProven !== undefined)
      add("key", translate(`${CATALOGUE}.key${live.keyProven ? "Proven" : "Unproven"}`));
    const story = live && this.#story;
    if (story) {
      add("connects", counted(`${CATALOGUE}.connects`, story.connects));
      const drops = Object.entries(story.drops).map(([code, count]) => `${count} × ${code}`);
      add("drops", drops.length === 0 ? translate(`${CATALOGUE}.noDrops`) : drops.join(", "));
      if (story.roundTripMs !== undefined)
        add("roundTrip", `${Math.max(1, Math.round(story.roundTripMs))} ms`);
      add(
        "bytes",
        translate(`${CATALOGUE}.bytes`, { in: shortBytes(story.bytesIn), out: shortBytes(story.bytesOut) }),
      );
      if (story.notAuthentic > 0) add("notAuthentic", counted(`${CATALOGUE}.dropped`, story.notAuthentic));
    }
    const events = story?.events ?? [];
    this.#events
      .empty()
      .append(
        [...events]
          .reverse()
          .map(({ time, until, count, sentence }) =>
            $("<li>").append(
              $("<time>").text(shortTime(count > 1 ? until : time, now)),
              $("<span>").text(sentence),
              ...(count > 1
                ? [$("<small>").text(translate(`${CATALOGUE}.times`, { count, since: shortTime(time, now) }))]
                : []),
            ),
          ),
      );
    if (events.length === 0) {
      const key = live ? "nothingYet" : `not.${this.#row.badge.key}`;
      $('<li class="tuya-events-none">')
        .text(translate(`${CATALOGUE}.${key}`))
        .appendTo(this.#events);
    }
  }

  #reportText(): string {
    return deviceReport({
      nodeRed: String(RED.settings.get("version", "")),
      row: this.#row,
      story: this.#story,
      names: namesIn(this.#row.device.id),
      now: Date.now(),
    });
  }

  #button(icon: string, key: string, act: () => void): JQuery {
    return $('<button type="button" class="red-ui-button red-ui-button-small">')
      .attr("data-action", key)
      .append(
        `<i class="fa ${icon}" aria-hidden="true">`,
        " ",
        $("<span>").text(translate(`${CATALOGUE}.${key}`)),
      )
      .on("click", act);
  }
}
