import type { ChildRow } from "./child-row";
import { ChildrenPanel } from "./children-panel";
import { undeployedKey } from "../../base/credentials";
import { devicesInEditor, findDevice, labelOfDevice, type DeviceNode } from "../../base/red";
import type { ChildrenRequest } from "../../../contract/children";

/** The button beside the cid of a sub-device: asks the chosen gateway which ones it has, and fills one in. */
export class ChildrenPicker {
  readonly #form: JQuery;
  readonly #node: DeviceNode;
  readonly #panel: ChildrenPanel;
  readonly #button: JQuery;

  /** @param opening called before the list opens, because only one panel is open at a time */
  constructor(form: JQuery, node: DeviceNode, opening: () => void) {
    this.#form = form;
    this.#node = node;
    this.#button = form.find(".tuya-children-open");
    this.#panel = new ChildrenPanel({
      box: form.find(".tuya-children"),
      translate: (key, parameters) => node._(key, parameters),
      gateway: () => this.#gateway(),
      currentCid: () => this.#value("cid"),
      knownChildren: () => this.#knownChildren(),
      pick: (row) => this.#pick(row),
    });
    this.#button.on("click", () => {
      if (this.#panel.isOpen) {
        this.close();
        return;
      }
      opening();
      this.#panel.open();
      this.#button.attr("aria-expanded", "true");
    });
    // The list belongs to the gateway chosen before.
    this.#field("gateway").on("change", () => this.close());
  }

  /** Closes the list and ends its request. May be called again. */
  close(): void {
    this.#panel.close();
    this.#button.attr("aria-expanded", "false");
  }

  #pick({ child }: ChildRow): void {
    this.close();
    this.#field("cid").val(child.cid).trigger("change");
    this.#form.find(".tuya-test-start").trigger("focus");
  }

  #gateway(): { request: ChildrenRequest; name: string } | undefined {
    const node = findDevice(this.#value("gateway"));
    if (!node) return undefined;
    const { id, name, deviceId, ip, port, version } = node;
    const { changed } = node as { readonly changed?: boolean };
    const localKey = undeployedKey(node);
    return {
      name: labelOfDevice(id),
      request: {
        gateway: id,
        changed: changed === true,
        name,
        deviceId,
        ip,
        port,
        version,
        ...(localKey !== undefined && { localKey }),
      },
    };
  }

  #knownChildren(): ReadonlyMap<string, string> {
    const chosen = this.#value("gateway");
    const others = devicesInEditor().filter(
      ({ id, gateway, cid }) => id !== this.#node.id && gateway === chosen && cid,
    );
    return new Map(others.map(({ id, cid }) => [cid, labelOfDevice(id)]));
  }

  #field(name: string): JQuery {
    return this.#form.find(`#node-config-input-${name}`);
  }

  #value(name: string): string {
    return String(this.#field(name).val() ?? "").trim();
  }
}
