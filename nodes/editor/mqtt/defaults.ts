import type { EditorNodeInstance } from "node-red";
import { DEFAULT_BASE, DEFAULT_PREFIX } from "../../../src/mqtt/topics";
import { explaining, liveValue, openForm } from "../base/validation";
import { isTopicPath } from "./topic-path";

/** The output of a tuya-in that is for an `mqtt out`. */
export const MQTT_OUTPUT = "mqtt";

/** Properties of a tuya-in that say how devices are shared over MQTT; see docs/mqtt.md. */
export interface MqttProperties {
  /** The beginning of all topics. */
  base: string;
  /** How devices are announced to Home Assistant: `device` = one message each, `single` = one per entity; "" = not. */
  discovery: string;
  /** The beginning of the topics of these announcements. */
  discoveryPrefix: string;
  /** The topic for this Node-RED's own state; "" = `<base>/bridge/state`. */
  bridgeTopic: string;
}

type MqttNode = EditorNodeInstance<MqttProperties & { name: string; output: string }>;

/**
 * The validator of a property that is the beginning of topics. It is right if it is missing: then the runtime has a
 * default.
 */
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

/** What the runtime takes these properties for in a node that lacks them: see `fillMissing`. */
export const MQTT_MISSING: Readonly<Record<keyof MqttProperties, string>> = {
  base: DEFAULT_BASE,
  discovery: "",
  discoveryPrefix: DEFAULT_PREFIX,
  bridgeTopic: "",
};
