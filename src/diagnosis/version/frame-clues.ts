import { isQuery } from "../../protocol/command";
import { foreignText } from "../../protocol/foreign-text";
import { parseBody } from "../../protocol/message";
import { readReport } from "../../protocol/report";
import type { FrameEvent } from "../../session/connection/frame-event";

/** How many ids are kept. A device has only one. */
const MAX_IDS = 16;

/** What the frames of a connection tell besides values. */
export class FrameClues {
  /** Device ids in its messages, without those of sub-devices. */
  readonly namedIds = new Set<string>();
  #refusal: string | undefined;
  #frames = 0;
  #noise = 0;
  #unreadable = 0;

  /** The text with which the device last refused a query; undefined if it refused none. */
  get refusal(): string | undefined {
    return this.#refusal;
  }

  /** Whether frames of the protocol came that could not be decrypted. */
  get hasUnreadable(): boolean {
    return this.#unreadable > 0;
  }

  /** Whether bytes came, and none of them were frames of the protocol. */
  get isNoise(): boolean {
    return this.#noise > 0 && this.#frames === 0;
  }

  /** Takes a frame of the connection into account. Frames to the device tell nothing. */
  note({ direction, valid, reason, command, payload }: FrameEvent): void {
    if (direction === "out") return;
    if (reason === "no_prefix") {
      this.#noise++;
      return;
    }
    this.#frames++;
    if (!valid) {
      this.#unreadable++;
      return;
    }
    const body = parseBody(payload);
    if (isQuery(command) && body.kind === "text") this.#refusal = foreignText(body.text);
    const report = body.kind === "json" ? readReport(body.value) : undefined;
    const { deviceId, cid } = report ?? {};
    if (deviceId !== undefined && cid === undefined && this.namedIds.size < MAX_IDS)
      this.namedIds.add(deviceId);
  }
}
