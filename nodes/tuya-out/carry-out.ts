import { DataPointMap } from "../../src/datapoints/datapoint-map";
import type { TuyaDevice } from "../../src/device/types";
import type { Dps } from "../../src/protocol/dps";
import { linkForCid } from "../link/configured-devices";
import type { DeviceLink } from "../link/device-link";
import type { Command } from "./command";
import type { Errand } from "./errand";
import { whenReady } from "./when-ready";

/** A command of which it is clear what to do. */
export type DecidedCommand = Exclude<Command, { kind: "undecided" }>;

export interface CarryOutOptions {
  readonly confirm: "ack" | "report";
  /** How long a message waits for a device that is not connected; undefined = not at all. */
  readonly queueMs: number | undefined;
  /** Something the message asks for has no effect, as a sentence. */
  readonly warn: (sentence: string) => void;
}

/** What a completed command adds to its message. */
export interface CommandResult {
  readonly tuya: Readonly<Record<string, unknown>>;
  /** The values by name; only of a query. */
  readonly payload?: Readonly<Record<string, unknown>>;
}

/** How long "connect" and "reconnect" wait for the outcome where the node has no time of its own. */
const CONNECT_MS = 15_000;

/**
 * Has the device do what a command asks for. What is sent has its place among what is sent when this returns; the promise
 * is settled with the outcome.
 */
export async function carryOut(
  command: DecidedCommand,
  link: DeviceLink,
  options: CarryOutOptions,
  errand: Errand,
): Promise<CommandResult> {
  if (command.kind === "event-mode" || command.kind === "nothing") return tune(command, link, options);
  const device = link.requireDevice();
  switch (command.kind) {
    case "set": {
      const { dps, cid, merge } = command;
      const { confirm } = options;
      const { confirmed } = await device.set(dps, { cid, confirm, ...(merge === false && { merge }) });
      return { tuya: { dps, confirmed: { ...confirmed } } };
    }
    case "query":
      return query(device, link, command.cid);
    case "refresh":
      await device.refresh(command.dps, { cid: command.cid });
      return { tuya: {} };
    case "disconnect":
      device.disconnect();
      return { tuya: {} };
    case "connect":
    case "reconnect":
      device[command.kind]();
      await whenReady(link, options.queueMs ?? CONNECT_MS, errand.signal);
      return { tuya: {} };
  }
}

/** What is configured for the device with this cid; nothing where it is not. */
export function dataPointsFor(link: DeviceLink, cid: string | undefined): DataPointMap {
  return linkForCid(link, cid)?.profile.dataPoints ?? DataPointMap.EMPTY;
}

/** What another package tuned at runtime. */
function tune(
  command: Extract<Command, { kind: "event-mode" | "nothing" }>,
  link: DeviceLink,
  { warn }: CarryOutOptions,
): CommandResult {
  if (command.kind === "nothing") warn(command.says);
  else if (!link.setEventMode(command.mode)) {
    warn(
      `SET_EVENT_MODE has no effect: no tuya-in of ${link.profile.name} has the output of tuya-smart-device.`,
    );
  }
  return { tuya: {} };
}

async function query(device: TuyaDevice, link: DeviceLink, cid: string | undefined): Promise<CommandResult> {
  const dps: Dps = structuredClone(await device.query({ cid }));
  return { payload: dataPointsFor(link, cid).decodeAll(dps), tuya: { dps } };
}
