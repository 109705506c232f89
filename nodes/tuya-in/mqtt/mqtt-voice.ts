import { totalName } from "../../../src/datapoints/accumulate";
import type { DeviceReport } from "../../../src/device/types";
import { valuePayload } from "../../../src/mqtt/payloads";
import type { SharedDevice } from "../../../src/mqtt/shared-device";
import type { DeviceTopics } from "../../../src/mqtt/topics";
import type { Json, VirtualValue } from "../../../src/mqtt/types";
import type { Dps } from "../../../src/protocol/dps";
import { type DeviceLink, originOf } from "../../link/device-link";
import type { LinkState } from "../../link/link-state";
import { FriendlyReports, type ToldReport } from "../friendly-reports";
import { ReportFlow, type ReportFlowOptions, type ReportFlowOwner } from "../report-flow";
import { isMomentary, messagesByDp, replayOf, select, type Selection } from "../report-messages";
import type { MqttMessage } from "./paced-sender";
import { Presence } from "./presence";

/** What a voice calls. */
export interface MqttListener {
  /** Messages with changed values. */
  readonly values: (messages: MqttMessage[]) => void;
  /** A message to be made and sent when its turn comes. */
  readonly offer: (what: string, make: () => MqttMessage | undefined) => void;
  /** The availability of the device has changed. */
  readonly presence: () => void;
}

/** Makes the MQTT messages of one device. */
export class MqttVoice implements ReportFlowOwner {
  readonly link: DeviceLink;
  readonly #options: ReportFlowOptions;
  readonly #listener: MqttListener;
  readonly #flow: ReportFlow;
  readonly #friendly: FriendlyReports | undefined;
  readonly #presence: Presence;
  /** The last published state of each virtual value, as JSON. */
  readonly #virtual = new Map<string, string>();
  #shared: SharedDevice | undefined;
  #key = "";

  constructor(link: DeviceLink, options: ReportFlowOptions, holdMs: number, listener: MqttListener) {
    this.link = link;
    this.#options = options;
    this.#listener = listener;
    this.#flow = new ReportFlow(options, this);
    this.#friendly = FriendlyReports.among(options.dps);
    this.#presence = new Presence(holdMs, () => this.#presenceChanged());
  }

  /** The device as it is shared; undefined if it is not shared, or another node shares it. */
  get shared(): SharedDevice | undefined {
    return this.#shared;
  }

  /** Identifies the device: `deviceKey`. */
  get key(): string {
    return this.#key;
  }

  get isOnline(): boolean {
    return this.#presence.availability === "online";
  }

  /** Shares the device like this from now on. */
  share(key: string, shared: SharedDevice | undefined): void {
    this.#key = key;
    this.#shared = shared;
    this.#virtual.clear();
    this.state(this.link.state);
  }

  state(state: LinkState): void {
    this.#presence.observe(state, Object.keys(this.#known).length > 0);
  }

  report(report: DeviceReport): void {
    const { profile } = this.link;
    // A sub-device without a node has no name, no data points and no topics.
    if (!this.#shared || report.cid !== profile.cid) return;
    const told = this.#told(report);
    this.#flow.receive(told.report, told.profile);
    this.#tellVirtual(this.#shared, report);
  }

  // ReportFlowOwner

  pass(selection: Selection): void {
    if (this.#shared) this.#listener.values(messagesOf(selection, this.#shared.topics));
  }

  /** Sends nothing any more, waiting messages included. */
  close(): void {
    this.#shared = undefined;
    this.#flow.close();
    this.#presence.close();
  }

  /** The messages about the availability of the device, if it is known. */
  presenceMessages(): MqttMessage[] {
    return [this.#availabilityMessage(), this.#connectionMessage()].flatMap((message) => message ?? []);
  }

  /** The messages with all known values that are retained. */
  valueMessages(): MqttMessage[] {
    if (!this.#shared) return [];
    const { topics, virtual, device } = this.#shared;
    const values = this.#known;
    const { report, profile } = this.#told(replayOf(values, this.link.profile.cid));
    const selection = select(report, profile, this.#options);
    const sums = this.link.profile.totals?.sums ?? {};
    return [
      ...messagesOf(selection, topics),
      ...device.dataPoints.dataPoints.flatMap((point): MqttMessage[] => {
        const { dp, accumulate } = point;
        const sum = accumulate && this.#shared?.isChosen(dp) ? sums[totalName(point)] : undefined;
        return sum === undefined ? [] : [this.#message(topics.total(dp), sum, 0)];
      }),
      ...virtual.flatMap((each): MqttMessage[] => {
        const state = stateOf(each, values);
        return state === undefined ? [] : [this.#message(topics.virtual(each.name), state, 0)];
      }),
    ];
  }

  get #known(): Dps {
    return this.link.device?.values(this.link.profile.cid) ?? {};
  }

  #told(report: DeviceReport): ToldReport {
    const { profile } = this.link;
    return this.#friendly?.extend(report, profile, this.#known) ?? { report, profile };
  }

  #tellVirtual({ virtual, topics }: SharedDevice, { dps }: DeviceReport): void {
    if (virtual.length === 0) return;
    const values = this.#known;
    const messages = virtual.flatMap((each): MqttMessage[] => {
      if (!each.dps.some((dp) => Object.hasOwn(dps, dp))) return [];
      const state = stateOf(each, values);
      const text = JSON.stringify(state);
      if (state === undefined || text === this.#virtual.get(each.name)) return [];
      this.#virtual.set(each.name, text);
      return [this.#message(topics.virtual(each.name), state, 0)];
    });
    if (messages.length > 0) this.#listener.values(messages);
  }

  #presenceChanged(): void {
    if (!this.#shared) return;
    this.#listener.offer("availability", () => this.#availabilityMessage());
    this.#listener.offer("connection", () => this.#connectionMessage());
    this.#listener.presence();
  }

  #availabilityMessage(): MqttMessage | undefined {
    const { availability } = this.#presence;
    if (!this.#shared || availability === undefined) return undefined;
    return this.#message(this.#shared.topics.availability, availability, 1);
  }

  #connectionMessage(): MqttMessage | undefined {
    const { connection } = this.#presence;
    if (!this.#shared || connection === undefined) return undefined;
    return this.#message(this.#shared.topics.connection, connection, 1);
  }

  #message(topic: string, payload: unknown, qos: 0 | 1): MqttMessage {
    return { topic, payload, qos, retain: true, tuya: originOf(this.link.profile) };
  }
}

/**
 * The messages with the values of a selection, each for its own topic, and the sum behind an increment. Events are not
 * retained: a later subscriber would take an old press of a button for a new one.
 */
function messagesOf(selection: Selection, topics: DeviceTopics): MqttMessage[] {
  const { report, dataPoints, dps } = selection;
  const messages = messagesByDp(selection);
  return dps.flatMap((dp, index): MqttMessage[] => {
    const [value, total] = messages[index] ?? [];
    const payload = valuePayload(dataPoints, dp, report.dps[dp]);
    const own: MqttMessage = {
      topic: topics.value(dp),
      payload,
      qos: 0,
      retain: !isMomentary(dp, dataPoints),
      tuya: value?.tuya,
    };
    const sum = total && ({ ...total, topic: topics.total(dp), qos: 0, retain: true } as const);
    return [...(payload === undefined ? [] : [own]), ...(sum ? [sum] : [])];
  });
}

/** The state of a virtual value; undefined if its payload would be empty, which would remove the retained topic. */
function stateOf(value: VirtualValue, values: Dps): Json | undefined {
  const state = value.read(values);
  return state === null || state === "" ? undefined : state;
}
