import type { Node, NodeAPI, NodeDef } from "node-red";
import { acquireDevice } from "../../src/device/registry";
import type { Logger } from "../../src/logger";
import { registerAdminRoutes } from "../admin/register";
import { ChildLink } from "../link/child-link";
import { enlist } from "../link/configured-devices";
import type { DeviceLink, LinkUser } from "../link/device-link";
import { type DeviceProperties, displayName, readConfiguration } from "../link/device-settings";
import { findLink } from "../link/device-user";
import type { LinkHistory } from "../link/link-history";
import { type AcquireDevice, DirectLink } from "../link/direct-link";
import { discoverySharer, type ShareDiscovery } from "../runtime/discovery-share";
import { onFlowsStarted } from "../runtime/flows-started";
import { MoveNotice } from "./move-notice";
import { knownDevicesOf } from "../runtime/known-devices";
import { createNodeLogger } from "../runtime/node-logger";
import { reportPlainly } from "../runtime/plain-errors";
import { textOf } from "../runtime/properties";
import { usersPerTab } from "./users-per-tab";
import { ContextStore, type Kept } from "../runtime/context-store";
import { type KeptTotals, Totals, type TotalsStore } from "../link/totals";
import { dataPointTable } from "./data-point-table";
import { ErrorNotice, formatDuration } from "./error-notice";

interface TuyaDeviceDef extends NodeDef, Omit<DeviceProperties, "name"> {
  readonly datapoints?: unknown;
}

interface Credentials {
  localKey?: unknown;
}

interface DeviceNode extends Node<Credentials> {
  link: DeviceLink;
  /**
   * Users of this node: Status and Catch nodes on their flows get its statuses and errors. The name `users` is
   * Node-RED's.
   */
  users: Record<string, LinkUser>;
}

/** How long closing may take, in milliseconds. Node-RED waits 15 s. */
const CLOSE_DEADLINE_MS = 5_000;

/** Registers the node type. `acquire` gives it devices, `share` discovery. */
export function registerTuyaDevice(
  RED: NodeAPI,
  acquire: AcquireDevice,
  share: ShareDiscovery = discoverySharer(RED),
): void {
  const kept: Kept<KeptTotals> = new Map();
  /** The histories of devices by node id, kept over deploys. */
  const histories = new Map<string, LinkHistory>();

  function TuyaDevice(this: DeviceNode, def: TuyaDeviceDef): void {
    RED.nodes.createNode(this, def);
    // Not enumerable, so that printing the node, or making JSON of it, does not show the key.
    Object.defineProperty(this, "credentials", { enumerable: false });
    // Computed here: a closure over the definition would keep its whole table in memory.
    const shownName = displayName(def);
    reportPlainly(this, () => shownName);
    const logger = createNodeLogger(this, RED.settings["logging"]);
    const totalsStore = new ContextStore({
      node: this,
      kept,
      logger,
      key: "totals",
      what: "The sums of increments",
    });
    const link = createLink(RED, def, this.credentials?.localKey, { acquire, share, logger, totalsStore });
    link.history = histories.get(this.id) ?? link.history;
    histories.set(this.id, link.history);
    this.link = link;
    this.users = link.users;
    const endEnlistment = enlist(this.id, link);

    const { name, deviceId } = link.profile;
    const trouble = new ErrorNotice({
      raise: (error) => {
        this.users = usersPerTab(link.users, catchNodes(RED));
        try {
          this.error(error, { tuya: { deviceId, name } });
        } finally {
          this.users = link.users;
        }
      },
      recovered: (ms) => this.log(`${name} is connected, after ${formatDuration(ms)} without.`),
    });
    const move = new MoveNotice((sentence) => this.log(sentence));
    link.on("state", (state) => {
      trouble.observe(state);
      move.observe(state, link);
    });
    const endFlowsStarted = onFlowsStarted(RED.events, () => {
      link.settle();
      trouble.start();
    });

    this.on("close", (removed: boolean, done: () => void) => {
      if (removed) {
        kept.delete(this.id);
        histories.delete(this.id);
      }
      endFlowsStarted();
      endEnlistment();
      const deadline = setTimeout(done, CLOSE_DEADLINE_MS);
      void link.close().finally(() => {
        clearTimeout(deadline);
        done();
      });
    });
  }

  RED.nodes.registerType<DeviceNode, TuyaDeviceDef, object, Credentials>("tuya-device", TuyaDevice, {
    credentials: { localKey: { type: "password" } },
    settings: {
      tuyaDeviceDiscovery: { value: {}, exportable: false },
      tuyaDevicePlatform: { value: {}, exportable: false },
    },
  });
}

/** What a link needs besides its node's properties. */
interface LinkParts {
  readonly acquire: AcquireDevice;
  readonly share: ShareDiscovery;
  readonly logger: Logger;
  readonly totalsStore: TotalsStore;
}

/** The definitions of all Catch nodes. */
function catchNodes(RED: NodeAPI): NodeDef[] {
  const found: NodeDef[] = [];
  RED.nodes.eachNode((def) => {
    if (def.type === "catch") found.push(def);
  });
  return found;
}

function createLink(
  RED: NodeAPI,
  def: TuyaDeviceDef,
  localKey: unknown,
  { acquire, share, logger, totalsStore }: LinkParts,
): DeviceLink {
  const { dataPoints, problems } = dataPointTable(def.datapoints);
  const name = displayName(def);
  for (const problem of problems) logger.warn(`${name}: ${problem}`);
  const configuration = readConfiguration(def, localKey, dataPoints);
  const totals = Totals.of(dataPoints, totalsStore);
  const profile = { name, deviceId: textOf(def.deviceId), cid: undefined, dataPoints, totals };
  switch (configuration.kind) {
    case "direct":
      return new DirectLink(profile, configuration.settings, acquire, logger, share);
    case "unusable":
      return new DirectLink(profile, configuration.error, acquire, logger);
    case "child": {
      const { gateway, cid } = configuration;
      return new ChildLink(
        { ...profile, deviceId: profile.deviceId || cid, cid },
        () => findLink(RED, gateway),
        logger,
      );
    }
  }
}

export default function (RED: NodeAPI): void {
  const share = discoverySharer(RED);
  const known = knownDevicesOf(RED);
  const acquire: AcquireDevice = (settings, holder, logger) =>
    acquireDevice(settings, holder, logger, { known });
  registerTuyaDevice(RED, acquire, share);
  registerAdminRoutes(RED, { acquire, share, known });
}
