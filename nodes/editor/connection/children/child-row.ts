import { isFields } from "../../../../src/import/fields";
import type { ChildrenAnswer, ChildrenLine, SurveyedChild } from "../../../contract/children";
import type { Unchecked } from "../../../contract/unchecked";
import { objectOf, listOf, numberOf, textOf } from "../../base/answers";

/** A sub-device in the answer of `POST tuya/children`, as the list needs it: see `SurveyedChild`. */
export interface FoundChild {
  readonly cid: string;
  /** As the gateway reported it; undefined = not known. */
  readonly online: boolean | undefined;
  /** A Bluetooth device the gateway hears, without a connection to it. */
  readonly isNearby: boolean;
  /** Last known values by data point, raw. */
  readonly dps: Readonly<Record<string, unknown>>;
  /** How often it has reported by itself since the request. */
  readonly reports: number;
  /** Data points of the last of these reports. */
  readonly reported: readonly string[];
  /** The name of the deployed `tuya-device` for it; "" if there is none. */
  readonly name: string;
}

/** The results of asking for the list, as in the contract. */
const ANSWERS = [
  "listed",
  "refused",
  "silent",
  "unsupported",
  "ended",
] as const satisfies readonly ChildrenAnswer[];

/** One of `ANSWERS`. */
export type ListAnswer = (typeof ANSWERS)[number];

/** A line of the answer of `POST tuya/children`, read. */
export type ChildrenNews =
  /** Whether the gateway is connected; otherwise it is being connected to. */
  | { readonly kind: "state"; readonly isConnected: boolean }
  | { readonly kind: "list"; readonly answer: ListAnswer }
  | { readonly kind: "child"; readonly child: FoundChild }
  /** `says`: why the gateway could not be asked; "" if it was. */
  | { readonly kind: "end"; readonly says: string };

/** Reads a line; undefined if it is none. */
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
    dps: objectOf(dps),
    reports: numberOf(reports),
    reported: listOf(reported).filter((dp) => typeof dp === "string"),
    name: textOf(name),
  };
}

/** `this`: it is the sub-device of the form; `configured`: there is another node for it, deployed or not. */
export type ChildBadge = "this" | "configured" | "new";

/** `now`: it has just reported by itself; the others are what the gateway said of it. */
export type ChildState = "now" | "online" | "offline" | "nearby" | "unknown";

/** One line of the list. */
export interface ChildRow {
  readonly child: FoundChild;
  /** The name, or the cid if it has none. */
  readonly title: string;
  /** The cid; "" if it is the title already. */
  readonly id: string;
  readonly values: readonly ShownValue[];
  readonly state: ChildState;
  readonly badge: ChildBadge;
}

/** A value as the list shows it: `2 = 215`. */
export interface ShownValue {
  readonly text: string;
  /** Whether it was in the last report that the sub-device made by itself. */
  readonly isReported: boolean;
}

/** The other facts that the list depends on. */
export interface ChildrenView {
  /** The cid in the form. */
  readonly current: string;
  /** Labels of the other devices of the editor behind this gateway by cid, deployed or not. */
  readonly known: ReadonlyMap<string, string>;
  /** When each last reported by itself, by cid, in milliseconds since 1970. */
  readonly heardAt: ReadonlyMap<string, number>;
  /** In milliseconds since 1970. */
  readonly now: number;
}

/** How long a report counts as recent, in milliseconds. */
export const NEWS_MS = 8_000;
/** How many values a line shows. */
const MOST_VALUES = 5;
/** How many characters of a value a line shows. */
const MOST_CHARACTERS = 16;

/** The order of the lines by state. */
const ORDER: readonly ChildState[] = ["now", "online", "nearby", "unknown", "offline"];

/**
 * The lines to show. New sub-devices come first, because users look for these; among them the one that reported last (its
 * button may have been pressed to find it), then those that are online.
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

/** The values to show, which tell which sensor it is: just reported ones first, then by number. */
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
