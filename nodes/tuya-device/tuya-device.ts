import type { Node, NodeAPI, NodeDef } from "node-red";
import { parseDataPoints } from "../../src/datapoints/datapoint";
import { DataPointMap } from "../../src/datapoints/datapoint-map";
import { acquireDevice } from "../../src/device/registry";
import type { Logger } from "../../src/logger";
import { registerAdminRoutes } from "../admin/register";
import { ChildLink } from "../link/child-link";
import { delist, enlist } from "../link/configured-devices";
import type { DeviceLink, LinkProfile } from "../link/device-link";
import { type DeviceProperties, displayName, readConfiguration } from "../link/device-settings";
import { findLink } from "../link/device-user";
import type { LinkHistory } from "../link/link-history";
import { type AcquireDevice, DirectLink } from "../link/direct-link";
import { discoverySharer, type ShareDiscovery } from "../runtime/discovery-share";
import { offFlowsStarted, onFlowsStarted } from "../runtime/flows-started";
import { knownDevicesOf } from "../runtime/known-devices";
import { createNodeLogger } from "../runtime/node-logger";
import { reportPlainly } from "../runtime/plain-errors";
import { textOf } from "../runtime/properties";
import { ContextStore, type Kept } from "../runtime/context-store";
import { type KeptTotals, Totals } from "../link/totals";
import { type DeviceNode, DeviceNews, showUsers } from "./device-news";

interface TuyaDeviceDef extends NodeDef, Omit<DeviceProperties, "name"> {
  readonly datapoints?: unknown;
}

interface Credentials {
  localKey?: unknown;
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

  function TuyaDevice(this: DeviceNode<Credentials>, def: TuyaDeviceDef): void {
    RED.nodes.createNode(this, def);
    // Not enumerable, so that printing the node, or making JSON of it, does not show the key.
    Object.defineProperty(this, "credentials", { enumerable: false });
    const logger = createNodeLogger(this, RED.settings["logging"]);
    const totalsStore = new ContextStore({
      node: this,
      kept,
      logger,
      key: "totals",
      what: "The sums of increments",
    });
    const { dataPoints, problems } = dataPointTable(def.datapoints);
    const totals = Totals.of(dataPoints, totalsStore);
    const parts = { dataPoints, totals, acquire, share, logger };
    const link = createLink(RED, def, this.credentials?.localKey, parts);
    link.history = histories.get(this.id) ?? link.history;
    histories.set(this.id, link.history);
    this.link = link;
    for (const problem of problems) logger.warn(`${link.profile.name}: ${problem}`);
    enlist(this.id, link);
    const news = (this.news = new DeviceNews(RED, this));
    onFlowsStarted(RED.events, news);

    this.on("close", (removed: boolean, done: () => void) => {
      if (removed) {
        kept.delete(this.id);
        histories.delete(this.id);
      }
      offFlowsStarted(RED.events, news);
      delist(this.id, link);
      const deadline = setTimeout(done, CLOSE_DEADLINE_MS);
      void link.close().finally(() => {
        clearTimeout(deadline);
        done();
      });
    });
  }

  showUsers(TuyaDevice.prototype as object);
  reportPlainly(TuyaDevice.prototype as Node & Partial<DeviceNode>, ({ link }) => link?.profile.name);
  RED.nodes.registerType<DeviceNode<Credentials>, TuyaDeviceDef, object, Credentials>(
    "tuya-device",
    TuyaDevice,
    {
      credentials: { localKey: { type: "password" } },
      settings: {
        tuyaDeviceDiscovery: { value: {}, exportable: false },
        tuyaDevicePlatform: { value: {}, exportable: false },
      },
    },
  );
}

/** What a link needs besides its node's properties. */
interface LinkParts extends Pick<LinkProfile, "dataPoints" | "totals"> {
  readonly acquire: AcquireDevice;
  readonly share: ShareDiscovery;
  readonly logger: Logger;
}

function createLink(
  RED: NodeAPI,
  def: TuyaDeviceDef,
  localKey: unknown,
  { dataPoints, totals, acquire, share, logger }: LinkParts,
): DeviceLink {
  const configuration = readConfiguration(def, localKey, dataPoints);
  const profile = {
    name: displayName(def),
    deviceId: textOf(def.deviceId),
    cid: undefined,
    dataPoints,
    totals,
  };
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

/** The table of data points of a node. */
interface DataPointTable {
  readonly dataPoints: DataPointMap;
  /** A sentence for each entry that was left out or changed. */
  readonly problems: readonly string[];
}

/** Tables by the text of their list. Weak: a table is forgotten when no device uses it. */
const tables = new Map<
  string,
  { readonly map: WeakRef<DataPointMap>; readonly problems: readonly string[] }
>();
const endings = new FinalizationRegistry<string>((text) => {
  // The list may have been read again meanwhile.
  if (!tables.get(text)?.map.deref()) tables.delete(text);
});

/** Reads the list of a node. Equal lists share one table: forty plugs of the same kind need no more memory than one. */
export function dataPointTable(list: unknown): DataPointTable {
  const text = JSON.stringify(list) ?? "";
  const known = tables.get(text);
  const map = known?.map.deref();
  if (known && map) return { dataPoints: map, problems: known.problems };
  const { dataPoints: parsed, problems } = parseDataPoints(list);
  const dataPoints = new DataPointMap(parsed);
  tables.set(text, { map: new WeakRef(dataPoints), problems });
  endings.register(dataPoints, text);
  return { dataPoints, problems };
}

export default function (RED: NodeAPI): void {
  const share = discoverySharer(RED);
  const known = knownDevicesOf(RED);
  const acquire: AcquireDevice = (settings, holder, logger) =>
    acquireDevice(settings, holder, logger, { known });
  registerTuyaDevice(RED, acquire, share);
  registerAdminRoutes(RED, { acquire, share, known });
}
