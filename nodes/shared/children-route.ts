import type { NodeAPI } from "node-red";
import type { DeviceLease } from "../../src/device/registry";
import type { DeviceSettings, TuyaDevice } from "../../src/device/types";
import { follow } from "../../src/discovery/follow";
import type { Logger } from "../../src/logger";
import { type ChildrenLine, ChildrenSurvey, type SurveyTimings } from "./children-survey";
import { readChildrenRequest } from "./children-request";
import { childNames } from "./configured-devices";
import type { AcquireDevice } from "./direct-link";
import type { ShareDiscovery } from "./discovery-share";
import { createNodeLogger } from "./node-logger";
import { storedKeys } from "./stored-key";

type Handler = Parameters<NodeAPI["httpAdmin"]["post"]>[1];
type Request = Parameters<Extract<Handler, (...args: never[]) => unknown>>[0];
type Response = Parameters<Extract<Handler, (...args: never[]) => unknown>>[1];

export interface ChildrenRouteOptions {
  readonly acquire: AcquireDevice;
  readonly share: ShareDiscovery;
  readonly timings?: Partial<SurveyTimings>;
}

/** Surveys that may run at the same time, of all gateways together. */
const MAX_SURVEYS = 4;

/**
 * `POST tuya/children` (permission `tuya.write`): which sub-devices are behind a gateway, see `readChildrenRequest` for the
 * body and `ChildrenLine` for the answer, a line a piece of news, until it is over or the caller hangs up. A gateway that
 * is connected is asked over its connection. No answer contains a key. Register once per load of the module.
 */
export function registerChildrenRoute(RED: NodeAPI, options: ChildrenRouteOptions): void {
  const storedKey = storedKeys(RED);
  const logger = createNodeLogger(
    {
      error: (text: string) => RED.log.error(text),
      warn: (text: string) => RED.log.warn(text),
      log: (text: string) => RED.log.info(text),
      debug: (text: string) => RED.log.debug(text),
      trace: (text: string) => RED.log.trace(text),
    },
    RED.settings["logging"],
  );
  let running = 0;

  async function answer(request: Request, response: Response): Promise<void> {
    const read = await readChildrenRequest(request.body, storedKey);
    if ("refusal" in read) {
      response.status(400).json({ message: read.refusal });
      return;
    }
    if (running >= MAX_SURVEYS) {
      response
        .status(429)
        .json({ message: "Too many gateways are asked at this moment. Wait for one of them." });
      return;
    }
    running++;
    try {
      await survey(read.settings, response, logger, options);
    } finally {
      running--;
    }
  }

  RED.httpAdmin.post("/tuya/children", RED.auth.needsPermission("tuya.write"), (request, response) => {
    answer(request, response).catch((error: unknown) => {
      logger.error(`Asking a gateway failed: ${error instanceof Error ? error.message : String(error)}`);
      response.end();
    });
  });
}

async function survey(
  settings: DeviceSettings,
  response: Response,
  logger: Logger,
  { acquire, share, timings = {} }: ChildrenRouteOptions,
): Promise<void> {
  const abort = new AbortController();
  response.on("close", () => abort.abort());
  response.status(200).type("application/x-ndjson").set("Cache-Control", "no-store, no-transform");
  response.flushHeaders();
  const tell = (line: ChildrenLine): void => void response.write(`${JSON.stringify(line)}\n`);

  const lease = acquire(settings, "the list of sub-devices", logger);
  const endBorrowing = borrow(lease, share);
  const { device } = lease;
  try {
    const names = childNames(settings.deviceId);
    await new ChildrenSurvey({ device, names, tell, signal: abort.signal, timings }).run();
  } finally {
    endBorrowing();
    response.end();
    await lease.release();
  }
}

/** Leaves a device that others use as it was: told to disconnect, it does so again. */
function borrow({ device, twins }: DeviceLease, share: ShareDiscovery): () => void {
  const isDisconnected = twins.length > 0 && device.state.kind === "idle";
  const shared = twins.length === 0 ? share() : undefined;
  const endFollowing = shared && follow(shared.discovery, device as TuyaDevice);
  return () => {
    endFollowing?.();
    shared?.release();
    if (isDisconnected) device.disconnect();
  };
}
