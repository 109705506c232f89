import { type FlowNode, input, output, probe, tab, watcher } from "./flow";
import { brokerNode, mqttIn, mqttOut } from "./mqtt-nodes";

export interface SheetOptions {
  /** Of the broker, on 127.0.0.1. */
  readonly port: number;
  readonly devices: readonly FlowNode[];
  readonly base?: string;
  readonly bridgeTopic?: string;
  /** More properties of tuya-in. */
  readonly input?: object;
  /** Whether the broker node has a birth message. */
  readonly birth?: boolean;
  /** The filter of "mqtt in". */
  readonly filter?: string;
  /** Where the messages of tuya-out go. */
  readonly done?: string;
  /** Version of the protocol: "4" is 3.1.1. */
  readonly protocol?: "4" | "5";
}

/**
 * The four nodes that share devices over a broker, as the documentation shows them: `mqtt in` → tuya-out (`out`), tuya-in
 * (`in`) → `mqtt out` (`mqtt-out`); what tuya-out has done is in the probe `done`, what failed in `caught`.
 */
export function mqttSheet({ port, devices, base = "tuya", birth = true, ...more }: SheetOptions): FlowNode[] {
  const {
    bridgeTopic = `${base}/bridge/state`,
    filter = `${base}/+/+/set`,
    done = "done",
    protocol = "4",
  } = more;
  return [
    tab("t"),
    ...devices,
    brokerOf(port, { bridgeTopic, birthTopic: birth ? `${bridgeTopic}/set` : "", protocol }),
    input("in", "t", {
      device: "",
      scope: "all",
      output: "mqtt",
      base,
      bridgeTopic,
      wires: [["mqtt-out"]],
      ...more.input,
    }),
    mqttOut(PLACE),
    mqttIn(PLACE, filter, { nl: false, rap: true, rh: 0 }),
    output("out", "t", { device: "", scope: "message", base, wires: [[done]] }),
    probe("done", "t"),
    watcher("catch", "catch", "t", "caught"),
    probe("caught", "t"),
  ];
}

const PLACE = { z: "t", x: 100, y: 100 };

interface BrokerOptions {
  readonly bridgeTopic: string;
  readonly birthTopic: string;
  readonly protocol: string;
}

function brokerOf(port: number, { bridgeTopic, birthTopic, protocol }: BrokerOptions): FlowNode {
  return brokerNode(port, {
    name: "",
    clientid: `nodered-${bridgeTopic.replaceAll("/", "-")}`,
    autoConnect: true,
    usetls: false,
    protocolVersion: protocol,
    cleansession: true,
    autoUnsubscribe: true,
    birthTopic,
    birthQos: "1",
    birthRetain: "false",
    birthPayload: "online",
    birthMsg: {},
    closeTopic: bridgeTopic,
    closeQos: "1",
    closeRetain: "true",
    closePayload: "offline",
    closeMsg: {},
    willTopic: bridgeTopic,
    willQos: "1",
    willRetain: "true",
    willPayload: "offline",
    willMsg: {},
  });
}
