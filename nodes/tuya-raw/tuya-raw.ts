import type { Node, NodeAPI, NodeDef, NodeMessage, NodeMessageInFlow } from "node-red";
import { Budget } from "../../src/bounded-map";
import type { TuyaError } from "../../src/errors";
import { parseLocalKey } from "../../src/protocol/cipher";
import { inspectBytes } from "../../src/protocol/inspect";
import type { InspectKey } from "../../src/protocol/key-ring";
import type { FrameEvent } from "../../src/session/connection/frame-event";
import { badInputError, closedError } from "../../src/session/failure";
import { obstacleToRaw } from "../../src/session/requests/raw-request";
import { performInputs } from "../link/command-input";
import { type DeviceLink, originOf } from "../link/device-link";
import { DeviceUser, findLink } from "../link/device-user";
import { frameObject, inspectedObject } from "./frame-object";
import { linkError, NO_DEVICE } from "../link/link-state";
import { OutBadge } from "../link/out-badge";
import { reportPlainly } from "../runtime/plain-errors";
import { textOf } from "../runtime/properties";
import { readRawInput } from "./raw-input";

interface TuyaRawDef extends NodeDef {
  readonly device?: unknown;
  readonly direction?: unknown;
}

interface RawNode extends Node {
  /** The chosen device. */
  deviceNodeId: unknown;
}

/** Memory for frames that are kept until the flows have started, in bytes. */
const MAX_EARLY_BYTES = 1024 * 1024;
/** The memory of a message per byte of its frame: it has the frame, the payload and the parsed payload. */
const MESSAGE_BYTES = 16;

export default function (RED: NodeAPI): void {
  function TuyaRaw(this: RawNode, def: TuyaRawDef): void {
    RED.nodes.createNode(this, def);
    this.deviceNodeId = def.device;
    const badge = new OutBadge(this, String);
    const sender = new RawSender();
    /** Messages are kept until all nodes of the flows exist: before, they would be lost. */
    let early: NodeMessage[] | undefined = [];
    const room = new Budget(MAX_EARLY_BYTES);

    const user = new DeviceUser({
      RED,
      node: this,
      deviceNodeId: def.device,
      state: (state) => badge.linkChanged(state),
      frame: (frame, link) => {
        if (def.direction !== frame.direction && isOneWay(def.direction)) return;
        const message = {
          topic: link.profile.name,
          payload: frameObject(frame),
          tuya: originOf(link.profile),
        };
        if (!early) this.send(message);
        else if (room.take(1_000 + MESSAGE_BYTES * frame.raw.length)) early.push(message);
      },
      started: (isNew, _state, link) => {
        for (const message of early ?? []) this.send(message);
        early = undefined;
        // Without a chosen device the node can still decode; only a chosen device that is gone is an error.
        if (isNew && !link && textOf(def.device) !== "") this.error(NO_DEVICE.error, {});
      },
    });

    const decode = (bytes: Buffer): object => {
      const link = user.lookUp();
      const payload = inspectBytes(bytes, keyOf(link)).map(inspectedObject);
      return { payload, ...(link && { tuya: originOf(link.profile) }) };
    };
    const sendFrame = async (command: number, body: Buffer): Promise<object> => {
      const link = user.lookUp();
      if (!link) throw NO_DEVICE.error;
      const startedAt = performance.now();
      const answer = await sender.send(link, command, body);
      const ms = Math.round(performance.now() - startedAt);
      const tuya = { ...originOf(link.profile), answered: answer !== undefined, ms };
      return answer ? { payload: frameObject(answer), tuya } : { tuya };
    };
    const perform = async (msg: NodeMessageInFlow): Promise<object> => {
      const input = readRawInput(msg);
      return input.kind === "decode" ? decode(input.bytes) : sendFrame(input.command, input.payload);
    };
    performInputs(this, { badge, perform, closing: [sender, user] });
  }

  reportPlainly(
    TuyaRaw.prototype as RawNode,
    ({ deviceNodeId }) => findLink(RED, deviceNodeId)?.profile.name,
  );
  RED.nodes.registerType("tuya-raw", TuyaRaw);
}

function isOneWay(direction: unknown): boolean {
  return direction === "in" || direction === "out";
}

/** The key for decoding; for a sub-device that of its gateway, with which its frames are encrypted. */
function keyOf(link: DeviceLink | undefined): InspectKey {
  const device = link?.device;
  if (!device) return {};
  const { settings, state } = device;
  const version = state.kind === "ready" ? state.version : settings.version;
  return {
    localKey: parseLocalKey(settings.localKey),
    version: version === "auto" ? undefined : version,
  };
}

/** Sends the frames of one tuya-raw. */
class RawSender {
  readonly #waiting = new Map<(error: TuyaError) => void, string>();

  /** See `TuyaDevice.sendRaw`. For a sub-device the gateway's connection is used, even if the sub-device is offline. */
  send(link: DeviceLink, command: number, payload: Buffer): Promise<FrameEvent | undefined> {
    return new Promise((resolve, reject) => {
      this.#waiting.set(reject, link.profile.name);
      request(link, command, payload)
        .then(resolve, reject)
        .finally(() => this.#waiting.delete(reject));
    });
  }

  /** The node is closing: all frames without an answer fail with CLOSED. */
  close(): void {
    for (const [reject, name] of this.#waiting) reject(closedError(name));
    this.#waiting.clear();
  }
}

async function request(link: DeviceLink, command: number, payload: Buffer): Promise<FrameEvent | undefined> {
  const { state, profile } = link;
  // A frame that must not be sent is refused first, whether the device is connected or not.
  const obstacle = obstacleToRaw(command, payload);
  if (obstacle) throw badInputError(profile.name, obstacle);
  if (state.kind !== "ready" && state.kind !== "childOffline") throw linkError(state, profile.name);
  return link.requireDevice().sendRaw(command, payload);
}
