import type { DeviceSettings, TuyaDevice } from "../../src/device/types";
import { TuyaError } from "../../src/errors";
import type { ListenerOf } from "../../src/listeners";
import type { Logger } from "../../src/logger";
import { DeviceLink, type LinkEvents, type LinkProfile, type LinkUser } from "./device-link";
import { childState, troubleOf } from "./link-state";

/** The link of a sub-device: uses its gateway's connection and key, and addresses the sub-device by its cid. */
export class ChildLink extends DeviceLink {
  readonly #cid: string;
  readonly #findGateway: () => DeviceLink | undefined;
  #gateway: DeviceLink | undefined;
  #lastSeen: number | undefined;
  readonly #listener: ListenerOf<LinkEvents> = {
    state: () => this.#follow(),
    device: (device) => this.#bind(device),
    report: (report) => {
      if (report.cid !== this.#cid) return;
      this.#lastSeen = Date.now();
      this.emitReport(report);
    },
  };
  #unfollow: (() => void)[] = [];

  /** `findGateway` is called again after each deploy, which may have replaced the gateway's node. */
  constructor(
    profile: LinkProfile & { readonly cid: string },
    findGateway: () => DeviceLink | undefined,
    logger: Logger,
  ) {
    super(profile, logger);
    this.#cid = profile.cid;
    this.#findGateway = findGateway;
  }

  get device(): TuyaDevice | undefined {
    return this.#gateway?.device;
  }

  get settings(): DeviceSettings | undefined {
    return this.gateway?.settings;
  }

  get lastSeen(): number | undefined {
    return this.#lastSeen;
  }

  get gateway(): DeviceLink | undefined {
    const gateway = this.#findGateway();
    return gateway?.profile.cid === undefined ? gateway : undefined;
  }

  override register(user: LinkUser): void {
    super.register(user);
    this.#gateway?.register(user);
  }

  override deregister(id: string): void {
    super.deregister(id);
    this.#gateway?.deregister(id);
  }

  override settle(): void {
    super.settle();
    if (this.hasUsers && this.#findGateway() !== this.#gateway) this.#attach();
  }

  protected open(): void {
    this.#attach();
  }

  protected release(): Promise<void> {
    this.#detach();
    this.enter({ kind: "idle" });
    return Promise.resolve();
  }

  #attach(): void {
    this.#detach();
    const { name } = this.profile;
    const gateway = this.#findGateway();
    if (!gateway || gateway.profile.cid !== undefined) {
      const sentence = gateway
        ? `The gateway of ${name} is a sub-device itself. Instead of ${gateway.profile.name}, choose the gateway they are both behind.`
        : `The gateway of ${name} was deleted or is disabled. Choose another one.`;
      this.enter({ kind: "notConfigured", error: new TuyaError("NOT_CONFIGURED", sentence) });
      return;
    }
    this.#gateway = gateway;
    gateway.addListener(this.#listener);
    for (const user of this.users) gateway.register(user);
    if (this.#unfollow.length === 0) this.#bind(gateway.device);
    this.#follow();
  }

  #detach(): void {
    const gateway = this.#gateway;
    if (!gateway) return;
    gateway.removeListener(this.#listener);
    this.#bind(undefined);
    this.#gateway = undefined;
    for (const { id } of this.users) gateway.deregister(id);
  }

  /** The gateway has a device now, another one, or none any more. */
  #bind(device: TuyaDevice | undefined): void {
    for (const remove of this.#unfollow) remove();
    this.#unfollow = device ? [device.addChild(this.#cid), device.on("children", () => this.#follow())] : [];
    this.emitDevice(device);
  }

  #follow(): void {
    const gateway = this.#gateway;
    if (!gateway) return;
    const { device, state, profile } = gateway;
    const offlineName = device?.childOnline(this.#cid) === false ? this.profile.name : undefined;
    const unknownCid = device?.isChildUnknown(this.#cid) ? this.#cid : undefined;
    const next = childState(state, profile.name, offlineName, unknownCid);
    // The gateway reports all sub-devices at once, so the state may be the same as before.
    const isSame = next.kind === "childOffline" && next.error.message === troubleOf(this.state)?.message;
    if (!isSame) this.enter(next);
  }
}
