import { createHash, createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { LOCAL_KEY } from "./virtual";

/*
 * Tuya's developer platform as its documentation describes it: all data centres on one port of 127.0.0.1, told apart by
 * the Host header. Checks tokens, times, nonces and signatures with its own code; serves pages, thing models,
 * specifications and refusals.
 */

export const ACCESS_ID = "k3p9vexample0access7";
export const ACCESS_SECRET = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";

export const HOSTS = {
  eu: "openapi.tuyaeu.com",
  "eu-w": "openapi-weaz.tuyaeu.com",
  us: "openapi.tuyaus.com",
  "us-e": "openapi-ueaz.tuyaus.com",
  sg: "openapi-sg.iotbing.com",
  in: "openapi.tuyain.com",
  cn: "openapi.tuyacn.com",
} as const;

export type Centre = keyof typeof HOSTS;
export type PlatformDevice = Readonly<Record<string, unknown>> & { readonly id: string };

/** What a data centre holds. */
export interface CentreContents {
  /** Of linked app accounts. */
  readonly devices?: readonly PlatformDevice[];
  /** Of the project itself. */
  readonly projectDevices?: readonly PlatformDevice[];
  /** Thing models by product id. */
  readonly models?: Readonly<Record<string, object>>;
  /** `{functions, status}` by product id. */
  readonly specifications?: Readonly<Record<string, object>>;
  /** Node ids by sub-device id, by gateway id. */
  readonly subDevices?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

type Refusal = readonly [code: number, msg: string];
type Misbehave = (response: ServerResponse, request: IncomingMessage) => void;

export interface Received {
  readonly centre: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingMessage["headers"];
}

const running = new Set<TuyaPlatform>();
const CLOCK_TOLERANCE_MS = 5 * 60_000;

/** A running platform, closed after the test. */
export async function startPlatform(centres: Partial<Record<Centre, CentreContents>>): Promise<TuyaPlatform> {
  const platform = new TuyaPlatform(centres);
  running.add(platform);
  await platform.listen();
  return platform;
}

afterEach(async () => {
  const platforms = [...running];
  running.clear();
  await Promise.all(platforms.map((platform) => platform.close()));
});

export class TuyaPlatform {
  readonly received: Received[] = [];
  /** How far its clock is ahead of ours. */
  clockMs = 0;
  /** Devices a page, where fewer are asked for than these. */
  pageSize = 100;
  centres: Partial<Record<Centre, CentreContents>>;
  readonly #refusals: { centre: Centre | undefined; path: RegExp; refusal: Refusal; left: number }[] = [];
  readonly #tokens = new Map<string, string>();
  readonly #nonces = new Set<string>();
  readonly #server = createServer((request, response) => this.#answer(request, response));
  #misbehave: { path: RegExp; act: Misbehave } | undefined;

  constructor(centres: Partial<Record<Centre, CentreContents>>) {
    this.centres = centres;
  }

  async listen(): Promise<void> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Refuses requests for such a path with a code, some times or always, in one data centre or all. */
  refuse(
    path: RegExp,
    refusal: Refusal,
    { times = Infinity, centre }: { times?: number; centre?: Centre } = {},
  ): void {
    this.#refusals.push({ centre, path, refusal, left: times });
  }

  /** Does this in place of answering such requests. */
  misbehave(path: RegExp, act: Misbehave): void {
    this.#misbehave = { path, act };
  }

  /** Paths that were asked for, in order. */
  paths(centre?: Centre): string[] {
    return this.received
      .filter((one) => centre === undefined || one.centre === HOSTS[centre])
      .map(({ path }) => path);
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? "/", "http://platform");
    const centre = request.headers.host ?? "";
    this.received.push({
      centre,
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: request.headers,
    });
    response.setHeader("Date", new Date(this.#now).toUTCString());
    if (this.#misbehave?.path.test(url.pathname)) return this.#misbehave.act(response, request);
    const outcome = this.#outcome(request, url, centre);
    const t = this.#now;
    const body = Array.isArray(outcome)
      ? {
          code: (outcome as unknown as Refusal)[0],
          msg: (outcome as unknown as Refusal)[1],
          success: false,
          t,
          tid: "tid",
        }
      : { ...(outcome as object), success: true, t, tid: "tid" };
    response.setHeader("Content-Type", "application/json;charset=UTF-8");
    response.end(JSON.stringify(body));
  }

  get #now(): number {
    return Date.now() + this.clockMs;
  }

  #outcome(request: IncomingMessage, url: URL, host: string): { result: unknown } | Refusal {
    const centre = (Object.keys(HOSTS) as Centre[]).find((id) => HOSTS[id] === host);
    if (!centre) throw new Error(`The platform was asked as ${host}.`);
    const isToken = url.pathname === "/v1.0/token";
    const unsigned = this.#checkSignature(request, url, isToken, centre);
    if (unsigned) return unsigned;
    const planned = this.#refusals.find(
      (one) => (one.centre ?? centre) === centre && one.left > 0 && one.path.test(url.pathname),
    );
    if (planned) {
      planned.left--;
      return planned.refusal;
    }
    const contents = this.centres[centre];
    if (!contents) return [28841107, "No permission. The data center is suspended."];
    if (isToken) return { result: this.#issueToken(centre) };
    return this.#resource(url, contents);
  }

  #checkSignature(request: IncomingMessage, url: URL, isToken: boolean, centre: Centre): Refusal | undefined {
    const header = (name: string): string => String(request.headers[name] ?? "");
    if (header("sign_method") !== "HMAC-SHA256") return [1004, "sign invalid"];
    if (header("client_id") !== ACCESS_ID) return [1005, "clientId invalid"];
    const t = header("t");
    if (!/^\d{13}$/.test(t) || Math.abs(Number(t) - this.#now) > CLOCK_TOLERANCE_MS) {
      return [1013, "request time is invalid"];
    }
    const nonce = header("nonce");
    if (nonce === "" || this.#nonces.has(nonce)) return [1004, "sign invalid"];
    this.#nonces.add(nonce);
    const token = header("access_token");
    if (isToken !== (token === "")) return isToken ? [1004, "sign invalid"] : [1002, "access_token is null"];
    const expected = expectedSignature(`${ACCESS_ID}${token}${t}${nonce}`, request.method ?? "", url);
    if (header("sign") !== expected) return [1004, "sign invalid"];
    return isToken || this.#tokens.get(token) === centre ? undefined : [1010, "token invalid"];
  }

  #issueToken(centre: Centre): object {
    const token = createHash("md5").update(`${centre}${this.#tokens.size}`).digest("hex");
    this.#tokens.set(token, centre);
    return { access_token: token, expire_time: 7200, refresh_token: "none", uid: "bay0000000000000000" };
  }

  /** Ends all tokens: requests with them are refused. */
  endTokens(): void {
    this.#tokens.clear();
  }

  #resource(url: URL, contents: CentreContents): { result: unknown } | Refusal {
    const { pathname } = url;
    if (pathname === "/v1.0/iot-01/associated-users/devices")
      return { result: this.#accountPage(url, contents) };
    if (pathname === "/v2.0/cloud/thing/device") return { result: projectPage(url, contents) };
    const all = [...(contents.devices ?? []), ...(contents.projectDevices ?? [])];
    const [, id, what] = /^\/v[12]\.[01]\/(?:cloud\/thing|devices)\/([^/]+)\/([a-z-]+)$/.exec(pathname) ?? [];
    const device = all.find((candidate) => candidate.id === id);
    if (!device) return [1108, "uri path invalid"];
    const product = String(device["product_id"] ?? device["productId"]);
    if (what === "model" && pathname.startsWith("/v2.0/")) {
      const model = contents.models?.[product];
      return model ? { result: { model: JSON.stringify(model) } } : [2040, "The thing model does not exist"];
    }
    if (what === "specifications" && pathname.startsWith("/v1.1/")) {
      const specification = contents.specifications?.[product];
      return specification ? { result: specification } : [2009, "not support this device"];
    }
    if (what === "sub-devices") {
      const children = Object.entries(contents.subDevices?.[device.id] ?? {});
      return {
        result: children.map(([childId, nodeId]) => ({ id: childId, node_id: nodeId, online: true })),
      };
    }
    return [1108, "uri path invalid"];
  }

  #accountPage(url: URL, { devices = [] }: CentreContents): object {
    const size = Math.min(Number(url.searchParams.get("size")), this.pageSize);
    const from = rowOf(url.searchParams.get("last_row_key"));
    const page = devices.slice(from, from + size);
    const end = from + page.length;
    return {
      devices: page,
      has_more: end < devices.length,
      last_row_key: rowKey(end),
      total: devices.length,
    };
  }
}

/** Keys of rows have every character that URL encoding changes. */
function rowKey(row: number): string {
  return `row/${row}+k=&ä ${row}`;
}

function rowOf(key: string | null): number {
  if (key === null) return 0;
  const row = Number(/^row\/(\d+)\+/.exec(key)?.[1]);
  if (rowKey(row) !== key) throw new Error(`Nobody was given the row key ${key}.`);
  return row;
}

function projectPage(url: URL, { projectDevices = [] }: CentreContents): readonly object[] {
  const size = Number(url.searchParams.get("page_size"));
  if (!(size <= 20)) throw new Error("The platform gives at most 20 devices of a project at a time.");
  const last = url.searchParams.get("last_id");
  const from = projectDevices.findIndex(({ id }) => id === last) + 1;
  return projectDevices.slice(from, from + size);
}

/** As developer.tuya.com documents it ("Sign Requests"): the query sorted, and as it is before URL encoding. */
function expectedSignature(start: string, method: string, url: URL): string {
  const query = [...url.searchParams]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`);
  const text =
    `${start}${method}\n` +
    // SHA-256 of nothing.
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n" +
    "\n" +
    url.pathname +
    (query.length === 0 ? "" : `?${query.join("&")}`);
  return createHmac("sha256", ACCESS_SECRET).update(text).digest("hex").toUpperCase();
}

/** A device as the list of an app account has it. */
export function platformDevice(id: string, more: object = {}): PlatformDevice {
  return {
    active_time: 1_600_000_000,
    biz_type: 18,
    category: "cz",
    create_time: 1_600_000_000,
    icon: "smart/icon/plug.png",
    id,
    ip: "198.51.100.7",
    lat: "52.1",
    local_key: LOCAL_KEY,
    lon: "13.1",
    model: "P1",
    name: `Device ${id}`,
    online: true,
    owner_id: "1",
    product_id: "product0plug0001",
    product_name: "Plug",
    status: [{ code: "switch_1", value: true }],
    sub: false,
    time_zone: "+01:00",
    uid: "eu1600000000000abcde",
    update_time: 1_600_000_000,
    uuid: `uuid${id}`,
    ...more,
  };
}

/** Thing model of a plug that measures. */
export const PLUG_MODEL = {
  modelId: "000004abcd",
  services: [
    {
      actions: [],
      code: "",
      description: "",
      events: [],
      name: "Default",
      properties: [
        {
          abilityId: 1,
          accessMode: "rw",
          code: "switch_1",
          description: "",
          name: "Switch 1",
          typeSpec: { type: "bool", typeDefaultValue: false },
        },
        {
          abilityId: 20,
          accessMode: "ro",
          code: "cur_voltage",
          description: "",
          name: "Voltage",
          typeSpec: { type: "value", max: 5000, min: 0, scale: 1, step: 1, unit: "V", typeDefaultValue: 0 },
        },
      ],
    },
  ],
} as const;

/** Specification of a lamp: what the standard knows of it. */
export const LAMP_SPECIFICATION = {
  category: "dj",
  functions: [
    { code: "switch_led", dp_id: 20, type: "Boolean", values: "{}" },
    {
      code: "bright_value_v2",
      dp_id: 22,
      type: "Integer",
      values: '{"min":10,"max":1000,"scale":0,"step":1}',
    },
  ],
  status: [
    { code: "switch_led", dp_id: 20, type: "Boolean", values: "{}" },
    {
      code: "bright_value_v2",
      dp_id: 22,
      type: "Integer",
      values: '{"min":10,"max":1000,"scale":0,"step":1}',
    },
  ],
} as const;
