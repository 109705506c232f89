import { readInfraredCode, withoutPadding } from "./infrared-code";
import type { Dps } from "../../protocol/dps";
import { parseObject } from "./json-text";

/**
 * How an infra-red blaster gets commands: as JSON in data point 201, with learned codes in 202 (`ir_send`,
 * `ir_study_code`), or in data points 1 to 13, one for each field.
 */
export type InfraredFamily = "json" | "fields";

/** A command to a blaster. Codes are base64, in the form of learned ones; `head` and `key` come from Tuya's library. */
export type InfraredCommand =
  | { readonly action: "learn" }
  | { readonly action: "stop" }
  | { readonly action: "send"; readonly code: string }
  | { readonly action: "key"; readonly head: string; readonly key: string };

/** The data point of the family "json" for commands. */
export const JSON_SEND = "201";
/** The data point of the family "json" that reports learned codes. */
export const JSON_LEARNED = "202";
/** Data points of the family "fields". */
export const FIELD = { control: "1", learned: "2", head: "3", key: "4", study: "7", type: "13" } as const;
/** The values of the control data point of the family "fields". */
export const CONTROL_WORDS: readonly unknown[] = ["send_ir", "study", "study_exit", "study_key"];

/** The data point in which a blaster reports learned codes. */
export function learnedDp(family: InfraredFamily): string {
  return family === "json" ? JSON_LEARNED : FIELD.learned;
}

/** The data point that each command contains. */
export function commandDp(family: InfraredFamily): string {
  return family === "json" ? JSON_SEND : FIELD.control;
}

/** The data points to set for a command. */
export function infraredDps(family: InfraredFamily, command: InfraredCommand): Dps {
  return family === "json" ? { [JSON_SEND]: writeInfraredJson(command) } : fieldsOf(command);
}

/** The command to send a code in any notation, or `{head, key}` of Tuya's library. */
export function readSend(value: unknown): InfraredCommand | undefined {
  const { head, key } = (typeof value === "object" && value !== null ? value : {}) as {
    readonly head?: unknown;
    readonly key?: unknown;
  };
  if (typeof head === "string" && typeof key === "string") return { action: "key", head, key };
  const code = readInfraredCode(value);
  return code === undefined ? undefined : { action: "send", code };
}

/** A command as text for data point 201. */
export function writeInfraredJson(command: InfraredCommand): string {
  return JSON.stringify(jsonOf(command));
}

/** The command in a text of data point 201. */
export function readInfraredJson(text: string): InfraredCommand | undefined {
  const { control, head, key1 } = (parseObject(text) ?? {}) as Readonly<Record<string, unknown>>;
  if (control === "study") return { action: "learn" };
  if (control === "study_exit") return { action: "stop" };
  if (control !== "send_ir" || typeof key1 !== "string") return undefined;
  const isKey = typeof head === "string" && head !== "";
  return isKey ? { action: "key", head, key: key1.slice(1) } : { action: "send", code: withoutPadding(key1) };
}

function jsonOf(command: InfraredCommand): object {
  switch (command.action) {
    case "learn":
      return { control: "study" };
    case "stop":
      return { control: "study_exit" };
    case "send":
      return { control: "send_ir", type: 0, head: "", key1: `1${withoutPadding(command.code)}` };
    case "key":
      return { control: "send_ir", type: 0, head: command.head, key1: `0${command.key}` };
  }
}

function fieldsOf(command: InfraredCommand): Dps {
  switch (command.action) {
    case "learn":
      return { [FIELD.control]: "study" };
    case "stop":
      return { [FIELD.control]: "study_exit" };
    case "send":
      return { [FIELD.control]: "study_key", [FIELD.study]: withoutPadding(command.code), [FIELD.type]: 0 };
    case "key":
      return {
        [FIELD.control]: "send_ir",
        [FIELD.head]: command.head,
        [FIELD.key]: command.key,
        [FIELD.type]: 0,
      };
  }
}
