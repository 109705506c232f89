import { translate } from "../base/texts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How many texts are kept at most. */
const MOST_KNOWN = 500;
/** Texts of durations by number and unit. */
const known = new Map<string, string>();

/** A duration in one unit: `12 s`, `5 min`, `3 h`, `12 d`. Texts are cached, because lists show hundreds of them. */
export function shortDuration(ms: number): string {
  const [unit, length] =
    ms < MINUTE
      ? (["s", SECOND] as const)
      : ms < HOUR
        ? (["min", MINUTE] as const)
        : ms < DAY
          ? (["h", HOUR] as const)
          : (["d", DAY] as const);
  const count = Math.max(0, Math.floor(ms / length));
  const key = `${count} ${unit}`;
  const text = known.get(key) ?? translate(`tuya-device.overview.time.${unit}`, { count });
  if (known.size < MOST_KNOWN) known.set(key, text);
  return text;
}

/**
 * A time for people, to the second: only the time of day if that is today, otherwise with day and month.
 *
 * @param time milliseconds since 1970, as `now`
 */
export function shortTime(time: number, now: number): string {
  const date = new Date(time);
  const isToday = date.toDateString() === new Date(now).toDateString();
  return date.toLocaleString(undefined, {
    ...(!isToday && { day: "2-digit", month: "2-digit" }),
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
  });
}

/** A number of bytes in the largest unit that fits, up to megabytes: `512 B`, `4.1 kB`, `12 MB`. */
export function shortBytes(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  const [value, unit] = bytes < 1_000_000 ? [bytes / 1_000, "kB"] : [bytes / 1_000_000, "MB"];
  return `${value.toFixed(value < 10 ? 1 : 0)} ${unit}`;
}
