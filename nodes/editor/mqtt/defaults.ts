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

/** The beginning of topics. A default is used if the property is missing. */
const path = (name: keyof MqttProperties, mayBeEmpty = false) =>
  explaining((node: MqttNode, value) => {
    if (liveValue(node, "#node-input-output", node.output) !== MQTT_OUTPUT) return undefined;
    const isLeftOut = value === "" && (mayBeEmpty || (node[name] === undefined && !openForm(node)));
    return isLeftOut || isTopicPath(value) ? undefined : node._(`tuya-in.problem.${name}`);
  });

/** These properties as `defaults` of the node definition. */
export const mqttDefaults = {
  base: { value: DEFAULT_BASE, validate: path("base") },
  discovery: { value: "" },
  discoveryPrefix: { value: DEFAULT_PREFIX, validate: path("discoveryPrefix") },
  bridgeTopic: { value: "", validate: path("bridgeTopic", true) },
};

/** What these properties are for a node that lacks them. */
export const MQTT_MISSING: Readonly<Record<keyof MqttProperties, string>> = {
  base: DEFAULT_BASE,
  discovery: "",
  discoveryPrefix: DEFAULT_PREFIX,
  bridgeTopic: "",
};
