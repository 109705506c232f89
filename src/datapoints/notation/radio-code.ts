/**
 * Codes of radio remotes (433 MHz), as blasters with a radio learn them: JSON such as `{"num":1,"study_feq":"433",…}`, in
 * base64 (tinytuya's RFRemoteControlDevice). An infra-red code is numbers of 16 bits and never a text.
 */

/** What to do with one. */
export const RADIO_REMEDY =
  'That is a code of a radio remote (433 MHz), not of an infra-red one. A blaster that has radio takes it as an object for ir_send: {control: "rfstudy_send", rf_type: "sub_2g", feq: 0, mode: 0, rate: 0, ver: "2", key1: {code, times: 6, delay: 0, intervals: 0, ver: "2"}} with this code.';

/** The beginning of an object in JSON, also of one that was cut off. */
const OBJECT = /^\s*\{\s*"[\x20-\x7e\s]*$/;
const RADIO_FIELD = /"(?:study_feq|feq|rf_type)"/;

/** Whether a value in a message is such a code: in base64, padded like an infra-red one, as bytes or as the JSON itself. */
export function isRadioCode(value: unknown): boolean {
  const json = jsonOf(value);
  return json !== undefined && RADIO_FIELD.test(json);
}

/** Whether a text of base64 holds an object in JSON, of whatever kind, rather than marks and spaces. */
export function holdsJson(code: string): boolean {
  return OBJECT.test(decoded(code));
}

function jsonOf(value: unknown): string | undefined {
  if (typeof value === "string") return [value, decoded(value.trim())].find((text) => OBJECT.test(text));
  if (value instanceof Uint8Array) return jsonOf(Buffer.from(value).toString("latin1"));
  if (typeof value !== "object" || value === null || !("study_feq" in value)) return undefined;
  return '"study_feq"';
}

/** The text in a code. A 1 in front is the padding of infra-red codes: base64 of an object begins otherwise. */
function decoded(code: string): string {
  return Buffer.from(code.replace(/^1/, ""), "base64").toString("latin1");
}
