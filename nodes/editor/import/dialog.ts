import type { FlowNode } from "../../../src/import/flow";
import type { PlannedDevice } from "../../../src/import/plan";
import { addAction } from "../base/actions";
import { COMPARE_ACTION, IMPORT_ACTION, IMPORTED_EVENT } from "../base/device-select";
import { helpButton } from "../base/help";
import { Hearing } from "./hearing";
import { ConversionPreview, type FlowOrigin } from "./conversion-preview";
import { DevicePreview } from "./device-preview";
import { PlatformSource } from "./platform-source";
import type { Applied, Preview } from "./preview";
import type { DeviceList, ImportSource, Offer } from "./source";
import { TextSource } from "./text-source";
import { translate } from "../base/texts";
import { oldNodes, WorkspaceSource } from "./workspace-source";
import { TemplateStore } from "../datapoints/template-store";
import "../base/form.css";
import "./import.css";

/** In pixels; wide enough for all columns of the preview. */
const WIDTH = 860;

/** How the dialog was opened. */
export interface ImportContext {
  /** Fills a single new device into an open form, instead of creating a node. */
  readonly fill?: (device: PlannedDevice) => void;
  /** Called when nodes were created or changed and the dialog is closed. */
  readonly created?: () => void;
  /** Whether to compare keys of configured devices with those of the Tuya platform, instead of importing. */
  readonly isComparison?: boolean;
}

/** The dialog, while it is open. */
let open: ImportDialog | undefined;

/** Opens the dialog, unless it is open already. */
export function openImportDialog(context: ImportContext = {}): void {
  open ??= new ImportDialog(context);
}

const CATALOGUE = "@localtuya/node-red-tuya/tuya-device:tuya-device.import";

/**
 * Puts "Import Tuya devices" and "Compare keys of Tuya devices" into the editor's list of actions. Called when the script is
 * loaded.
 */
export function addImportActions(): void {
  addAction(IMPORT_ACTION, `${CATALOGUE}.action`, () => openImportDialog());
  addAction(COMPARE_ACTION, `${CATALOGUE}.platform.action`, () => openImportDialog({ isComparison: true }));
}

/** The dialog while it is open. */
class ImportDialog {
  readonly #context: ImportContext;
  readonly #form = $('<div class="tuya-form tuya-import">');
  readonly #failure = $('<div class="tuya-import-failure" role="alert">').hide();
  readonly #below = $('<div class="tuya-import-below">');
  readonly #hearing = new Hearing(() => this.#devices?.update());
  readonly #templates = new TemplateStore(translate);
  readonly #sources: ImportSource[] = [];
  #button = $();
  /** The source whose page is shown. */
  #shown: ImportSource | undefined;
  /** What is shown below the page. */
  #preview: Preview | undefined;
  /** The same, if it is a list of devices. */
  #devices: DevicePreview | undefined;
  /** The action of the button while it runs; no second one is started meanwhile. */
  #applying: Promise<Applied> | undefined;

  constructor(context: ImportContext) {
    this.#context = context;
    if (context.isComparison) {
      this.#sources.push(new PlatformSource(true));
    } else {
      this.#sources.push(new TextSource(translate), new PlatformSource());
      if (oldNodes().length > 0) this.#sources.push(new WorkspaceSource());
    }
    RED.tray.show({
      title: translate(`tuya-device.import.${context.isComparison ? "platform.compareTitle" : "title"}`),
      width: WIDTH,
      // Not the first tab, which comes before it in the page.
      focusElement: ".tuya-import-page:visible :input:visible:first",
      buttons: [
        { id: "node-dialog-cancel", text: RED._("common.label.cancel"), click: () => RED.tray.close() },
        {
          id: "node-dialog-ok",
          // Not only "primary", which is wanted for its look: Node-RED 5 presses such a button when the user clicks
          // beside the tray, and that must not import forty devices.
          class: "primary tuya-import-create",
          text: this.#nothingToDo(),
          click: () => this.#apply(),
        },
      ],
      open: (tray: JQuery) => this.#build(tray),
      close: () => this.#close(),
    });
  }

  /** Fills the open tray. */
  #build(tray: JQuery): void {
    tray.find(".red-ui-tray-body").append(this.#form);
    this.#button = tray.find("#node-dialog-ok");
    const pages = this.#sources.map(() => $('<div class="tuya-import-page">').hide());
    const tabs = $('<ul class="tuya-import-tabs">');
    const help = helpButton("tuya-device", "import");
    this.#form.append(help, tabs, ...pages, this.#failure, this.#below);
    const show = (index: number): void => {
      const source = this.#sources[index];
      const page = pages[index];
      if (!source || !page || source === this.#shown) return;
      this.#shown?.close();
      this.#shown = source;
      this.#showNothing();
      for (const other of pages) other.hide().empty().off();
      page.show();
      source.open(page, this.#offerOf(source));
    };
    if (this.#context.isComparison) {
      // Beside a sentence, because there are no tabs that the help button could be beside.
      const intro = $("<span>").text(translate("tuya-device.import.platform.compareIntro"));
      tabs.replaceWith($('<div class="tuya-import-purpose">').append(intro, help));
      show(0);
    } else {
      const bar = RED.tabs.create({
        element: tabs,
        onchange: ((tab: { index: number }) => show(tab.index)) as unknown as (id: string) => void,
      });
      this.#sources.forEach(({ title }, index) => {
        bar.addTab({ id: `tuya-import-tab-${index}`, label: title, index } as never, index);
      });
    }
    this.#showButton();
  }

  /** The tray is closed, whatever has closed it. */
  #close(): void {
    open = undefined;
    this.#hearing.close();
    this.#templates.close();
    this.#shown?.close();
    this.#applying = undefined;
    this.#preview = undefined;
    this.#devices = undefined;
  }

  /** The offer of a source. It counts only while the page of the source is shown. */
  #offerOf(source: ImportSource): Offer {
    const whileShown =
      <T extends readonly unknown[]>(act: (...what: T) => void) =>
      (...what: T): void => {
        if (source === this.#shown) act(...what);
      };
    return {
      devices: whileShown((list: DeviceList) => this.#showDevices(list)),
      flow: whileShown((flow: readonly FlowNode[]) => this.#showConversion(flow, "workspace")),
      failed: whileShown((sentence: string) => {
        this.#showNothing();
        this.#failure.text(sentence).show();
      }),
      nothing: whileShown(() => this.#showNothing()),
    };
  }

  #showNothing(): void {
    this.#show(undefined);
  }

  #showDevices(list: DeviceList): void {
    const preview = new DevicePreview(list, {
      heard: this.#hearing.devices,
      templates: this.#templates,
      fill: this.#context.fill,
      changed: () => this.#showButton(),
      created: (nodeIds) => {
        RED.events.emit(IMPORTED_EVENT, nodeIds);
        this.#context.created?.();
      },
    });
    this.#show(preview);
    this.#devices = preview;
    if (list.flow && oldNodes(list.flow).length > 0) this.#offerConversion(list.flow);
  }

  /** Lets the user choose what to do with a pasted flow of the other package: import its devices, or convert it. */
  #offerConversion(flow: readonly FlowNode[]): void {
    const button = $('<button type="button" class="red-ui-button red-ui-button-small">')
      .text(translate("tuya-device.import.conversion.offerButton"))
      .on("click", () => this.#showConversion(flow, "pasted"));
    $('<div class="tuya-import-offer">')
      .append($("<span>").text(translate("tuya-device.import.conversion.offer")), " ", button)
      .prependTo(this.#below);
  }

  #showConversion(flow: readonly FlowNode[], origin: FlowOrigin): void {
    this.#show(new ConversionPreview(flow, origin, () => this.#showButton()));
  }

  /** Shows this preview in place of the one before. */
  #show(preview: Preview | undefined): void {
    this.#preview = preview;
    this.#applying = undefined;
    this.#devices = undefined;
    this.#failure.hide();
    this.#below.empty();
    if (preview) this.#below.append(preview.element);
    this.#showButton();
    if (preview) this.#keepFocus();
  }

  /** Sets the focus if the focused element was hidden: without a focus, keyboard shortcuts do nothing. */
  #keepFocus(): void {
    const isLost = $(document.activeElement ?? document.body).is("body, :hidden");
    if (isLost) this.#below.find("input:enabled").first().trigger("focus");
  }

  #showButton(): void {
    const action = this.#preview?.action();
    this.#button
      .text(action ?? this.#nothingToDo())
      .toggleClass("disabled", action === undefined)
      .attr("aria-disabled", String(action === undefined));
  }

  /** The text of the button while there is nothing to do. */
  #nothingToDo(): string {
    return translate(`tuya-device.import.${this.#context.isComparison ? "update" : "create"}None`);
  }

  #apply(): void {
    const preview = this.#preview;
    if (preview?.action() === undefined || this.#applying) return;
    const applied = preview.apply();
    if (!(applied instanceof Promise)) return this.#finish(applied);
    this.#applying = applied;
    const isWaiting = (): boolean => this.#applying === applied;
    applied.then(
      (done) => {
        if (isWaiting()) this.#finish(done);
      },
      (error: unknown) => {
        if (!isWaiting()) return;
        this.#applying = undefined;
        this.#failure.text(error instanceof Error ? error.message : String(error)).show();
      },
    );
  }

  #finish({ says, afterwards }: Applied): void {
    RED.tray.close(() => afterwards?.());
    if (says !== "") RED.notify($("<p>").text(says).prop("outerHTML") as string, "success");
  }
}
