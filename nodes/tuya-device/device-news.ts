import type { Node, NodeAPI, NodeDef } from "node-red";
import type { TuyaError } from "../../src/errors";
import type { ListenerOf } from "../../src/listeners";
import { type DeviceLink, type LinkEvents, type LinkUser, movedTo } from "../link/device-link";
import type { LinkState } from "../link/link-state";
import type { FlowsListener } from "../runtime/flows-started";
import { ErrorNotice, type ErrorNoticeOwner, formatDuration } from "./error-notice";

/** A `tuya-device` node. */
export interface DeviceNode<C extends object = object> extends Node<C> {
  link: DeviceLink;
  news: DeviceNews;
}

/** What a `tuya-device` tells of its device: errors to Catch nodes; a new address, and that errors are over, to the log. */
export class DeviceNews implements ErrorNoticeOwner, FlowsListener, ListenerOf<LinkEvents> {
  readonly #RED: NodeAPI;
  readonly #node: DeviceNode;
  readonly #notice = new ErrorNotice(this);
  #isRaising = false;
  /** The new address, if one was told. */
  #toldIp: string | undefined;

  constructor(RED: NodeAPI, node: DeviceNode) {
    this.#RED = RED;
    this.#node = node;
    node.link.addListener(this);
  }

  // LinkEvents

  state(state: LinkState): void {
    this.#notice.observe(state);
    this.#noteAddress(state);
  }

  /** See `showUsers`. An error is passed on to one user per tab. */
  get users(): Record<string, LinkUser> {
    const users = Object.fromEntries(this.#node.link.users.map((user) => [user.id, user]));
    return this.#isRaising ? usersPerTab(users, catchNodesOf(this.#RED)) : users;
  }

  flowsStarted(): void {
    this.#node.link.settle();
    this.#notice.start();
  }

  // ErrorNoticeOwner

  raise(error: TuyaError): void {
    const { deviceId, name } = this.#node.link.profile;
    this.#isRaising = true;
    try {
      this.#node.error(error, { tuya: { deviceId, name } });
    } finally {
      this.#isRaising = false;
    }
  }

  recovered(ms: number): void {
    const { link } = this.#node;
    this.#node.log(`${link.profile.name} is connected, after ${formatDuration(ms)} without.`);
  }

  /** Tells once for each new address that the device has moved there. Its settings are not changed. */
  #noteAddress(state: LinkState): void {
    const { link } = this.#node;
    const { profile, settings } = link;
    if (state.kind !== "ready" || profile.cid !== undefined) return;
    const ip = movedTo(state, link);
    if (ip !== undefined && ip !== this.#toldIp) {
      this.#node.log(
        `${profile.name} was found at ${ip}; its address is set to ${settings?.ip}. It is followed by itself; to make that unnecessary, enter the new address or reserve the old one in the router.`,
      );
    }
    this.#toldIp = ip;
  }
}

/**
 * Has nodes of a type show their users, by id. The name `users` is Node-RED's: Status and Catch nodes on the flows of the
 * users get statuses and errors of the node.
 */
export function showUsers(prototype: object): void {
  Object.defineProperty(prototype, "users", {
    get(this: DeviceNode) {
      return this.news.users;
    },
  });
}

/** The definitions of all Catch nodes. */
function catchNodesOf(RED: NodeAPI): NodeDef[] {
  const found: NodeDef[] = [];
  RED.nodes.eachNode((def) => {
    if (def.type === "catch") found.push(def);
  });
  return found;
}

/** A node, with the tab or subflow it is on. */
interface Placed {
  readonly z?: string | undefined;
}

/** The definition of a Catch node. `scope` null = it catches errors of all nodes of its tab; otherwise only of some. */
interface CatchNode extends Placed {
  readonly scope?: unknown;
}

/**
 * The users to whose Catch nodes an error of the device is passed. Node-RED passes it to the Catch nodes of each user's
 * tab, once per user. If these catch errors of all nodes, one user per tab is enough, so that each gets one message. If a
 * Catch node catches only chosen nodes, all users of the tab stay, because it may have chosen any of them.
 */
export function usersPerTab<T extends Placed>(
  users: Readonly<Record<string, T>>,
  catchNodes: readonly CatchNode[],
): Record<string, T> {
  const choosy = new Set(
    catchNodes.filter(({ scope }) => scope !== null && scope !== undefined).map(({ z }) => z),
  );
  const told = new Set<string | undefined>();
  const reporters = Object.entries(users).filter(([, { z }]) => {
    if (choosy.has(z)) return true;
    const isFirst = !told.has(z);
    told.add(z);
    return isFirst;
  });
  return Object.fromEntries(reporters);
}
