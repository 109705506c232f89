import type { NodeMessage } from "node-red";
import { closedError } from "../../src/session/failure";
import { TuyaError } from "../../src/errors";
import type { DiscoverBadge } from "./discover-badge";
import type { DiscoveryShare, ShareDiscovery } from "../runtime/discovery-share";
import { networkHealth } from "../../src/diagnosis/address/network-health";
import { Scan, type ScanEvent } from "./scan";
import type { ListedDevice } from "../contract/devices";

export interface DiscovererOptions {
  readonly share: ShareDiscovery;
  /** How long a scan takes, in seconds; 0 = it runs all the time, from `listen` on. */
  readonly seconds: number;
  readonly output: "each" | "list";
  /** Whether configured devices are passed on, too. */
  readonly includesKnown: boolean;
  readonly badge: DiscoverBadge;
  /** Sends a message that answers no input. */
  readonly send: (msg: NodeMessage) => void;
  readonly clone: (msg: NodeMessage) => NodeMessage;
}

/** How long changes are collected before the whole list is sent again, in milliseconds. */
const LIST_EVERY_MS = 1_000;
/** How often the number under the node may change, in milliseconds. */
const BADGE_EVERY_MS = 250;

/**
 * Implements tuya-discover. A message starts a scan. One that is running ends and sends its result, so that each message
 * is completed and only one scan runs. If the node listens all the time, a message gets the known devices at once.
 */
export class Discoverer {
  readonly #options: DiscovererOptions;
  /** The scan that runs all the time. */
  #listening: Scan | undefined;
  #hasTried = false;
  /** Ends the scan that a message started. */
  #finish: ((error?: TuyaError) => void) | undefined;
  #listTimer: NodeJS.Timeout | undefined;
  #badgeTimer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: DiscovererOptions) {
    this.#options = options;
  }

  /** Begins to listen, if the node listens all the time. Throws, the first time, if that is impossible. */
  listen(): void {
    const { seconds, share, badge, includesKnown } = this.#options;
    if (seconds > 0 || this.#hasTried) return;
    this.#hasTried = true;
    const shared = this.#requireShare(share());
    const scan = new Scan({
      share: shared,
      includesKnown,
      tell: (event, device) => {
        this.#showSoon(scan);
        this.#tellOwn(scan, event, device);
      },
    });
    this.#listening = scan;
    badge.listening(0);
    scan.start();
    void this.#deafness(shared).then((error) => {
      if (error && !this.#closed) badge.failed(false);
    });
  }

  /** Looks for devices. Resolves when the message is completed; rejects with a `TuyaError`. */
  async run(msg: NodeMessage, send: (msg: NodeMessage) => void): Promise<void> {
    const { seconds, share, badge } = this.#options;
    if (this.#listening) {
      this.#answer(this.#listening, msg, send);
      return;
    }
    const shared = this.#requireShare(share());
    this.#finish?.();
    const error = await this.#deafness(shared);
    if (error || this.#closed) {
      shared.release();
      badge.failed(false);
      throw error ?? closedError("The search for devices");
    }
    // Another message may have come while the ports were opened.
    this.#finish?.();
    await this.#scan(shared, seconds * 1_000, msg, send);
  }

  close(): void {
    this.#closed = true;
    this.#finish?.(closedError("The search for devices"));
    this.#listening?.end();
    clearTimeout(this.#listTimer);
    clearTimeout(this.#badgeTimer);
  }

  #scan(
    share: DiscoveryShare,
    ms: number,
    msg: NodeMessage,
    send: (msg: NodeMessage) => void,
  ): Promise<void> {
    const { output, includesKnown, badge, clone } = this.#options;
    return new Promise((resolve, reject) => {
      const scan = new Scan({
        share,
        includesKnown,
        tell: (event, device) => {
          this.#showSoon(scan);
          if (output === "each") send(Object.assign(clone(msg), eachMessage(event, device)));
        },
      });
      const finish = (error?: TuyaError): void => {
        this.#finish = undefined;
        clearTimeout(timer);
        clearTimeout(this.#badgeTimer);
        this.#badgeTimer = undefined;
        const list = listMessage(scan, share);
        scan.end();
        if (error) {
          reject(error);
          return;
        }
        badge.found(scan.count);
        if (output === "list") send(Object.assign(msg, list));
        resolve();
      };
      const timer = setTimeout(finish, ms);
      this.#finish = finish;
      badge.listening(0);
      scan.start();
    });
  }

  /** Answers a message if the node listens all the time. */
  #answer(scan: Scan, msg: NodeMessage, send: (msg: NodeMessage) => void): void {
    const { output, clone } = this.#options;
    if (output === "list") send(Object.assign(msg, listMessage(scan)));
    else for (const device of scan.devices) send(Object.assign(clone(msg), eachMessage("found", device)));
  }

  #tellOwn(scan: Scan, event: ScanEvent, device: ListedDevice): void {
    const { output, send } = this.#options;
    if (output === "each") send({ topic: device.name ?? device.id, ...eachMessage(event, device) });
    else {
      this.#listTimer ??= setTimeout(() => {
        this.#listTimer = undefined;
        send(listMessage(scan));
      }, LIST_EVERY_MS);
    }
  }

  /** Limits the rate: each status is sent to all open editors, and a thousand devices may be heard at once. */
  #showSoon(scan: Scan): void {
    this.#badgeTimer ??= setTimeout(() => {
      this.#badgeTimer = undefined;
      this.#options.badge.listening(scan.count);
    }, BADGE_EVERY_MS);
  }

  #requireShare(share: DiscoveryShare | undefined): DiscoveryShare {
    if (share) return share;
    this.#options.badge.failed(true);
    const { says, hint } = networkHealth(undefined);
    throw new TuyaError("NOT_CONFIGURED", `${says} ${hint}`);
  }

  /** Why nothing can be heard; undefined if a port is open. Resolves when all ports were tried. */
  async #deafness({ discovery }: DiscoveryShare): Promise<TuyaError | undefined> {
    await discovery.open();
    const { ports, says, hint } = networkHealth(discovery);
    const isDeaf = ports.every(({ state }) => state === "taken");
    return isDeaf ? new TuyaError("NOT_FOUND", `${says} ${hint}`) : undefined;
  }
}

function eachMessage(event: ScanEvent, device: ListedDevice): NodeMessage {
  return { payload: device, tuya: { event } };
}

/** The message with the list. `hint` says what to do if nothing was heard. */
function listMessage(scan: Scan, share?: DiscoveryShare): NodeMessage {
  const { devices } = scan;
  const hint = share && devices.length === 0 ? networkHealth(share.discovery).hint : null;
  return { payload: devices, tuya: { count: devices.length, ...(hint !== null && { hint }) } };
}
