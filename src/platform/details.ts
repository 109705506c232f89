import { isGatewayCategory } from "../import/families";
import { type Fields, isFields, isOn, textField } from "../import/fields";
import { readSpecification } from "../import/specification";
import { PlatformError, type ProblemCode } from "./problem";
import type { PlatformSession } from "./platform-session";

/** How many requests for details are open at the same time. The platform refuses more. */
const AT_ONCE = 3;
/** How many products or gateways are asked for; further ones are left out. */
const MAX_PRODUCTS = 200;
const MAX_GATEWAYS = 50;

/** The thing model names all data points of a product, the specification those of the standard. */
const SPECIFICATION_PATHS = [
  { prefix: "/v2.0/cloud/thing/", suffix: "/model" },
  { prefix: "/v1.1/devices/", suffix: "/specifications" },
] as const;

/** Refusals that concern one device: it was removed, or belongs to somebody else. */
const OF_ONE_DEVICE: readonly ProblemCode[] = ["REFUSED", "DATA_CENTRE"];

/** The data points of products. */
export interface Specifications {
  /** As the platform answers it, by product id. */
  readonly found: ReadonlyMap<string, unknown>;
  /** For how many products there are none. */
  readonly missing: number;
}

/** Fetches the data points of each product: one request per product, not per device. */
export async function fetchSpecifications(
  session: PlatformSession,
  devices: readonly Fields[],
  progress: (done: number, of: number) => void,
): Promise<Specifications> {
  const byProduct = new Map<string, string>();
  for (const device of devices) {
    const product = productOf(device);
    if (product !== "" && !byProduct.has(product)) byProduct.set(product, textField(device, "id"));
  }
  const products = [...byProduct].slice(0, MAX_PRODUCTS);
  const asking = new OptionalRequests(session);
  const found = new Map<string, unknown>();
  let done = 0;
  await eachOf(products, async ([product, deviceId]) => {
    for (const { prefix, suffix } of SPECIFICATION_PATHS) {
      const specification = await asking.get(prefix, deviceId, suffix);
      if (readSpecification(specification).datapoints.length === 0) continue;
      found.set(product, specification);
      break;
    }
    progress(++done, products.length);
  });
  return { found, missing: byProduct.size - found.size };
}

/** The product id of a device in a list of the platform; "" if it has none. */
export function productOf(device: Fields): string {
  return textField(device, "product_id", "productId");
}

/**
 * Node ids and gateways of sub-devices, by device id. Gateways are asked only if the list lacks one of the two for a
 * sub-device.
 */
export async function fetchChildren(
  session: PlatformSession,
  devices: readonly Fields[],
): Promise<ReadonlyMap<string, Fields>> {
  const found = new Map<string, Fields>();
  const unclear = devices.filter(isUnclearChild);
  if (unclear.length === 0) return found;
  // A sub-device carries the key of its gateway: that tells a gateway from forty plugs where the category does not.
  const keys = new Set(unclear.map((device) => textField(device, "local_key")).filter((key) => key !== ""));
  const gateways = devices.filter(
    (device) =>
      !isOn(device["sub"]) &&
      (keys.has(textField(device, "local_key")) || isGatewayCategory(textField(device, "category"))),
  );
  const asking = new OptionalRequests(session);
  await eachOf(gateways.slice(0, MAX_GATEWAYS), async (gateway) => {
    const gatewayId = textField(gateway, "id");
    const list = await asking.get("/v1.0/devices/", gatewayId, "/sub-devices");
    for (const child of Array.isArray(list) ? list.filter(isFields) : []) {
      const nodeId = textField(child, "node_id", "nodeId");
      found.set(textField(child, "id"), { gateway_id: gatewayId, ...(nodeId !== "" && { node_id: nodeId }) });
    }
  });
  return found;
}

function isUnclearChild(device: Fields): boolean {
  return (
    isOn(device["sub"]) &&
    (textField(device, "node_id", "nodeId") === "" || textField(device, "gateway_id", "gatewayId") === "")
  );
}

/**
 * Requests whose answers are useful but not necessary. A kind of request that is refused for lack of permission is not
 * repeated. After any other problem than a refusal of one device no more requests are sent.
 */
class OptionalRequests {
  readonly #session: PlatformSession;
  readonly #closed = new Set<string>();
  #isOver = false;

  constructor(session: PlatformSession) {
    this.#session = session;
  }

  /** Undefined if there is no answer. @throws PlatformError when the fetch was cancelled */
  async get(prefix: string, id: string, suffix: string): Promise<unknown> {
    if (this.#isOver || this.#closed.has(suffix)) return undefined;
    try {
      return await this.#session.get(`${prefix}${encodeURIComponent(id)}${suffix}`);
    } catch (error) {
      if (!(error instanceof PlatformError) || error.problem.code === "CANCELLED") throw error;
      const { code } = error.problem;
      if (code === "NOT_SUBSCRIBED") this.#closed.add(suffix);
      else if (!OF_ONE_DEVICE.includes(code)) this.#isOver = true;
      return undefined;
    }
  }
}

/** Runs a step for each item, a few at a time; the first error ends all. */
async function eachOf<T>(items: readonly T[], step: (item: T) => Promise<void>): Promise<void> {
  const rest = items[Symbol.iterator]();
  const work = async (): Promise<void> => {
    for (const item of rest) await step(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}
