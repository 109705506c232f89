import type { Coerced, Conversion } from "./conversion";
import { readInfraredJson, readSend, writeInfraredJson } from "../notation/infrared";
import { INFRARED_EXPECTS, readInfraredCode, withoutPadding } from "../notation/infrared-code";
import { readInfraredWords, showInfrared } from "../notation/infrared-words";
import { parseObject } from "../notation/json-text";
import { isRadioCode, RADIO_REMEDY } from "../notation/radio-code";

/**
 * The command of an infra-red blaster (`ir_send`): `{learn}` or `{send}` in messages, a text with JSON on the wire. Such
 * a text, an object with its fields (for radio, for example) and a bare code are accepted, too.
 */
export const INFRARED_SEND: Conversion = {
  decode(raw) {
    const command = typeof raw === "string" ? readInfraredJson(raw) : undefined;
    return command ? showInfrared(command) : raw;
  },
  encode(value) {
    const fields = typeof value === "string" ? parseObject(value) : value;
    const isObject = typeof fields === "object" && fields !== null;
    if (isObject && isRadioSentAsInfrared(fields)) return refusal(SEND_EXPECTS, codeIn(fields));
    if (isObject && "control" in fields) return typeof value === "string" ? { value } : stringify(fields);
    if (typeof value === "string" && isObject && !isRadioCode(value)) return { value };
    const command = (isObject ? readInfraredWords(fields) : undefined) ?? readSend(value);
    return command ? { value: writeInfraredJson(command) } : refusal(SEND_EXPECTS, codeIn(value));
  },
};

const SEND_EXPECTS = `{learn: true}, {learn: false}, or {send: …} with ${INFRARED_EXPECTS}`;

/** The code in a value. */
function codeIn(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  return "send" in value ? value.send : "key1" in value ? value.key1 : value;
}

function isRadioSentAsInfrared(fields: object): boolean {
  return "control" in fields && fields.control === "send_ir" && isRadioCode(codeIn(fields));
}

function refusal(expects: string, code: unknown): Coerced {
  return isRadioCode(code) ? { expects, remedy: RADIO_REMEDY } : { expects };
}

/** What an infra-red blaster has learned: a code that `send` accepts. */
export const INFRARED_LEARNED: Conversion = {
  decode: (raw) => (typeof raw === "string" ? withoutPadding(raw) : raw),
  encode(value) {
    const code = readInfraredCode(value);
    return code === undefined ? refusal(INFRARED_EXPECTS, value) : { value: code };
  },
};

function stringify(value: object): Coerced {
  try {
    return { value: JSON.stringify(value) };
  } catch {
    // JSON cannot express it: it is circular, or contains a BigInt.
    return { expects: "an object that can be written as JSON" };
  }
}
