import { type Fields, isFields, textField } from "../import/fields";
import { nonsense } from "./connection-problem";
import { PlatformError } from "./problem";
import type { PlatformSession } from "./platform-session";

/** A page of devices, and how the next one is asked for. */
interface Page {
  readonly devices: readonly Fields[];
  /** "" = this was the last. */
  readonly next: string;
  /** How many devices there are on all pages, if the platform tells. */
  readonly total: number | undefined;
}

const PAGE_SIZE = 100;
/** The largest page the platform gives for devices of the project itself. */
const PROJECT_PAGE_SIZE = 20;
/** Enough for the devices of the largest import. */
const MAX_PAGES = 50;

/**
 * All devices of the app accounts that are linked with the project, as the platform describes them; if there are none,
 * those of the project itself. With `local_key`, `node_id`, `gateway_id`, `sub`, `category`, `product_id`.
 */
export async function listDevices(
  session: PlatformSession,
  progress: (count: number) => void,
): Promise<readonly Fields[]> {
  const linked = await allPages(session, accountPage, progress);
  return linked.length > 0 ? linked : await orNone(allPages(session, projectPage, progress));
}

/** How many devices there are; asks for one page at most of each kind. */
export async function countDevices(session: PlatformSession): Promise<number> {
  const linked = await accountPage(session, "");
  if (linked.devices.length > 0) return linked.total ?? linked.devices.length;
  return (await orNone(projectPage(session, "").then(({ devices }) => devices))).length;
}

/** The devices, or an empty list if the project is not allowed to ask. Most projects have none of their own. */
async function orNone(devices: Promise<readonly Fields[]>): Promise<readonly Fields[]> {
  try {
    return await devices;
  } catch (error) {
    if (error instanceof PlatformError && error.answered !== undefined) return [];
    throw error;
  }
}

async function allPages(
  session: PlatformSession,
  page: (session: PlatformSession, from: string) => Promise<Page>,
  progress: (count: number) => void,
): Promise<readonly Fields[]> {
  const devices: Fields[] = [];
  const seen = new Set<string>();
  let from = "";
  for (let pages = 0; pages < MAX_PAGES; pages++) {
    const { devices: some, next } = await page(session, from);
    devices.push(...some);
    progress(devices.length);
    // A page key that was seen before would never end.
    if (next === "" || some.length === 0 || seen.has(next)) return devices;
    seen.add(next);
    from = next;
  }
  return devices;
}

async function accountPage(session: PlatformSession, from: string): Promise<Page> {
  const result = await session.get("/v1.0/iot-01/associated-users/devices", {
    size: String(PAGE_SIZE),
    ...(from !== "" && { last_row_key: from }),
  });
  const devices = isFields(result) ? result["devices"] : undefined;
  if (!isFields(result) || !Array.isArray(devices)) throw nonsense(session.host, "no list of devices");
  const total = result["total"];
  return {
    devices: devices.filter(isFields),
    next: result["has_more"] === true ? textField(result, "last_row_key") : "",
    total: typeof total === "number" ? total : undefined,
  };
}

/** Devices that were added to the project rather than to an app account; fields are in camel case here. */
async function projectPage(session: PlatformSession, from: string): Promise<Page> {
  const result = await session.get("/v2.0/cloud/thing/device", {
    page_size: String(PROJECT_PAGE_SIZE),
    ...(from !== "" && { last_id: from }),
  });
  if (!Array.isArray(result)) throw nonsense(session.host, "no list of devices");
  const devices = result.filter(isFields).map((device) => ({
    ...device,
    name: textField(device, "customName", "name"),
    local_key: device["localKey"] ?? "",
  }));
  const last = devices.at(-1);
  return {
    devices,
    next: devices.length === PROJECT_PAGE_SIZE && last ? textField(last, "id") : "",
    total: undefined,
  };
}
