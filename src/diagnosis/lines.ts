import type { ProtocolVersion } from "../protocol/version";

/** The steps of a diagnosis, in the order they are taken. One that cannot be taken any more is left out. */
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

export type DiagnosisStepName = (typeof DIAGNOSIS_STEPS)[number];

/** What a diagnosis can come to. */
export const VERDICTS = [
  /** It works. */
  "OK",
  /** Something is missing or impossible before anything is sent: id, key, port, node id. */
  "BAD_SETTINGS",
  /** No address is given, others announce themselves, this device does not. */
  "NOT_FOUND",
  /** No address is given, and nothing at all is heard. */
  "NO_UDP",
  /** Nothing answers at the address, or its name is not known. */
  "UNREACHABLE",
  /** Somebody is at the address, but does not listen on the port. */
  "PORT_CLOSED",
  /** Accepts connections and closes them at once: all places are taken. */
  "BUSY",
  /** Speaks another version than the one that is set. */
  "WRONG_VERSION",
  /** Holds another local key. Proved. */
  "WRONG_KEY",
  /** Nothing decrypts, and the protocol cannot tell which of the two is the cause. */
  "KEY_OR_VERSION",
  /** Accepts connections and never answers. */
  "SILENT",
  /** Another device lives at the address. */
  "OTHER_DEVICE",
  /** It answers, but nothing it said proves that it holds the local key. */
  "KEY_NOT_PROVEN",
  /** All is well, but it shows no data points. */
  "NO_DATA_POINTS",
] as const;

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

/** The last line of a diagnosis: the one sentence a person reads. */
export interface DiagnosisConclusion {
  readonly verdict: Verdict;
  readonly says: string;
  readonly hint: string;
  /** The version the device speaks, where that was measured. */
  readonly version?: ProtocolVersion;
  /** The address the device was found at. */
  readonly ip?: string;
  /** Data points and their present values; of the sub-device where one was asked for. */
  readonly dps?: Readonly<Record<string, unknown>>;
}

export type DiagnosisLine = DiagnosisStep | DiagnosisConclusion;

export function isConclusion(line: DiagnosisLine): line is DiagnosisConclusion {
  return "verdict" in line;
}
