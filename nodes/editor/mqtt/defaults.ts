import type { EditorNodeInstance } from "node-red";
import { DEFAULT_BASE, DEFAULT_PREFIX } from "../../../src/mqtt/topics";
import { explaining, liveValue, openForm } from "../base/validation";
import { isTopicPath } from "./topic-path";

/** The output of a tuya-in that is for an `mqtt out`. */
export const MQTT_OUTPUT = "mqtt";

/** Properties of a tuya-in that say how devices are shared. */
export interface MqttProperties {
  base: string;
  discovery: string;
  discoveryPrefix: string;
  bridgeTopic: string;
}

type MqttNode = EditorNodeInstance<MqttProperties & { name: string; output: string }>;

/** What topics begin with. Without the property there is a default. */
const path = (name: keyof MqttProperties, mayBeEmpty = false) =>
  explaining((node: MqttNode, value) => {
    if (liveValue(node, "#node-input-output", node.output) !== MQTT_OUTPUT) return undefined;
    const isLeftOut = value === "" && (mayBeEmpty || (node[name] === undefined && !openForm(node)));
    return isLeftOut || isTopicPath(value) ? undefined : node._(`tuya-in.problem.${name}`);
  });

/** They, as `defaults` of the definition. */
export const mqttDefaults = {
  base: { value: DEFAULT_BASE, validate: path("base") },
  discovery: { value: "" },
  discoveryPrefix: { value: DEFAULT_PREFIX, validate: path("discoveryPrefix") },
  bridgeTopic: { value: "", validate: path("bridgeTopic", true) },
};

/** Fills the fields of the form, just opened. Nodes of an earlier version have none of these properties. */
export function fillMqttFields(node: MqttProperties): void {
  node.base ??= DEFAULT_BASE;
  node.discovery ??= "";
  node.discoveryPrefix ??= DEFAULT_PREFIX;
  node.bridgeTopic ??= "";
  for (const name of ["base", "discovery", "discoveryPrefix", "bridgeTopic"] as const) {
    $(`#node-input-${name}`).val(node[name]);
  }
}
