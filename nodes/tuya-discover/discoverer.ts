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
  /** How long a message looks for devices; 0 = all the time, from `listen` on. */
  readonly seconds: number;
  readonly output: "each" | "list";
  /** Whether devices that are configured already are passed on. */
  readonly includesKnown: boolean;
  readonly badge: DiscoverBadge;
  /** Sends a message of the node's own. */
  readonly send: (msg: NodeMessage) => void;
  readonly clone: (msg: NodeMessage) => NodeMessage;
}

/** How long changes are gathered before the whole list is sent again, in milliseconds. */
const LIST_EVERY_MS = 1_000;
/** How often the number under the node may change, in milliseconds. */
const BADGE_EVERY_MS = 250;

/**
 * What a tuya-discover does. A message starts a scan and ends one that is running, which then sends what it has: every
 * message completes, and one scan at a time is enough. Where the node listens all the time, a message gets at once what
 * is known.
 */
export class Discoverer {
  readonly #options: DiscovererOptions;
  /** The scan of all the time. */
  #listening: Scan | undefined;
  #hasTried = false;
  /** Ends the scan of a message. */
  #finish: ((error?: TuyaError) => void) | undefined;
  #listTimer: NodeJS.Timeout | undefined;
  #badgeTimer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: DiscovererOptions) {
    this.#options = options;
  }

  /** Begins to listen, where that is wanted all the time. Throws, once, why that is impossible. */
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

  /** Looks for devices. Resolves when the message is done with; rejects with a `TuyaError`. */
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
    // Another message may have come while the ports were being opened.
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

  /** What a message gets where the node listens all the time. */
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

  /** Every status goes to every open editor, and a thousand devices may be heard in a moment. */
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

  /** Why nothing can be heard at all; undefined where something can. Resolves when the ports were tried. */
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

/** `hint` says what to do where nothing was heard. */
function listMessage(scan: Scan, share?: DiscoveryShare): NodeMessage {
  const { devices } = scan;
  const hint = share && devices.length === 0 ? networkHealth(share.discovery).hint : null;
  return { payload: devices, tuya: { count: devices.length, ...(hint !== null && { hint }) } };
}
