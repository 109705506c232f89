import type { Node } from "node-red";
import type { ListenerOf } from "../../src/listeners";
import type { FrameEvent } from "../../src/session/connection/frame-event";
import type { DeviceLink, LinkEvents } from "./device-link";

/** What a user of a device is told; its methods get the link. */
export interface LinkListeners
  extends Pick<LinkEvents, "state">, ListenerOf<Pick<LinkEvents, "report" | "eventMode">> {
  /**
   * Called for each frame of the device; for a sub-device those of its gateway. Leave it out if not needed: decoding
   * costs time.
   */
  readonly frame?: ((frame: FrameEvent, link: DeviceLink) => void) | undefined;
}

/** A node's use of a device: it is one of the device's users and is told its events, until `end`. */
export class LinkUse {
  readonly #link: DeviceLink;
  readonly #node: Node;
  readonly #listeners: LinkListeners;
  readonly #endFrames: (() => void) | undefined;

  constructor(link: DeviceLink, node: Node, listeners: LinkListeners) {
    this.#link = link;
    this.#node = node;
    this.#listeners = listeners;
    link.addListener(listeners);
    this.#endFrames = listeners.frame && onFrame(link, (frame) => listeners.frame?.(frame, link));
    link.register(node);
  }

  /** May be called again. */
  end(): void {
    this.#link.removeListener(this.#listeners);
    this.#endFrames?.();
    if (this.#link.users.includes(this.#node)) this.#link.deregister(this.#node.id);
  }
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
