import type { Node, NodeAPI } from "node-red";
import type { DeviceLink } from "./device-link";
import { onFlowsStarted } from "../runtime/flows-started";
import { type LinkState, NO_DEVICE } from "./link-state";
import { type LinkListeners, tie } from "./tie";

/** A `tuya-device` node, as other nodes see it. */
export interface TuyaDeviceNode extends Node {
  readonly link: DeviceLink;
}

/** The link of a `tuya-device` node; undefined when it does not exist, is disabled, or is another kind of node. */
export function findLink(RED: NodeAPI, id: unknown): DeviceLink | undefined {
  // The types claim that there is always a node.
  const node = typeof id === "string" && id !== "" ? (RED.nodes.getNode(id) as Node | undefined) : undefined;
  return node?.type === "tuya-device" ? (node as TuyaDeviceNode).link : undefined;
}

/**
 * What a user of a device wants to hear. Each is told the link it is about: some are called while the `DeviceUser` is
 * built, when nobody can ask it yet.
 */
export interface DeviceUserOptions extends Omit<LinkListeners, "state"> {
  readonly RED: NodeAPI;
  readonly node: Node;
  /** Id of the `tuya-device` node. */
  readonly deviceNodeId: unknown;
  /** The state changed. */
  readonly state: (state: LinkState, link: DeviceLink | undefined) => void;
  /** All nodes of the flows exist; `isNew` when it is the first time with this instance of the device's node. */
  readonly started?: (isNew: boolean, state: LinkState, link: DeviceLink | undefined) => void;
}

/**
 * The tie between a node and its `tuya-device`. A deploy may replace the device's node without restarting this one
 * (where a subflow's property names it), so it is looked up again after every deploy, and for every message.
 */
export class DeviceUser {
  readonly #options: DeviceUserOptions;
  readonly #endFlowsStarted: () => void;
  #link: DeviceLink | undefined;
  #untie: (() => void) | undefined;
  #state: LinkState = NO_DEVICE;
  #startedWith: DeviceLink | undefined;
  #hasStarted = false;
  #closed = false;

  constructor(options: DeviceUserOptions) {
    this.#options = options;
    try {
      this.#bind(this.#find());
      if (!this.#link) options.state(this.#state, undefined);
    } catch (error) {
      // The node is none then, and Node-RED closes it never.
      this.#unbind();
      throw error;
    }
    this.#endFlowsStarted = onFlowsStarted(options.RED.events, () => this.#flowsStarted());
  }

  /** The link, for a message: of the node there is now, where it was replaced. */
  lookUp(): DeviceLink | undefined {
    const link = this.#find();
    // In the middle of a deploy there may be none: the old one says that it is closed.
    if (link) this.#bind(link);
    return this.#link;
  }

  close(): void {
    this.#closed = true;
    this.#endFlowsStarted();
    this.#unbind();
  }

  #find(): DeviceLink | undefined {
    return findLink(this.#options.RED, this.#options.deviceNodeId);
  }

  #bind(link: DeviceLink | undefined): void {
    if (this.#closed || link === this.#link) return;
    this.#unbind();
    this.#link = link;
    if (!link) {
      this.#enter(NO_DEVICE);
      return;
    }
    const state = (next: LinkState): void => this.#enter(next);
    this.#untie = tie(link, this.#options.node, { ...this.#options, state });
    this.#enter(link.state);
  }

  #unbind(): void {
    this.#untie?.();
    this.#untie = undefined;
    this.#link = undefined;
  }

  #enter(state: LinkState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#options.state(state, this.#link);
  }

  #flowsStarted(): void {
    this.#bind(this.#find());
    const isNew = !this.#hasStarted || this.#startedWith !== this.#link;
    this.#hasStarted = true;
    this.#startedWith = this.#link;
    this.#options.started?.(isNew, this.#state, this.#link);
  }
}
