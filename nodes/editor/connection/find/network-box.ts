import { networkFindings, type HealthView } from "./network-findings";
import type { Translate } from "../../base/red";

/** Icons of findings, by tone. */
const ICONS = { good: "fa-check", bad: "fa-times", neutral: "fa-info-circle" } as const;

/** Lines for people to copy into their compose file. */
const FIXES = {
  host: "network_mode: host",
  ports: 'ports: ["6666:6666/udp", "6667:6667/udp", "7000:7000/udp"]',
} as const;

/** Why devices may not be heard, in sentences, and what to do about it. */
export class NetworkBox {
  readonly element = $('<div class="tuya-network" role="status">').hide();
  readonly #translate: Translate;
  readonly #enterAddress: () => void;
  /** The shown findings as JSON. */
  #shown = "";

  /** @param enterAddress called when the user wants to enter an address */
  constructor(translate: Translate, enterAddress: () => void) {
    this.#translate = translate;
    this.#enterAddress = enterAddress;
  }

  /** Shows the findings. Unchanged ones are not touched, so that their text can be selected and copied. */
  show(health: HealthView): void {
    const findings = networkFindings(health);
    const shown = JSON.stringify(findings);
    if (shown === this.#shown) return;
    this.#shown = shown;
    const translate = this.#translate;
    const list = $("<ul>");
    for (const { tone, key, parameters } of findings) {
      $("<li>")
        .attr("data-tone", tone)
        .append($('<i class="fa" aria-hidden="true">').addClass(ICONS[tone]))
        .append($("<span>").text(translate(`tuya-device.network.${key}`, { ...parameters })))
        .appendTo(list);
    }
    this.element.empty().append($("<b>").text(translate("tuya-device.network.title")), list);
    if (findings.some(({ key }) => key === "container")) this.element.append(this.#fixes());
    const enter = $('<button type="button" class="red-ui-button red-ui-button-small">')
      .text(translate("tuya-device.network.enter"))
      .on("click", this.#enterAddress);
    $("<p>")
      .append($("<span>").text(translate("tuya-device.network.address")), " ", enter)
      .appendTo(this.element);
  }

  /** What a container needs so that announcements reach it. */
  #fixes(): JQuery {
    const fixes = $("<dl>");
    for (const [name, line] of Object.entries(FIXES)) {
      $("<dt>")
        .text(this.#translate(`tuya-device.network.fix.${name}`))
        .appendTo(fixes);
      $("<dd>").append($("<code>").text(line)).appendTo(fixes);
    }
    return fixes;
  }
}
