import assert from "node:assert/strict";
import { device, type FlowNode, input, probe, tab } from "./flow";

/** Id of the device in `meterFlow`, as it is announced nowhere. */
export const METER_ID = "fake0000000000000001";

/** Properties of a device that measures and has a button. */
export const METER = {
  name: "Meter",
  datapoints: [
    { dp: "1", code: "switch_1", type: "Boolean" },
    { dp: "20", code: "cur_voltage", type: "Integer", scale: 1, unit: "V" },
    { dp: "5", code: "button", type: "Enum", event: true },
  ],
};

/** A tuya-in of a meter: what it reports arrives at `got`, its connection at `state`. */
export function meterFlow(more: object = {}, deviceMore: object = {}): FlowNode[] {
  return [
    tab("t"),
    device("device", undefined, { ...METER, ...deviceMore }),
    input("in", "t", { wires: [["got"], ["state"]], ...more }),
    probe("got", "t"),
    probe("state", "t"),
  ];
}

/** A message without the id Node-RED has given it. */
export function withoutId({ _msgid, ...message }: { _msgid?: string | undefined }): object {
  assert.ok(_msgid);
  return message;
}
