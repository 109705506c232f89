import { beginQuiet, endQuiet, toggleQuiet } from "./quiet";

/** A node as the editor holds it, as far as a step changes it. */
export interface ChangeableNode {
  readonly id: string;
  readonly type: string;
}

/** A connection between two nodes of the editor. */
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
  /** What the properties are after the next swap. */
  values: Readonly<Record<string, unknown>>;
}

/** One step of the editor's history: everything in it is undone together. */
export class Step {
  readonly #dirty = RED.nodes.dirty();
  readonly #events: object[] = [];
  readonly #changes: Change[] = [];

  /** These nodes and links have been added, and these tabs. */
  added(nodes: readonly string[], links: readonly Link[] = [], workspaces: readonly object[] = []): void {
    this.#events.push({
      t: "add",
      nodes: [...nodes],
      links: [...links],
      workspaces: [...workspaces],
      dirty: this.#dirty,
    });
  }

  /** Takes nodes away, their wires included. */
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

  /** This node has been put into a group. */
  grouped(group: object, node: object): void {
    this.#events.push({ t: "addToGroup", group, nodes: [node], dirty: this.#dirty });
  }

  /**
   * Sets properties of a node, which counts as changed from now on. Not by Node-RED's own event for that: undoing it cuts
   * all wires to nodes of a type that is not installed, and it fails for credentials that have been deployed.
   */
  change(node: ChangeableNode, values: Readonly<Record<string, unknown>>): void {
    this.#changes.push({ node, values: { ...values, changed: true } });
  }

  /** Makes the changes and puts the step into the history. Nothing is deployed. */
  finish(): void {
    this.#swap();
    endQuiet();
    // Undone from the last to the first, and done again in their own order.
    const gate = { t: "multi", events: [], dirty: this.#dirty, callback: toggleQuiet };
    const events = [{ ...gate }, ...this.#events, { ...gate }];
    RED.history.push({ t: "multi", events, dirty: this.#dirty, callback: () => this.#swap() } as never);
    RED.nodes.dirty(true);
    RED.view.redraw(true);
  }

  #swap(): void {
    for (const change of this.#changes) {
      const { node, values } = change;
      change.values = Object.fromEntries(Object.keys(values).map((name) => [name, Reflect.get(node, name)]));
      Object.assign(node, values, { dirty: true });
      RED.editor.validateNode(node as never);
      RED.events.emit("nodes:change", node);
    }
  }
}
