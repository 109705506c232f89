import { isProtocolVersion, type ProtocolVersion } from "../protocol/version";

/** An announcement of a device, as far as it matters here. */
export interface Announcement {
  readonly ip: string;
  readonly version?: string | undefined;
}

/** Where a device is and when it last gave a sign of life, as far as it is known. */
export class Whereabouts {
  #announced: Announcement | undefined;
  #lastSeen: number | undefined;

  /** A configured address counts; otherwise the announced one. */
  address(configured: string): string | undefined {
    return configured || this.#announced?.ip;
  }

  /** The version it announced, if it is one. */
  get version(): ProtocolVersion | undefined {
    const version = this.#announced?.version;
    return isProtocolVersion(version) ? version : undefined;
  }

  /** Milliseconds since 1970. */
  get lastSeen(): number | undefined {
    return this.#lastSeen;
  }

  /** The device announced itself, or sent something. */
  noteSeen(announcement?: Announcement): void {
    this.#lastSeen = Date.now();
    this.#announced = announcement ?? this.#announced;
  }
}
