/** Why a device spoke. */
export type ReportReason =
  /** The device reported by itself. */
  | "push"
  /** Answer to a query somebody asked for. */
  | "reply"
  /** First values after connecting. */
  | "initial";
