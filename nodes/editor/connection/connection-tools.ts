import { DEFAULT_PORT } from "../../../src/limits";
import type { DataPointTable } from "../datapoints/data-point-table";
import type { DataPointTools } from "../datapoints/data-point-tools";
import { ChildrenPicker } from "./children/children-picker";
import { FindPanel } from "./find/find-panel";
import { shortId } from "../base/distinction";
import type { FoundDevice } from "./find/found-device";
import { COMPARE_ACTION } from "../base/device-select";
import { type DeviceWithCredentials, STORED } from "../base/credentials";
import { typedKey } from "./key-field";
import {
  devicesInEditor,
  findDevice,
  labelOfDevice,
  gatewayOf,
  type DeviceNode,
  type Translate,
} from "../base/red";
import { TestPanel } from "./test/test-panel";
import type { TestRequest } from "../../contract/test";

/**
 * Find, Test and the list of a gateway's sub-devices, beside the fields of the connection in the form of a `tuya-device`.
 * Only one is open at a time.
 */
export class ConnectionTools {
  readonly #form: JQuery;
  readonly #node: DeviceNode;
  readonly #translate: Translate;
  readonly #find: FindPanel;
  readonly #findButton: JQuery;
  readonly #test: TestPanel;
  readonly #children: ChildrenPicker;
  readonly #picked: JQuery;
  /** The key in the node when it was last looked at: tells a key that an import has given it since. */
  #givenKey: string | undefined;
  /** The sentence about the found device that was filled in, without that about its key; "" if there is none. */
  #pickedSays = "";

  constructor(form: JQuery, node: DeviceNode, table: DataPointTable, dataPoints: DataPointTools) {
    this.#form = form;
    this.#node = node;
    this.#givenKey = (node as DeviceWithCredentials).credentials?.localKey;
    this.#translate = (key, parameters) => node._(key, parameters);
    this.#picked = form.find(".tuya-picked");
    this.#findButton = form.find(".tuya-find-open");
    this.#find = new FindPanel({
      box: form.find(".tuya-find"),
      translate: this.#translate,
      currentId: () => this.#value("deviceId"),
      knownDevices: () => this.#knownDevices(),
      pick: (device) => this.pick(device),
      enterAddress: () => {
        this.#closeFind();
        this.#field("ip").trigger("focus");
      },
    });
    this.#findButton.on("click", () => {
      if (this.#find.isOpen) this.#closeFind();
      else this.#openFind();
    });
    this.#test = new TestPanel({
      button: form.find(".tuya-test-start"),
      box: form.find(".tuya-test"),
      translate: this.#translate,
      settings: () => this.settings(),
      useVersion: (version) => this.#set("version", version),
      useAddress: (ip) => this.#set("ip", ip),
      importKey: () => form.find(".tuya-import-open").trigger("click"),
      compareKeys: findDevice(node.id) && (() => RED.actions.invoke(COMPARE_ACTION)),
      table: {
        dataPoints: () => table.rows(),
        addDataPoints: (rows) => table.add(rows, true),
        reported: (values) => dataPoints.showValues(values),
        offer: (values, show) => dataPoints.offerFor(values, show),
      },
      started: () => {
        // Many devices accept only one connection, which the test needs.
        dataPoints.stopLearning();
        this.#closeFind();
        this.#children.close();
        this.#say("");
      },
    });
    this.#field("localKey").on("input change", () => {
      this.#test.keyChanged();
      // The sentence about the former, or missing, key does not apply any more.
      if (this.#picked.text() !== "" && this.#value("localKey") !== "") this.#say(this.#pickedSays);
    });
    for (const name of ["deviceId", "ip", "port", "version", "gateway", "cid"])
      this.#field(name).on("input change", () => this.#test.settingsChanged());
    // Import and comparison may change the key of a node while its form is open below them: the form takes it over.
    RED.events.on("nodes:change", this.#takeKey);
    this.#children = new ChildrenPicker(form, node, () => this.#test.close());
  }

  /** Closes all panels and stops listening to the editor. To be called when the form is closed. */
  end(): void {
    this.close();
    RED.events.off("nodes:change", this.#takeKey);
  }

  /** Closes all panels and ends their requests. May be called again. */
  close(): void {
    this.#closeFind();
    this.#test.close();
    this.#children.close();
    this.#say("");
  }

  /** Ends a running test; its result stays visible. */
  stopTest(): void {
    this.#test.stop();
  }

  /** The form shows that a key is stored, in place of what was typed, if the node has got another key. */
  readonly #takeKey = ({ id, credentials }: DeviceWithCredentials): void => {
    const key = credentials?.localKey;
    if (id !== this.#node.id || key === undefined || key === this.#givenKey) return;
    this.#givenKey = key;
    this.#set("localKey", STORED);
  };

  #openFind(): void {
    this.#test.close();
    this.#say("");
    this.#find.open();
    this.#findButton.attr("aria-expanded", "true");
  }

  #closeFind(): void {
    this.#find.close();
    this.#findButton.attr("aria-expanded", "false");
  }

  /** Shows a sentence below the fields; "" removes it. */
  #say(sentence: string): void {
    this.#picked.text(sentence);
  }

  /**
   * Fills in a found device, with its address: so it works at once and without announcements, and it is still followed
   * when it moves. The version stays Auto, because devices do not always announce the one they speak.
   */
  pick(device: FoundDevice): void {
    const former = this.#value("deviceId");
    const isOther = former !== device.id;
    const hasKey = this.#value("localKey") !== "";
    const isForeignKey = hasKey && isOther && former !== "";
    this.#closeFind();
    this.#set("deviceId", device.id);
    this.#set("ip", device.ip);
    if (device.port !== 0 && device.port !== DEFAULT_PORT) this.#set("port", String(device.port));
    if (isOther) this.#set("version", "auto");
    const announced = { device: shortId(device.id), version: device.version };
    this.#pickedSays = this.#translate(
      `tuya-device.find.${device.version === "" ? "pickedUnversioned" : "picked"}`,
      announced,
    );
    const sentences = [
      this.#pickedSays,
      ...(isForeignKey ? [this.#translate("tuya-device.find.foreignKey")] : []),
      ...(hasKey ? [] : [this.#translate("tuya-device.find.keyNeeded")]),
    ];
    this.#say(sentences.join(" "));
    const next = hasKey && !isForeignKey ? this.#form.find(".tuya-test-start") : this.#field("localKey");
    next.trigger("focus");
  }

  /** The settings in the form, as the server tests them. */
  settings(): TestRequest {
    const { id } = this.#node;
    const name = this.#value("name");
    const deviceId = this.#value("deviceId");
    if (this.#form.find("#tuya-device-kind").val() === "child") {
      const gateway = gatewayOf({ gateway: this.#value("gateway") });
      const kind = "child";
      return {
        id,
        kind,
        name,
        deviceId,
        ip: "",
        port: "",
        version: "auto",
        gateway,
        cid: this.#value("cid"),
      };
    }
    const localKey = typedKey(this.#field("localKey"));
    return {
      id,
      name,
      deviceId,
      ip: this.#value("ip"),
      port: this.#value("port"),
      version: this.#value("version"),
      ...(localKey === undefined ? {} : { localKey }),
    };
  }

  /** Labels of the other devices of the editor, by device id. */
  #knownDevices(): ReadonlyMap<string, string> {
    const others = devicesInEditor().filter(({ id, deviceId }) => deviceId && id !== this.#node.id);
    return new Map(others.map(({ id, deviceId }) => [deviceId, labelOfDevice(id)]));
  }

  #field(name: string): JQuery {
    return this.#form.find(`#node-config-input-${name}`);
  }

  #value(name: string): string {
    return String(this.#field(name).val() ?? "").trim();
  }

  #set(name: string, value: string): void {
    this.#field(name).val(value).trigger("change");
  }
}
