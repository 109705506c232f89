import type { Node, NodeAPI } from "node-red";
import type { KeptTopics } from "../../../src/mqtt/retained";
import { AllDevices } from "../../link/all-devices";
import type { DeviceLink } from "../../link/device-link";
import { hubOf, joinHub } from "../../link/mqtt-hub";
import { NO_DEVICE } from "../../link/link-state";
import { onBrokerStatus } from "../../runtime/broker-status";
import { ContextStore, type Kept } from "../../runtime/context-store";
import { offFlowsStarted, onFlowsStarted } from "../../runtime/flows-started";
import { createNodeLogger } from "../../runtime/node-logger";
import { overallBadge } from "../overall-badge";
import { MqttPublisher } from "./mqtt-publisher";
import type { MqttOptions, MqttTimings } from "./options";

/** State that all nodes that share devices have in common. */
export interface SharedOverMqtt {
  readonly timings: MqttTimings;
  /** Retained topics by node. */
  readonly kept: Kept<KeptTopics>;
  /** Retained topics of deleted nodes, until another node takes them over. */
  readonly orphaned: Set<OrphanedTopics>;
  /** Version of this package. */
  readonly version: string;
}

/** The retained topics that a deleted node has left at the broker. */
interface OrphanedTopics {
  readonly base: string;
  readonly topics: KeptTopics;
}

/** Which devices a node shares. */
export interface MeantDevices {
  /** Whether the node shares all devices, and not only a chosen one. */
  readonly isForAll: boolean;
  /** Whether a device is shared. */
  readonly wants: (link: DeviceLink) => boolean;
}

/**
 * Makes a tuya-in share devices over MQTT, sub-devices and later ones included. The returned function ends it; its
 * argument tells whether the node was deleted.
 */
export function shareOverMqtt(
  RED: NodeAPI,
  node: Node,
  options: MqttOptions,
  { isForAll, wants }: MeantDevices,
  { timings, kept, orphaned, version }: SharedOverMqtt,
): (isRemoved: boolean) => void {
  const view = overallBadge(RED, node);
  const publisher = new MqttPublisher({
    ...options,
    timings,
    version,
    send: (messages) => node.send([messages]),
    store: new ContextStore({
      node,
      kept,
      logger: createNodeLogger(node, RED.settings["logging"]),
      key: "mqttTopics",
      what: "The list of retained topics",
    }),
  });
  const devices = new AllDevices({
    RED,
    node,
    wants,
    changed: (links) => view.look(links),
    found: (link) => {
      const voice = publisher.add(link);
      return {
        report: (report) => voice.report(report),
        state: (state) => voice.state(state),
        left: () => publisher.remove(link),
      };
    },
  });
  const flowsListener = {
    flowsStarted: () => {
      if (!isForAll && devices.links.length === 0) node.error(NO_DEVICE.error, {});
      publisher.flowsStarted();
      for (const left of orphaned) {
        // Not if another node still has that base: it publishes most of these topics again.
        if (left.base !== options.base && hubOf(left.base).length > 0) continue;
        orphaned.delete(left);
        publisher.adopt(left.topics);
      }
    },
  };
  // After the devices, which are looked up first.
  onFlowsStarted(RED.events, flowsListener);
  const ends = [
    onBrokerStatus(RED, node, (isThere) => publisher.brokerChanged(isThere)),
    joinHub(options.base, {
      bridgeTopic: options.bridgeTopic,
      born: () => publisher.born(),
      failed: (command) => publisher.failed(command),
      virtual: (key) => publisher.virtual(key),
    }),
  ];
  return (isRemoved) => {
    offFlowsStarted(RED.events, flowsListener);
    for (const end of ends) end();
    devices.close();
    view.close();
    publisher.close();
    if (!isRemoved) return;
    const topics = kept.get(node.id);
    if (topics) orphaned.add({ base: options.base, topics });
    kept.delete(node.id);
  };
}
