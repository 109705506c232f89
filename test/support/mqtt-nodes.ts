/*
 * Node-RED's own MQTT nodes as the documentation shows them, for tests and benchmarks; on the tab "z" of `place`. The broker's
 * node is "broker".
 */

export interface Place {
  readonly z: string;
  readonly x: number;
  readonly y: number;
}

/** The node of a broker on 127.0.0.1, with what else it says of it. */
export function brokerNode(port: number, more: object) {
  return {
    id: "broker",
    type: "mqtt-broker",
    broker: "127.0.0.1",
    port: String(port),
    keepalive: "15",
    ...more,
  };
}

/** Takes topic, QoS and retain from the messages. */
export function mqttOut(place: Place) {
  return {
    ...place,
    id: "mqtt-out",
    type: "mqtt out",
    topic: "",
    qos: "",
    retain: "",
    broker: "broker",
    wires: [],
  };
}

/** Hears commands, for the node "out". */
export function mqttIn(place: Place, topic: string, more: object = {}) {
  return {
    ...place,
    id: "mqtt-in",
    type: "mqtt in",
    topic,
    qos: "1",
    datatype: "utf8",
    broker: "broker",
    inputs: 0,
    wires: [["out"]],
    ...more,
  };
}
