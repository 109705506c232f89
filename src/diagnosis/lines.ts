import type { ProtocolVersion } from "../protocol/version";

/** The steps of a diagnosis, in their order. Steps after a failure that makes them impossible are left out. */
export const DIAGNOSIS_STEPS = [
  "settings",
  "address",
  "tcp",
  "version",
  "key",
  "identity",
  "datapoints",
  "heartbeat",
] as const;

/** One of `DIAGNOSIS_STEPS`. */
export type DiagnosisStepName = (typeof DIAGNOSIS_STEPS)[number];

/** The possible results of a diagnosis. */
export const VERDICTS = [
  /** It works. */
  "OK",
  /** Something is missing or impossible before anything is sent: id, key, port, node id. */
  "BAD_SETTINGS",
  /** No address is given, and other devices announce themselves, but this one does not. */
  "NOT_FOUND",
  /** No address is given, and nothing at all is heard. */
  "NO_UDP",
  /** Nothing answers at the address, or its name is not known. */
  "UNREACHABLE",
  /** The address answers, but does not listen on the port. */
  "PORT_CLOSED",
  /** Accepts connections and closes them at once: all places are taken. */
  "BUSY",
  /** Speaks another version than the configured one. */
  "WRONG_VERSION",
  /** Has another local key. This is proved. */
  "WRONG_KEY",
  /** Nothing decrypts: the key or the version is wrong, and the protocol cannot tell which. */
  "KEY_OR_VERSION",
  /** Accepts connections and never answers. */
  "SILENT",
  /** Another device is at the address. */
  "OTHER_DEVICE",
  /** It answers, but nothing it sent proves that it has the local key. */
  "KEY_NOT_PROVEN",
  /** Everything works, but it reports no data points. */
  "NO_DATA_POINTS",
] as const;

/** One of `VERDICTS`. */
export type Verdict = (typeof VERDICTS)[number];

/** One step, done. */
export interface DiagnosisStep {
  readonly step: DiagnosisStepName;
  readonly ok: boolean;
  /** How long it took, in milliseconds. */
  readonly ms: number;
  /** One sentence for a person. Never contains a key. */
  readonly says: string;
  /** What to do about it, or what else to know. */
  readonly hint?: string;
}

/** The last line of a diagnosis: the result. */
export interface DiagnosisConclusion {
  readonly verdict: Verdict;
  /** One sentence for a person. Never contains a key. */
  readonly says: string;
  /** What to do. */
  readonly hint: string;
  /** The version the device speaks, where that was measured. */
  readonly version?: ProtocolVersion;
  /** The address the device was found at. */
  readonly ip?: string;
  /** Data points and their present values; of the sub-device where one was asked for. */
  readonly dps?: Readonly<Record<string, unknown>>;
}

/** What a diagnosis yields: its steps, and last the conclusion. */
export type DiagnosisLine = DiagnosisStep | DiagnosisConclusion;

/** Whether this line is the conclusion, which is the last one. */
export function isConclusion(line: DiagnosisLine): line is DiagnosisConclusion {
  return "verdict" in line;
}
