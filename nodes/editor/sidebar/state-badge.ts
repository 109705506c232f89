import { badgeOf, type Badge, type BadgeState, type StatusKey } from "../../link/badge";
import type { OverviewRow } from "../../contract/overview";

/** States of a device that nodes do not have. */
type OwnKey = "unused" | "undeployed" | "disabled" | "stopped";

/** What the state of a device looks like in the list: as under nodes, and something for what does not run. */
export interface OverviewBadge extends Badge<StatusKey | OwnKey> {
  /** Catalogue key of its word. */
  readonly text: string;
  /** For sorting: what needs attention first. */
  readonly rank: number;
  readonly isTrouble: boolean;
}

const RANKS = { red: 0, yellow: 1, blue: 3, green: 4, grey: 5 } as const;

/** @param row undefined where the device does not run */
export function stateBadge(
  device: { readonly isChanged: boolean; readonly isDisabled: boolean },
  row: OverviewRow | undefined,
): OverviewBadge {
  if (!row) return ownBadge(device.isDisabled ? "disabled" : device.isChanged ? "undeployed" : "stopped");
  if (row.state === "unused") return ownBadge("unused");
  const { state, keyProven = false, error } = row;
  const reason = error && (state === "ready" ? { refusal: error } : { error });
  const badge = badgeOf({ kind: state, keyProven, ...reason } as BadgeState);
  return {
    ...badge,
    text: `tuya-device.status.${badge.key}`,
    rank: RANKS[badge.fill],
    isTrouble: badge.fill === "red" || badge.key === "retrying" || badge.key === "unreadable",
  };
}

function ownBadge(key: OwnKey): OverviewBadge {
  const text = `tuya-device.overview.state.${key}`;
  return { fill: "grey", shape: "ring", key, text, rank: RANKS.grey, isTrouble: false };
}
