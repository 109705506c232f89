import type { OverviewRow } from "../../contract/overview";
import { COMPARE_ACTION, IMPORT_ACTION } from "../base/device-select";
import { helpButton } from "../base/help";
import { devicesInEditor, labelOfDevice } from "../base/red";
import { translate } from "../base/texts";
import { FindPanel } from "../connection/find/find-panel";
import type { FoundDevice } from "../connection/find/found-device";
import { editFoundDevice } from "../connection/find/picked-device";
import { BulkBar } from "./bulk-bar";
import { DeviceDetails } from "./device-details";
import { DeviceList } from "./device-list";
import {
  countsOf,
  deviceRows,
  shownRows,
  type DeviceRow,
  type EditorDevice,
  type TestOutcome,
} from "./device-rows";
import { editDevice, editorDevices } from "./editor-devices";
import { ListControls } from "./list-controls";
import { overviewFeed } from "./overview-feed";
import "./overview.css";

const CATALOGUE = "tuya-device.overview";
/** From this width on the lines have columns, in pixels. */
const WIDE = 520;
/** Below this height the controls scroll with the lines, in pixels. */
const SHORT = 420;
/** How often the shown times are updated, in milliseconds. */
const CLOCK_MS = 15_000;
/** Changes in the editor within this time are shown together, in milliseconds. */
const GATHER_MS = 50;

/** The content of the side-bar tab: all devices in the editor with their states. Works only while it is `shown`. */
export class OverviewTab {
  readonly element = $('<div class="tuya-form tuya-overview">');
  /** Why the runtime says nothing. */
  readonly #notice = $('<div class="tuya-notice" role="status">').hide();
  /** The first steps, while there is no device. */
  readonly #empty: JQuery;
  readonly #body = $('<div class="tuya-overview-body">');
  /** Says that no device matches. */
  readonly #none = $('<div class="tuya-none">');
  readonly #find: FindPanel;
  readonly #findButton: JQuery;
  readonly #controls: ListControls;
  readonly #bulk: BulkBar;
  readonly #list: DeviceList;
  /** The last tests, by node id. */
  readonly #tests = new Map<string, TestOutcome>();
  /** The rows from the runtime, by id. */
  #live: ReadonlyMap<string, OverviewRow> = new Map();
  #rows: readonly DeviceRow[] = [];
  /** The devices in the editor; undefined after a change. */
  #devices: readonly EditorDevice[] | undefined;
  /** Ends the news from the runtime; undefined while the tab is hidden. */
  #endFeed: (() => void) | undefined;
  /** Updates the shown times. */
  #clock: number | undefined;
  /** Whether a change waits to be drawn. */
  #isStale = false;

  constructor() {
    const findBox = $('<div class="tuya-find">').hide();
    this.#find = new FindPanel({
      box: findBox,
      translate,
      currentId: () => "",
      knownDevices: () => new Map(devicesInEditor().map(({ id, deviceId }) => [deviceId, labelOfDevice(id)])),
      pick: (device) => this.#pick(device),
      enterAddress: () => {
        this.#closeFind();
        editFoundDevice(undefined);
      },
    });
    this.#findButton = this.#tool("fa-search", "find", () => this.#toggleFind()).attr(
      "aria-expanded",
      "false",
    );
    const head = $('<div class="red-ui-sidebar-header tuya-head">').append(
      this.#tool("fa-upload", "import", () => RED.actions.invoke(IMPORT_ACTION)),
      this.#findButton,
      this.#tool("fa-key", "compare", () => RED.actions.invoke(COMPARE_ACTION)),
      helpButton("tuya-device", "overview"),
    );
    this.#empty = this.#first();
    this.#none.text(translate(`${CATALOGUE}.noMatch`));
    this.#controls = new ListControls(
      () => this.#render(),
      (isAll) => this.#list.choose(isAll ? this.#shownIds() : []),
    );
    this.#list = new DeviceList({
      open: (row) => new DeviceDetails(row),
      edit: (row) => editDevice(row.device.id),
      chosen: (ids) => {
        this.#bulk.show(ids);
        this.#showCounts();
      },
    });
    this.#bulk = new BulkBar(
      () => this.#list.choose([]),
      ({ id, isGood, sentence }) => {
        this.#tests.set(id, { isGood, sentence, time: Date.now() });
        this.#changed();
      },
    );
    this.#body.append(this.#controls.element, this.#bulk.element, this.#list.element, this.#none);
    this.element.append(head, findBox, this.#notice, this.#empty, this.#body);
    new ResizeObserver(() => {
      this.element.toggleClass("tuya-wide", (this.element.width() ?? 0) >= WIDE);
      this.element.toggleClass("tuya-short", (this.element.height() ?? 0) < SHORT);
    }).observe(this.element.get(0) as HTMLElement);
  }

  /** The tab is visible from now on, or hidden. May be called again with the same value. */
  shown(isShown: boolean): void {
    if (isShown === (this.#endFeed !== undefined)) return;
    if (!isShown) {
      this.#endFeed?.();
      this.#endFeed = undefined;
      clearInterval(this.#clock);
      this.#listenToEditor("off");
      this.#closeFind();
      return;
    }
    this.#listenToEditor("on");
    this.#devices = undefined;
    this.#clock = window.setInterval(() => this.#render(), CLOCK_MS);
    this.#endFeed = overviewFeed.listen({
      changed: (live) => {
        this.#live = live;
        this.#notice.hide();
        this.#changed();
      },
      failed: (sentence) => void this.#notice.text(sentence).show(),
    });
    this.#render();
  }

  #listenToEditor(how: "on" | "off"): void {
    for (const event of [
      "nodes:add",
      "nodes:remove",
      "nodes:change",
      "flows:loaded",
      "deploy",
      "workspace:dirty",
    ]) {
      RED.events[how](event, this.#edited);
    }
  }

  readonly #edited = (): void => {
    this.#devices = undefined;
    this.#changed();
  };

  /** Collects changes: importing two hundred devices causes one update. */
  readonly #changed = (): void => {
    if (this.#isStale) return;
    this.#isStale = true;
    window.setTimeout(() => {
      this.#isStale = false;
      if (this.#endFeed) this.#render();
    }, GATHER_MS);
  };

  #render(): void {
    this.#devices ??= editorDevices();
    this.#rows = deviceRows(this.#devices, this.#live, this.#tests, this.#rows);
    const isEmpty = this.#rows.length === 0;
    setHidden(this.#empty, !isEmpty || this.#find.isOpen);
    setHidden(this.#body, isEmpty);
    const shown = shownRows(this.#rows, this.#controls.view);
    this.#list.show(shown);
    setHidden(this.#none, shown.length > 0 || isEmpty);
    this.#showCounts(shown.length);
  }

  #showCounts(shown = this.#shownIds().length): void {
    this.#controls.show(countsOf(this.#rows), shown, this.#list.chosen.size);
  }

  /** The node ids of the lines that match. */
  #shownIds(): string[] {
    return shownRows(this.#rows, this.#controls.view).map(({ device }) => device.id);
  }

  #toggleFind(): void {
    if (this.#find.isOpen) this.#closeFind();
    else this.#find.open();
    this.#findButton.attr("aria-expanded", String(this.#find.isOpen));
    this.#render();
  }

  #closeFind(): void {
    this.#find.close();
    this.#findButton.attr("aria-expanded", "false");
  }

  /** Shows a device that exists already; opens a new form for another one. */
  #pick(found: FoundDevice): void {
    this.#closeFind();
    const known = devicesInEditor().find(({ deviceId }) => deviceId === found.id);
    if (!known) {
      editFoundDevice(found);
      return;
    }
    this.#controls.reset();
    this.#list.open(known.id);
  }

  /** The first steps, shown while there is no device. */
  #first(): JQuery {
    const big = (icon: string, key: string, act: () => void): JQuery =>
      $('<button type="button" class="red-ui-button tuya-first">')
        .attr("data-action", key)
        .append(
          `<i class="fa ${icon}" aria-hidden="true">`,
          $("<span>").append(
            $("<b>").text(translate(`${CATALOGUE}.first.${key}`)),
            $("<small>").text(translate(`${CATALOGUE}.first.${key}Hint`)),
          ),
        )
        .on("click", act);
    return $('<div class="tuya-empty">').append(
      $("<p>").text(translate(`${CATALOGUE}.first.none`)),
      big("fa-upload", "import", () => RED.actions.invoke(IMPORT_ACTION)),
      big("fa-search", "find", () => this.#toggleFind()),
      big("fa-pencil", "enter", () => editFoundDevice(undefined)),
    );
  }

  #tool(icon: string, key: string, act: () => void): JQuery {
    return $('<button type="button" class="red-ui-button red-ui-button-small">')
      .attr({ "data-action": key, title: translate(`${CATALOGUE}.tool.${key}Tip`) })
      .append(
        `<i class="fa ${icon}" aria-hidden="true">`,
        " ",
        $("<span>").text(translate(`${CATALOGUE}.tool.${key}`)),
      )
      .on("click", act);
  }
}

/** jQuery's `toggle` would read the style of the element, which makes the browser compute the whole page. */
function setHidden(element: JQuery, isHidden: boolean): void {
  const [own] = element.get();
  if (own && own.hidden !== isHidden) own.hidden = isHidden;
}
