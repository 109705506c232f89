import { visible } from "../protocol/foreign-text";
import { SILENT } from "../logger";
import { Examination } from "./examination";
import type { DiagnosisLine } from "./lines";
import { readLocalKey } from "../local-key";
import { AbortedError } from "./deadline";
import { DIAGNOSIS_TIMINGS } from "./timings";
import type { DiagnosisInput, DiagnosisContext } from "./input";

/**
 * Finds out why a device does not work, or that it does: tells each step as it finishes, and last a conclusion. Takes
 * less than 15 s. Never throws, and ends without a conclusion only where it is aborted; leaving the loop early closes
 * everything, too. Sends nothing but what reads: negotiations, queries, UPDATEDPS, heartbeats, and discovery requests.
 */
export async function* diagnose(
  input: DiagnosisInput,
  context: DiagnosisContext = {},
): AsyncGenerator<DiagnosisLine, void, void> {
  const logger = context.logger ?? SILENT;
  const timings = { ...DIAGNOSIS_TIMINGS, ...context.timings };
  const examination = new Examination(input, context, timings, logger);
  const presentable = presenter(input.localKey);
  try {
    for await (const line of examination.run()) yield presentable(line);
  } catch (error) {
    if (error instanceof AbortedError) return;
    logger.error(`A diagnosis broke off: ${error instanceof Error ? error.stack : String(error)}`);
    yield presentable(examination.brokenOff());
  } finally {
    await examination.close();
  }
}

/** Below this a text is too short to be a key, and occurs by chance. */
const SHORTEST_SECRET = 8;

/**
 * No sentence mentions a key; but names, ids and refusals are texts of others, so whatever a key is found in is blotted
 * out, as are characters that control a terminal or the direction of writing.
 */
function presenter(localKey: string): (line: DiagnosisLine) => DiagnosisLine {
  const reading = readLocalKey(localKey);
  const secrets = [localKey, ...(reading.kind === "damaged" ? [reading.key] : [])].filter(
    ({ length }) => length >= SHORTEST_SECRET,
  );
  const clean = (text: string): string =>
    visible(secrets.reduce((rest, secret) => rest.replaceAll(secret, "…"), text));
  return (line) => {
    const { says, hint } = line;
    return { ...line, says: clean(says), ...(hint === undefined ? {} : { hint: clean(hint) }) };
  };
}
