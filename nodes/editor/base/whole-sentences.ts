/** The parts of a message in the debug side bar that are needed. */
interface DebugMessage {
  /** Type of the node that reported something; absent in what a Debug node shows. */
  readonly type?: string;
  /** Node-RED's number for the level. */
  readonly level?: number;
  readonly msg?: unknown;
}

/** The argument of the hook for a shown message. */
interface ShownMessage {
  readonly message: DebugMessage;
  /** The element of the message. */
  readonly element: JQuery;
}

/** Node-RED's editor hooks, which its types lack. */
interface Hooks {
  add(name: string, handler: (shown: ShownMessage) => void): void;
  remove(name: string): void;
}

const HOOK = "debugPostProcessMessage.tuya";

/** Node-RED's numbers for errors and warnings. */
const TOLD: readonly unknown[] = [20, 30];

/**
 * Makes the debug side bar show errors and warnings of our nodes as whole sentences: it cuts texts after 80 characters.
 * Does nothing before Node-RED 4.1, which has no such hook. Called when the script is loaded.
 */
export function showWholeSentences(): void {
  const { hooks } = RED as unknown as { readonly hooks?: Hooks };
  // If the node type was disabled and enabled again, there is the hook of an earlier script.
  hooks?.remove(HOOK);
  hooks?.add(HOOK, ({ message: { type, level, msg }, element }) => {
    if (!type?.startsWith("tuya-") || !TOLD.includes(level) || typeof msg !== "string") return;
    const text = element.find(".red-ui-debug-msg-payload > .red-ui-debug-msg-element");
    text.find(".red-ui-debug-msg-object-handle").remove();
    text.find(".red-ui-debug-msg-object-header").text(msg).css("white-space", "pre-wrap");
  });
}
