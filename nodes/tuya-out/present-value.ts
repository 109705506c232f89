import type { DataPointMap } from "../../src/datapoints/datapoint-map";
import { UndecidedError } from "../../src/datapoints/friendly/change";
import type { DpValue } from "../../src/protocol/dps";
import type { ExpectedValues } from "../../src/session/set-command";

/**
 * What a change of a data point starts from; undefined where nothing is known. Throws `UndecidedError` where the value is
 * not certain, being that of an earlier connection or from before a command without an outcome.
 *
 * @param isRead whether the device has been asked, so that nothing more certain will come
 */
export function presentValue(
  dp: string,
  { dps, isSure }: ExpectedValues,
  dataPoints: DataPointMap,
  isRead: boolean,
): DpValue | undefined {
  if (!Object.hasOwn(dps, dp)) return undefined;
  if (isRead || isSure(dp)) return dps[dp];
  throw new UndecidedError(
    `The present value of ${dataPoints.nameOf(dp)} is not certain. Send the value itself.`,
  );
}
