import { isDeepStrictEqual } from "node:util";
import type { Dps } from "../../src/protocol/dps";
import { PROTOCOL_VERSIONS } from "../../src/protocol/version";
import { type Setting, Stage, type Told } from "./command-stage";
import { FAILURE_POINTS, type FailurePoint } from "./failure-points";

/** What the flow was told of one command, and what the device did. */
export interface Played {
  readonly point: FailurePoint;
  readonly setting: Setting;
  readonly told: Told;
  /** `told`, in short. */
  readonly verdict: string;
  /** Whether the device has the values that were asked for. */
  readonly isObeyed: boolean;
  /** How often the command reached the device. */
  readonly arrived: number;
}

const SETTINGS: readonly Setting[] = PROTOCOL_VERSIONS.flatMap((version) =>
  (["fail", "queue"] as const).flatMap((offline) =>
    (["ack", "report"] as const).map((confirm): Setting => ({ version, offline, confirm })),
  ),
);

/** Plays one point of failure with every version and every way in which a tuya-out can be set up, all at once. */
export function playAll(point: FailurePoint): Promise<readonly Played[]> {
  return Promise.all(SETTINGS.map((setting) => play(point, setting)));
}

async function play(point: FailurePoint, setting: Setting): Promise<Played> {
  const { options, asked = { "2": 5 }, play: act } = point;
  const stage = await Stage.set(setting, options);
  try {
    let before = 0;
    const command = (): Promise<Told> => {
      before = stage.arrived.length;
      // By force: what a device makes of a value that does not fit is up to the device here.
      return stage.tell({ payload: { dps: asked }, force: true }, setting);
    };
    const told = await (act ? act(stage, command) : command());
    const wanted = `"dps":${JSON.stringify(asked)}`;
    const values = stage.virtual.values();
    return {
      point,
      setting,
      told,
      verdict: verdictOf(told),
      isObeyed: isWithin(asked, values),
      arrived: stage.arrived.slice(before).filter((body) => body.includes(wanted)).length,
    };
  } finally {
    await stage.clear();
  }
}

function verdictOf({ outcome, sentence }: Told): string {
  if (outcome !== "OFFLINE") return outcome;
  if (/nothing was sent/.test(sentence)) return "OFFLINE, not sent";
  return /may or may not/.test(sentence) ? "OFFLINE, perhaps sent" : "OFFLINE";
}

/** Whether values contain these. */
export function isWithin(dps: Dps, values: Dps): boolean {
  return Object.entries(dps).every(([dp, value]) => isDeepStrictEqual(values[dp], value));
}

/** Plays all points, one after the other. */
export async function playMatrix(): Promise<readonly (readonly Played[])[]> {
  const rows: (readonly Played[])[] = [];
  for (const point of FAILURE_POINTS) rows.push(await playAll(point));
  return rows;
}

/** The matrix as a table in Markdown, as Prettier writes it. */
export function tableOf(rows: readonly (readonly Played[])[]): string {
  const head = ["The device …", "Obeyed", "`ack`: the flow is told", "`report`: the flow is told"];
  const body = rows.map((played) => {
    const told = (confirm: string): string =>
      cell(
        played.filter(({ setting }) => setting.confirm === confirm),
        ({ verdict }) => verdict,
      );
    return [
      played[0]!.point.name,
      cell(played, ({ isObeyed }) => (isObeyed ? "yes" : "no")),
      told("ack"),
      told("report"),
    ];
  });
  const widths = head.map((_, column) => Math.max(...[head, ...body].map((row) => row[column]!.length)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((text, column) => text.padEnd(widths[column]!)).join(" | ")} |`;
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  return [line(head), rule, ...body.map(line)].join("\n");
}

/** What all of them have in common; otherwise what it is by the setting that makes the difference. */
function cell(played: readonly Played[], show: (one: Played) => string): string {
  const shown = new Set(played.map(show));
  const [only] = shown;
  if (shown.size === 1) return only!;
  const byOffline = (["fail", "queue"] as const).map((offline) => {
    const own = new Set(played.filter(({ setting }) => setting.offline === offline).map(show));
    return own.size === 1 ? `${[...own][0]} (${offline})` : undefined;
  });
  if (!byOffline.includes(undefined)) return byOffline.join(", ");
  return [...shown]
    .map((text) => {
      const versions = new Set(
        played.filter((one) => show(one) === text).map(({ setting }) => setting.version),
      );
      return `${text} (${[...versions].join(", ")})`;
    })
    .join("; ");
}
