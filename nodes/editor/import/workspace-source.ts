import { type FlowNode, SMART_DEVICE, SMART_DEVICE_HUB } from "../../../src/import/flow";
import { textField } from "../../../src/import/fields";
import type { ImportSource, Offer } from "./source";
import { workspaceFlow } from "./editor-flow";
import { counted, translate } from "../base/texts";

/** The enabled nodes of node-red-contrib-tuya-smart-device in a flow; by default in the editor's. */
export function oldNodes(flow: readonly FlowNode[] = workspaceFlow()): readonly FlowNode[] {
  return flow.filter(({ type, d }) => (type === SMART_DEVICE || type === SMART_DEVICE_HUB) && d !== true);
}

/**
 * The page that converts nodes of node-red-contrib-tuya-smart-device in the editor, whether that package is still installed
 * or not.
 */
export class WorkspaceSource implements ImportSource {
  readonly title: string;
  #requests: readonly JQuery.jqXHR[] = [];

  constructor() {
    this.title = translate("tuya-device.import.workspace.title", { count: oldNodes().length });
  }

  open(page: JQuery, offer: Offer): void {
    const flow = workspaceFlow();
    const found = oldNodes(flow).length;
    $('<div class="tuya-import-intro">')
      .text(
        `${counted("tuya-device.import.workspace.found", found)} ${translate("tuya-device.import.workspace.what")}`,
      )
      .appendTo(page);
    offer.flow(flow);
    this.#fetchSecrets(flow, offer);
  }

  close(): void {
    for (const request of this.#requests) request.abort();
    this.#requests = [];
  }

  /**
   * That package can keep id and key in a credential. Node-RED gives credentials to the editor if they are not of type
   * password. When all answers are there, the flow is offered again with them.
   */
  #fetchSecrets(flow: readonly FlowNode[], offer: Offer): void {
    const secret = oldNodes(flow).filter(
      (node) => node["storeAsCreds"] === true && textField(node, "deviceId") === "",
    );
    const credentials = new Map<string, object>();
    const requests = secret.map(({ id }) => {
      const request = $.ajax({ url: `credentials/${SMART_DEVICE}/${id}`, dataType: "json", cache: false });
      request.done((answer: object) => credentials.set(id, answer));
      return request;
    });
    this.#requests = requests;
    if (requests.length === 0) return;
    let waiting = requests.length;
    for (const request of requests) {
      request.always(() => {
        waiting -= 1;
        if (waiting > 0 || credentials.size === 0) return;
        offer.flow(
          flow.map((node) => {
            const own = credentials.get(node.id);
            return own ? { ...node, credentials: own } : node;
          }),
        );
      });
    }
  }
}
