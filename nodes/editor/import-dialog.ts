import { requestDevices, type AdminRequest } from "./admin-requests";
import { applyPlan, existingDevices } from "./import-apply";
import { type AddressRule, type Heard, type ImportRows, toImportRows } from "./import-rows";
import type { DeviceList, ImportSource } from "./import-source";
import { ImportTable } from "./import-table";
import { TextSource } from "./import-text";
import type { Translate } from "./red";
import "./form.css";
import "./import.css";

/** Between two looks at what has been heard. */
const POLL_MS = 1_000;
const WIDTH = 820;

const ADDRESS_RULES: readonly AddressRule[] = ["auto", "announced", "listed"];

/** Texts of the catalogue, outside of any node. */
const translate: Translate = (key, parameters) =>
  RED._(`@localtuya/node-red-tuya/tuya-device:${key}`, parameters as never);

let open: ImportDialog | undefined;

/** Shows the dialog, unless it is open already. */
export function openImportDialog(): void {
  open ??= new ImportDialog();
}

/** The dialog from its opening to its closing. */
class ImportDialog {
  readonly #sources: readonly ImportSource[] = [new TextSource(translate)];
  readonly #failure = $('<div class="tuya-import-failure" role="alert">').hide();
  readonly #preview = $('<div class="tuya-import-preview">').hide();
  readonly #table = new ImportTable(translate, (ids, isTicked) => this.#choose(ids, isTicked));
  readonly #addresses = $('<select id="tuya-import-addresses">');
  readonly #problems = $('<ul class="tuya-import-problems">');
  readonly #heard = new Map<string, Heard>();
  readonly #choices = new Map<string, boolean>();
  #list: DeviceList | undefined;
  #result: ImportRows | undefined;
  #request: AdminRequest | undefined;
  #timer: number | undefined;

  constructor() {
    for (const rule of ADDRESS_RULES) {
      $("<option>")
        .val(rule)
        .text(translate(`tuya-device.import.addresses.${rule}`))
        .appendTo(this.#addresses);
    }
    this.#addresses.on("change", () => this.#render());
    RED.tray.show({
      title: translate("tuya-device.import.title"),
      width: WIDTH,
      buttons: [
        {
          id: "node-dialog-cancel",
          text: RED._("common.label.cancel"),
          click: () => RED.tray.close(),
        },
        {
          id: "node-dialog-ok",
          class: "primary",
          text: translate("tuya-device.import.createNone"),
          click: () => this.#apply(),
        },
      ],
      open: (tray: JQuery) => this.#build(tray),
      close: () => this.#close(),
    });
  }

  #build(tray: JQuery): void {
    const form = $('<div class="tuya-form tuya-import">').appendTo(tray.find(".red-ui-tray-body"));
    const page = $('<div class="tuya-import-page">');
    const label = $('<label for="tuya-import-addresses">').text(
      translate("tuya-device.import.addresses.label"),
    );
    this.#preview.append(
      this.#table.element,
      $('<div class="form-row">').append(label, this.#addresses),
      this.#problems,
    );
    form.append(page, this.#failure, this.#preview);
    for (const source of this.#sources) {
      source.open(page, {
        devices: (list) => this.#offer(list),
        failed: (sentence) => this.#fail(sentence),
        nothing: () => this.#offer(undefined),
      });
    }
    this.#render();
    this.#poll();
  }

  #close(): void {
    open = undefined;
    window.clearTimeout(this.#timer);
    this.#request?.cancel();
    for (const source of this.#sources) source.close();
    this.#list = undefined;
    this.#result = undefined;
  }

  /** Asks who has been heard, and again a while after the answer. */
  #poll(): void {
    const again = (): void => {
      this.#timer = window.setTimeout(() => this.#poll(), POLL_MS);
    };
    this.#request = requestDevices(
      {
        done: (devices) => {
          for (const { id, ip, version } of devices) this.#heard.set(id, { ip, version });
          this.#render();
          again();
        },
        // Without it addresses are those of the list, and each line says so.
        failed: again,
      },
      translate,
    );
  }

  #offer(list: DeviceList | undefined): void {
    this.#list = list;
    this.#choices.clear();
    this.#failure.hide();
    this.#render();
  }

  #fail(sentence: string): void {
    this.#offer(undefined);
    this.#failure.text(sentence).show();
  }

  #choose(ids: readonly string[], isTicked: boolean): void {
    for (const id of ids) this.#choices.set(id, isTicked);
    this.#render();
  }

  #render(): void {
    const list = this.#list;
    this.#preview.toggle(list !== undefined);
    this.#result = list && toImportRows(list.devices, this.#view());
    if (list && this.#result) {
      this.#table.show(this.#result.rows);
      this.#showProblems([...list.problems, ...this.#result.problems]);
    }
    this.#showButton();
  }

  #view() {
    const rule = ADDRESS_RULES.find((candidate) => candidate === this.#addresses.val()) ?? "auto";
    return {
      existing: existingDevices(),
      heard: this.#heard,
      choices: this.#choices,
      addresses: rule,
      newId: () => RED.nodes.id(),
    };
  }

  #showProblems(problems: readonly string[]): void {
    this.#problems.empty().toggle(problems.length > 0);
    for (const problem of problems) $("<li>").text(problem).appendTo(this.#problems);
  }

  #showButton(): void {
    const created = this.#result?.plan.create.length ?? 0;
    const updated = this.#result?.plan.updateKey.length ?? 0;
    $("#node-dialog-ok")
      .text(buttonText(created, updated))
      .toggleClass("disabled", created + updated === 0);
  }

  #apply(): void {
    const { plan } = this.#result ?? {};
    if (!plan || plan.create.length + plan.updateKey.length === 0) return;
    applyPlan(plan);
    const nodeIds = new Map<string, string[]>();
    for (const { source, node } of plan.create) nodeIds.set(source, [node.id]);
    for (const { source, nodeId } of plan.updateKey) {
      nodeIds.set(source, [...(nodeIds.get(source) ?? []), nodeId]);
    }
    this.#list?.applied?.(nodeIds);
    const count = nodeIds.size;
    const sentence =
      count === 1
        ? translate("tuya-device.import.readyOne")
        : translate("tuya-device.import.readyMany", { count });
    RED.tray.close();
    RED.notify(sentence, "success");
  }
}

function buttonText(created: number, updated: number): string {
  const creates =
    created === 1
      ? translate("tuya-device.import.createOne")
      : translate("tuya-device.import.createMany", { count: created });
  const updates =
    updated === 1
      ? translate("tuya-device.import.updateOne")
      : translate("tuya-device.import.updateMany", { count: updated });
  if (created > 0 && updated > 0) return translate("tuya-device.import.both", { creates, updates });
  if (created === 0 && updated === 0) return translate("tuya-device.import.createNone");
  return created > 0 ? creates : updates;
}
