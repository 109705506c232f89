import type { FlowNode } from "../../../src/import/flow";
import { estimatedSize, type Size } from "../../../src/import/placement";
import type { Link } from "./history";

/** Functions of Node-RED's editor whose types are missing or out of date. */
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

/** The imported nodes, links and tabs in the editor. */
interface Imported {
  readonly links: readonly Link[];
  readonly workspaces: readonly object[];
}

const editor = RED as unknown as Editor;

/** Adds nodes with their own ids, each on the tab it names. Only wires between them are made. */
export function addNodes(nodes: readonly object[]): Imported {
  // Without `reimport` all nodes would be put on the visible tab.
  return editor.nodes.import(nodes, { generateIds: false, reimport: true, markChanged: true });
}

/** Imports a flow as a user does: with new ids, in one step, and placed with the mouse. */
export function importFlow(nodes: readonly object[]): void {
  editor.view.importNodes(nodes, { generateIds: true, notify: true });
}

/** All flows in the editor as they would be deployed, without credentials. Nodes of missing types are as they were loaded. */
export function workspaceFlow(): readonly FlowNode[] {
  return editor.nodes.createCompleteNodeSet({ credentials: false });
}

/**
 * The size in which a node of a flow file will be drawn, in pixels. Its type must be installed, and the devices it names
 * must be in the editor.
 */
export function measureNode(node: { readonly type: string }): Size {
  const definition = RED.nodes.getType(node.type) as { _?: unknown } | undefined;
  const [width, height] = editor.view.calculateNodeDimensions({
    ...node,
    _def: definition,
    _: definition?._,
  });
  return { width, height };
}

/** The size in which a node is drawn, or will be, in pixels; estimated if its type is not installed. */
export function drawnSize(node: FlowNode): Size {
  const present = RED.nodes.node(node.id) as object | null | undefined;
  if (present) return sizeOf(present);
  // It cannot be measured if the type is not installed.
  return RED.nodes.getType(node.type) ? measureNode(node) : estimatedSize(node);
}

function sizeOf(node: object): Size {
  const [width, height] = editor.view.calculateNodeDimensions(node);
  return { width, height };
}

/** The labels of the tabs in the editor. */
export function tabLabels(): readonly string[] {
  const labels: string[] = [];
  editor.nodes.eachWorkspace(({ label = "" }) => void labels.push(label));
  return labels;
}
