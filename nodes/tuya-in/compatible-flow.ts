import type { NodeMessage } from "node-red";
import { Command } from "../../src/protocol/command";
import { dataMessage, gatewayMessage, kindOf, compatibleOriginOf } from "./compatible-messages";
import type { DeviceReport } from "../../src/device/types";
import type { LinkProfile } from "../link/device-link";
import { type EventMode, passes } from "../../src/import/event-mode";
import type { FrameEvent } from "../../src/session/connection/frame-event";

export interface CompatibleFlowOptions {
  /** Name of the node; "" = none. */
  readonly name: string;
  readonly mode: EventMode;
  /** Whether first values after start and connect are passed on. The other package did not have this. */
  readonly initial: boolean;
}

/** How long the answer of a gateway may take, in milliseconds. */
const ANSWER_MS = 5_000;

/**
 * Makes messages of reports as node-red-contrib-tuya-smart-device does: for each report, equal values included, and for
 * each answer, with all data points as the device sent them.
 */
export class CompatibleFlow {
  readonly #name: string;
  readonly #initial: boolean;
  /**
   * Until when an answer to our own request for a gateway's list may come. The flow did not send that, so the answer is
   * not passed on.
   */
  #answerDueBy = 0;
  readonly #send: (message: NodeMessage) => void;
  /** Which reports are passed on. A message to a tuya-out of the device may change it until the node is restarted. */
  mode: EventMode;

  constructor({ name, mode, initial }: CompatibleFlowOptions, send: (message: NodeMessage) => void) {
    this.mode = mode;
    this.#name = name;
    this.#initial = initial;
    this.#send = send;
  }

  /** A report arrived. */
  receive(report: DeviceReport, profile: LinkProfile): void {
    const isWanted = this.#initial && Object.keys(report.dps).length > 0;
    if (report.reason === "initial" && !isWanted) return;
    if (passes(this.mode, kindOf(report)))
      this.#send(dataMessage(report, compatibleOriginOf(this.#name, profile)));
  }

  /** A frame was sent or received: a gateway's list of sub-devices is passed on, although it contains no data points. */
  receiveFrame(frame: FrameEvent, profile: LinkProfile): void {
    // The gateway's list is not passed on for a sub-device.
    if (profile.cid !== undefined || !passes(this.mode, "data")) return;
    const isOfList = frame.command === Command.LAN_EXT_STREAM;
    if (isOfList && frame.direction === "out") this.#answerDueBy = frame.time + ANSWER_MS;
    const message = gatewayMessage(frame, compatibleOriginOf(this.#name, profile));
    if (!message) return;
    if (isOfList && frame.time < this.#answerDueBy) this.#answerDueBy = 0;
    else this.#send(message);
  }
}
