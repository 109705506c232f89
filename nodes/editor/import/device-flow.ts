import { parseDataPoints } from "../../../src/datapoints/datapoint";
import { friendlyPoints } from "../../../src/datapoints/friendly/points";
import { findDevice } from "../base/red";
import { translate } from "../base/texts";
import { addNodes, measureNode, tabLabels } from "./editor-flow";
import type { Step } from "./history";
import { placeRows } from "./tidy-rows";

/** A node of a flow file. */
interface NewNode {
  readonly id: string;
  readonly type: string;
  readonly wires: readonly (readonly string[])[];
  readonly [property: string]: unknown;
}

/** The nodes of a device by column: tuya-in, debug, a button, tuya-out; undefined = none there. */
type Row = readonly (NewNode | undefined)[];

/**
 * Makes a flow for these `tuya-device` nodes on new tabs: for each a tuya-in whose values are shown under a debug node, and
 * a tuya-out, with a button if the device can be switched. The flow is a part of the step.
 *
 * @returns the id of its first tab
 */
export function addDeviceFlow(nodeIds: readonly string[], step: Step): string | undefined {
  const rows = nodeIds.map(rowOf);
  const places = placeRows(rows.map((row) => row.map((node) => node && measureNode(node))));
  const labels = freeLabels(Math.max(0, ...places.flat().map(({ tab }) => tab + 1)));
  const tabs = labels.map((label) => ({
    id: RED.nodes.id(),
    type: "tab",
    label,
    disabled: false,
    info: "",
    env: [],
  }));
  const nodes = rows.flatMap((row, at) =>
    row.flatMap((node, column) => {
      const { tab, x, y } = places[at]?.[column] ?? { tab: 0, x: 0, y: 0 };
      return node ? { ...node, z: tabs[tab]?.id, x, y } : [];
    }),
  );
  const { links, workspaces } = addNodes([...tabs, ...nodes]);
  step.added(
    nodes.map(({ id }) => id),
    links,
    workspaces,
  );
  return tabs[0]?.id;
}

function rowOf(device: string): Row {
  const out = newNode("tuya-out", { device });
  const debug = newNode("debug", {
    name: "",
    active: true,
    tosidebar: false,
    tostatus: true,
    complete: "payload",
    targetType: "msg",
    statusVal: "payload",
    statusType: "auto",
  });
  const source = newNode("tuya-in", { device, wires: [[debug.id]] });
  return [source, debug, isSwitched(device) ? toggleFor(out) : undefined, out];
}

function toggleFor({ id }: NewNode): NewNode {
  return newNode("inject", {
    name: translate("tuya-device.import.flow.toggle"),
    props: [{ p: "payload" }],
    payload: "toggle",
    payloadType: "str",
    wires: [[id]],
  });
}

/** Whether the device is known to have a switch. */
function isSwitched(device: string): boolean {
  const { dataPoints } = parseDataPoints(findDevice(device)?.datapoints);
  return friendlyPoints({ dataPoints }).some(({ word }) => word === "on");
}

/** A node with the defaults of the palette, except for these properties. */
function newNode(type: string, properties: Readonly<Record<string, unknown>>): NewNode {
  const { defaults = {}, outputs = 1 } = (RED.nodes.getType(type) ?? {}) as unknown as {
    readonly defaults?: Readonly<Record<string, { readonly value: unknown }>>;
    readonly outputs?: number;
  };
  const usual = Object.fromEntries(Object.entries(defaults).map(([name, { value }]) => [name, value]));
  const wires = Array.from({ length: outputs }, () => []);
  return { ...structuredClone(usual), wires, ...properties, id: RED.nodes.id(), type };
}

/** Names for so many new tabs that are not used yet. */
function freeLabels(count: number): readonly string[] {
  const taken = new Set(tabLabels());
  const label = translate("tuya-device.overview.title");
  const free: string[] = [];
  for (let number = 1; free.length < count; number++) {
    const candidate = number === 1 ? label : `${label} ${number}`;
    if (!taken.has(candidate)) free.push(candidate);
  }
  return free;
}
