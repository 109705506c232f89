import type { Coerced, Conversion } from "./conversion";
import { readInfraredJson, readSend, writeInfraredJson } from "../notation/infrared";
import { INFRARED_EXPECTS, readInfraredCode, withoutPadding } from "../notation/infrared-code";
import { readInfraredWords, showInfrared } from "../notation/infrared-words";
import { parseObject } from "../notation/json-text";

/**
 * What an infra-red blaster is told (`ir_send`): `{learn}` and `{send}` in messages, JSON in a text on the wire. Such a
 * text, an object of its fields (for radio, say) and a bare code are taken, too.
 */
export const INFRARED_SEND: Conversion = {
  decode(raw) {
    const command = typeof raw === "string" ? readInfraredJson(raw) : undefined;
    return command ? showInfrared(command) : raw;
  },
  encode(value) {
    if (typeof value === "string" && parseObject(value)) return { value };
    const isObject = typeof value === "object" && value !== null;
    if (isObject && "control" in value) return stringify(value);
    const command = (isObject ? readInfraredWords(value) : undefined) ?? readSend(value);
    return command
      ? { value: writeInfraredJson(command) }
      : { expects: `{learn: true}, {learn: false}, or {send: …} with ${INFRARED_EXPECTS}` };
  },
};

/** What an infra-red blaster has learned: a code as `send` takes it. */
export const INFRARED_LEARNED: Conversion = {
  decode: (raw) => (typeof raw === "string" ? withoutPadding(raw) : raw),
  encode(value) {
    const code = readInfraredCode(value);
    return code === undefined ? { expects: INFRARED_EXPECTS } : { value: code };
  },
};

function stringify(value: object): Coerced {
  try {
    return { value: JSON.stringify(value) };
  } catch {
    // Circular, or with a BigInt inside.
    return { expects: "an object that can be written as JSON" };
  }
}
