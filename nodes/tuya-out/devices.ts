import type { Node, NodeAPI } from "node-red";
import { AllDevices } from "../link/all-devices";
import type { DeviceLink } from "../link/device-link";
import { DeviceUser } from "../link/device-user";
import type { OutBadge } from "../link/out-badge";
import { OverallView } from "../link/overall-view";
import { addresseeOf, calledIn, isForAll } from "./addressee";
import { isPlainObject, type Properties } from "../runtime/properties";

/** The devices a tuya-out commands. */
export interface Devices {
  /** The device a message is for. Throws BAD_INPUT if the message must name it and does not. */
  readonly link: (msg: Properties) => DeviceLink | undefined;
  /** The name of a device in the topic of a message. */
  readonly called: (msg: Properties) => string | undefined;
  /** All devices, if a message is for all; undefined if it is for one. */
  readonly all: (msg: Properties) => readonly DeviceLink[] | undefined;
  /** All devices that are connected. */
  readonly connected: () => readonly DeviceLink[];
  /** Shows a text behind the number of connected devices. */
  note(text: string): void;
  /** The name of the device that a message is about; undefined if there is none, or several. */
  readonly nameFor: (msg: unknown) => string | undefined;
  close(): void;
}

/** The device chosen in the node. */
export function theDevice(RED: NodeAPI, node: Node, deviceNodeId: unknown, badge: OutBadge): Devices {
  const state = badge.linkChanged.bind(badge);
  const user = new DeviceUser({ RED, node, deviceNodeId, state });
  return {
    link: () => user.lookUp(),
    called: () => undefined,
    all: () => undefined,
    connected: () => [user.lookUp()].flatMap((link) => link ?? []).filter(isConnected),
    note: () => undefined,
    nameFor: () => user.lookUp()?.profile.name,
    close: () => user.close(),
  };
}

/** All devices: each message says which one it is for. The node uses all of them, so that all are connected. */
export function everyDevice(RED: NodeAPI, node: Node, badge: OutBadge): Devices {
  const view = new OverallView({
    connected: RED._("tuya-out.status.connected"),
    none: "tuya-out.devices.none",
    show: (shown, text) => badge.connection(shown, text),
  });
  const devices = new AllDevices({ RED, node, changed: (links) => view.look(links) });
  return {
    link: addresseeOf,
    called: calledIn,
    all: (msg) => (isForAll(msg) ? devices.links : undefined),
    connected: () => devices.links.filter(isConnected),
    note: (text) => view.note(text),
    nameFor: nameOfAddressee,
    close: () => {
      devices.close();
      view.close();
    },
  };
}

function isConnected({ state }: DeviceLink): boolean {
  return state.kind === "ready";
}

function nameOfAddressee(msg: unknown): string | undefined {
  try {
    return isPlainObject(msg) ? addresseeOf(msg).profile.name : undefined;
  } catch {
    // The message names none: its error says so.
    return undefined;
  }
}
