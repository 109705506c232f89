import type { ProtocolVersion } from "../protocol/version";
import type { Behaviour, BehaviourName } from "./behaviours";
import type { Schema } from "./data-model";
import type { Faults } from "./faults";
import type { Simulation } from "./simulation";
import type { Dps } from "../protocol/dps";

/** A sub-device of a virtual gateway. */
export interface SubDeviceOptions {
  /** Its first values. */
  readonly dps: Dps;
  /** Kinds of its data points; default: as their first values suggest. */
  readonly schema?: Schema | undefined;
  /** Default true. */
  readonly online?: boolean | undefined;
}

/** What a virtual device is, and how it behaves. */
export interface VirtualDeviceOptions {
  readonly id: string;
  /** 16 characters. */
  readonly localKey: string;
  readonly version: ProtocolVersion;
  /** Firmware generation; default: the one that stands for the version (`3.5p` for 3.5). */
  readonly behaviour?: BehaviourName | undefined;
  /** Single traits that differ from the generation's: durations, the client limit, the order of answers … */
  readonly overrides?: Partial<Behaviour> | undefined;
  /** First values; default: no data points. */
  readonly dps?: Dps | undefined;
  /** Kinds of the data points; default: as their first values suggest. */
  readonly schema?: Schema | undefined;
  /** Makes the device a gateway: sub-devices by cid. */
  readonly subDevices?: Readonly<Record<string, SubDeviceOptions>> | undefined;
  /** What the device does by itself while it listens. */
  readonly simulation?: Simulation | undefined;
  /** Address in 127.0.0.0/8; default 127.0.0.1. */
  readonly host?: string | undefined;
  /** TCP port; default 0: one that is free. Real devices use 6668. */
  readonly port?: number | undefined;
  /** What is wrong with it; default: nothing. */
  readonly faults?: Faults | undefined;
  /**
   * Same seed, same choices: order of answers, first sequence numbers, simulation. Nonces stay random, and session keys
   * with them. Default 1.
   */
  readonly seed?: number | undefined;
  /** The time in seconds since 1970, fractions included; default: the clock of this machine. */
  readonly now?: (() => number) | undefined;
  /** The device's nonce of every negotiation, 16 bytes; default: random. */
  readonly nonce?: Buffer | undefined;
  /** Only announced. */
  readonly productKey?: string | undefined;
  /** Only announced, and only by some generations. */
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

/** A CONTROL that was obeyed, or acknowledged for a sub-device that is offline. */
export interface SetEvent {
  /** Number of the connection, counted from 1. */
  readonly client: number;
  /** Undefined for the device itself. */
  readonly cid: string | undefined;
  /** As the client sent them. */
  readonly dps: Dps;
  /** Of these, the values that the device stored and did not have before. */
  readonly changed: Dps;
}

/** A report to all clients that hear reports. */
export interface ReportEvent {
  readonly dps: Dps;
  /** Undefined for the device itself. */
  readonly cid: string | undefined;
  /** How many clients were told. */
  readonly clients: number;
}

/** What `VirtualDevice` emits, with the arguments of its listeners. `client` is the number of a connection, from 1. */
export interface VirtualDeviceEvents {
  /** A connection was accepted. */
  connect: [client: number];
  /** The client has proved that it knows the local key (3.4, 3.5). */
  negotiate: [client: number];
  /** A connection is closed, by whichever side. */
  disconnect: [client: number];
  /** A connection was closed because all places are taken. */
  reject: [];
  /** Before the answer is written. */
  request: [request: ReceivedRequest];
  /** After the answer is written. */
  set: [set: SetEvent];
  /** Also if no client was there to be told. */
  report: [report: ReportEvent];
}
