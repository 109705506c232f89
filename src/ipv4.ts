const OCTET = String.raw`(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)`;
const IPV4 = new RegExp(`^(?:${OCTET}\\.){3}${OCTET}$`);
/** Private, loopback and link-local addresses (RFC 1918, 1122, 3927). */
const PRIVATE = /^(?:10|127|192\.168|169\.254|172\.(?:1[6-9]|2\d|3[01]))\./;

/** Whether a text is an IPv4 address, without zeros before its numbers, as Node.js has it. Runs in a browser, too. */
export function isIPv4(text: string): boolean {
  return IPV4.test(text);
}

/** Whether a text is an IPv4 address that devices can have: private, loopback or link-local. False for host names. */
export function isPrivateAddress(text: string): boolean {
  return PRIVATE.test(text) && isIPv4(text);
}
