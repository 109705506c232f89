import type { ListedEntity, PreviewSharing } from "../../../src/mqtt/preview-types";
import { bridgeTopics, DEFAULT_BASE, topicPath } from "../../../src/mqtt/topics";
import type { Dps } from "../../../src/protocol/dps";
import { nameFilter } from "../../../src/name-filter";
import { isVariable, splitDps } from "../base/checks";
import { LIST_EVENT } from "../base/devices-listed";
import { labelOfDevice, NONE, type Translate } from "../base/red";
import { resource } from "../base/resource";
import { dpsOfDevice } from "../picker/device-codes";
import { likelyValues } from "../picker/example-values";
import { ValuePoll } from "../picker/live-values";
import { MQTT_OUTPUT } from "./defaults";
import { previewedDevice, nameOfDevice } from "./previewed-device";
import { TopicsList } from "./topics-list";

const load = resource<{ readonly previewSharing: PreviewSharing }>("mqtt.js");

/** The form of a tuya-in, and the fields that this part of it depends on. */
export interface MqttFormParts {
  readonly form: JQuery;
  readonly output: JQuery;
  readonly scope: JQuery;
  /** The list of devices; its value is a node id. */
  readonly device: JQuery;
  /** Names of data points. */
  readonly dps: JQuery;
}

/** The MQTT part of the form: how devices are shared, and a preview of the topics of one device. */
export class MqttForm {
  readonly #parts: MqttFormParts;
  readonly #translate: Translate;
  readonly #list: TopicsList;
  /** The list of devices to choose whose topics are shown, if all devices are shared. */
  readonly #one: JQuery;
  readonly #values: ValuePoll;
  /** Lists the topics; undefined until it is loaded. */
  #preview: PreviewSharing | undefined;
  /** The present values of the device, raw; empty = not known. */
  #known: Dps = {};
  #hasEnded = false;

  constructor(parts: MqttFormParts, translate: Translate) {
    const { form, output, scope, device, dps } = parts;
    this.#parts = parts;
    this.#translate = translate;
    this.#list = new TopicsList(form.find("#tuya-in-topics"), translate);
    this.#one = form.find("#tuya-in-topics-of");
    this.#values = new ValuePoll((known) => {
      this.#known = known as Dps;
      this.#show();
    }, true);
    RED.events.emit(LIST_EVENT, this.#one, false);
    this.#choose();
    output
      .add(scope)
      .add(device)
      .add(this.#one)
      .on("change", () => this.#follow());
    const fields = form.find("#node-input-base, #node-input-bridgeTopic, #node-input-discovery");
    fields.add(dps).on("input change", () => this.#show());
    form.find("#node-input-filter").on("input change", () => this.#choose());
    form.find("#tuya-in-several").on("click", () => this.#showBridge(true));
    this.#showBridge(String(form.find("#node-input-bridgeTopic").val() ?? "") !== "");
    this.#follow();
  }

  /** Ends all requests. To be called when the form is closed. */
  end(): void {
    this.#hasEnded = true;
    this.#values.end();
  }

  /** Whether devices are shared over MQTT, so that this part is visible. */
  get #isShown(): boolean {
    return this.#parts.output.val() === MQTT_OUTPUT;
  }

  /** The node id of the device whose topics are shown; "" if there is none. */
  get #device(): string {
    const { scope, device } = this.#parts;
    const id = scope.val() === "all" ? this.#one.val() : device.val();
    return typeof id === "string" && id !== NONE ? id : "";
  }

  /** Chooses the device of the preview if all devices are shared: one whose name passes the filter. */
  #choose(): void {
    const { form } = this.#parts;
    const list = String(form.find("#node-input-filter").val() ?? "").split(",");
    const isMeant = nameFilter(list.map((name) => name.trim()).filter((name) => name !== ""));
    const options = this.#one.find("option").get() as HTMLOptionElement[];
    for (const option of options) {
      const name = nameOfDevice(option.value);
      option.hidden = name === undefined || !isMeant(name);
    }
    const chosen = options.find(({ selected, hidden }) => selected && !hidden);
    const first = chosen ?? options.find(({ hidden }) => !hidden);
    const value = first?.value ?? null;
    if (value !== this.#one.val()) this.#one.val(value as string).trigger("change");
  }

  /** The settings for sharing have changed. */
  #follow(): void {
    const { form, scope } = this.#parts;
    form.find("#tuya-in-mqtt").toggle(this.#isShown);
    form.find("#tuya-in-topics-row").toggle(scope.val() === "all" && this.#device !== "");
    this.#values.watch(this.#isShown ? this.#device : "");
    this.#show();
    if (this.#isShown && !this.#preview) void this.#load();
  }

  async #load(): Promise<void> {
    try {
      this.#preview = (await load()).previewSharing;
    } catch {
      // The list stays empty, and is loaded again with the next change.
      return;
    }
    if (!this.#hasEnded) this.#show();
  }

  /** Draws the topics with what is typed and known now. */
  #show(): void {
    if (!this.#isShown) return;
    const { form, dps } = this.#parts;
    const base = pathIn(form.find("#node-input-base"));
    const isAnnounced = form.find("#node-input-discovery").val() !== "";
    form.find("#tuya-in-prefix-row, #tuya-in-entities").toggle(isAnnounced);
    form.find("#node-input-bridgeTopic").attr("placeholder", bridgeTopics(base).state);
    form
      .find("#tuya-in-topics-hint")
      .text(this.#translate("tuya-in.hint.topics", { filter: `${base}/+/+/set` }));
    const device = previewedDevice(this.#device);
    form.find("#tuya-in-topics").toggle(device !== undefined);
    if (!device || !this.#preview) return;
    const { topics, entities } = this.#preview(device, {
      base,
      chosen: splitDps(String(dps.val() ?? "")),
      known: this.#known,
      likely: likelyValues(dpsOfDevice(this.#device)),
    });
    this.#list.show(topics);
    form.find("#tuya-in-entities").text(this.#entitiesSentence(entities));
  }

  #entitiesSentence(entities: readonly ListedEntity[]): string {
    const device = labelOfDevice(this.#device);
    const named = entities.map(({ platform, name }) => `${name || device} (${platform})`);
    return this.#translate("tuya-in.hint.entities", { entities: named.join(", ") });
  }

  /** Shows the field for the topic of this Node-RED, or the button that leads to it. */
  #showBridge(isShown: boolean): void {
    this.#parts.form.find("#tuya-in-bridge-row, #tuya-in-bridge-hint").toggle(isShown);
    this.#parts.form.find("#tuya-in-several").toggle(!isShown);
  }
}

/** The base as the runtime reads it. The value of a variable is not known yet. */
function pathIn(field: JQuery): string {
  const text = String(field.val() ?? "").trim();
  return isVariable(text) ? text : topicPath(text, DEFAULT_BASE);
}
