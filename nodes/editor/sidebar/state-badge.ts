import { badgeOf, type Badge, type BadgeState, type StatusKey } from "../../link/badge";
import type { OverviewRow } from "../../contract/overview";

/** States of a device that are not shown under nodes. */
type OwnKey = "unused" | "undeployed" | "disabled" | "stopped";

/** The badge of a device in the list: as under nodes, with further ones for devices that do not run. */
export interface OverviewBadge extends Badge<StatusKey | OwnKey> {
  /** Catalogue key of its text. */
  readonly text: string;
  /** For sorting by attention: lower numbers first. */
  readonly rank: number;
  /** Whether somebody should look at the device. */
  readonly isTrouble: boolean;
}

/** Ranks by colour. */
const RANKS = { red: 0, yellow: 1, blue: 3, green: 4, grey: 5 } as const;

/**
 * The badge of a device.
 *
 * @param row undefined = the device does not run
 */
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

/** The badge of a device that does not run, or has nothing to do. */
function ownBadge(key: OwnKey): OverviewBadge {
  const text = `tuya-device.overview.state.${key}`;
  return { fill: "grey", shape: "ring", key, text, rank: RANKS.grey, isTrouble: false };
}
