import path from "node:path";
import type { Browser, Locator, Page } from "playwright-core";
import { drawn, expectFlows, hurry, loadFlows, READY } from "./editor-page";
import type { NodeRedServer } from "./node-red";
import { LOADING_MS, PATIENCE_MS } from "./patience";

/** What has to be closed before the flows behind it can be replaced. */
const DIALOGS = ".red-ui-tray, .ui-dialog:visible";

/** No step takes as long as loading the editor does: times a machine may have become slower since. */
const SLOWER = 10;

/** Where screenshots are put. Ignored by git: they are for people to look at. */
const SCREENSHOTS = "screenshots";

/** A node as the editor holds it; only what tests ask for. */
export interface EditorNode {
  readonly id: string;
  readonly type: string;
  readonly valid?: boolean;
  readonly validationErrors?: readonly string[];
  readonly outputs?: number;
  readonly credentials?: Readonly<Record<string, unknown>>;
}

/** The editor's own API, as far as tests drive it. It exists in the page only. */
interface EditorRed {
  readonly nodes: {
    node(id: string): EditorNode | null;
    dirty(): boolean;
    convertNode(node: EditorNode, credentials: boolean): object;
  };
  readonly editor: {
    edit(node: EditorNode): void;
    editConfig(property: string, type: string, id: string, prefix: string | null): void;
    validateNode(node: EditorNode): boolean;
  };
  readonly actions: { invoke(name: string): void };
  readonly sidebar: { help: { show(type: string): void } };
}

/** Functions below run in the page, where these are globals. */
declare const RED: EditorRed;

/** The Node-RED editor in a page. Records what must never happen, see `takeMishaps`. */
export class Editor {
  readonly page: Page;
  readonly #server: NodeRedServer;
  readonly #mishaps: string[] = [];
  #patienceMs = PATIENCE_MS;

  private constructor(page: Page, server: NodeRedServer) {
    this.page = page;
    this.#server = server;
  }

  /** Opens the editor in a page of its own and waits until it has loaded these flows. */
  static async open(browser: Browser, server: NodeRedServer, flows: readonly object[]): Promise<Editor> {
    const page = await browser.newPage({ viewport: { width: 1360, height: 860 }, locale: "en-US" });
    const editor = new Editor(page, server);
    editor.#watch();
    await editor.#deploy(flows);
    await editor.#load(() => page.goto(server.url));
    return editor;
  }

  /** What has gone wrong since it was last asked: script errors, failed callbacks, failed requests, those to other machines. */
  takeMishaps(): readonly string[] {
    return this.#mishaps.splice(0);
  }

  async close(): Promise<void> {
    await this.page.close();
  }

  async reload(): Promise<void> {
    await this.#load(() => this.page.reload());
  }

  /** How long to wait for one step, as fast as this machine is at the moment. */
  get patienceMs(): number {
    return this.#patienceMs;
  }

  /**
   * Replaces all flows and credentials on the server, and loads them into the editor: into the page as it is, where no
   * dialog is open. That takes a tenth of the time of a new page.
   */
  async replaceFlows(flows: readonly object[]): Promise<void> {
    if (await this.page.locator(DIALOGS).count()) return this.startAfresh(flows);
    await this.page.evaluate(expectFlows);
    await this.#deploy(flows);
    if (!(await this.page.evaluate(loadFlows))) return this.reload();
    await this.page.evaluate(drawn);
  }

  /** Replaces all flows and credentials, too, and the page by one that remembers nothing. */
  async startAfresh(flows: readonly object[]): Promise<void> {
    await this.#deploy(flows);
    await this.reload();
  }

  async #deploy(flows: readonly object[]): Promise<void> {
    // Credentials outlive a deploy that does not mention them, but not their nodes.
    await this.#post([]);
    await this.#post(flows);
  }

  async #post(flows: readonly object[]): Promise<void> {
    const response = await fetch(new URL("flows", this.#server.url), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(flows),
    });
    if (!response.ok) throw new Error(`POST /flows: ${response.status}`);
  }

  /** GET /flows, as text. */
  async flowsText(): Promise<string> {
    const response = await fetch(new URL("flows", this.#server.url));
    return response.text();
  }

  /** One node of GET /flows. */
  async deployed(id: string): Promise<Record<string, unknown>> {
    const flows = JSON.parse(await this.flowsText()) as Record<string, unknown>[];
    const node = flows.find((candidate) => candidate["id"] === id);
    if (!node) throw new Error(`No node ${id} is deployed.`);
    return node;
  }

  /** A node as the editor would deploy it now. */
  async saved(id: string): Promise<Record<string, unknown>> {
    const json = await this.page.evaluate((nodeId) => {
      const node = RED.nodes.node(nodeId);
      return node && JSON.stringify(RED.nodes.convertNode(node, false));
    }, id);
    if (json === null) throw new Error(`No node ${id}`);
    return JSON.parse(json) as Record<string, unknown>;
  }

  /** Whether there is something to deploy. */
  isDirty(): Promise<boolean> {
    return this.page.evaluate(() => RED.nodes.dirty());
  }

  /** Takes the last change back, as the user would. */
  async undo(): Promise<void> {
    await this.page.evaluate(() => RED.actions.invoke("core:undo"));
    await this.page.evaluate(drawn);
  }

  /** Why Node-RED calls a node invalid when these properties have these values. The node keeps its own. */
  async reasons(id: string, properties: Readonly<Record<string, unknown>>): Promise<readonly string[]> {
    return this.page.evaluate(
      ([nodeId, values]) => {
        const node = RED.nodes.node(nodeId);
        if (!node) throw new Error(`No node ${nodeId}`);
        const own = Object.fromEntries(Object.keys(values).map((name) => [name, Reflect.get(node, name)]));
        Object.assign(node, values);
        RED.editor.validateNode(node);
        const reasons = [...(node.validationErrors ?? [])];
        Object.assign(node, own);
        RED.editor.validateNode(node);
        return reasons;
      },
      [id, properties] as const,
    );
  }

  /** A node as the editor holds it. */
  async node(id: string): Promise<EditorNode> {
    return this.page.evaluate((nodeId) => {
      const node = RED.nodes.node(nodeId);
      if (!node) throw new Error(`No node ${nodeId}`);
      const { type, valid, validationErrors, outputs, credentials } = node;
      return JSON.parse(
        JSON.stringify({ id: nodeId, type, valid, validationErrors, outputs, credentials }),
      ) as EditorNode;
    }, id);
  }

  /** Opens the dialog of a flow node. */
  async edit(id: string): Promise<void> {
    await this.whileTraysChange(1, () =>
      this.page.evaluate((nodeId) => {
        const node = RED.nodes.node(nodeId);
        if (node) RED.editor.edit(node);
      }, id),
    );
  }

  /** Opens the dialog of a config node; of a new one without an id. */
  async editConfig(type: string, id = "_ADD_"): Promise<void> {
    await this.whileTraysChange(1, () =>
      this.page.evaluate(([nodeType, nodeId]) => RED.editor.editConfig("", nodeType, nodeId, null), [
        type,
        id,
      ] as const),
    );
  }

  /** Clicks what opens a dialog within a dialog. */
  async openNested(selector: string): Promise<void> {
    await this.whileTraysChange(1, () => this.page.click(selector));
  }

  /** Presses Done, Add or Update. */
  async ok(): Promise<void> {
    await this.whileTraysChange(-1, () => this.page.click("#node-dialog-ok, #node-config-dialog-ok"));
  }

  async cancel(): Promise<void> {
    await this.whileTraysChange(-1, () => this.page.click("#node-dialog-cancel, #node-config-dialog-cancel"));
  }

  /** Types into a field, in place of what is there, and leaves it. */
  async fill(selector: string, text: string): Promise<void> {
    const field = this.page.locator(selector);
    await field.fill(text);
    await field.blur();
  }

  /** What stands in a field. */
  value(selector: string): Promise<string> {
    return this.page.inputValue(selector);
  }

  /** Shows a tab within the dialog: clicks until it is shown, because the editor takes quick clicks for a double click. */
  async showTab(tabs: string, id: string): Promise<void> {
    const tab = this.page.locator(`${tabs} li:has(> a[href="#${id}"])`);
    const active = this.page.locator(`${tabs} li.active:has(> a[href="#${id}"])`);
    for (let clicks = 0; clicks < 10 && (await active.count()) === 0; clicks++) {
      await tab.click();
      await active.waitFor({ timeout: 200 }).catch(() => undefined);
    }
    await active.waitFor();
  }

  /** Deploys and waits until the server has answered. All nodes must be valid, or the editor asks first. */
  async deploy(): Promise<void> {
    const answer = this.page.waitForResponse(
      (response) => response.url().endsWith("/flows") && response.request().method() === "POST",
    );
    await this.page.evaluate(() => RED.actions.invoke("core:deploy-flows"));
    const response = await answer;
    if (!response.ok()) throw new Error(`Deploy: ${response.status()}`);
    await this.page.waitForFunction(() => !RED.nodes.dirty());
  }

  /** Shows the help of a node type in the sidebar; returns where it stands. */
  async showHelp(type: string): Promise<Locator> {
    await this.page.evaluate((nodeType) => RED.sidebar.help.show(nodeType), type);
    const help = this.page
      .locator(".red-ui-help", { has: this.page.locator("dl.message-properties") })
      .last();
    await help.waitFor();
    return help;
  }

  /** Texts in the open dialog, its placeholders and its tooltips that are catalogue keys nobody translated. */
  async untranslated(): Promise<readonly string[]> {
    const texts = await this.page.$$eval(".red-ui-tray *", (elements) =>
      elements.flatMap((element) => [
        ...["placeholder", "title", "aria-label", "label"].map((name) => element.getAttribute(name) ?? ""),
        ...(element.children.length === 0 ? [element.textContent] : []),
      ]),
    );
    return texts.filter((text) => /tuya-(device|in|out)[.:]|__\w+__/.test(text));
  }

  /** Puts a picture of the window, or of one element, into `screenshots/`, unless `SCREENSHOTS=0` says nobody will look. */
  async screenshot(name: string, selector?: string): Promise<void> {
    if (process.env["SCREENSHOTS"] === "0") return;
    const file = path.join(SCREENSHOTS, `${name}.png`);
    if (selector) await this.page.locator(selector).screenshot({ path: file });
    else await this.page.screenshot({ path: file });
  }

  #watch(): void {
    this.page.on("pageerror", (error) => this.#mishaps.push(`script error: ${error.message}`));
    this.page.on("console", (message) => {
      // Node-RED catches what the callbacks of a definition throw and only logs it, as it does with wires from nowhere.
      if (/^(onedit|Definition error|Validation error|Warning: node\.wires)/.test(message.text())) {
        this.#mishaps.push(`console: ${message.text()}`);
      }
    });
    const check = (address: string): void => {
      const { hostname, protocol, href } = new URL(address);
      if (hostname === "127.0.0.1" || protocol === "data:" || protocol === "blob:") return;
      this.#mishaps.push(`request to another machine: ${href}`);
    };
    this.page.on("request", (request) => check(request.url()));
    this.page.on("websocket", (socket) => check(socket.url()));
    this.page.on("response", (response) => {
      if (response.status() >= 400) this.#mishaps.push(`${response.status()}: ${response.url()}`);
    });
  }

  /** Waits until the editor stands in the page, and goes by the time that took for all steps to come. */
  async #load(go: () => Promise<unknown>): Promise<void> {
    const began = performance.now();
    this.page.setDefaultTimeout(LOADING_MS);
    await go();
    await this.page.waitForSelector("#red-ui-palette-container .red-ui-palette-node");
    await this.page.waitForSelector("#red-ui-loading-progress, .red-ui-loading-spinner", { state: "hidden" });
    await this.page.evaluate(hurry, READY);
    this.#patienceMs = Math.max(PATIENCE_MS, SLOWER * (performance.now() - began));
    this.page.setDefaultTimeout(this.#patienceMs);
  }

  /** Waits until there is one tray more, or one less, and the uppermost has slid in. */
  async whileTraysChange(difference: number, action: () => Promise<void>): Promise<void> {
    const trays = ".red-ui-tray-breadcrumbs > li";
    const before = await this.page.locator(trays).count();
    await action();
    await this.page.waitForFunction(
      ([selector, count]) => document.querySelectorAll(selector).length === count,
      [trays, before + difference] as const,
    );
    if (before + difference > 0) await this.#trayStandsStill();
    await this.page.evaluate(drawn);
  }

  async #trayStandsStill(): Promise<void> {
    await this.page.waitForFunction((ready) => {
      const tray = document.querySelector("#red-ui-editor-stack > .red-ui-tray:last-child");
      return tray?.hasAttribute(ready) && getComputedStyle(tray).right === "0px";
    }, READY);
  }
}
