import type { Node, NodeAPI } from "node-red";
import type { DeviceLink } from "./device-link";
import { type FlowsListener, offFlowsStarted, onFlowsStarted } from "../runtime/flows-started";
import { type LinkState, NO_DEVICE } from "./link-state";
import { type LinkListeners, LinkUse } from "./link-use";

/** A `tuya-device` node, for other nodes. */
export interface TuyaDeviceNode extends Node {
  readonly link: DeviceLink;
}

/** The link of a `tuya-device` node; undefined if it does not exist, is disabled, or is another kind of node. */
export function findLink(RED: NodeAPI, id: unknown): DeviceLink | undefined {
  // By its type `getNode` always returns a node, but it does not.
  const node = typeof id === "string" && id !== "" ? (RED.nodes.getNode(id) as Node | undefined) : undefined;
  return node?.type === "tuya-device" ? (node as TuyaDeviceNode).link : undefined;
}

/** A user of a device. Its methods get the link, because some are called in the constructor of `DeviceUser`. */
export interface DeviceUserOptions extends Omit<LinkListeners, "state"> {
  readonly RED: NodeAPI;
  readonly node: Node;
  /** Id of the `tuya-device` node. */
  readonly deviceNodeId: unknown;
  /** The state changed. */
  state(state: LinkState, link: DeviceLink | undefined): void;
  /** All nodes of the flows exist. `isNew`: the device's node is a new instance. */
  started?(isNew: boolean, state: LinkState, link: DeviceLink | undefined): void;
}

/**
 * Makes a node a user of its `tuya-device`. A deploy may replace the device's node without restarting this one (if a
 * subflow's property names it), so it is looked up again after each deploy and for each message.
 */
export class DeviceUser implements FlowsListener {
  readonly #options: DeviceUserOptions;
  #link: DeviceLink | undefined;
  #use: LinkUse | undefined;
  #startedWith: DeviceLink | undefined;
  #hasStarted = false;
  #closed = false;

  constructor(options: DeviceUserOptions) {
    this.#options = options;
    try {
      this.#bind(this.#find());
      if (!this.#link) options.state(NO_DEVICE, undefined);
    } catch (error) {
      // The constructor of the node fails then, and Node-RED never closes the node.
      this.#unbind();
      throw error;
    }
    onFlowsStarted(options.RED.events, this);
  }

  /** The present link, for a message: the device's node may have been replaced. */
  lookUp(): DeviceLink | undefined {
    const link = this.#find();
    // During a deploy there may be no node: then the old link is used, whose state is closed.
    if (link) this.#bind(link);
    return this.#link;
  }

  close(): void {
    this.#closed = true;
    offFlowsStarted(this.#options.RED.events, this);
    this.#unbind();
  }

  flowsStarted(): void {
    this.#bind(this.#find());
    const isNew = !this.#hasStarted || this.#startedWith !== this.#link;
    this.#hasStarted = true;
    this.#startedWith = this.#link;
    this.#options.started?.(isNew, this.#link?.state ?? NO_DEVICE, this.#link);
  }

  #find(): DeviceLink | undefined {
    return findLink(this.#options.RED, this.#options.deviceNodeId);
  }

  #bind(link: DeviceLink | undefined): void {
    if (this.#closed || link === this.#link) return;
    this.#unbind();
    this.#link = link;
    if (!link) {
      this.#options.state(NO_DEVICE, undefined);
      return;
    }
    const { state } = link;
    this.#use = new LinkUse(link, this.#options.node, this.#options);
    // Otherwise it was told already: the first user makes the link connect.
    if (link.state === state) this.#options.state(state, link);
  }

  #unbind(): void {
    this.#use?.end();
    this.#use = undefined;
    this.#link = undefined;
  }
}
