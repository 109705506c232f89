/** The parts of a node in the editor that a step changes. */
export interface ChangeableNode {
  readonly id: string;
  readonly type: string;
}

/** A wire between two nodes in the editor. */
export interface Link {
  readonly source: object;
  readonly sourcePort: number;
  readonly target: object;
}

interface Group {
  readonly nodes: object[];
}

interface Change {
  readonly node: ChangeableNode;
  /** The values that the properties get next: by `finish`, then by each undo or redo. */
  values: Readonly<Record<string, unknown>>;
}

/**
 * One step in the editor's history: all its changes are undone together. To be made before the first of them; `finish` is
 * called once, after the last.
 */
export class Step {
  /** Whether there was something to deploy before the step. */
  readonly #dirty = RED.nodes.dirty();
  readonly #events: object[] = [];
  readonly #changes: Change[] = [];

  /** Notes that nodes (by id), links and tabs were added. */
  added(nodes: readonly string[], links: readonly Link[] = [], workspaces: readonly object[] = []): void {
    this.#events.push({
      t: "add",
      nodes: [...nodes],
      links: [...links],
      workspaces: [...workspaces],
      dirty: this.#dirty,
    });
  }

  /** Removes nodes with their wires, at once. */
  remove(ids: readonly string[]): void {
    beginQuiet();
    for (const id of ids) {
      const node = RED.nodes.node(id) as (ChangeableNode & { readonly g?: string }) | null | undefined;
      if (!node) continue;
      const { links } = RED.nodes.remove(id) as unknown as { readonly links: readonly Link[] };
      const group = node.g === undefined ? undefined : (RED.nodes.group(node.g) as Group | null | undefined);
      if (group) {
        group.nodes.splice(group.nodes.indexOf(node), 1);
        RED.group.markDirty(group as never);
      }
      this.#events.push({ t: "delete", nodes: [node], links: [...links], dirty: this.#dirty });
    }
  }

  /** Notes that a node was put into a group. */
  grouped(group: object, node: object): void {
    this.#events.push({ t: "addToGroup", group, nodes: [node], dirty: this.#dirty });
  }

  /**
   * Notes that properties of a node are to be set; `finish` does it. The node then counts as changed. Does not use
   * Node-RED's own event for edits: undoing that removes all wires to nodes of types that are not installed, and fails for
   * deployed credentials.
   */
  change(node: ChangeableNode, values: Readonly<Record<string, unknown>>): void {
    this.#changes.push({ node, values: { ...values, changed: true } });
  }

  /** Sets the properties that `change` has noted, and puts the step into the history. Nothing is deployed. */
  finish(): void {
    this.#swap();
    endQuiet();
    // Undo goes through the events from the last to the first, redo in their order.
    const gate = { t: "multi", events: [], callback: toggleQuiet };
    const events = [{ ...gate }, ...this.#events, { ...gate }];
    RED.history.push({ t: "multi", events, dirty: this.#dirty, callback: () => this.#swap() } as never);
    RED.view.redraw(true);
  }

  /**
   * Sets the noted properties and notes the values they had, for the next undo or redo. Says that there is something to
   * deploy: after an undo Node-RED sets that back to what it was before the step, but for redo it remembers nothing.
   */
  #swap(): void {
    RED.nodes.dirty(true);
    for (const change of this.#changes) {
      const { node, values } = change;
      change.values = Object.fromEntries(Object.keys(values).map((name) => [name, Reflect.get(node, name)]));
      Object.assign(node, values, { dirty: true });
      RED.editor.validateNode(node as never);
      RED.events.emit("nodes:change", node);
    }
  }
}

/** Redraws lists for each removed node. The types know the function, but not that it can be replaced. */
const workspaces = RED.workspaces as unknown as { refresh: () => void };

let originalRefresh: (() => void) | undefined;
let quietTimer: number | undefined;

/**
 * From now on Node-RED does not redraw its lists of tabs and configuration nodes for each removed node, which takes
 * minutes with some hundred nodes; until `endQuiet`, or the end of the present event.
 */
function beginQuiet(): void {
  if (originalRefresh) return;
  originalRefresh = workspaces.refresh;
  workspaces.refresh = () => undefined;
  quietTimer = window.setTimeout(endQuiet, 0);
}

/** Redraws the lists once, and ends the suppression. */
function endQuiet(): void {
  if (!originalRefresh) return;
  window.clearTimeout(quietTimer);
  workspaces.refresh = originalRefresh;
  originalRefresh = undefined;
  workspaces.refresh();
}

/**
 * Begins the suppression and ends it with the next call. For both ends of a list of events, which undo and redo go
 * through in opposite directions.
 */
function toggleQuiet(): void {
  if (originalRefresh) endQuiet();
  else beginQuiet();
}
