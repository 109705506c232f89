/** Of a message of the debug side bar, what a look at it takes. */
interface DebugMessage {
  /** Type of the node that reported something; absent in what a Debug node shows. */
  readonly type?: string;
  /** Node-RED's number. */
  readonly level?: number;
  readonly msg?: unknown;
}

/** What the hook is handed once a message stands in the side bar. */
interface ShownMessage {
  readonly message: DebugMessage;
  /** The message as it stands there. */
  readonly element: JQuery;
}

/** Node-RED's editor hooks; its types do not know them. */
interface Hooks {
  add(name: string, handler: (shown: ShownMessage) => void): void;
  remove(name: string): void;
}

const HOOK = "debugPostProcessMessage.tuya";

/** Levels of errors and warnings. */
const TOLD: readonly unknown[] = [20, 30];

/**
 * Has the debug side bar show the errors and warnings of our nodes as whole sentences, where it would cut a text after 80
 * characters. Does nothing in a Node-RED before 4.1, which does not ask.
 */
export function showWholeSentences(): void {
  const { hooks } = RED as unknown as { readonly hooks?: Hooks };
  // Where the node type was switched off and on again, there is one whose script has ended.
  hooks?.remove(HOOK);
  hooks?.add(HOOK, ({ message: { type, level, msg }, element }) => {
    if (!type?.startsWith("tuya-") || !TOLD.includes(level) || typeof msg !== "string") return;
    const text = element.find(".red-ui-debug-msg-payload > .red-ui-debug-msg-element");
    text.find(".red-ui-debug-msg-object-handle").remove();
    text.find(".red-ui-debug-msg-object-header").text(msg).css("white-space", "pre-wrap");
  });
}
