/**
 * Command numbers of the LAN protocol, with their usual names. Source: the vendor's firmware headers (TuyaOpen
 * `tuya_protocol.h`) and tinytuya's `command_types`.
 */
export const Command = {
  /** Clear announcement on UDP 6666 (3.1). */
  UDP: 0x00,
  AP_CONFIG: 0x01,
  ACTIVE: 0x02,
  /** Step 1 of the session negotiation (3.4, 3.5): the client's nonce. */
  SESS_KEY_NEG_START: 0x03,
  /** Step 2: the device's nonce and proof that it knows the local key. */
  SESS_KEY_NEG_RESP: 0x04,
  /** Step 3: the client's proof. Devices never answer it. */
  SESS_KEY_NEG_FINISH: 0x05,
  /** Removes the device from its account. Never sent. */
  UNBIND: 0x06,
  /** Set data points, up to 3.3. */
  CONTROL: 0x07,
  /** Data points the device reports by itself; may arrive at any moment. */
  STATUS: 0x08,
  HEART_BEAT: 0x09,
  /** Read all data points, up to 3.3. */
  DP_QUERY: 0x0a,
  QUERY_WIFI: 0x0b,
  TOKEN_BIND: 0x0c,
  /** Set data points, 3.4 and later; with null values the query of the device22 dialect. */
  CONTROL_NEW: 0x0d,
  ENABLE_WIFI: 0x0e,
  WIFI_INFO: 0x0f,
  /** Read all data points, 3.4 and later. */
  DP_QUERY_NEW: 0x10,
  /** On TCP: run a scene. On UDP 6667: announcement of a device in access-point pairing mode. */
  SCENE_EXECUTE: 0x11,
  /** Ask the device to measure again. Many devices never answer it. */
  UPDATEDPS: 0x12,
  /** Encrypted announcement, and the answer to REQ_DEVINFO. */
  UDP_NEW: 0x13,
  AP_CONFIG_NEW: 0x14,
  /** Encrypted announcement of 3.4 devices. The spelling is the vendor's. */
  BOARDCAST_LPV34: 0x23,
  /** Discovery request a client broadcasts on UDP 7000. */
  REQ_DEVINFO: 0x25,
  /** Gateways: which sub-devices are online. */
  LAN_EXT_STREAM: 0x40,
} as const;

const FORBIDDEN: ReadonlySet<number> = new Set([
  Command.AP_CONFIG,
  Command.ACTIVE,
  Command.SESS_KEY_NEG_START,
  Command.SESS_KEY_NEG_RESP,
  Command.SESS_KEY_NEG_FINISH,
  Command.UNBIND,
  Command.QUERY_WIFI,
  Command.TOKEN_BIND,
  Command.ENABLE_WIFI,
  Command.WIFI_INFO,
  // Without a name in this list: what a device takes before it is activated.
  0x42,
]);
/** From AP_CONFIG_NEW to here: errors of pairing, update and reset (0x1d) over the LAN, and more of pairing. */
const LAST_PAIRING_COMMAND = 0x1e;

/**
 * Commands that must never be sent by a caller: they pair a device, remove it from its account, reset it, or belong to
 * the negotiation, which the connection does itself. Source: the vendor's firmware headers.
 */
export function isForbidden(command: number): boolean {
  return FORBIDDEN.has(command) || (command >= Command.AP_CONFIG_NEW && command <= LAST_PAIRING_COMMAND);
}

/** One of the names in `Command`. */
export type CommandName = keyof typeof Command;

const NAMES: ReadonlyMap<number, CommandName> = new Map(
  Object.entries(Command).map(([name, code]) => [code, name as CommandName]),
);

/** The name of a command number, or `0x2a` for a number without one. */
export function commandName(command: number): CommandName | `0x${string}` {
  return NAMES.get(command) ?? `0x${command.toString(16)}`;
}

/** The number of a command name, in upper or lower case; undefined for an unknown name. */
export function commandNumber(name: string): number | undefined {
  const key = name.trim().toUpperCase();
  return Object.hasOwn(Command, key) ? Command[key as CommandName] : undefined;
}

/** Whether a command reads all data points. Firmware treats both numbers alike. */
export function isQuery(command: number): boolean {
  return command === Command.DP_QUERY || command === Command.DP_QUERY_NEW;
}

/** Whether a command sets data points. Firmware treats both numbers alike. */
export function isSet(command: number): boolean {
  return command === Command.CONTROL || command === Command.CONTROL_NEW;
}

/** Commands 3, 4 and 5: their payloads are nonces and proofs, of which the session key is made. */
export function isNegotiation(command: number): boolean {
  return command >= Command.SESS_KEY_NEG_START && command <= Command.SESS_KEY_NEG_FINISH;
}
