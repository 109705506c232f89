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
  /**
   * It works, and shows data points; a gateway with sub-devices need not. Of a sub-device: its gateway works, and knows
   * values of it.
   */
  "OK",
  /** A setting is missing or impossible; nothing was sent. */
  "BAD_SETTINGS",
  /**
   * No address is given, and other devices announce themselves, but this one does not, or only from a link-local address.
   * Of a sub-device: its gateway does not know it.
   */
  "NOT_FOUND",
  /** No address is given, and nothing at all is heard. */
  "NO_UDP",
  /** Nothing answers at the address, or its name is not known. Of a sub-device: its gateway says that it is offline. */
  "UNREACHABLE",
  /** The address answers, but does not listen on the port. */
  "PORT_CLOSED",
  /** Accepts connections and closes them at once: all places are taken. */
  "BUSY",
  /** Speaks another version than the configured one. */
  "WRONG_VERSION",
  /** Has another local key. This is certain. */
  "WRONG_KEY",
  /** Nothing decrypts: the key or the version is wrong, and the protocol cannot tell which. */
  "KEY_OR_VERSION",
  /** Accepts connections, but never answers, or breaks them off. Also if a fault of this package ended the test. */
  "SILENT",
  /** Another device is at the address, or something that is no Tuya device. */
  "OTHER_DEVICE",
  /** It answers, but nothing it sent proves that it has the local key. */
  "KEY_NOT_PROVEN",
  /** It answers, but shows no data points: it refuses, or has none to show. */
  "NO_DATA_POINTS",
] as const;

/** One of `VERDICTS`. */
export type Verdict = (typeof VERDICTS)[number];

/** One step, done. */
export interface DiagnosisStep {
  readonly step: DiagnosisStepName;
  readonly ok: boolean;
  /** How long it took, in whole milliseconds. */
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
  /** The version the device speaks, if it is known; "3.1" if it may be 3.1 or 3.2 as well. */
  readonly version?: ProtocolVersion;
  /**
   * The address of the device, if it is known: where it answers, or announces itself. Not a link-local one from which it
   * only announces itself: that does not last.
   */
  readonly ip?: string;
  /** Data points by number and their raw values, as JSON; of the sub-device if one is tested. Never empty. */
  readonly dps?: Readonly<Record<string, unknown>>;
}

/** What a diagnosis yields: its steps, and last the conclusion. */
export type DiagnosisLine = DiagnosisStep | DiagnosisConclusion;

/** Whether this line is the conclusion, which is the last one. */
export function isConclusion(line: DiagnosisLine): line is DiagnosisConclusion {
  return "verdict" in line;
}
