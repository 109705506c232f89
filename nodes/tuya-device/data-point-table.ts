import { parseDataPoints } from "../../src/datapoints/datapoint";
import { DataPointMap } from "../../src/datapoints/datapoint-map";

/** The table of data points of a node. */
export interface DataPointTable {
  readonly dataPoints: DataPointMap;
  /** A sentence for each entry that was left out or changed. */
  readonly problems: readonly string[];
}

/** Tables by the text of their list. Weak: a table is forgotten when no device uses it. */
const tables = new Map<
  string,
  { readonly map: WeakRef<DataPointMap>; readonly problems: readonly string[] }
>();
const endings = new FinalizationRegistry<string>((text) => {
  // The list may have been read again meanwhile.
  if (!tables.get(text)?.map.deref()) tables.delete(text);
});

/** Reads the list of a node. Equal lists share one table: forty plugs of the same kind need no more memory than one. */
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
