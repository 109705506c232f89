import type { Node, NodeAPI } from "node-red";
import { onFlowsStarted } from "../runtime/flows-started";
import { configuredLinks } from "./configured-devices";
import type { DeviceLink } from "./device-link";
import { type LinkListeners, tie } from "./tie";

/** What a node hears of one of many devices. */
export interface DeviceHearing extends Partial<LinkListeners> {
  /** All nodes of the flows exist, this device's for the first time. */
  readonly started?: () => void;
  /** The device's node is gone, or another one has taken its place. */
  readonly left?: () => void;
}

export interface AllDevicesOptions {
  readonly RED: NodeAPI;
  readonly node: Node;
  /** Which of the devices are meant; without it all of them. */
  readonly wants?: (link: DeviceLink) => boolean;
  /** Called for every device that is found, for what is to be heard of it. */
  readonly found?: (link: DeviceLink) => DeviceHearing;
  /** The devices are others now, or the state of one changed. */
  readonly changed: (links: readonly DeviceLink[]) => void;
}

interface Member {
  readonly hearing: DeviceHearing;
  readonly untie: () => void;
  hasStarted: boolean;
}

/** The tie between a node and every enabled `tuya-device` it means: those that run, and after each deploy those that are new. */
export class AllDevices {
  readonly #options: AllDevicesOptions;
  readonly #members = new Map<DeviceLink, Member>();
  readonly #endFlowsStarted: () => void;
  #closed = false;

  constructor(options: AllDevicesOptions) {
    this.#options = options;
    try {
      this.#look();
    } catch (error) {
      // The node is none then, and Node-RED closes it never.
      this.close();
      throw error;
    }
    this.#endFlowsStarted = onFlowsStarted(options.RED.events, () => this.#flowsStarted());
  }

  get links(): readonly DeviceLink[] {
    return [...this.#members.keys()];
  }

  close(): void {
    this.#closed = true;
    this.#endFlowsStarted?.();
    for (const link of this.links) this.#leave(link);
  }

  #look(): void {
    if (this.#closed) return;
    const { wants = () => true } = this.#options;
    const wanted = new Set(configuredLinks().filter(wants));
    for (const link of this.links) if (!wanted.has(link)) this.#leave(link);
    for (const link of wanted) if (!this.#members.has(link)) this.#join(link);
    // A sub-device that left took its users along from its gateway, which may be one of those that are meant.
    for (const link of wanted) link.register(this.#options.node.id, this.#options.node);
    this.#options.changed(this.links);
  }

  #join(link: DeviceLink): void {
    const hearing = this.#options.found?.(link) ?? {};
    const state: LinkListeners["state"] = (next, of) => {
      hearing.state?.(next, of);
      // What closes takes its users along first: see `#look`.
      if (next.kind === "closed") queueMicrotask(() => this.#look());
      else if (this.#members.has(of)) this.#options.changed(this.links);
    };
    this.#members.set(link, {
      hearing,
      untie: tie(link, this.#options.node, { ...hearing, state }),
      hasStarted: false,
    });
  }

  #leave(link: DeviceLink): void {
    const member = this.#members.get(link);
    this.#members.delete(link);
    member?.untie();
    member?.hearing.left?.();
  }

  #flowsStarted(): void {
    this.#look();
    for (const member of this.#members.values()) {
      if (member.hasStarted) continue;
      member.hasStarted = true;
      member.hearing.started?.();
    }
  }
}
