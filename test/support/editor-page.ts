// Functions that run in the page of the editor: Playwright hands over their text, so they can use nothing from outside.

/** The part of Node-RED's editor that is used here. It exists in the page only. */
interface PageRed {
  readonly tray: Record<"show" | "close", (options?: { show?: () => void }) => void>;
  readonly comms: {
    subscribe(topic: string, callback: (topic: string, data: { revision: string }) => void): void;
    unsubscribe(topic: string, callback: () => void): void;
  };
  readonly history: { clear(): void };
  readonly nodes: {
    version(revision: string | null): void;
    clear(): void;
    import(nodes: readonly object[]): void;
    dirty(is: boolean): void;
    getWorkspaceOrder(): readonly string[];
  };
  readonly view: { redraw(everything: boolean): void };
  readonly workspaces: { active(): string | 0; show(id: string): void };
  readonly sidebar: { info: { refresh(): void } };
  readonly events: { emit(event: string): void };
}

declare const RED: PageRed;
declare const jQuery: { readonly fx: { off: boolean } };

/** A tray that has slid in, and been given the focus, has this attribute. */
export const READY = "data-is-ready";

/**
 * What slides and fades is there at once: no transitions, no animations of jQuery, and the timers by which trays wait for
 * their transition are due at once. They fire in their order all the same. The timers of forms keep their time.
 */
export function hurry(ready: string): void {
  const LONGEST_MS = 300;
  document.head.insertAdjacentHTML(
    "beforeend",
    "<style>*, ::before, ::after { transition: none !important; animation: none !important }</style>",
  );
  jQuery.fx.off = true;

  // Not the one of this moment: a test may install a clock of its own.
  let wait: (act: () => void, ms: number) => number;
  const within = (act: () => void): void => {
    const { setTimeout: current } = window as {
      setTimeout: (this: void, act: () => void, ms: number) => number;
    };
    if (current === hurried) return act();
    wait = current;
    Reflect.set(window, "setTimeout", hurried);
    try {
      act();
    } finally {
      Reflect.set(window, "setTimeout", current);
    }
  };
  const hurried = (act: (...args: unknown[]) => void, ms = 0, ...args: unknown[]): number =>
    ms > LONGEST_MS ? wait(() => act(...args), ms) : wait(() => within(() => act(...args)), 0);

  const { show, close } = RED.tray;
  RED.tray.show = (options) => {
    const shown = options?.show;
    if (options)
      options.show = () => {
        shown?.();
        document.querySelector("#red-ui-editor-stack > .red-ui-tray:last-child")?.setAttribute(ready, "");
      };
    within(() => show(options));
  };
  RED.tray.close = (options) => within(() => close(options));
}

/**
 * Resolves when what has changed so far is drawn: sizes of nodes and groups, ports and trays follow in the next frame. One
 * more, because the editor puts off what it was to draw whenever something else is to be drawn, too.
 */
export function drawn(): Promise<void> {
  return new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve())));
}

/** Has the editor hold no opinion about what is deployed, until `loadFlows`. */
export function expectFlows(): void {
  RED.nodes.version(null);
  if (Reflect.has(window, "revisions")) return;
  const revisions: string[] = [];
  RED.comms.subscribe("notification/runtime-deploy", (_topic, { revision }) => revisions.push(revision));
  Object.assign(window, { revisions });
}

/** Loads what is deployed, as the editor does when another project is opened. false = it has not heard of the deployment. */
export async function loadFlows(): Promise<boolean> {
  const answer = await fetch("flows", { headers: { "node-red-api-version": "v2" } });
  const { flows, rev } = (await answer.json()) as { flows: object[]; rev: string };
  const revisions = Reflect.get(window, "revisions") as string[];
  // It would tell the user of a deployment that it hears of later.
  for (let i = 0; !revisions.includes(rev); i++) {
    if (i > 200) return false;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  RED.nodes.clear();
  RED.history.clear();
  RED.nodes.version(rev);
  RED.nodes.import(flows);
  RED.nodes.dirty(false);
  RED.view.redraw(true);
  const [first] = RED.nodes.getWorkspaceOrder();
  if (RED.workspaces.active() === 0 && first !== undefined) RED.workspaces.show(first);
  RED.events.emit("flows:loaded");
  RED.sidebar.info.refresh();
  // Statuses that were shown before there were nodes to show them under are sent again to whoever subscribes.
  const ignore = (): void => undefined;
  RED.comms.subscribe("status/#", ignore);
  RED.comms.unsubscribe("status/#", ignore);
  return true;
}
