import assert from "node:assert/strict";
import type { PlatformProblem } from "../../src/platform/problem";
import { ACCESS_ID, ACCESS_SECRET } from "./tuya-platform";
import type { PlatformDevice } from "../../nodes/contract/platform";

/** What `POST tuya/platform/fetch` answers last. */
export interface Fetched {
  readonly ticket: string;
  readonly devices: readonly PlatformDevice[];
  readonly problems: readonly string[];
  readonly problem?: PlatformProblem;
}

export const FETCH = { accessId: ACCESS_ID, accessSecret: ACCESS_SECRET, dataCentre: "eu" } as const;

/** The last line of an answer with one object a line. */
export function lastLine(text: string): Fetched {
  return JSON.parse(text.trim().split("\n").at(-1) ?? "") as Fetched;
}

/** The admin API of a Node-RED in another process. */
export class AdminClient {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  async post(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<string> {
    const response = await fetch(new URL(path, this.#url), {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    assert.ok(response.ok, `POST ${path}: ${response.status} ${text}`);
    return text;
  }

  async fetchDevices(): Promise<Fetched> {
    return lastLine(await this.post("tuya/platform/fetch", FETCH));
  }

  async apply(ticket: string, nodes: Readonly<Record<string, string>>): Promise<void> {
    await this.post("tuya/platform/apply", { ticket, nodes });
  }

  /** Deploys flows as the editor does. */
  async deploy(flows: readonly object[], type: "full" | "nodes" | "flows" | "reload"): Promise<void> {
    const body = type === "reload" ? {} : { flows };
    await this.post("flows", body, { "Node-RED-Deployment-Type": type, "Node-RED-API-Version": "v2" });
  }

  /** What the editor learns of a node's credentials. */
  async credentials(nodeId: string): Promise<unknown> {
    const response = await fetch(new URL(`credentials/tuya-device/${nodeId}`, this.#url));
    return response.json();
  }
}
