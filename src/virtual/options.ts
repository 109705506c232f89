import type { ProtocolVersion } from "../protocol/version";
import type { Behaviour, BehaviourName } from "./behaviours";
import type { Schema } from "./data-model";
import type { Faults } from "./faults";
import type { Simulation } from "./simulation";
import type { Dps } from "../protocol/dps";

export interface SubDeviceOptions {
  readonly dps: Dps;
  readonly schema?: Schema | undefined;
  /** Default true. */
  readonly online?: boolean | undefined;
}

export interface VirtualDeviceOptions {
  readonly id: string;
  /** 16 characters. */
  readonly localKey: string;
  readonly version: ProtocolVersion;
  /** Firmware generation; default: the one that stands for the version (`3.5p` for 3.5). */
  readonly behaviour?: BehaviourName | undefined;
  /** Single traits that differ from the generation's: durations, the client limit, the order of answers … */
  readonly overrides?: Partial<Behaviour> | undefined;
  readonly dps?: Dps | undefined;
  /** Kinds of the data points; default: as their first values suggest. */
  readonly schema?: Schema | undefined;
  /** Makes the device a gateway: sub-devices by cid. */
  readonly subDevices?: Readonly<Record<string, SubDeviceOptions>> | undefined;
  /** What the device does by itself while it listens. */
  readonly simulation?: Simulation | undefined;
  /** Address in 127.0.0.0/8; default 127.0.0.1. */
  readonly host?: string | undefined;
  /** Default 0: one that is free. Real devices use 6668. */
  readonly port?: number | undefined;
  readonly faults?: Faults | undefined;
  /** Same seed, same choices: order of answers, first sequence numbers, simulation. Keys and nonces stay random. */
  readonly seed?: number | undefined;
  /** Seconds since 1970; default: the clock. */
  readonly now?: (() => number) | undefined;
  /** The device's nonce of every negotiation, 16 bytes; default: random. */
  readonly nonce?: Buffer | undefined;
  /** For announcements. */
  readonly productKey?: string | undefined;
  readonly uuid?: string | undefined;
}

/** A request a device could read. `payload` is decrypted. */
export interface ReceivedRequest {
  /** Number of the connection, counted from 1. */
  readonly client: number;
  readonly command: number;
  readonly sequence: number;
  readonly payload: Buffer;
}

export interface SetEvent {
  readonly client: number;
  readonly cid: string | undefined;
  /** As the client sent them. */
  readonly dps: Dps;
  /** What of it the device took over and did not have before. */
  readonly changed: Dps;
}

export interface ReportEvent {
  readonly dps: Dps;
  readonly cid: string | undefined;
  /** How many clients were told. */
  readonly clients: number;
}

export interface VirtualDeviceEvents {
  connect: [client: number];
  /** The client has proved that it knows the local key (3.4, 3.5). */
  negotiate: [client: number];
  disconnect: [client: number];
  /** A connection was closed because all places are taken. */
  reject: [];
  /** Before the answer is written. */
  request: [request: ReceivedRequest];
  /** After the answer is written. */
  set: [set: SetEvent];
  report: [report: ReportEvent];
}
