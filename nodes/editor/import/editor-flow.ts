import type { FlowNode } from "../../../src/import/flow";
import { estimatedSize, type Size } from "../../../src/import/placement";
import type { Link } from "./history";

/** Functions of the editor whose types are missing, or describe those of former versions. */
interface Editor {
  readonly nodes: {
    import(
      nodes: readonly object[],
      options: { readonly generateIds: boolean; readonly reimport: boolean; readonly markChanged: boolean },
    ): Imported;
    eachWorkspace(take: (workspace: { readonly label?: string }) => void): void;
    createCompleteNodeSet(options: { readonly credentials: boolean }): FlowNode[];
  };
  readonly view: {
    calculateNodeDimensions(node: object): readonly [width: number, height: number];
    importNodes(
      nodes: readonly object[],
      options: { readonly generateIds: boolean; readonly notify: boolean },
    ): void;
  };
}

/** What has come into being, as the editor holds it. */
interface Imported {
  readonly links: readonly Link[];
  readonly workspaces: readonly object[];
}

const editor = RED as unknown as Editor;

/** Adds nodes as they are, each on the tab it names. Wires are made among them only. */
export function addNodes(nodes: readonly object[]): Imported {
  // Without `reimport` nodes are put on the tab that is shown.
  return editor.nodes.import(nodes, { generateIds: false, reimport: true, markChanged: true });
}

/** Imports a flow as the user does: with ids of its own, in one step, and to be put somewhere by the mouse. */
export function importFlow(nodes: readonly object[]): void {
  editor.view.importNodes(nodes, { generateIds: true, notify: true });
}

/** All flows of the editor as they would be deployed, without credentials. Nodes of missing types are what they were. */
export function workspaceFlow(): readonly FlowNode[] {
  return editor.nodes.createCompleteNodeSet({ credentials: false });
}

/** How wide and high a node of a flow file will be drawn. The devices it names are to be there. */
export function measureNode(node: { readonly type: string }): {
  readonly width: number;
  readonly height: number;
} {
  const definition = RED.nodes.getType(node.type) as { _?: unknown } | undefined;
  const [width, height] = editor.view.calculateNodeDimensions({
    ...node,
    _def: definition,
    _: definition?._,
  });
  return { width, height };
}

/** How wide and high a node of a flow is drawn, or will be. */
export function drawnSize(node: FlowNode): Size {
  const present = RED.nodes.node(node.id) as object | null | undefined;
  if (present) return sizeOf(present);
  // Nobody can say it of a node whose type is not installed.
  return RED.nodes.getType(node.type) ? measureNode(node) : estimatedSize(node);
}

function sizeOf(node: object): Size {
  const [width, height] = editor.view.calculateNodeDimensions(node);
  return { width, height };
}

/** What the tabs of the editor are called. */
export function tabLabels(): readonly string[] {
  const labels: string[] = [];
  editor.nodes.eachWorkspace(({ label = "" }) => void labels.push(label));
  return labels;
}
