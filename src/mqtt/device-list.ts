import type { DataPoint } from "../datapoints/datapoint";
import { toPeople } from "../datapoints/scale";
import { DeviceTopics } from "./topics";
import type { Json, MqttDevice } from "./types";

/** A device and its present availability. */
export interface AvailableDevice {
  readonly device: MqttDevice;
  readonly isOnline: boolean;
}

/**
 * The payload of `B/bridge/devices`, for programs: `{id, name, topic, cid?, gateway?, online, datapoints}` of every
 * device. All topics of a device begin with its `topic`; the `code` of a data point is the level below that; limits are in
 * the units of its payloads.
 */
export function deviceList(base: string, devices: readonly AvailableDevice[]): readonly Json[] {
  return devices.map(({ device, isOnline }) => {
    const { id, name, level, cid, gatewayId, dataPoints } = device;
    const topics = new DeviceTopics(base, device);
    const start = `${base}/${level}`;
    return {
      id,
      name,
      topic: start,
      ...(cid !== undefined && { cid }),
      ...(gatewayId !== undefined && { gateway: gatewayId }),
      online: isOnline,
      datapoints: dataPoints.dataPoints.map((each) => ({
        code: topics.value(each.dp).slice(start.length + 1),
        ...described(each),
      })),
    };
  });
}

function described(dataPoint: DataPoint): { readonly [field: string]: Json } {
  const { dp, type, unit, min, max, step, values, access } = dataPoint;
  const shown = (limit: number | undefined) => limit !== undefined && toPeople(limit, dataPoint);
  return {
    dp: Number(dp),
    ...(type !== undefined && { type }),
    ...(unit !== undefined && { unit }),
    ...(min !== undefined && { min: shown(min) }),
    ...(max !== undefined && { max: shown(max) }),
    ...(step !== undefined && { step: shown(step) }),
    ...(values.length > 0 && { values }),
    ...(access !== undefined && { access }),
  };
}
