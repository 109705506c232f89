import type { DataPointMap } from "../../src/datapoints/datapoint-map";
import { UndecidedError } from "../../src/datapoints/friendly/change";
import type { DpValue } from "../../src/protocol/dps";
import type { ExpectedValues } from "../../src/session/requests/set-command";

/**
 * The value that a change of a data point starts from; undefined = not known. Throws `UndecidedError` if the value is not
 * certain: it is from an earlier connection, or from before a command whose result is not known.
 *
 * @param isRead whether the device was just queried, so that the value counts as certain
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
