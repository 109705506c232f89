import { isPort } from "../limits";
import { parseLocalKey } from "../protocol/cipher";
import { isProtocolVersion } from "../protocol/version";
import type { Cause } from "./sentences/cause";
import { readLocalKey } from "../local-key";
import { variableIn } from "../variable";

/** Settings as a person entered them. */
export interface EnteredSettings {
  readonly deviceId: string;
  readonly localKey: string;
  /** Address or host name; "" = none is entered. */
  readonly ip: string;
  readonly port?: number | undefined;
  /** A protocol version or "auto"; anything else is an error. */
  readonly version: string;
  readonly cid?: string | undefined;
}

/** The key to use, or why the settings cannot be used. */
export type JudgedSettings =
  | { readonly cause: Cause }
  /** `hint`: something is odd, but not impossible. */
  | { readonly localKey: Buffer; readonly hint: string | undefined };

/** Checks settings before anything is sent. */
export function judgeSettings(entered: EnteredSettings): JudgedSettings {
  const { deviceId, port, version } = entered;
  const variable = unsetVariable(entered);
  if (variable) return { cause: variable };
  if (areSwapped(entered)) return { cause: { cause: "swapped" } };
  if (deviceId === "") return { cause: { cause: "no-id" } };
  if (port !== undefined && !isPort(port)) return { cause: { cause: "bad-port" } };
  if (version !== "auto" && !isProtocolVersion(version)) return { cause: { cause: "bad-version" } };
  return judgeKey(entered.localKey);
}

/**
 * Whether id and key are entered in each other's field. Ids have 20 to 22 letters and digits and keys 16 characters. If
 * they are swapped, the id must not be shown, because it is the key.
 */
export function areSwapped({ deviceId, localKey }: Pick<EnteredSettings, "deviceId" | "localKey">): boolean {
  return deviceId.length === 16 && /^[a-z0-9]{18,24}$/i.test(localKey);
}

function judgeKey(text: string): JudgedSettings {
  const reading = readLocalKey(text);
  switch (reading.kind) {
    case "empty":
      return { cause: { cause: "no-key" } };
    case "variable":
      return { cause: { cause: "variable", field: "local key", variable: reading.name } };
    case "damaged":
      return { cause: { cause: "key-damaged", damage: reading.damage, length: reading.length } };
    case "length":
      return { cause: { cause: "key-length", length: reading.length } };
    case "key":
    case "unlikely": {
      const localKey = parseLocalKey(text);
      if (!localKey) return { cause: { cause: "key-characters" } };
      const hint = reading.kind === "key" ? undefined : "There is a blank in the local key, which is rare.";
      return { localKey, hint };
    }
  }
}

/** Node-RED leaves `${NAME}` as it is if there is no such variable. */
function unsetVariable({ deviceId, ip, cid = "" }: EnteredSettings): Cause | undefined {
  const fields = { "device id": deviceId, address: ip, "node id (cid)": cid };
  for (const [field, value] of Object.entries(fields)) {
    const variable = variableIn(value);
    if (variable !== undefined) return { cause: "variable", field, variable };
  }
  return undefined;
}
