import { DataPointMap } from "../../src/datapoints/datapoint-map";
import type { TuyaDevice } from "../../src/device/types";
import type { Dps } from "../../src/protocol/dps";
import { linkForCid } from "../link/configured-devices";
import type { DeviceLink } from "../link/device-link";
import type { Command } from "./command";
import type { Errand } from "./errand";
import { whenReady } from "./when-ready";

/** A command that is completely read. */
export type DecidedCommand = Exclude<Command, { kind: "undecided" }>;

export interface CarryOutOptions {
  readonly confirm: "ack" | "report";
  /** How long a message waits for a device that is not connected; undefined = not at all. */
  readonly queueMs: number | undefined;
  /** Warns that something in the message has no effect. */
  readonly warn: (sentence: string) => void;
}

/** The properties that a completed command adds to its message. */
export interface CommandResult {
  readonly tuya: Readonly<Record<string, unknown>>;
  /** The values by name; only for a query. */
  readonly payload?: Readonly<Record<string, unknown>>;
}

/** How long "connect" and "reconnect" wait for the result if the node has no waiting time, in milliseconds. */
const CONNECT_MS = 15_000;

/**
 * Carries out a command. When this returns, its requests have their place in the queue; the promise is settled with the
 * result.
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

/** The data points of the device with this cid; empty if it is not configured. */
export function dataPointsFor(link: DeviceLink, cid: string | undefined): DataPointMap {
  return linkForCid(link, cid)?.profile.dataPoints ?? DataPointMap.EMPTY;
}

/** Carries out a setting that the other package changed at runtime. */
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
