import { convertFlow, type ConvertedFlow, type ConvertedNode } from "../../../src/import/convert-flow";
import { textField } from "../../../src/import/fields";
import { type FlowNode, SMART_DEVICE } from "../../../src/import/flow";
import { existingDevices } from "./apply";
import { applyConversion } from "./convert";
import { type Applied, type Preview, plainKeyWarning, sentenceList } from "./preview";
import { drawnSize, importFlow } from "./editor-flow";
import { distinctLabelOf } from "../base/namesakes";
import { counted, translate } from "../base/texts";
import { findKeyless } from "./stored-keys";
import { oldNodes } from "./workspace-source";

/** `workspace`: the flow is that of the editor, and is changed. `pasted`: it is to be imported. */
export type FlowOrigin = "workspace" | "pasted";

const COLUMNS = ["old", "new", "notes"] as const;

/** The preview of converting nodes of node-red-contrib-tuya-smart-device, in which the user chooses. */
export class ConversionPreview implements Preview {
  readonly element = $('<div class="tuya-import-preview">');
  readonly #flow: readonly FlowNode[];
  readonly #origin: FlowOrigin;
  readonly #changed: () => void;
  /** Ids of the old nodes that are to be converted. */
  readonly #chosen: Set<string>;
  /** Ids of configured devices without a key: they get the key of the old node. */
  readonly #keyless = new Set<string>();
  readonly #removing = $('<input type="checkbox" id="tuya-import-remove">');

  /** @param changed called when the text of the button has changed */
  constructor(flow: readonly FlowNode[], origin: FlowOrigin, changed: () => void) {
    this.#flow = flow;
    this.#origin = origin;
    this.#changed = changed;
    const old = oldNodes(flow);
    const locked = old.filter((node) => isLocked(node, flow));
    this.#chosen = new Set(old.filter((node) => !locked.includes(node)).map(({ id }) => id));
    const all = this.#convert();
    this.#chosen = new Set(all.converted.map(({ id }) => id));
    const used = new Set(all.converted.map(({ device }) => device));
    const known = existingDevices(this.#keyless).filter(({ nodeId }) => used.has(nodeId));
    findKeyless(
      known.map(({ deviceId }) => ({ id: deviceId })),
      this.#keyless,
      () => undefined,
    );
    const problems = [
      ...locked.map((node) => translate("tuya-device.import.conversion.locked", { name: nameOf(node) })),
      ...all.problems,
      ...plainKeyWarning(flow.filter(({ id }) => this.#chosen.has(id))),
    ];
    if (origin === "pasted") {
      $('<div class="tuya-import-summary" role="status">')
        .text(counted("tuya-device.import.conversion.summary", all.converted.length))
        .appendTo(this.element);
    }
    if (all.converted.length > 0) this.element.append(this.#table(all), this.#removal(all.notes));
    this.element.append(sentenceList(problems));
  }

  action(): string | undefined {
    const count = this.#chosen.size;
    if (count === 0) return undefined;
    return this.#origin === "workspace"
      ? counted("tuya-device.import.convert", count)
      : counted("tuya-device.import.place", count);
  }

  apply(): Applied {
    const conversion = this.#convert();
    const { flow, converted } = conversion;
    const isRemoving = this.#removing.prop("checked") === true;
    if (this.#origin === "workspace") {
      applyConversion(this.#flow, conversion, isRemoving);
      return { says: counted("tuya-device.import.converted", converted.length) };
    }
    const isGone = ({ id }: FlowNode): boolean => isRemoving && converted.some((node) => node.id === id);
    const nodes = structuredClone(flow.filter((node) => !isGone(node)));
    // The imported nodes stick to the mouse until the user places them.
    return { says: "", afterwards: () => importFlow(nodes) };
  }

  /**
   * The option to remove the old nodes. It should be used if their package is not installed: Node-RED starts no flows
   * with one such node.
   */
  #removal(notes: readonly string[]): JQuery {
    const isMissing = (RED.nodes.getType(SMART_DEVICE) as object | null | undefined) == null;
    this.#removing.prop("checked", isMissing);
    const label = $('<label for="tuya-import-remove">').text(
      translate("tuya-device.import.conversion.remove"),
    );
    const hint = isMissing ? translate("tuya-device.import.conversion.missing") : notes.join(" ");
    return $("<div>").append(
      $('<div class="form-row tuya-check">').append(this.#removing, label),
      $('<div class="tuya-hint tuya-under-check">').text(hint),
    );
  }

  /** Converts the chosen nodes. Nothing in the editor is changed yet. */
  #convert(): ConvertedFlow {
    const existing = existingDevices(this.#keyless);
    const conversion = convertFlow(this.#flow, {
      newId: () => RED.nodes.id(),
      existing,
      only: [...this.#chosen],
      isRemoving: this.#removing.prop("checked") === true,
      sizeOf: drawnSize,
    });
    const isKeyless = ({ nodeId }: { readonly nodeId: string }): boolean =>
      existing.some((device) => device.nodeId === nodeId && !device.hasKey);
    // A stored key is kept, because it may be newer.
    return { ...conversion, updateKey: conversion.updateKey.filter(isKeyless) };
  }

  #table(all: ConvertedFlow): JQuery {
    const header = $("<tr>").append('<th scope="col" class="tuya-import-tick">');
    for (const column of COLUMNS) {
      $(`<th scope="col" class="tuya-import-${column}">`)
        .text(translate(`tuya-device.import.conversion.column.${column}`))
        .appendTo(header);
    }
    const body = $("<tbody>").append(all.converted.map((node) => this.#line(node)));
    return $('<div class="tuya-import-table">').append(
      $("<table>").append($("<thead>").append(header), body),
    );
  }

  #line({ id, name, notes, device, isNewDevice, ...successor }: ConvertedNode): JQuery {
    const box = $('<input type="checkbox">').prop("checked", true).attr("aria-label", name);
    box.on("change", () => {
      if (box.prop("checked") === true) this.#chosen.add(id);
      else this.#chosen.delete(id);
      line.toggleClass("tuya-import-off", box.prop("checked") !== true);
      this.#changed();
    });
    const parts = [successor.out && "tuya-out", successor.in && "tuya-in"].filter(Boolean).join(" + ");
    const target = isNewDevice
      ? translate("tuya-device.import.conversion.newDevice")
      : translate("tuya-device.import.conversion.knownDevice", { name: distinctLabelOf(device) });
    const line = $("<tr>").append(
      $('<td class="tuya-import-tick">').append(box),
      $('<th scope="row" class="tuya-import-old">').append(
        $("<span>").text(name),
        $("<small>").text(this.#placeOf(id)),
      ),
      $('<td class="tuya-import-new">').append($("<span>").text(parts), $("<small>").text(target)),
      $('<td class="tuya-import-notes">').append(notes.map((note) => $("<small>").text(note))),
    );
    line.on("click", (event) => {
      if (!$(event.target).is("input")) box.trigger("click");
    });
    return line;
  }

  /** The label of the tab or subflow of a node. */
  #placeOf(id: string): string {
    const old = this.#flow.find((node) => node.id === id);
    const place = this.#flow.find((node) => node.id === old?.["z"]);
    return place ? textField(place, "label", "name") : "";
  }
}

function nameOf(node: FlowNode): string {
  return textField(node, "deviceName", "name") || node.id;
}

/** Whether a node is on a locked tab, which Node-RED lets nobody change. */
function isLocked({ z }: FlowNode, flow: readonly FlowNode[]): boolean {
  return flow.some(({ id, locked }) => id === z && locked === true);
}
