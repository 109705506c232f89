import type { Node, NodeAPI, NodeDef } from "node-red";
import { COMPATIBLE_OUTPUT } from "../../src/import/smart-device";
import { parseBand } from "../../src/datapoints/band";
import { readEventMode } from "../../src/import/event-mode";
import { isOn, listOf, secondsOf, textOf } from "../runtime/properties";
import { hearAll } from "./hear-all";
import { hearOne } from "./hear-one";
import type { VoiceOptions } from "./voice";

interface TuyaInDef extends NodeDef {
  readonly device?: unknown;
  /** "all": every device, whatever `device` says. */
  readonly scope?: unknown;
  readonly filter?: unknown;
  readonly output?: unknown;
  readonly eventMode?: unknown;
  readonly dps?: unknown;
  readonly when?: unknown;
  readonly initial?: unknown;
  readonly state?: unknown;
  readonly lastValue?: unknown;
  readonly throttle?: unknown;
  readonly deadband?: unknown;
}

export default function (RED: NodeAPI): void {
  function TuyaIn(this: Node, def: TuyaInDef): void {
    RED.nodes.createNode(this, def);
    const options = readOptions(def);
    const end = options.isOneOfAll
      ? hearAll(RED, this, options, def.filter)
      : hearOne(RED, this, options, def.device);
    this.on("close", end);
  }

  RED.nodes.registerType("tuya-in", TuyaIn);
}

function readOptions(def: TuyaInDef): VoiceOptions {
  const { name, scope, output, eventMode, dps, when, initial, state, lastValue, throttle, deadband } = def;
  const isOneOfAll = scope === "all";
  // Which outputs there would be depends on the device.
  const ports = isOneOfAll ? "each" : "ports";
  return {
    output: output === "each" ? "each" : output === "ports" ? ports : "object",
    compatible:
      output === COMPATIBLE_OUTPUT ? { name: textOf(name), mode: readEventMode(eventMode) } : undefined,
    isOneOfAll,
    dps: listOf(dps),
    when: when === "push" || when === "all" ? when : "change",
    initial: initial !== false && initial !== "false",
    state: isOn(state),
    lastValue: isOn(lastValue),
    throttleMs: (secondsOf(throttle) ?? 0) * 1000,
    deadband: parseBand(textOf(deadband)),
  };
}
