import type { Node, NodeAPI, NodeDef } from "node-red";
import { COMPATIBLE_OUTPUT } from "../../src/import/smart-device";
import { parseBand } from "../../src/datapoints/band";
import { readEventMode } from "../../src/import/event-mode";
import { isOn, listOf, secondsOf, textOf } from "../runtime/properties";
import type { DeviceLink } from "../link/device-link";
import { findLink } from "../link/device-user";
import { reportPlainly } from "../runtime/plain-errors";
import { hearAll } from "./hear-all";
import { DeviceHearer } from "./device-hearer";
import { nameFilter } from "../../src/name-filter";
import { packageVersion } from "../../src/package-version";
import { MQTT_TIMINGS, type MqttProperties, type MqttTimings, readMqttOptions } from "./mqtt/options";
import { shareOverMqtt, type SharedOverMqtt } from "./mqtt/share-all";
import type { VoiceOptions } from "./voice";

interface TuyaInDef extends NodeDef, MqttProperties {
  readonly device?: unknown;
  /** "all" = all devices; `device` is ignored then. */
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

interface InNode extends Node {
  /** The chosen device; undefined for all devices. */
  deviceNodeId: unknown;
}

/** Registers the node type. `timings` are those of sharing over MQTT. */
export function registerTuyaIn(RED: NodeAPI, timings: MqttTimings = MQTT_TIMINGS): void {
  const mqtt: SharedOverMqtt = { timings, kept: new Map(), orphaned: new Set(), version: packageVersion() };

  function TuyaIn(this: InNode, def: TuyaInDef): void {
    RED.nodes.createNode(this, def);
    this.deviceNodeId = def.scope === "all" ? undefined : def.device;
    const work = hear(RED, this, def, mqtt);
    this.on("close", (isRemoved: boolean, done: () => void) => {
      work.close(isRemoved);
      done();
    });
  }

  reportPlainly(TuyaIn.prototype as InNode, ({ deviceNodeId }) => findLink(RED, deviceNodeId)?.profile.name);
  RED.nodes.registerType("tuya-in", TuyaIn);
}

/** What a node does, until `close`. */
interface Work {
  close(isRemoved: boolean): void;
}

/** Starts the work of a node. */
function hear(RED: NodeAPI, node: Node, def: TuyaInDef, mqtt: SharedOverMqtt): Work {
  const options = readOptions(def);
  const { device, filter } = def;
  if (def.output === "mqtt") {
    const isMeant = nameFilter(listOf(filter));
    const { isForAll } = options;
    const wants = (link: DeviceLink): boolean =>
      isForAll ? isMeant(link.profile.name) : link === findLink(RED, device);
    const meant = { isForAll, wants };
    return { close: shareOverMqtt(RED, node, readMqttOptions(def, options), meant, mqtt) };
  }
  return options.isForAll
    ? { close: hearAll(RED, node, options, filter) }
    : new DeviceHearer(RED, node, options, device);
}

export default function (RED: NodeAPI): void {
  registerTuyaIn(RED);
}

function readOptions(def: TuyaInDef): VoiceOptions {
  const { name, scope, output, eventMode, dps, when, initial, state, lastValue, throttle, deadband } = def;
  const isForAll = scope === "all";
  // "ports" is not possible for all devices, because the outputs depend on the device.
  const ports = isForAll ? "each" : "ports";
  return {
    output: output === "each" ? "each" : output === "ports" ? ports : "object",
    compatible:
      output === COMPATIBLE_OUTPUT ? { name: textOf(name), mode: readEventMode(eventMode) } : undefined,
    isForAll,
    dps: listOf(dps),
    when: when === "push" || when === "all" ? when : "change",
    initial: initial !== false && initial !== "false",
    state: isOn(state),
    lastValue: isOn(lastValue),
    throttleMs: (secondsOf(throttle) ?? 0) * 1000,
    deadband: parseBand(textOf(deadband)),
  };
}
