import { isQuery } from "../../protocol/command";
import { foreignText } from "../../protocol/foreign-text";
import { parseBody } from "../../protocol/message";
import { readReport } from "../../protocol/report";
import type { FrameEvent } from "../../session/frame-event";

/** A device has one id. More of them are lies, and one of those is enough to know it. */
const MAX_IDS = 16;

/** What the frames of a connection give away besides values. */
export class FrameClues {
  /** Ids the device gave itself. Those of sub-devices are not among them. */
  readonly namedIds = new Set<string>();
  #refusal: string | undefined;
  #frames = 0;
  #noise = 0;
  #unreadable = 0;

  /** What the last refused query was refused with. */
  get refusal(): string | undefined {
    return this.#refusal;
  }

  /** Whether Tuya frames came that could not be read. */
  get hasUnreadable(): boolean {
    return this.#unreadable > 0;
  }

  /** Whether bytes came, and none of them were Tuya's. */
  get isNoise(): boolean {
    return this.#noise > 0 && this.#frames === 0;
  }

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
