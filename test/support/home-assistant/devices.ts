import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parseDataPoints } from "../../../src/datapoints/datapoint";
import { DataPointMap } from "../../../src/datapoints/datapoint-map";
import { deviceLevels } from "../../../src/mqtt/levels";
import type { MqttDevice } from "../../../src/mqtt/types";

/** A device that is to be announced, with what it is an example of. */
export interface Example {
  readonly what: string;
  readonly entries: readonly object[];
}

/** Every template there is. */
export function templateExamples(): readonly Example[] {
  return readdirSync("profiles")
    .filter((file) => file.endsWith(".json"))
    .map((file) => {
      const { datapoints } = json(path.join("profiles", file)) as { datapoints: readonly object[] };
      return { what: `template ${file}`, entries: datapoints };
    });
}

/** Every device in the example flows. */
export function flowExamples(): readonly Example[] {
  const folders = readdirSync("examples", { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return folders.flatMap(({ name: folder }) =>
    readdirSync(path.join("examples", folder)).flatMap((file) => {
      const flow = json(path.join("examples", folder, file)) as readonly Record<string, unknown>[];
      const devices = flow.filter(({ type }) => type === "tuya-device");
      return devices.map(({ name, datapoints }) => ({
        what: `${String(name)} in ${file}`,
        entries: (datapoints ?? []) as readonly object[],
      }));
    }),
  );
}

/** A house of these devices, each with an id and a level of its own. */
export function houseOf(examples: readonly Example[]): readonly MqttDevice[] {
  const named = examples.map(({ what }, index) => ({ key: `bf${index}`, id: `bf${index}`, name: what }));
  const levels = deviceLevels(named);
  return examples.map(({ what, entries }, index) => ({
    id: `bf${index}`,
    name: what,
    level: levels.get(`bf${index}`) ?? "",
    model: "Invented product",
    dataPoints: new DataPointMap(parseDataPoints(entries).dataPoints),
  }));
}

function json(file: string): unknown {
  return JSON.parse(readFileSync(file, "utf8"));
}
