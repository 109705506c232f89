import { isFields } from "../../../../src/import/fields";
import type { ChildrenAnswer, ChildrenLine, SurveyedChild } from "../../../contract/children";
import type { Unchecked } from "../../../contract/unchecked";

/** What the list shows of a sub-device that `POST tuya/children` tells of. */
export interface FoundChild {
  readonly cid: string;
  /** As the gateway says; undefined = it does not say. */
  readonly online: boolean | undefined;
  /** A Bluetooth device the gateway hears, without a connection to it. */
  readonly isNearby: boolean;
  readonly dps: Readonly<Record<string, unknown>>;
  /** How often it has reported by itself since the question. */
  readonly reports: number;
  /** Data points of the last of these reports. */
  readonly reported: readonly string[];
  /** What a deployed `tuya-device` for it is called. */
  readonly name: string;
}

/** What came of asking for the list, in the words of the contract. */
const ANSWERS = [
  "listed",
  "refused",
  "silent",
  "unsupported",
  "ended",
] as const satisfies readonly ChildrenAnswer[];

export type ListAnswer = (typeof ANSWERS)[number];

/** A line of the answer, read; undefined for what is none. */
export type ChildrenNews =
  | { readonly kind: "state"; readonly isConnected: boolean }
  | { readonly kind: "list"; readonly answer: ListAnswer }
  | { readonly kind: "child"; readonly child: FoundChild }
  /** `says` where the gateway could not be asked. */
  | { readonly kind: "end"; readonly says: string };

export function readNews(line: object): ChildrenNews | undefined {
  const { state, list, child, end, says } = line as Unchecked<ChildrenLine>;
  if (state === "connecting" || state === "connected")
    return { kind: "state", isConnected: state === "connected" };
  const answer = ANSWERS.find((word) => word === list);
  if (answer) return { kind: "list", answer };
  if (end === "over" || end === "failed") return { kind: "end", says: textOf(says) };
  const found = readChild(child);
  return found && { kind: "child", child: found };
}

function readChild(value: unknown): FoundChild | undefined {
  if (!isFields(value)) return undefined;
  const { cid, online, nearby, dps, reports, reported, name }: Unchecked<SurveyedChild> = value;
  if (typeof cid !== "string" || cid === "") return undefined;
  return {
    cid,
    online: typeof online === "boolean" ? online : undefined,
    isNearby: nearby === true,
    dps: isFields(dps) ? dps : {},
    reports: typeof reports === "number" ? reports : 0,
    reported: Array.isArray(reported) ? reported.filter((dp) => typeof dp === "string") : [],
    name: textOf(name),
  };
}

/** `this`: the node id in the form. */
export type ChildBadge = "this" | "configured" | "new";

/** `now`: it has just reported by itself. */
export type ChildState = "now" | "online" | "offline" | "nearby" | "unknown";

/** One line of the list. */
export interface ChildRow {
  readonly child: FoundChild;
  /** Name, or the node id of one without. */
  readonly title: string;
  /** The node id, where the title is another. */
  readonly id: string;
  readonly values: readonly ShownValue[];
  readonly state: ChildState;
  readonly badge: ChildBadge;
}

/** A value as the list shows it: `2 = 215`. */
export interface ShownValue {
  readonly text: string;
  /** Whether it was in the last report of its own. */
  readonly isReported: boolean;
}

/** What the list depends on besides the sub-devices. */
export interface ChildrenView {
  /** The node id in the form. */
  readonly current: string;
  /** Labels of the other devices of the editor behind this gateway by node id, deployed or not. */
  readonly known: ReadonlyMap<string, string>;
  /** When each was last heard to report by itself, in milliseconds. */
  readonly heardAt: ReadonlyMap<string, number>;
  readonly now: number;
}

/** How long a report is news, in milliseconds. */
export const NEWS_MS = 8_000;
/** Values a line shows. */
const MOST_VALUES = 5;
/** Characters of a value a line shows. */
const MOST_CHARACTERS = 16;

const ORDER: readonly ChildState[] = ["now", "online", "nearby", "unknown", "offline"];

/**
 * The lines to show: new ones first, for they are what one looks for; among them the one that reported last, for its
 * button was pressed to find it; then those that can be reached.
 */
export function toChildRows(children: Iterable<FoundChild>, view: ChildrenView): ChildRow[] {
  const heardAt = ({ cid }: FoundChild): number => view.heardAt.get(cid) ?? 0;
  return [...children]
    .map((child) => toRow(child, view))
    .sort(
      (a, b) =>
        Number(a.badge !== "new") - Number(b.badge !== "new") ||
        heardAt(b.child) - heardAt(a.child) ||
        ORDER.indexOf(a.state) - ORDER.indexOf(b.state) ||
        (a.child.cid < b.child.cid ? -1 : 1),
    );
}

function toRow(child: FoundChild, { current, known, heardAt, now }: ChildrenView): ChildRow {
  const { cid } = child;
  const name = known.get(cid) ?? child.name;
  const isKnown = known.has(cid) || child.name !== "";
  return {
    child,
    title: name || cid,
    id: name === "" || name === cid ? "" : cid,
    values: shownValues(child),
    state: now - (heardAt.get(cid) ?? -Infinity) < NEWS_MS ? "now" : stateOf(child),
    badge: cid === current ? "this" : isKnown ? "configured" : "new",
  };
}

function stateOf({ online, isNearby }: FoundChild): ChildState {
  if (online !== undefined) return online ? "online" : "offline";
  return isNearby ? "nearby" : "unknown";
}

/** The values that tell which sensor it is: those it has just reported first, then by number. */
function shownValues({ dps, reported }: FoundChild): ShownValue[] {
  const names = Object.keys(dps).sort(
    (a, b) => Number(reported.includes(b)) - Number(reported.includes(a)) || Number(a) - Number(b),
  );
  return names.slice(0, MOST_VALUES).map((dp) => {
    const text = JSON.stringify(dps[dp]) ?? "";
    const short = text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text;
    return { text: `${dp} = ${short}`, isReported: reported.includes(dp) };
  });
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
