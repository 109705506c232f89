import type { NetworkHealth } from "../../../contract/health";
import type { Unchecked } from "../../../contract/unchecked";
import { objectOf, listOf, numberOf } from "../../base/answers";

/** The facts about announcements that the network box shows. */
export interface HealthView {
  /** UDP ports; empty if discovery is switched off. `taken`: another program has it. */
  readonly ports: readonly { readonly port: number; readonly state: "open" | "taken" | "closed" }[];
  /** The number of announcements heard. */
  readonly announcements: number;
  /** The number of datagrams that were no announcement. */
  readonly ignored: number;
  /** The number of discovery requests sent. */
  readonly probes: number;
  /** Whether Node-RED runs in a container. */
  readonly isContainer: boolean;
  /** Addresses of the machine Node-RED runs on. */
  readonly addresses: readonly string[];
}

/** One sentence of the network box: a key below `network` in the catalogue, and its parameters. */
export interface NetworkFinding {
  readonly tone: "good" | "bad" | "neutral";
  readonly key:
    | "off"
    | "open"
    | "taken"
    | "closed"
    | "heard"
    | "onlyOthers"
    | "nothing"
    | "asked"
    | "notAsked"
    | "container"
    | "elsewhere"
    | "elsewhereThan";
  readonly parameters: Readonly<Record<string, string | number>>;
}

/** Reads the health in an answer, whatever it is. */
export function readHealth(answer: unknown): HealthView {
  const { ports, announcements, ignored, probes, container, addresses }: Unchecked<NetworkHealth> =
    objectOf(answer);
  return {
    ports: listOf(ports).map((entry) => {
      // Only with EADDRINUSE another program has the port; with other reasons it could not be opened.
      const { port, state, reason = "EADDRINUSE" } = objectOf(entry);
      const isTaken = state === "taken" && reason === "EADDRINUSE";
      return { port: numberOf(port), state: state === "open" ? "open" : isTaken ? "taken" : "closed" };
    }),
    announcements: numberOf(announcements),
    ignored: Object.values(objectOf(ignored)).reduce((sum: number, number) => sum + numberOf(number), 0),
    probes: numberOf(probes),
    isContainer: container === true,
    addresses: listOf(addresses).filter((address) => typeof address === "string"),
  };
}

/** The sentences for a person who misses a device. */
export function networkFindings(health: HealthView): NetworkFinding[] {
  if (health.ports.length === 0) return [finding("bad", "off")];
  const listed = (state: "open" | "taken" | "closed"): string => {
    const ports = health.ports.filter((port) => port.state === state).map(({ port }) => port);
    return ports.join(", ");
  };
  const [open, taken, closed] = [listed("open"), listed("taken"), listed("closed")];
  return [
    ...(open ? [finding("good", "open", { ports: open })] : []),
    ...(taken ? [finding("bad", "taken", { ports: taken })] : []),
    ...(closed ? [finding("bad", "closed", { ports: closed })] : []),
    heard(health),
    health.probes > 0
      ? finding("neutral", "asked", { probes: health.probes })
      : finding("neutral", "notAsked"),
    // If some announcements arrive, there is no general obstacle.
    ...(health.announcements > 0 ? [] : [obstacle(health)]),
  ];
}

/** What may keep announcements away. */
function obstacle({ isContainer, addresses }: HealthView): NetworkFinding {
  if (isContainer) return finding("neutral", "container");
  return addresses.length === 0
    ? finding("neutral", "elsewhere")
    : finding("neutral", "elsewhereThan", { addresses: addresses.join(", ") });
}

/** What has been heard so far. */
function heard({ announcements, ignored }: HealthView): NetworkFinding {
  if (announcements > 0) return finding("good", "heard", { announcements });
  return ignored > 0 ? finding("bad", "onlyOthers", { ignored }) : finding("bad", "nothing");
}

function finding(
  tone: NetworkFinding["tone"],
  key: NetworkFinding["key"],
  parameters: NetworkFinding["parameters"] = {},
): NetworkFinding {
  return { tone, key, parameters };
}
