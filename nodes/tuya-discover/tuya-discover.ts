import type { Node, NodeAPI, NodeDef } from "node-red";
import { LONGEST_TIMER_MS } from "../../src/limits";
import { DiscoverBadge } from "./discover-badge";
import { Discoverer } from "./discoverer";
import { discoverySharer, type ShareDiscovery } from "../runtime/discovery-share";
import { offFlowsStarted, onFlowsStarted } from "../runtime/flows-started";
import { reportPlainly } from "../runtime/plain-errors";
import { textOf } from "../runtime/properties";

interface TuyaDiscoverDef extends NodeDef {
  readonly seconds?: unknown;
  readonly output?: unknown;
  readonly known?: unknown;
}

const DEFAULT_SECONDS = 10;
const MAX_SECONDS = LONGEST_TIMER_MS / 1000;

/** Registers the node type. `share` gives it discovery. */
export function registerTuyaDiscover(RED: NodeAPI, share: ShareDiscovery = discoverySharer(RED)): void {
  function TuyaDiscover(this: Node, def: TuyaDiscoverDef): void {
    RED.nodes.createNode(this, def);
    const discoverer = new Discoverer({
      share,
      seconds: readSeconds(def.seconds),
      output: def.output === "list" ? "list" : "each",
      includesKnown: def.known !== false && def.known !== "false",
      badge: new DiscoverBadge(this, (key) => RED._(key)),
      send: (msg) => this.send(msg),
      clone: (msg) => RED.util.cloneMessage(msg),
    });
    const flowsListener = {
      flowsStarted: () => {
        try {
          discoverer.listen();
        } catch (error) {
          this.error(error, {});
        }
      },
    };
    onFlowsStarted(RED.events, flowsListener);

    this.on("input", (msg, send, done) => {
      discoverer.run(msg, send).then(() => done(), done);
    });
    this.on("close", () => {
      offFlowsStarted(RED.events, flowsListener);
      discoverer.close();
    });
  }

  reportPlainly(TuyaDiscover.prototype as Node, () => undefined);
  RED.nodes.registerType("tuya-discover", TuyaDiscover);
}

function readSeconds(value: unknown): number {
  const text = textOf(value);
  const seconds = text === "" ? DEFAULT_SECONDS : Number(text);
  return seconds >= 0 ? Math.min(seconds, MAX_SECONDS) : DEFAULT_SECONDS;
}

export default function (RED: NodeAPI): void {
  registerTuyaDiscover(RED);
}
