import { TuyaError } from "../errors";
import { foreignText } from "../protocol/foreign-text";
import { readRefusal } from "../protocol/refusal";
import { dialectOf, type ProtocolVersion } from "../protocol/version";

/** A device that refuses to be read. */
export interface RefusedReading {
  /** The text it refuses with. */
  readonly refusal: string;
  /** The version it is spoken to in. */
  readonly version: ProtocolVersion;
  /** Whether it is marked as device22. */
  readonly isDevice22: boolean;
  /** Whether the version was found out, and not set by the user. */
  readonly isVersionMeasured: boolean;
}

/** What the settings of a device say about a refusal. */
export function readingSettings({
  version,
  device22Dps = [],
}: {
  readonly version: ProtocolVersion | "auto";
  readonly device22Dps?: readonly string[] | undefined;
}): Pick<RefusedReading, "isDevice22" | "isVersionMeasured"> {
  return { isDevice22: device22Dps.length > 0, isVersionMeasured: version === "auto" };
}

/** The error of a connected device that refuses to be read: why its values are not known, and what may help. */
export function refusedReadingError(name: string, reading: RefusedReading): TuyaError {
  const text = foreignText(reading.refusal);
  return new TuyaError(
    "REJECTED",
    `${name} is connected, but cannot be read: it refuses ("${text}"). ${refusedReadingAdvice(reading)}`,
  );
}

/** What may help where a device refuses to be read. */
export function refusedReadingAdvice(reading: RefusedReading): string {
  const { refusal, version, isDevice22, isVersionMeasured } = reading;
  if (readRefusal(refusal) === "unreadable")
    return isVersionMeasured
      ? "Fetch the key again: it changes each time a device is paired."
      : "Set the version to Auto; if that does not help, fetch the key again.";
  const knowsDevice22 = !isDevice22 && dialectOf(version, { device22: true }).queriesWithNulls;
  const advice = knowsDevice22
    ? "mark it as device22 and list its data points, unless it is a gateway."
    : `${isVersionMeasured ? "" : "set the version to Auto, and "}check that it is no gateway.`;
  return `Its values come when they change. If they do not, ${advice}`;
}
