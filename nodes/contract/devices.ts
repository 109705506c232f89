/**
 * A device that announced itself, as messages and `GET tuya/devices` show it. What it did not announce is null.
 */
export interface ListedDevice {
  readonly id: string;
  readonly ip: string;
  readonly version: string | null;
  readonly productKey: string | null;
  readonly encrypted: boolean | null;
  /** Whether a configured sub-device names it as its gateway. Announcements do not tell. */
  readonly gateway: boolean;
  /** Whether a `tuya-device` node with this id runs. */
  readonly configured: boolean;
  /** The display name of that node. */
  readonly name?: string;
  /** TCP port: the configured one, or the usual one. */
  readonly port: number;
  /** When it was first and last heard, in milliseconds since 1970. */
  readonly firstSeen: number;
  readonly lastSeen: number;
}
