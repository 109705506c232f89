import { isBytes } from "./bytes";

/**
 * Codes of radio remotes (433 MHz), as blasters with a radio learn them: JSON such as `{"num":1,"study_feq":"433",…}`, in
 * base64 (tinytuya's RFRemoteControlDevice). An infra-red code is numbers of 16 bits and never a text.
 */

/** The sentence that says how to send a radio code. */
export const RADIO_REMEDY =
  'That is a code of a radio remote (433 MHz), not of an infra-red one. A blaster that has radio takes it as an object for ir_send: {control: "rfstudy_send", rf_type: "sub_2g", feq: 0, mode: 0, rate: 0, ver: "2", key1: {code, times: 6, delay: 0, intervals: 0, ver: "2"}} with this code.';

/** The beginning of a JSON object, which may be cut off. */
const OBJECT = /^\s*\{\s*"[\x20-\x7e\s]*$/;
const RADIO_FIELD = /"(?:study_feq|feq|rf_type)"/;

/**
 * Whether a value in a message is a radio code: in base64, also with the padding of infra-red codes, as bytes, or as
 * JSON.
 */
export function isRadioCode(value: unknown): boolean {
  const json = jsonOf(value);
  return json !== undefined && RADIO_FIELD.test(json);
}

/** Whether base64 contains a JSON object of any kind, and not marks and spaces. */
export function holdsJson(code: string): boolean {
  return OBJECT.test(decoded(code));
}

function jsonOf(value: unknown): string | undefined {
  if (typeof value === "string") return [value, decoded(value.trim())].find((text) => OBJECT.test(text));
  if (isBytes(value)) return jsonOf(Buffer.from(value).toString("latin1"));
  if (typeof value !== "object" || value === null || !("study_feq" in value)) return undefined;
  return '"study_feq"';
}

/** The text in a code. A leading 1 is the padding of infra-red codes: base64 of a JSON object never begins with it. */
function decoded(code: string): string {
  return Buffer.from(code.replace(/^1/, ""), "base64").toString("latin1");
}
