import type { NodeAPI } from "node-red";
import type { DeviceSettings } from "../../../src/device/types";
import { SILENT, type Logger } from "../../../src/logger";
import { ChildrenSurvey, type SurveyTimings } from "./children-survey";
import { readChildrenRequest } from "./children-request";
import { childNames } from "../../link/configured-devices";
import type { AcquireDevice } from "../../link/direct-link";
import { canHear, type ShareDiscovery } from "../../runtime/discovery-share";
import { EditorLease } from "../editor-lease";
import { LineStream } from "../line-stream";
import { post, refuse, type Request, type Response } from "../route";
import { storedKeyUse } from "../keys/stored-key-use";
import type { ChildrenLine } from "../../contract/children";

export interface ChildrenRouteOptions {
  readonly acquire: AcquireDevice;
  readonly share: ShareDiscovery;
  readonly timings?: Partial<SurveyTimings>;
}

/** How many surveys may run at the same time, of all gateways together. */
const MAX_SURVEYS = 4;

/**
 * `POST tuya/children` (permission `tuya.write`): finds the sub-devices behind a gateway. See `readChildrenRequest` for
 * the body. The answer is lines of `ChildrenLine`, until the survey is over or the caller hangs up. A connected gateway
 * is asked over its connection. No answer contains a key. Register once per load of the module.
 */
export function registerChildrenRoute(RED: NodeAPI, options: ChildrenRouteOptions): void {
  const useStoredKey = storedKeyUse(RED, options.share);
  // Failures go into the answer and not into the log.
  const logger: Logger = { ...SILENT, error: (text) => RED.log.error(text) };
  let running = 0;

  async function answer(request: Request, response: Response): Promise<void> {
    const read = await readChildrenRequest(request.body, useStoredKey, () => canHear(options.share));
    if ("refusal" in read) return refuse(response, 400, read.refusal);
    if (running >= MAX_SURVEYS) {
      return refuse(response, 429, "Too many gateways are being asked at this moment. Wait for one of them.");
    }
    running++;
    const lines = new LineStream<ChildrenLine>(response);
    try {
      if (!lines.signal.aborted) await survey(read.settings, lines, logger, options);
    } finally {
      running--;
      lines.end();
    }
  }

  post(RED, "/tuya/children", "Asking a gateway", answer);
}

async function survey(
  settings: DeviceSettings,
  lines: LineStream<ChildrenLine>,
  logger: Logger,
  { acquire, share, timings = {} }: ChildrenRouteOptions,
): Promise<void> {
  const lease = new EditorLease(settings, { acquire, share, logger });
  try {
    await new ChildrenSurvey({
      device: lease.device,
      names: childNames(settings.deviceId),
      tell: (line) => lines.write(line),
      signal: lines.signal,
      timings,
    }).run();
  } finally {
    lines.end();
    await lease.release();
  }
}
