/** Whether an address is in 127.0.0.0/8. Virtual devices exist nowhere else. */
export function isLoopback(address: string): boolean {
  return /^127(?:\.(?:25[0-5]|2[0-4]\d|1?\d?\d)){3}$/.test(address);
}

/** @throws RangeError for any other address, host names included */
export function assertLoopback(address: string): void {
  if (!isLoopback(address)) {
    throw new RangeError(
      `A virtual device speaks on loopback only: use an address in 127.0.0.0/8, not "${address}".`,
    );
  }
}
