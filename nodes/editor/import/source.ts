import type { FlowNode } from "../../../src/import/flow";
import type { ImportedDevice } from "../../../src/import/imported-device";

/** A list of devices to choose from. */
export interface DeviceList {
  readonly devices: readonly ImportedDevice[];
  /** Problems that belong to no device in the list, a sentence each. Never contains a key. */
  readonly problems: readonly string[];
  /** The name of the list, for example of its file. */
  readonly title: string;
  /** The flow, if the devices are from nodes of a flow. */
  readonly flow?: readonly FlowNode[] | undefined;
  /**
   * For sources whose keys stay on the server: stores the keys for these `tuya-device` nodes (new ones, and those whose
   * key is to be updated), by device id. The dialog creates and changes the nodes when that is done. If the promise rejects,
   * nothing is changed, and the message of the error is shown.
   */
  readonly deliver?: (nodeIds: ReadonlyMap<string, readonly string[]>) => Promise<void>;
}

/** The callbacks of a source, which may be called at any time while its page is open. Each replaces what is shown. */
export interface Offer {
  /** Shows these devices in place of those before. */
  devices(list: DeviceList): void;
  /** Shows which nodes of this flow, which is the whole workspace, can be converted. */
  flow(flow: readonly FlowNode[]): void;
  /** Shows a sentence that says why there are no devices, and removes those before. */
  failed(sentence: string): void;
  /** Removes what is shown. */
  nothing(): void;
}

/** A source of devices: one page of the import dialog, above the preview. */
export interface ImportSource {
  /** The label of its tab. */
  readonly title: string;
  /** Fills an empty element with the page. Passes results to `offer`, at any time and any number of times, until `close`. */
  open(page: JQuery, offer: Offer): void;
  /** Ends all requests; the dialog empties the element. May be called again, and `open` after it. */
  close(): void;
}
