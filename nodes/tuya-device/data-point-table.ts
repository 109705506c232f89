import { parseDataPoints } from "../../src/datapoints/datapoint";
import { DataPointMap } from "../../src/datapoints/datapoint-map";

/** The data points of a device as its node lists them. */
export interface DataPointTable {
  readonly dataPoints: DataPointMap;
  /** A sentence for every entry that was left out or changed. */
  readonly problems: readonly string[];
}

/** Tables by the text of their list; what is in them lives as long as a device has them. */
const tables = new Map<
  string,
  { readonly map: WeakRef<DataPointMap>; readonly problems: readonly string[] }
>();
const endings = new FinalizationRegistry<string>((text) => {
  // Meanwhile the list may have been read again.
  if (!tables.get(text)?.map.deref()) tables.delete(text);
});

/** Reads the list of a node. Equal lists have one table: forty plugs of a kind need no more memory for it than one. */
export function dataPointTable(list: unknown): DataPointTable {
  const text = JSON.stringify(list) ?? "";
  const known = tables.get(text);
  const map = known?.map.deref();
  if (known && map) return { dataPoints: map, problems: known.problems };
  const { dataPoints: parsed, problems } = parseDataPoints(list);
  const dataPoints = new DataPointMap(parsed);
  tables.set(text, { map: new WeakRef(dataPoints), problems });
  endings.register(dataPoints, text);
  return { dataPoints, problems };
}
