/**
 * Whether an address is one that a machine gives itself, where there is nobody else who gives it one. In a data centre
 * machines are told their secrets there; a device seldom is.
 */
export function isLinkLocal(address: string): boolean {
  return /^(?:::ffff:)?169\.254\.|^fe[89ab][0-9a-f]:/i.test(address);
}
