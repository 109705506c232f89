import type { EventEmitter } from "node:events";
import type { NodeAPI } from "node-red";
import { configuredNode } from "../../link/configured-devices";
import type { DeviceLink } from "../../link/device-link";
import type { ReconnectAnswer, ReconnectRequest } from "../../contract/overview";
import { fieldsOf } from "../request-fields";
import { get, post, refuse, type Request, type Response } from "../route";
import { overviewRows, storyOf } from "./overview-rows";
import { Publication, type PublicationTimes } from "./publication";

/** The most nodes in one request. */
const MAX_NODES = 5_000;
const MAX_ID = 256;

/** One publication per runtime, however often the module is loaded. */
const publications = new WeakMap<EventEmitter, Publication>();

/**
 * The routes of the side-bar tab, see `nodes/contract/overview.ts`, and the publication that keeps open tabs up to date.
 * No answer contains a key.
 */
export function registerOverviewRoutes(RED: NodeAPI, times: PublicationTimes = {}): void {
  const { events } = RED;
  publications.get(events)?.close();
  publications.set(
    events,
    new Publication({ ...times, events, publish: (topic, news) => RED.comms.publish(topic, news, false) }),
  );
  get(RED, "/tuya/overview", "Listing the devices", async (_request, response) => {
    response.set("Cache-Control", "no-store").json(overviewRows());
  });
  get(RED, "/tuya/overview/:id", "Looking at a device", async (request, response) => {
    const link = configuredNode(String(request.params["id"]));
    if (!link) return refuse(response, 404, "This device is not deployed.");
    response.set("Cache-Control", "no-store").json(storyOf(link));
  });
  post(RED, "/tuya/reconnect", "Connecting anew", async (request, response) => reconnect(request, response));
}

function reconnect(request: Request, response: Response): void {
  const { nodes } = fieldsOf<ReconnectRequest>(request.body);
  if (!Array.isArray(nodes) || nodes.length > MAX_NODES || !nodes.every(isId)) {
    return refuse(response, 400, "The request has no list of nodes, or too long a one.");
  }
  const links = new Set(nodes.flatMap((id) => ownLink(configuredNode(id)) ?? []));
  for (const link of links) {
    link.history.log.add("Connected anew on request of the editor.");
    link.device?.reconnect();
  }
  const answer: ReconnectAnswer = { reconnected: links.size };
  response.json(answer);
}

/** The link that has the connection: for a sub-device that of its gateway. */
function ownLink(link: DeviceLink | undefined): DeviceLink | undefined {
  const own = link?.gateway ?? link;
  return own?.device ? own : undefined;
}

function isId(value: unknown): value is string {
  return typeof value === "string" && value.length <= MAX_ID;
}
