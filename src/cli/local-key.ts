import { UsageError } from "./arguments";
import type { Output } from "./terminal";

/** The part of `process.stdin` that is needed to ask a person. */
export interface Keyboard {
  readonly isTTY?: boolean | undefined;
  setRawMode?(isRaw: boolean): unknown;
  on(event: "data", listener: (chunk: Buffer | string) => void): unknown;
  off(event: "data", listener: (chunk: Buffer | string) => void): unknown;
  resume(): unknown;
  pause(): unknown;
}

/** The person pressed Ctrl-C. */
export class InterruptedError extends Error {}

/**
 * The local key: from TUYA_LOCAL_KEY, or as a person types it, without being shown. It is not checked, and may be empty.
 *
 * @throws UsageError if there is neither the variable nor a terminal; InterruptedError for Ctrl-C
 */
export async function obtainLocalKey(
  env: Readonly<Record<string, string | undefined>> = process.env,
  keyboard: Keyboard = process.stdin,
  output: Output = process.stderr,
): Promise<string> {
  const key = env["TUYA_LOCAL_KEY"];
  if (key) return key;
  if (!keyboard.isTTY)
    throw new UsageError(
      "There is no local key: set the environment variable TUYA_LOCAL_KEY, or run this in a terminal to be asked for it.",
    );
  output.write("Local key (16 characters, not shown): ");
  try {
    return await readHidden(keyboard);
  } finally {
    output.write("\n");
  }
}

const [CTRL_C, CTRL_D, BACKSPACE, CTRL_U] = ["\u0003", "\u0004", "\u007f", "\u0015"];

function readHidden(keyboard: Keyboard): Promise<string> {
  keyboard.setRawMode?.(true);
  keyboard.resume();
  let typed: string[] = [];
  return new Promise<string>((resolve, reject) => {
    const take = (chunk: Buffer | string): void => {
      for (const character of withoutPasteMarks(chunk.toString())) {
        if (character === "\r" || character === "\n" || character === CTRL_D) {
          end();
          resolve(typed.join(""));
          return;
        }
        if (character === CTRL_C) {
          end();
          reject(new InterruptedError("Interrupted."));
          return;
        }
        if (character === CTRL_U) typed = [];
        else if (character === BACKSPACE || character === "\b") typed.pop();
        else typed.push(character);
      }
    };
    const end = (): void => {
      keyboard.off("data", take);
      keyboard.setRawMode?.(false);
      keyboard.pause();
    };
    keyboard.on("data", take);
  });
}

/** Removes what some terminals put around a pasted text. */
function withoutPasteMarks(text: string): string {
  return text.replaceAll("\u001b[200~", "").replaceAll("\u001b[201~", "");
}
