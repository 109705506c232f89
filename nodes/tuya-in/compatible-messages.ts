import type { NodeMessage } from "node-red";
import { isJsonObject, type JsonObject, parseBody } from "../../src/protocol/message";
import { readChildrenReport, readReport } from "../../src/protocol/report";
import { dialectOf, type ProtocolVersion } from "../../src/protocol/version";
import type { DeviceReport } from "../../src/device/types";
import type { LinkProfile } from "../link/device-link";
import type { EventKind } from "../../src/import/event-mode";
import type { FrameEvent } from "../../src/session/connection/frame-event";

// The messages of node-red-contrib-tuya-smart-device 5.4: `{payload: {data, deviceId, deviceName}}`, without a topic.

/** The names of a device in these messages. */
export interface Origin {
  readonly deviceId: string;
  readonly deviceName: string;
}

/** `name` is that of the node ("" = none), because in the other package the node named the device. */
export function compatibleOriginOf(name: string, profile: LinkProfile): Origin {
  return { deviceId: profile.deviceId, deviceName: name || profile.name };
}

/** The values of a report and what the device sent beside them, unchanged. `t` is always set. */
export function dataMessage({ dps, t, cid, fields }: DeviceReport, origin: Origin): NodeMessage {
  const { __proto__: _, ...beside } = fields ?? {};
  // A copy, because flows may change messages.
  const data = structuredClone({ ...(cid !== undefined && { cid }), ...beside, dps, t });
  return { payload: { data, ...origin } };
}

/** The kind of a report as the other package tells them apart: "dp-refresh" is a push without data point 1. */
export function kindOf({ reason, dps, fields }: DeviceReport): EventKind {
  // Values that a gateway fetched from a sub-device after a query also count as a push.
  const isPush = reason === "push" || fields?.["type"] === "query";
  return isPush && !Object.hasOwn(dps, "1") ? "dp-refresh" : "data";
}

/** A gateway's list of sub-devices, unchanged; undefined for any other frame. */
export function gatewayMessage(frame: FrameEvent, origin: Origin): NodeMessage | undefined {
  const { direction, valid, payload, version } = frame;
  // A quick test first: most frames are no such list.
  if (direction !== "in" || !valid || !(payload.includes('"online"') || payload.includes('"offline"'))) {
    return undefined;
  }
  const body = parseBody(payload);
  if (body.kind !== "json" || readReport(body.value) || !readChildrenReport(body.value)) return undefined;
  return { payload: { data: innerOf(body.value, version), ...origin } };
}

/** From 3.4 on that package has only the content of `data`, and the time. */
function innerOf(body: JsonObject, version: ProtocolVersion): JsonObject {
  const { data, t } = body;
  if (dialectOf(version).bodies === "flat" || !isJsonObject(data)) return body;
  return { ...data, ...(t !== undefined && { t }) };
}
