import type { TuyaDevice } from "../device/types";
import type { Discovery } from "../discovery/discovery";
import { type Logger, SILENT } from "../logger";
import { visible } from "../protocol/foreign-text";
import type { ProtocolVersion } from "../protocol/version";
import { Examination } from "./examination";
import type { DiagnosisLine } from "./lines";
import { readLocalKey } from "../local-key";
import type { Resolve } from "./address/locate";
import { AbortedError } from "./deadline";
import { DIAGNOSIS_TIMINGS, type DiagnosisTimings } from "./timings";

/** The settings to judge, as a person entered them. */
export interface DiagnosisInput {
  /** Tuya device id; with `cid` the gateway's. */
  readonly deviceId: string;
  /** As entered, damaged or not; with `cid` the gateway's. */
  readonly localKey: string;
  /** Address or host name; "" = wherever the device announces itself. */
  readonly ip: string;
  /** TCP port; default 6668. */
  readonly port?: number | undefined;
  readonly version: ProtocolVersion | "auto";
  /** Display name, for sentences. */
  readonly name?: string | undefined;
  /** Node id of a sub-device: the gateway is tested, then the sub-device is queried. */
  readonly cid?: string | undefined;
  /** Data points to ask for with nulls, for devices that refuse a normal query. */
  readonly device22Dps?: readonly string[] | undefined;
}

/** What a diagnosis may use besides. */
export interface DiagnosisContext {
  /** Open and listening; absent = no announcements can be heard. */
  readonly discovery?: Discovery | undefined;
  /** The device of this id in this process, if there is one. Where it is connected, it is used instead of a new connection. */
  readonly running?: TuyaDevice | undefined;
  /** Display names of configured devices by id, to name a stranger. */
  readonly knownNames?: ReadonlyMap<string, string> | undefined;
  /** Ends the diagnosis: nothing more is said, everything is closed. */
  readonly signal?: AbortSignal | undefined;
  readonly timings?: Partial<DiagnosisTimings> | undefined;
  readonly logger?: Logger | undefined;
  /** Resolves host names; default: the system's way. */
  readonly resolve?: Resolve | undefined;
}

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
