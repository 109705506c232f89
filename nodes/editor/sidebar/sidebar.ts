import { addAction } from "../base/actions";
import { translate } from "../base/texts";
import { OverviewTab } from "./overview-tab";

/** The id of the tab. */
const TAB = "tuya";
/** The action that shows the tab. */
const SHOW_ACTION = "tuya:show-devices";

/** A tab of Node-RED's side bar; the types are out of date. */
interface Tab {
  readonly id: string;
  readonly label: string;
  readonly name: string;
  readonly iconClass: string;
  readonly content: HTMLElement;
  readonly action: string;
}

/** Adds the side-bar tab "Tuya", and an action that shows it. Called when the script is loaded. */
export function addSidebarTab(): void {
  const tab = new OverviewTab();
  const [content] = tab.element.get() as [HTMLElement];
  // If the node type was disabled and enabled again, there is the tab of an earlier script.
  if (RED.sidebar.containsTab(TAB as never)) RED.sidebar.removeTab(TAB as never);
  (RED.sidebar.addTab as unknown as (tab: Tab) => void)({
    id: TAB,
    label: translate("tuya-device.overview.tab"),
    name: translate("tuya-device.overview.title"),
    iconClass: "fa fa-plug",
    content,
    action: SHOW_ACTION,
  });
  addAction(SHOW_ACTION, "@localtuya/node-red-tuya/tuya-device:tuya-device.overview.title", () =>
    RED.sidebar.show(TAB as never),
  );

  // Node-RED tells when a tab is shown, but not when it is hidden.
  let isVisible = false;
  const settle = (): void => tab.shown(isVisible && document.visibilityState === "visible");
  new IntersectionObserver((entries) => {
    isVisible = entries.at(-1)?.isIntersecting ?? false;
    settle();
  }).observe(content);
  document.addEventListener("visibilitychange", settle);
}
