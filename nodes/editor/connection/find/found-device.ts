import { isFields } from "../../../../src/import/fields";
import type { ListedDevice } from "../../../contract/devices";
import type { Unchecked } from "../../../contract/unchecked";
import { hasWords } from "../../base/checks";

/** What the list shows of a device that `GET tuya/devices` tells of. */
export interface FoundDevice {
  readonly id: string;
  readonly ip: string;
  /** As announced; not necessarily a version this package knows. */
  readonly version: string;
  readonly productKey: string;
  readonly isGateway: boolean;
  /** Whether a deployed `tuya-device` is for it. */
  readonly configured: boolean;
  /** What that one is called. */
  readonly name: string;
  /** 0 = not told. */
  readonly port: number;
  /** Milliseconds since 1970. */
  readonly firstSeen: number;
}

/** `this`: the dialog is open for this device. */
export type FoundBadge = "this" | "configured" | "new";

/** One line of the list. */
export interface FoundRow {
  readonly device: FoundDevice;
  /** Name, or short id where it has none. */
  readonly title: string;
  /** What else identifies it: short id and product. */
  readonly details: string;
  readonly badge: FoundBadge;
}

/** What the list depends on besides the devices. */
export interface FoundView {
  /** The device id in the form. */
  readonly current: string;
  /** Labels of the other devices of the editor by device id, deployed or not. */
  readonly known: ReadonlyMap<string, string>;
  /** Words all of which must occur. */
  readonly filter: string;
}

/** Devices of an answer, whatever the answer is. */
export function readFoundDevices(answer: unknown): FoundDevice[] {
  const entries: readonly unknown[] = Array.isArray(answer) ? answer : [];
  return entries.filter(isFields).flatMap((entry: Unchecked<ListedDevice>) => {
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
 * The lines to show: new devices first, for they are what one looks for; within each group in the order in which they
 * were heard, so that lines do not jump while more arrive.
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

/** Beginning and end of a device id, which tell devices of one batch apart: `bf0123…ghij`. */
export function shortId(id: string): string {
  return id.length <= 14 ? id : `${id.slice(0, 6)}…${id.slice(-4)}`;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function numberOf(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) ? value : 0;
}
