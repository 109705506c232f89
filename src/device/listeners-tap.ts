import type { Listeners } from "../listeners";
import type { FrameEvent, FrameTap } from "../session/connection/frame-event";
import type { DeviceEvents } from "./types";

/** Active while somebody listens to the event `frame`. */
export class ListenersTap implements FrameTap {
  readonly #listeners: Listeners<DeviceEvents>;

  constructor(listeners: Listeners<DeviceEvents>) {
    this.#listeners = listeners;
  }

  get active(): boolean {
    return this.#listeners.has("frame");
  }

  frame(event: FrameEvent): void {
    this.#listeners.emit("frame", event);
  }
}
