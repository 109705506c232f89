import type { FlowNode } from "../../../src/import/flow";
import type { ImportedDevice } from "../../../src/import/imported-device";

/** Devices to choose from, wherever they come from. */
export interface DeviceList {
  readonly devices: readonly ImportedDevice[];
  /** What concerns no device of the list, a sentence each. Never contains a key. */
  readonly problems: readonly string[];
  /** What the list is called: the name of its file, for example. */
  readonly title: string;
  /** The flow the devices are nodes of. */
  readonly flow?: readonly FlowNode[] | undefined;
  /**
   * For sources whose keys stay on the server: has them stored for these `tuya-device` nodes, new ones and those whose key
   * is to be updated, by device id. Nodes are made and changed once that is done. Where it fails nothing is, and the
   * message of the error is shown.
   */
  readonly deliver?: (nodeIds: ReadonlyMap<string, readonly string[]>) => Promise<void>;
}

/** What a source has to say. */
export interface Offer {
  /** Shows these devices in place of those before. */
  devices(list: DeviceList): void;
  /** Shows what in this flow of the editor, all of it, can be converted. */
  flow(flow: readonly FlowNode[]): void;
  /** Shows why there are none, one sentence, and takes away those before. */
  failed(sentence: string): void;
  /** Takes away what is shown. */
  nothing(): void;
}

/** Where devices come from: one page of the import dialog, above the preview. */
export interface ImportSource {
  /** The word on its tab. */
  readonly title: string;
  /** Shows the page in an empty element. What it finds goes to `offer`, at any time and as often as it likes. */
  open(page: JQuery, offer: Offer): void;
  /** Ends everything that is under way. Nothing is offered any more. */
  close(): void;
}
