import type { DiagnosisConclusion, DiagnosisStep } from "../../../../src/diagnosis/lines";
import { copyText } from "../../base/clipboard";
import { devicesInEditor, type Translate } from "../../base/red";
import { reportText } from "./test-report";
import type { TestRequest } from "../../../contract/test";

/** A test that has ended. */
export interface FinishedTest {
  readonly settings: TestRequest;
  readonly steps: readonly DiagnosisStep[];
  readonly conclusion: DiagnosisConclusion;
}

/** The report of a test in a text box, where it can be changed before it is copied. */
export class ReportBox {
  readonly element = $('<div class="tuya-report">').hide();
  readonly #translate: Translate;

  constructor(translate: Translate) {
    this.#translate = translate;
  }

  /** Shows the report of this test; hides the box if it is shown. */
  toggle({ settings, steps, conclusion }: FinishedTest): void {
    const { name, deviceId, cid, version, ip, localKey } = settings;
    this.toggleText(
      reportText({
        nodeRed: String(RED.settings.get("version", "")),
        version,
        hasAddress: ip !== "",
        isChild: cid !== undefined,
        steps,
        conclusion,
        ids: [deviceId, cid ?? ""],
        devices: [{ name, id: cid || deviceId }, ...namedBeside(settings.gateway, steps, conclusion)],
        secrets: localKey === undefined ? [] : [localKey],
      }),
    );
  }

  /** Shows this text, which is redacted already; hides the box if it is shown. */
  toggleText(text: string): void {
    if (this.element.is(":visible")) {
      this.element.hide().empty();
      return;
    }
    const translate = this.#translate;
    // Some lines need two.
    const area = $('<textarea spellcheck="false">')
      .val(text)
      .attr("rows", text.split("\n").length + 3);
    area.attr("aria-label", translate("tuya-device.report.open"));
    const copy = $('<button type="button" class="red-ui-button red-ui-button-small">')
      .text(translate("tuya-device.report.copy"))
      .on("click", () => {
        if (copyText(String(area.val()))) copy.text(translate("tuya-device.report.copied"));
        else area.trigger("select");
      });
    area.on("input", () => copy.text(translate("tuya-device.report.copy")));
    const line = $("<p>").append($("<span>").text(translate("tuya-device.report.what")), " ", copy);
    this.element.empty().append(line, area).show();
    this.element.get(0)?.scrollIntoView({ block: "nearest" });
  }
}

/** Other devices named in the sentences: the gateway, and another device at the address. */
function namedBeside(
  gateway: string | undefined,
  steps: readonly DiagnosisStep[],
  { says }: DiagnosisConclusion,
): readonly { readonly name: string; readonly id: string }[] {
  const said = [...steps.map((step) => step.says), says].join("\n");
  return devicesInEditor()
    .map(({ id: nodeId, name, deviceId }) => ({ nodeId, name, id: deviceId }))
    .filter(({ nodeId, name, id }) => nodeId === gateway || said.includes(`${name} (${id})`));
}
