import { visible } from "../protocol/foreign-text";
import { SILENT } from "../logger";
import { Examination } from "./examination";
import type { DiagnosisLine } from "./lines";
import { readLocalKey } from "../local-key";
import { AbortedError } from "./deadline";
import { DIAGNOSIS_TIMINGS } from "./timings";
import type { DiagnosisInput, DiagnosisContext } from "./input";

/**
 * Finds out whether a device works, and why not: yields each step when it is done, and last a conclusion. Takes less than
 * 15 s. Never throws. Ends without a conclusion only if `context.signal` is aborted. Leaving the loop early closes all
 * connections, too. Sends nothing that changes a device: only negotiations, queries, UPDATEDPS, heartbeats, and discovery
 * requests.
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

/** A shorter text is no key, and would occur in sentences by chance. */
const SHORTEST_SECRET = 8;

/**
 * No sentence mentions a key by itself. But names, ids and refusals are texts of others, so a key found in a sentence is
 * replaced, and so are characters that control a terminal or the direction of writing.
 */
function presenter(localKey: string): (line: DiagnosisLine) => DiagnosisLine {
  const reading = readLocalKey(localKey);
  const secrets = [localKey, ...(reading.kind === "damaged" ? [reading.key] : [])]
    .filter(({ length }) => length >= SHORTEST_SECRET)
    // Values of data points are shown as JSON, with backslashes before quotes.
    .flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)]);
  const clean = (text: string): string =>
    visible(secrets.reduce((rest, secret) => rest.replaceAll(secret, "…"), text));
  return (line) => {
    const { says, hint } = line;
    return { ...line, says: clean(says), ...(hint === undefined ? {} : { hint: clean(hint) }) };
  };
}
