import type { NodeMessage } from "node-red";
import { isJsonObject, type JsonObject, parseBody } from "../../src/protocol/message";
import { readChildrenReport, readReport } from "../../src/protocol/report";
import { dialectOf, type ProtocolVersion } from "../../src/protocol/version";
import type { DeviceReport } from "../../src/device/types";
import type { LinkProfile } from "../link/device-link";
import type { EventKind } from "../../src/import/event-mode";
import type { FrameEvent } from "../../src/session/frame-event";

// The messages of node-red-contrib-tuya-smart-device 5.4: `{payload: {data, deviceId, deviceName}}`, without a topic.

/** What these messages call a device. */
export interface Origin {
  readonly deviceId: string;
  readonly deviceName: string;
}

/** `name` is that of the node, "" = none: in the other package, the node named the device. */
export function originOf(name: string, profile: LinkProfile): Origin {
  return { deviceId: profile.deviceId, deviceName: name || profile.name };
}

/** What the device sent with its values, as it sent it. `t` is always there. */
export function dataMessage({ dps, t, cid, extras }: DeviceReport, origin: Origin): NodeMessage {
  // A copy: messages belong to the flow, which may change them.
  const data = structuredClone({ ...(cid !== undefined && { cid }), ...extras, dps, t });
  return { payload: { data, ...origin } };
}

export function kindOf({ reason, dps, extras }: DeviceReport): EventKind {
  // What a gateway has fetched from a sub-device because it was asked comes as a push.
  const isPush = reason === "push" || extras?.["type"] === "query";
  return isPush && !Object.hasOwn(dps, "1") ? "dp-refresh" : "data";
}

/** What a gateway says of its sub-devices, as it says it; undefined for any other frame. */
export function gatewayMessage(frame: FrameEvent, origin: Origin): NodeMessage | undefined {
  const { direction, valid, payload, version } = frame;
  // Frames are many and lists of sub-devices few.
  if (direction !== "in" || !valid || !(payload.includes('"online"') || payload.includes('"offline"'))) {
    return undefined;
  }
  const body = parseBody(payload);
  if (body.kind !== "json" || readReport(body.value) || !readChildrenReport(body.value)) return undefined;
  return { payload: { data: innerOf(body.value, version), ...origin } };
}

/** From 3.4 on that package leaves the outer object out: what is in `data`, and the time beside it. */
function innerOf(body: JsonObject, version: ProtocolVersion): JsonObject {
  const { data, t } = body;
  if (dialectOf(version).bodies === "flat" || !isJsonObject(data)) return body;
  return { ...data, ...(t !== undefined && { t }) };
}
