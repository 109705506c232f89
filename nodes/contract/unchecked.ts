/**
 * A request or an answer as it arrives: the fields the contract names, their values not looked at yet. Whoever reads it
 * checks each value, and the compiler checks each name.
 */
export type Unchecked<T> = { readonly [K in T extends unknown ? keyof T : never]?: unknown };
