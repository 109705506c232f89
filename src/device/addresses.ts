/**
 * Where a device may be. The id is its identity and an address only a hint: the configured one comes first, announced
 * ones are tried when it fails, and one that proved itself is tried first from then on. Everybody can forge an
 * announcement, so an announced address where another device lives is not tried again until the announcement changes.
 */
export class Addresses {
  readonly #configured: string;
  #announced: readonly string[] = [];
  readonly #distrusted = new Set<string>();
  #proven: string | undefined;
  /** Candidates that failed since the last success or news. */
  readonly #failed = new Set<string>();
  /** A candidate that is to be tried before the others. */
  #preferred: string | undefined;

  /** @param configured "" = none: only announcements tell. */
  constructor(configured: string) {
    this.#configured = configured;
  }

  /** The address to try now; undefined when none is known. */
  get current(): string | undefined {
    const candidates = this.#candidates();
    if (this.#preferred !== undefined && candidates.includes(this.#preferred)) return this.#preferred;
    return candidates.find((ip) => !this.#failed.has(ip)) ?? candidates[0];
  }

  /** Whether what happens at this address may be blamed on the device: the user named it, it was here, or all is hearsay. */
  isTrusted(ip: string): boolean {
    return (
      ip === this.#configured ||
      ip === this.#proven ||
      (this.#configured === "" && this.#proven === undefined)
    );
  }

  /** Somebody announced these addresses for the device. True when that is news; then the first of them is next. */
  announce(ips: readonly string[]): boolean {
    const announced = [...new Set(ips)];
    if (announced.join() === this.#announced.join()) return false;
    this.#announced = announced;
    this.#distrusted.clear();
    this.#failed.clear();
    this.#preferred = announced[0];
    return true;
  }

  /** An attempt failed. True when a candidate is left that has not failed in this round. */
  failed(ip: string): boolean {
    this.#preferred = undefined;
    this.#failed.add(ip);
    const hasOther = this.#candidates().some((candidate) => !this.#failed.has(candidate));
    if (!hasOther) this.#failed.clear();
    return hasOther;
  }

  /** Another device lives at this announced address. */
  distrust(ip: string): void {
    this.#distrusted.add(ip);
  }

  /** The device proved itself at this address. */
  proved(ip: string): void {
    this.#proven = ip;
    this.#failed.clear();
    this.#preferred = undefined;
  }

  #candidates(): string[] {
    const known = [this.#proven ?? "", this.#configured, ...this.#announced];
    return [...new Set(known)].filter((ip) => ip !== "" && !this.#distrusted.has(ip));
  }
}
