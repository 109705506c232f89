import type { FlowNode } from "../../../src/import/flow";

/** Functions of the editor whose types are missing, or describe those of former versions. */
interface Editor {
  readonly nodes: {
    import(
      nodes: readonly object[],
      options: { readonly generateIds: boolean; readonly reimport: boolean; readonly markChanged: boolean },
    ): unknown;
    createCompleteNodeSet(options: { readonly credentials: boolean }): FlowNode[];
  };
  readonly view: {
    importNodes(
      nodes: readonly object[],
      options: { readonly generateIds: boolean; readonly notify: boolean },
    ): void;
  };
}

const editor = RED as unknown as Editor;

/** Adds nodes as they are, each on the tab it names. Wires are made among them only. */
export function addNodes(nodes: readonly object[]): void {
  // Without `reimport` nodes are put on the tab that is shown.
  editor.nodes.import(nodes, { generateIds: false, reimport: true, markChanged: true });
}

/** Imports a flow as the user does: with ids of its own, in one step, and to be put somewhere by the mouse. */
export function importFlow(nodes: readonly object[]): void {
  editor.view.importNodes(nodes, { generateIds: true, notify: true });
}

/** All flows of the editor as they would be deployed, without credentials. Nodes of missing types are what they were. */
export function workspaceFlow(): readonly FlowNode[] {
  return editor.nodes.createCompleteNodeSet({ credentials: false });
}
