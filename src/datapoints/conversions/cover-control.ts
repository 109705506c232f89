import type { Conversion } from "./conversion";
import { COVER_COMMANDS, coverCommandOf, coverWord, readCoverCommand } from "../notation/cover";
import { BOOLEAN } from "./boolean";
import { asReported } from "./reported-type";
import { describeMembers, ENUM } from "./enumeration";
import type { DpValue } from "../../protocol/dps";

/**
 * The command of a cover: "open", "close", "stop" or "continue" in messages, whatever the words of the device are. These
 * are accepted, too. If a device only knows true and false, its reports show these.
 */
export const COVER_CONTROL: Conversion = {
  decode(raw, { type, values }) {
    // A number is a command only if it is listed as one.
    const isWord = typeof raw === "string" || (typeof raw === "number" && values.length > 0);
    return type !== "Boolean" && isWord ? (coverCommandOf(String(raw), values) ?? raw) : raw;
  },
  encode(value, dataPoint, known) {
    const { type, values: members } = dataPoint;
    const isBoolean = type === "Boolean";
    const spoken = isBoolean ? true : typeof known === "number" ? String(known) : known;
    const command = readCoverCommand(value);
    const word = command && coverWord(command, members, spoken);
    if (word !== undefined) return asReported({ value: word }, known);
    const coerced = (isBoolean ? BOOLEAN : ENUM).encode(value, dataPoint, known);
    const isForeign = command !== undefined && members.length === 0;
    return "value" in coerced && !isForeign ? coerced : { expects: describeCommands(members, spoken) };
  },
};

function describeCommands(members: readonly string[], known: DpValue | undefined): string {
  const commands = COVER_COMMANDS.filter((command) => coverWord(command, members, known) !== undefined);
  return describeMembers([...new Set([...commands, ...members])]);
}
