/** A list of nothing, for whoever has nothing at the moment: an empty list each would take memory in every device. */
export const NONE: readonly never[] = [];
