import type { Node } from "node-red";
import type { DeviceReport } from "../../src/device/types";
import type { FrameEvent } from "../../src/session/connection/frame-event";
import type { DeviceLink } from "./device-link";
import type { EventMode } from "../../src/import/event-mode";
import type { LinkState } from "./link-state";

/** Callbacks of a user of a device. Each gets the link. */
export interface LinkListeners {
  /** The state changed. */
  readonly state: (state: LinkState, link: DeviceLink) => void;
  readonly report?: (report: DeviceReport, link: DeviceLink) => void;
  /**
   * Called for each frame of the device; for a sub-device those of its gateway. Leave it out if not needed: decoding
   * costs time.
   */
  readonly frame?: (frame: FrameEvent, link: DeviceLink) => void;
  /** A message changes which reports to pass on. */
  readonly eventMode?: (mode: EventMode) => void;
}

/** Makes a node a user of a device and adds its callbacks. The returned function ends both; it may be called again. */
export function useLink(link: DeviceLink, node: Node, listeners: LinkListeners): () => void {
  const { state, report, frame, eventMode } = listeners;
  const removers = [
    link.on("state", state),
    report && link.on("report", report),
    frame && onFrame(link, (each) => frame(each, link)),
    eventMode && link.on("eventMode", eventMode),
  ];
  link.register(node);
  return () => {
    for (const remove of removers.splice(0)) remove?.();
    if (link.users.includes(node)) link.deregister(node.id);
  };
}

/** Listens to the frames of the link's device, also when that is replaced. The returned function ends it. */
function onFrame(link: DeviceLink, listener: (frame: FrameEvent) => void): () => void {
  let endFrames = link.device?.on("frame", listener);
  const endDevice = link.on("device", (device) => {
    endFrames?.();
    endFrames = device?.on("frame", listener);
  });
  return () => {
    endDevice();
    endFrames?.();
  };
}
