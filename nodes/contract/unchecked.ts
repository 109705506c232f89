/**
 * A request or an answer as it arrives: with the fields of the contract, but unchecked values. The reader must check each
 * value; the compiler checks the names.
 */
export type Unchecked<T> = { readonly [K in T extends unknown ? keyof T : never]?: unknown };
