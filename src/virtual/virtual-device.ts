import { EventEmitter, once } from "node:events";
import { createServer, type Server } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { ProtocolVersion } from "../protocol/version";
import { Announcer, type AnnouncementTarget } from "./announcer";
import type { Behaviour } from "./behaviours";
import type { DataModel } from "./data-model";
import type { Faults } from "./faults";
import { Firmware } from "./firmware";
import { assertLoopback } from "./loopback";
import type { VirtualDeviceEvents, VirtualDeviceOptions } from "./options";
import type { Change } from "./simulation";
import type { Dps } from "../protocol/dps";

/**
 * A Tuya device in software: one TCP listener on loopback that behaves as the firmware of a generation does, awkward
 * habits included. For tests, demos, and people without hardware.
 *
 *   client ─bytes─▶ Intake ─Frame─▶ Session ─Message─▶ answer() ─Outcome─▶ Firmware ─▶ Session ─▶ Outlet ─bytes─▶ clients
 */
export class VirtualDevice extends EventEmitter<VirtualDeviceEvents> {
  readonly id: string;
  readonly version: ProtocolVersion;
  readonly host: string;
  readonly #options: VirtualDeviceOptions;
  readonly #firmware: Firmware;
  readonly #announcer: Announcer;
  #server: Server | undefined;
  #port: number;
  #simulationTimer: NodeJS.Timeout | undefined;
  #steps = 0;
  #opening: Promise<unknown> | undefined;
  /** Ends the pause of a reboot, and with it the reboot. */
  #pause: AbortController | undefined;

  /** @throws RangeError when an option is impossible: key, address, or a behaviour of another version */
  constructor(options: VirtualDeviceOptions) {
    super();
    const { id, host = "127.0.0.1", productKey = "vproductkey00001", uuid = "vuuid00000000000" } = options;
    assertLoopback(host);
    this.id = id;
    this.version = options.version;
    this.host = host;
    this.#port = options.port ?? 0;
    this.#options = options;
    this.#firmware = new Firmware(options, this);
    const { simulation } = options;
    if (simulation?.obey)
      this.on("set", ({ cid, changed }) => {
        if (cid === undefined) this.#live(simulation.obey?.(changed, this.values()) ?? {});
      });
    this.#announcer = new Announcer(this.#firmware, { host, productKey, uuid });
  }

  /** TCP port; 0 before `listen` unless one was chosen. Stays the same across `reboot`. */
  get port(): number {
    return this.#port;
  }

  /** Connected clients. */
  get clients(): number {
    return this.#firmware.clients;
  }

  get behaviour(): Behaviour {
    return this.#firmware.behaviour;
  }

  /** What is wrong with the device. Assigning replaces all of it, and starts counting anew. */
  get faults(): Faults {
    return this.#firmware.faultState.current;
  }

  set faults(faults: Faults) {
    this.#firmware.faultState.replace(faults);
  }

  /**
   * Present values of the device, or of a sub-device: a copy.
   * @throws RangeError if there is no such sub-device
   */
  values(cid?: string): Dps {
    return this.#modelOf(cid).values;
  }

  /** Opens the port, and switches the device on: once, and again after `close`. Rejects if the port is taken. */
  async listen(): Promise<void> {
    const server = createServer({ noDelay: true }, (socket) => this.#firmware.accept(socket));
    server.listen(this.#port, this.host);
    await (this.#opening = once(server, "listening"));
    // An accept that fails (no file descriptors left) is the next client's problem, not the process's.
    server.on("error", () => {});
    this.#server = server;
    this.#announcer.open();
    const address = server.address();
    if (typeof address === "object" && address) this.#port = address.port;
    this.#firmware.startUp();
    const { simulation } = this.#options;
    if (!simulation) return;
    this.#simulationTimer = setInterval(
      () => this.#live(simulation.next(this.values(), ++this.#steps, this.#firmware.random)),
      simulation.everyMs,
    );
  }

  /** Disconnects everybody and frees ports and timers. */
  async close(): Promise<void> {
    this.#pause?.abort();
    await Promise.all([this.#shutDown(), this.#announcer.close()]);
  }

  /**
   * Disconnects everybody, keeps the port closed for `ms`, and comes back with its values. Resolves then, or when the
   * device is closed meanwhile; rejects if the port was taken meanwhile.
   */
  async reboot(ms: number): Promise<void> {
    this.#pause?.abort();
    const pause = (this.#pause = new AbortController());
    await this.#shutDown();
    await delay(ms, undefined, { signal: pause.signal }).catch(() => {});
    if (!pause.signal.aborted) await this.listen();
  }

  /** The device changes by itself: the values are true from now on, and its clients are told. */
  set(dps: Dps, options: { readonly cid?: string } = {}): void {
    const { cid } = options;
    this.#firmware.report({ dps: this.#modelOf(cid).change(dps), cid });
  }

  /** The device measures something and keeps it for itself until it is queried or asked by UPDATEDPS. */
  measure(dps: Dps): void {
    this.#firmware.model.measure(dps);
  }

  /** A sub-device comes or goes. The gateway tells its clients (3.4 and later), and goes on answering from memory. */
  setChildOnline(cid: string, online: boolean): void {
    const child = this.#firmware.children?.get(cid);
    if (!child) throw new RangeError(`This device has no sub-device ${cid}.`);
    child.online = online;
    this.#firmware.reportChildren(online ? [cid] : [], online ? [] : [cid]);
  }

  /** Gives the device another key, as pairing it anew does. Clients that are connected keep the old one. */
  changeKey(localKey: string): void {
    this.#firmware.changeKey(localKey);
  }

  /** Sends one announcement. @throws RangeError unless the target is in 127.0.0.0/8 */
  announce(target?: AnnouncementTarget): Promise<void> {
    return this.#announcer.announce(target);
  }

  /** Announces itself from now on, as its generation does it. Returns what stops it. */
  startAnnouncing(options?: Parameters<Announcer["start"]>[0]): () => void {
    return this.#announcer.start(options);
  }

  /** Answers discovery requests on a UDP port, 7000 by default. Resolves with the port. */
  answerDiscovery(options?: Parameters<Announcer["answerDiscovery"]>[0]): Promise<number> {
    return this.#announcer.answerDiscovery(options);
  }

  async #shutDown(): Promise<void> {
    await this.#opening?.catch(() => {});
    clearInterval(this.#simulationTimer);
    const server = this.#server;
    this.#server = undefined;
    const closed = server && once(server, "close");
    server?.close();
    this.#firmware.shutDown();
    await closed;
  }

  #live(change: Change): void {
    const { measure, report, children = {} } = change;
    if (measure) this.measure(measure);
    if (report) this.#tell(report, undefined);
    for (const [cid, dps] of Object.entries(children)) {
      if (this.#firmware.children?.get(cid)?.online) this.#tell(dps, cid);
    }
  }

  /** Reports what of these values its clients do not know yet. */
  #tell(dps: Dps, cid: string | undefined): void {
    const model = this.#modelOf(cid);
    model.measure(dps);
    this.#firmware.report({ dps: model.reportUnreported(Object.keys(dps)), cid });
  }

  #modelOf(cid: string | undefined): DataModel {
    if (cid === undefined) return this.#firmware.model;
    const child = this.#firmware.children?.get(cid);
    if (!child) throw new RangeError(`This device has no sub-device ${cid}.`);
    return child.model;
  }
}
