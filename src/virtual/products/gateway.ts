import type { Preset } from "../preset";
import { METER, SWITCH } from "./common";

const SENSOR_CID = "00a1b2c3d4e5f601";
const SOCKET_CID = "00a1b2c3d4e5f602";

/** A gateway with a sensor, in tenths of a degree and of a percent, and a socket. */
export const GATEWAY: Preset = {
  title: "Gateway with a climate sensor and a socket",
  version: "3.4",
  dps: { "32": "normal", "45": "0" },
  schema: { "32": { kind: "string", readOnly: true }, "45": { kind: "string", readOnly: true } },
  subDevices: {
    [SENSOR_CID]: {
      dps: { "1": 215, "2": 480, "4": 87 },
      schema: { "1": METER, "2": METER, "4": METER },
    },
    [SOCKET_CID]: { dps: { "1": false }, schema: { "1": SWITCH } },
  },
  simulation: {
    everyMs: 10_000,
    next: (_dps, _step, random) => ({
      children: {
        [SENSOR_CID]: { "1": 205 + Math.round(random() * 20), "2": 450 + Math.round(random() * 60) },
      },
    }),
  },
};
