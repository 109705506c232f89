import { textField } from "./fields";
import type { FlowNode } from "./flow";

/** The size of a node as drawn, in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The centre of a node, as in Node-RED's coordinates. */
export interface Position {
  readonly x: number;
  readonly y: number;
}

/** An old node and the new ones in its place, of which there is at least one. */
export interface Succession {
  readonly old: FlowNode;
  /** The tuya-out. */
  readonly out: FlowNode | undefined;
  /** The tuya-in. */
  readonly in: FlowNode | undefined;
}

/** How new nodes are placed. */
export interface PlacementOptions {
  /** Whether the old nodes are removed; otherwise they need a place, too. */
  readonly isRemoving: boolean;
  /** The size of a node as it is drawn. */
  readonly sizeOf: (node: FlowNode) => Size;
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  /** For a group: its id. Its members are inside; other nodes must not be placed there. */
  readonly group?: string;
}

const GRID = 20;
/** How far from the old node a free place is searched, in steps of the grid. */
const REACH = { x: 12, y: 12 };
/** Space around a node, in pixels: for a button at one side, and for its status below. */
const BUTTON = 25;
const STATUS = 25;

/** The width of a letter in pixels, if the size is not measured. */
const LETTER = 8;
const ICON = 57;
const NARROWEST = 100;
const HEIGHT = 30;

/** The size of a node, estimated from the length of its name. */
export function estimatedSize(node: FlowNode): Size {
  const name = textField(node, "name", "deviceName") || node.type;
  const width = Math.ceil((name.length * LETTER + ICON) / GRID) * GRID;
  return { width: Math.max(NARROWEST, width), height: HEIGHT };
}

/**
 * The positions of the nodes of a converted flow, by id. One of each pair takes the place of the old node; the other one
 * (and the old node, if it stays) gets the nearest free place, so that wires are short and nothing overlaps.
 */
export function placeSuccessors(
  flow: readonly FlowNode[],
  successions: readonly Succession[],
  { isRemoving, sizeOf }: PlacementOptions,
): ReadonlyMap<string, Position> {
  const canvas = new Canvas(flow, new Set(successions.map(({ old }) => old.id)), sizeOf);
  for (const { old, out, in: input } of successions) {
    const first = out ?? input;
    if (first) canvas.put(first, positionOf(old));
  }
  for (const { old, out, in: input } of successions) {
    if (out && input) canvas.putNear(input, positionOf(old), (at) => canvas.wiresFrom(input, at));
  }
  if (!isRemoving) {
    for (const { old } of successions) canvas.putNear(old, positionOf(old), () => 0);
  }
  return canvas.positions;
}

/** The occupied places of each tab. */
class Canvas {
  readonly positions = new Map<string, Position>();
  readonly #sizeOf: (node: FlowNode) => Size;
  readonly #nodes: ReadonlyMap<string, FlowNode>;
  readonly #boxes = new Map<string, Box[]>();

  /** @param free ids of nodes whose places count as free */
  constructor(flow: readonly FlowNode[], free: ReadonlySet<string>, sizeOf: (node: FlowNode) => Size) {
    this.#sizeOf = sizeOf;
    this.#nodes = new Map(flow.map((node) => [node.id, node]));
    for (const node of flow) {
      const isDrawn = typeof node["x"] === "number" && typeof node["y"] === "number";
      if (!isDrawn || free.has(node.id)) continue;
      this.#boxesOn(node).push(node.type === "group" ? groupBox(node) : this.#box(node, positionOf(node)));
    }
  }

  put(node: FlowNode, at: Position): void {
    this.positions.set(node.id, at);
    this.#boxesOn(node).push(this.#box(node, at));
  }

  /** Puts a node at the free place with the lowest cost: its distance plus what `cost` returns for it. */
  putNear(node: FlowNode, from: Position, cost: (at: Position) => number): void {
    const { width, height } = this.#sizeOf(node);
    const across = REACH.x * GRID + width;
    const down = REACH.y * GRID + height + STATUS;
    const near = this.#obstaclesOf(node).filter(
      ({ left, right, top, bottom }) =>
        left < from.x + across && right > from.x - across && top < from.y + down && bottom > from.y - down,
    );
    const places = around(from)
      .filter((at) => this.#isFree(node, at, near))
      .map((at) => ({ at, cost: cost(at) + Math.hypot(at.x - from.x, at.y - from.y) }));
    const best = places.reduce<(typeof places)[number] | undefined>(
      (least, place) => (least && least.cost <= place.cost ? least : place),
      undefined,
    );
    this.put(node, best?.at ?? this.#below(node, from));
  }

  /** The length of the wires of a node at this place. Wires that run backwards count twice. */
  wiresFrom(node: FlowNode, { x, y }: Position): number {
    const right = x + this.#sizeOf(node).width / 2;
    return targetsOf(node).reduce((length, id) => {
      const target = this.#nodes.get(id);
      if (!target) return length;
      const { x: targetX, y: targetY } = this.positions.get(id) ?? positionOf(target);
      const across = targetX - this.#sizeOf(target).width / 2 - right;
      return length + Math.hypot(across, targetY - y) + Math.max(0, GRID - across) * 2;
    }, 0);
  }

  /** The first free place below. Each step passes at least one box. */
  #below(node: FlowNode, { x, y }: Position): Position {
    const { height } = this.#sizeOf(node);
    const obstacles = this.#obstaclesOf(node);
    for (let step = 1; step <= obstacles.length; step++) {
      const at = { x, y: y + step * 3 * GRID };
      if (this.#isFree(node, at, obstacles)) return at;
    }
    const lowest = Math.max(y, ...obstacles.map(({ bottom }) => bottom));
    return { x, y: Math.ceil((lowest + height) / GRID) * GRID };
  }

  #isFree(node: FlowNode, at: Position, boxes: readonly Box[]): boolean {
    const box = this.#box(node, at);
    if (box.left < 0 || box.top < 0) return false;
    return boxes.every(
      (other) =>
        box.right <= other.left ||
        other.right <= box.left ||
        box.bottom <= other.top ||
        other.bottom <= box.top,
    );
  }

  #box(node: FlowNode, { x, y }: Position): Box {
    const { width, height } = this.#sizeOf(node);
    return {
      left: x - width / 2 - BUTTON,
      right: x + width / 2 + BUTTON,
      top: y - height / 2,
      bottom: y + height / 2 + STATUS,
    };
  }

  /** The boxes on its tab, without the groups that contain the node. */
  #obstaclesOf(node: FlowNode): readonly Box[] {
    const around = new Set<string>();
    for (let id = textField(node, "g"); id !== "" && !around.has(id);) {
      around.add(id);
      const group = this.#nodes.get(id);
      id = group ? textField(group, "g") : "";
    }
    return this.#boxesOn(node).filter(({ group }) => group === undefined || !around.has(group));
  }

  #boxesOn(node: FlowNode): Box[] {
    const tab = textField(node, "z");
    const boxes = this.#boxes.get(tab) ?? [];
    this.#boxes.set(tab, boxes);
    return boxes;
  }
}

/** The box of a group: its coordinates in Node-RED are those of a corner. */
function groupBox({ id, x, y, w, h }: FlowNode): Box {
  const [left, top] = [Number(x), Number(y)];
  return { left, right: left + Number(w ?? 0), top, bottom: top + Number(h ?? 0), group: id };
}

/** Places around a position. If two are equally good the one below comes first. */
function around({ x, y }: Position): readonly Position[] {
  const rows = Array.from({ length: 2 * REACH.y + 1 }, (_item, at) => at - REACH.y).reverse();
  const columns = Array.from({ length: 2 * REACH.x + 1 }, (_item, at) => at - REACH.x);
  return rows.flatMap((row) => columns.map((column) => ({ x: x + column * GRID, y: y + row * GRID })));
}

function positionOf({ x, y }: FlowNode): Position {
  return { x: Number(x ?? 0), y: Number(y ?? 0) };
}

function targetsOf({ wires }: FlowNode): readonly string[] {
  const ports = Array.isArray(wires) ? (wires as readonly unknown[]) : [];
  return ports.flatMap((port) =>
    Array.isArray(port) ? port.filter((target) => typeof target === "string") : [],
  );
}
