import { isFields } from "../../../../src/import/fields";
import type { ListedDevice } from "../../../contract/devices";
import type { Unchecked } from "../../../contract/unchecked";
import { listOf, numberOf, textOf } from "../../base/answers";
import { hasWords } from "../../base/checks";
import { shortId } from "../../base/distinction";

/** A device in the answer of `GET tuya/devices`, as the list needs it. */
export interface FoundDevice {
  readonly id: string;
  readonly ip: string;
  /** As announced; may be a version this package does not know. "" = not announced. */
  readonly version: string;
  /** "" = not announced. */
  readonly productKey: string;
  readonly isGateway: boolean;
  /** Whether there is a deployed `tuya-device` for it. */
  readonly configured: boolean;
  /** The name of that `tuya-device`; "" if there is none. */
  readonly name: string;
  /** 0 = not known. */
  readonly port: number;
  /** When it was first heard, in milliseconds since 1970. */
  readonly firstSeen: number;
}

/** `this`: it is the device of the form; `configured`: there is another node for it, deployed or not. */
export type FoundBadge = "this" | "configured" | "new";

/** One line of the list. */
export interface FoundRow {
  readonly device: FoundDevice;
  /** The name, or the short id if it has none. */
  readonly title: string;
  /** Short id and product. */
  readonly details: string;
  readonly badge: FoundBadge;
}

/** The other facts that the list depends on. */
export interface FoundView {
  /** The device id in the form. */
  readonly current: string;
  /** Labels of the other devices of the editor by device id, deployed or not. */
  readonly known: ReadonlyMap<string, string>;
  /** Only devices with all these words are shown; "" = all. */
  readonly filter: string;
}

/** Reads the devices in an answer, whatever it is. */
export function readFoundDevices(answer: unknown): FoundDevice[] {
  return listOf(answer)
    .filter(isFields)
    .flatMap((entry: Unchecked<ListedDevice>) => {
      const id = textOf(entry.id);
      if (id === "") return [];
      return {
        id,
        ip: textOf(entry.ip),
        version: textOf(entry.version),
        productKey: textOf(entry.productKey),
        isGateway: entry.gateway === true,
        configured: entry.configured === true,
        name: textOf(entry.name),
        port: numberOf(entry.port),
        firstSeen: numberOf(entry.firstSeen),
      };
    });
}

/**
 * The lines to show. New devices come first, because users look for these; within each group in the order in which they
 * were heard, so that lines do not move when more arrive.
 */
export function toFoundRows(
  devices: readonly FoundDevice[],
  { current, known, filter }: FoundView,
): FoundRow[] {
  return devices
    .map((device): FoundRow => {
      const name = known.get(device.id) || device.name;
      const isKnown = device.configured || known.has(device.id);
      const details = [name === "" ? "" : shortId(device.id), device.productKey].filter(Boolean).join(" · ");
      const badge = device.id === current ? "this" : isKnown ? "configured" : "new";
      return { device, title: name || shortId(device.id), details, badge };
    })
    .filter(({ device, title }) => {
      const text = [title, device.id, device.ip, device.version, device.productKey].join(" ");
      return hasWords(text, filter);
    })
    .sort(
      (a, b) =>
        Number(a.badge !== "new") - Number(b.badge !== "new") ||
        a.device.firstSeen - b.device.firstSeen ||
        (a.device.id < b.device.id ? -1 : 1),
    );
}
