import type { Node, NodeAPI } from "node-red";
import { type FlowsListener, offFlowsStarted, onFlowsStarted } from "../runtime/flows-started";
import { configuredLinks } from "./configured-devices";
import type { DeviceLink } from "./device-link";
import { type LinkListeners, LinkUse } from "./link-use";

/** Callbacks of a node for one of many devices. */
export interface DeviceHearing extends Partial<LinkListeners> {
  /** All nodes of the flows exist, and the node of this device is new. */
  readonly started?: () => void;
  /** The device's node is gone, or was replaced. */
  readonly left?: () => void;
}

export interface AllDevicesOptions {
  readonly RED: NodeAPI;
  readonly node: Node;
  /** Whether a device is meant; default: all are. */
  readonly wants?: (link: DeviceLink) => boolean;
  /** Called for each device that is found; returns the callbacks for it. */
  readonly found?: (link: DeviceLink) => DeviceHearing;
  /** The list of devices, or the state of one, has changed. */
  readonly changed: (links: readonly DeviceLink[]) => void;
}

interface Member {
  readonly hearing: DeviceHearing;
  readonly use: LinkUse;
  hasStarted: boolean;
}

/**
 * Makes a node a user of all enabled `tuya-device` nodes it means: of those that run, and after each deploy of new ones.
 */
export class AllDevices implements FlowsListener {
  readonly #options: AllDevicesOptions;
  readonly #members = new Map<DeviceLink, Member>();
  #closed = false;

  constructor(options: AllDevicesOptions) {
    this.#options = options;
    try {
      this.#look();
    } catch (error) {
      // The constructor of the node fails then, and Node-RED never closes the node.
      this.close();
      throw error;
    }
    onFlowsStarted(options.RED.events, this);
  }

  get links(): readonly DeviceLink[] {
    return [...this.#members.keys()];
  }

  close(): void {
    this.#closed = true;
    offFlowsStarted(this.#options.RED.events, this);
    for (const link of this.links) this.#leave(link);
  }

  flowsStarted(): void {
    this.#look();
    for (const member of this.#members.values()) {
      if (member.hasStarted) continue;
      member.hasStarted = true;
      member.hearing.started?.();
    }
  }

  #look(): void {
    if (this.#closed) return;
    const { wants = () => true } = this.#options;
    const wanted = new Set(configuredLinks().filter(wants));
    for (const link of this.links) if (!wanted.has(link)) this.#leave(link);
    for (const link of wanted) if (!this.#members.has(link)) this.#join(link);
    // A sub-device that is gone has deregistered its users from its gateway, which may be a device that is meant:
    // registers again.
    for (const link of wanted) link.register(this.#options.node);
    this.#options.changed(this.links);
  }

  #join(link: DeviceLink): void {
    const hearing = this.#options.found?.(link) ?? {};
    const state: LinkListeners["state"] = (next, of) => {
      hearing.state?.(next, of);
      // A closing device deregisters its users first, so this looks later: see `#look`.
      if (next.kind === "closed") queueMicrotask(() => this.#look());
      else if (this.#members.has(of)) this.#options.changed(this.links);
    };
    this.#members.set(link, {
      hearing,
      use: new LinkUse(link, this.#options.node, { ...hearing, state }),
      hasStarted: false,
    });
  }

  #leave(link: DeviceLink): void {
    const member = this.#members.get(link);
    this.#members.delete(link);
    member?.use.end();
    member?.hearing.left?.();
  }
}
