/** Why a device sent values. */
export type ReportReason =
  /** The device reported by itself. */
  | "push"
  /** The answer to a query that was asked for, or to a raw request. */
  | "reply"
  /** The first values after connecting. */
  | "initial";
