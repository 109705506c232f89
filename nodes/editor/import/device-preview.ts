import type { ImportedDevice } from "../../../src/import/imported-device";
import type { PlannedDevice } from "../../../src/import/plan";
import { applyPlan, existingDevices } from "./apply";
import { type Applied, type Preview, sentenceList } from "./preview";
import { ListFilter } from "./list-filter";
import {
  type AddressRule,
  type Heard,
  type ImportRow,
  type ImportRows,
  type TemplateForDevice,
  toImportRows,
} from "./rows";
import type { DeviceList } from "./source";
import { compareKeys, findKeyless } from "./stored-keys";
import { ImportTable } from "./table";
import { hasWords } from "../base/checks";
import { counted, translate } from "../base/texts";
import type { TemplateStore } from "../datapoints/template-store";
import { offerProfile, type Template } from "../datapoints/profile-offer";

const ADDRESS_RULES: readonly AddressRule[] = ["auto", "announced", "listed"];

/** The parts of the dialog that the preview needs. */
export interface DevicePreviewParts {
  /** The devices heard, by device id. */
  readonly heard: ReadonlyMap<string, Heard>;
  /** Fills a single new device into an open form, instead of creating a node; undefined if there is no such form. */
  readonly fill: ((device: PlannedDevice) => void) | undefined;
  readonly templates: TemplateStore;
  /** Called when the text of the button has changed. */
  changed(): void;
  /** Called with the ids of new nodes when nodes were created or changed and the dialog is closed. */
  created(nodeIds: readonly string[]): void;
}

/** The preview of a list of devices, in which the user chooses. */
export class DevicePreview implements Preview {
  readonly element = $('<div class="tuya-import-preview">');
  readonly #list: DeviceList;
  readonly #parts: DevicePreviewParts;
  readonly #table = new ImportTable(translate, {
    choose: (ids, isTicked) => this.#choose(ids, isTicked),
    rename: (id, name) => {
      this.#names.set(id, name);
      this.update();
    },
  });
  readonly #filter = new ListFilter(() => this.update());
  readonly #summary = $('<div class="tuya-import-summary" role="status">');
  readonly #addresses = $('<select id="tuya-import-addresses">');
  readonly #addressRow = $('<div class="form-row">');
  readonly #addressHint = $('<div class="tuya-hint" aria-live="polite">');
  /** Boxes that the user ticked or unticked, by device id. */
  readonly #choices = new Map<string, boolean>();
  /** Names that the user gave, by device id. */
  readonly #names = new Map<string, string>();
  /** What the server says of stored keys, as its answers arrive. */
  readonly #stored = { keyless: new Set<string>(), same: new Set<string>() };
  readonly #withTemplates = $('<input type="checkbox" id="tuya-import-templates" checked>');
  readonly #templateRow = $('<div class="form-row tuya-check">').hide();
  readonly #withFlow = $('<input type="checkbox" id="tuya-import-flow">');
  readonly #flowRow = $('<div class="form-row tuya-check">').hide();
  #templates: ReadonlyMap<string, TemplateForDevice> = new Map();
  #sentences = sentenceList([]);
  /** The shown sentences as JSON. */
  #shownSentences = "[]";
  /** The lines and the plan, for what is chosen now. */
  #result: ImportRows;

  constructor(list: DeviceList, parts: DevicePreviewParts) {
    this.#list = list;
    this.#parts = parts;
    for (const rule of ADDRESS_RULES) {
      $("<option>")
        .val(rule)
        .text(translate(`tuya-device.import.addresses.${rule}`))
        .appendTo(this.#addresses);
    }
    this.#addresses.on("change", () => this.update());
    const label = $('<label for="tuya-import-addresses">').text(
      translate("tuya-device.import.addresses.label"),
    );
    this.#addressRow.append(label, this.#addresses);
    this.#templateRow.append(
      this.#withTemplates.on("change", () => this.update()),
      $('<label for="tuya-import-templates">').text(translate("tuya-device.import.templates")),
    );
    // The first devices need a flow: a device connects only when a node uses it.
    this.#withFlow.prop("checked", !isAnyNodeOfOurs());
    this.#flowRow.append(
      this.#withFlow,
      $('<label for="tuya-import-flow">').text(translate("tuya-device.import.flow.make")),
    );
    this.element.append(
      this.#summary,
      this.#filter.element,
      this.#table.element,
      this.#addressRow,
      this.#addressHint,
      this.#templateRow,
      this.#flowRow,
      this.#sentences,
    );
    this.#result = this.#compare();
    this.#render();
    // Keys that stay on the server were compared there already.
    if (list.deliver) findKeyless(list.devices, this.#stored.keyless, () => this.update());
    else compareKeys(list.devices, this.#stored, () => this.update());
    parts.templates.load(() => {
      this.#templates = templatesFor(list.devices, parts.templates.list?.templates ?? []);
      if (this.#templates.size > 0) this.update();
    });
  }

  /** Draws the preview again with what is known by now: another device was heard, for example. */
  update(): void {
    this.#result = this.#compare();
    this.#render();
    this.#parts.changed();
  }

  action(): string | undefined {
    const { create, updateKey } = this.#result.plan;
    if (this.#filling()) return translate("tuya-device.import.fill");
    const created = counted("tuya-device.import.create", create.length);
    const updated = counted("tuya-device.import.update", updateKey.length);
    if (create.length === 0) return updateKey.length === 0 ? undefined : updated;
    return updateKey.length === 0
      ? created
      : translate("tuya-device.import.both", {
          created,
          updated: counted("tuya-device.import.addUpdate", updateKey.length),
        });
  }

  apply(): Applied | Promise<Applied> {
    const { plan } = this.#result;
    const filling = this.#filling();
    // Filled in afterwards, when the dialog is closed and the form is in the page again.
    if (filling) return { says: "", afterwards: () => this.#parts.fill?.(filling) };
    const nodeIds = new Map<string, readonly string[]>();
    for (const { source, id } of [
      ...plan.create.map(({ source, node }) => ({ source, id: node.id })),
      ...plan.updateKey.map(({ source, nodeId }) => ({ source, id: nodeId })),
    ]) {
      nodeIds.set(source, [...(nodeIds.get(source) ?? []), id]);
    }
    const isFlow = this.#withFlow.prop("checked") === true && this.#isNew;
    const inOrder = this.#result.rows.flatMap(({ id }) => nodeIds.get(id) ?? []);
    const finish = (): Applied => {
      const tab = applyPlan(plan, isFlow ? inOrder : []);
      const created = plan.create.map(({ node }) => node.id);
      return {
        says: this.#outcome(nodeIds.size, tab !== undefined),
        afterwards: () => {
          this.#parts.created(created);
          // Not while the form of a node on another tab is open.
          if (tab !== undefined && $(".red-ui-tray").length === 0) RED.workspaces.show(tab as never);
        },
      };
    };
    const delivered = this.#list.deliver?.(nodeIds);
    return delivered ? delivered.then(finish) : finish();
  }

  /** Whether a chosen device has no node yet. */
  get #isNew(): boolean {
    return this.#result.rows.some(({ outcome }) => outcome === "create");
  }

  /** The sentence about what was done. */
  #outcome(count: number, hasFlow: boolean): string {
    if (hasFlow) return counted("tuya-device.import.readyFlow", count);
    return this.#result.plan.create.length > 0
      ? counted("tuya-device.import.ready", count)
      : counted("tuya-device.import.updated", count);
  }

  /** The only chosen device, if an open form can take it and its gateway, if it has one, exists already. */
  #filling(): PlannedDevice | undefined {
    const { create, updateKey } = this.#result.plan;
    // Not if the key stays on the server, which needs the id of a node to store it.
    if (this.#list.deliver) return undefined;
    return this.#parts.fill && create.length === 1 && updateKey.length === 0 ? create[0] : undefined;
  }

  #choose(ids: readonly string[], isTicked: boolean): void {
    for (const id of ids) this.#choices.set(id, isTicked);
    this.update();
  }

  /** Compares the list with the devices of the editor. */
  #compare(): ImportRows {
    const rule = ADDRESS_RULES.find((candidate) => candidate === this.#addresses.val()) ?? "auto";
    const { keyless, same } = this.#stored;
    const devices = this.#list.devices.map((device): ImportedDevice =>
      same.has(device.id) ? { ...device, keyState: "same" } : device,
    );
    return toImportRows(devices, {
      existing: existingDevices(keyless),
      heard: this.#parts.heard,
      choices: this.#choices,
      names: this.#names,
      isOnlyHeard: this.#filter.isOnlyHeard,
      templates: this.#withTemplates.prop("checked") === true ? this.#templates : new Map(),
      addresses: rule,
      newId: () => RED.nodes.id(),
    });
  }

  #render(): void {
    const { rows, plan, problems, namesakes } = this.#result;
    const shown = rows.filter((row) => hasWords(wordsOf(row), this.#filter.words));
    this.#table.show(shown);
    this.#filter.show(shown.length, this.#list.devices.length);
    this.#flowRow.toggle(this.#isNew && !this.#filling());
    this.#templateRow.toggle(this.#templates.size > 0);
    this.#summary.text(summaryOf(this.#list, this.#result));
    this.#addressRow.toggle(rows.some(({ outcome }) => outcome === "create"));
    // New devices without an address that were not heard: they will not be found.
    const lost = rows.filter(({ isTicked, outcome, id }) => {
      const node = plan.create.find(({ source }) => source === id)?.node;
      return isTicked && outcome === "create" && node?.ip === "" && node.gateway === "" && !this.#isHeard(id);
    }).length;
    this.#addressHint.text(lost === 0 ? "" : counted("tuya-device.import.lost", lost));
    this.#showSentences([...this.#list.problems, ...problems, ...namesakeSentence(namesakes)]);
  }

  #isHeard(id: string): boolean {
    return this.#parts.heard.has(id);
  }

  #showSentences(texts: readonly string[]): void {
    const shown = JSON.stringify(texts);
    if (shown === this.#shownSentences) return;
    this.#shownSentences = shown;
    const list = sentenceList(texts);
    this.#sentences.replaceWith(list);
    this.#sentences = list;
  }
}

/** The text that the filter searches. */
function wordsOf({ name, listedName, id, kind, gateway, address, outcome }: ImportRow): string {
  return [
    name,
    listedName,
    id,
    gateway,
    address.ip,
    translate(`tuya-device.import.kind.${kind}`),
    translate(`tuya-device.import.outcome.${outcome}`),
  ].join(" ");
}

function namesakeSentence(names: readonly string[]): readonly string[] {
  return names.length === 0 ? [] : [translate("tuya-device.import.namesakes", { names: names.join(", ") })];
}

/** Whether there is a node of ours in a flow. */
function isAnyNodeOfOurs(): boolean {
  let isAny = false;
  RED.nodes.eachNode((node) => {
    isAny ||= /^tuya-(in|out|raw)$/.test((node as { readonly type?: string }).type ?? "");
    return !isAny;
  });
  return isAny;
}

function summaryOf({ title, devices }: DeviceList, { rows }: ImportRows): string {
  const known = rows.filter(({ outcome }) => ["updateKey", "addKey", "same"].includes(outcome)).length;
  const total = counted("tuya-device.import.devices", devices.length);
  return known === 0
    ? translate("tuya-device.import.summary", { title, total })
    : translate("tuya-device.import.summaryKnown", { title, total, known });
}

/** Clearly fitting templates for devices without data points in the list, by device id. */
function templatesFor(
  devices: readonly ImportedDevice[],
  templates: readonly Template[],
): ReadonlyMap<string, TemplateForDevice> {
  const found = new Map<string, TemplateForDevice>();
  for (const device of devices) {
    const offer = offerProfile(templates, device);
    if (offer) found.set(device.id, { name: offer.template.profile.name, datapoints: offer.entries });
  }
  return found;
}
