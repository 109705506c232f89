import { readFileSync } from "node:fs";

/** A node as it stands in a flow file. */
export interface FlowNode {
  readonly id: string;
  readonly type: string;
  readonly z?: string;
  readonly name?: string;
  readonly wires?: readonly (readonly string[])[];
  readonly [property: string]: unknown;
}

/** What Node-RED itself brings, as far as our flows use it. */
const CORE_TYPES: readonly string[] =
  "tab,group,comment,inject,debug,catch,status,function,switch,change,rbe,mqtt in,mqtt out,mqtt-broker".split(
    ",",
  );

export function readFlowFile(file: string): readonly FlowNode[] {
  return JSON.parse(readFileSync(file, "utf8")) as FlowNode[];
}

/** What Node-RED would stumble over, a sentence each. */
export function flowProblems(nodes: readonly FlowNode[]): readonly string[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const typeOf = (id: unknown): string | undefined => byId.get(String(id))?.type;
  const problems = nodes.flatMap((node) => {
    const { id, type, z, g, name } = node;
    const found: string[] = [];
    const complain = (sentence: string): void => {
      found.push(`${type} ${name || id}: ${sentence}`);
    };
    if (!CORE_TYPES.includes(type) && !type.startsWith("tuya-")) complain("is of a foreign type");
    if ("credentials" in node) complain("has credentials");
    if (z !== undefined && typeOf(z) !== "tab") complain("is on no tab");
    if (g !== undefined && typeOf(g) !== "group") complain("is in no group");
    for (const target of (node.wires ?? []).flat())
      if (byId.get(target)?.z !== z) complain(`is wired to ${target}, which is not on its tab`);
    const needsDevice = node["device"] !== undefined && !["all", "message"].includes(String(node["scope"]));
    if (needsDevice && typeOf(node["device"]) !== "tuya-device") complain("has no device");
    if (node["gateway"] && typeOf(node["gateway"]) !== "tuya-device") complain("has no gateway");
    return found;
  });
  return byId.size === nodes.length ? problems : [...problems, "an id is used twice"];
}
