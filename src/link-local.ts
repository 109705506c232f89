/**
 * Whether an address is link-local (169.254.x.x): one that a machine gives itself if there is no DHCP server. In data
 * centres such addresses serve secrets; devices seldom have one.
 */
export function isLinkLocal(address: string): boolean {
  return /^(?:::ffff:)?169\.254\.|^fe[89ab][0-9a-f]:/i.test(address);
}
