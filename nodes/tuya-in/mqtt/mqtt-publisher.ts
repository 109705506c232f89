import { deviceList } from "../../../src/mqtt/device-list";
import { discoveryMessages } from "../../../src/mqtt/discovery/index";
import {
  type KeptTopics,
  MIGRATE,
  platformsOf,
  RetainedTopics,
  withRetired,
} from "../../../src/mqtt/retained";
import { SharedDevice } from "../../../src/mqtt/shared-device";
import { bridgeTopics } from "../../../src/mqtt/topics";
import type { DiscoveryMessage, MqttDevice, VirtualValue } from "../../../src/mqtt/types";
import { type DeviceLink, originOf } from "../../link/device-link";
import { type MqttMember, mqttMembers } from "../../link/mqtt-devices";
import type { FailedCommand } from "../../link/mqtt-hub";
import type { ContextStore } from "../../runtime/context-store";
import { failureMessage } from "./failure-message";
import { MqttVoice } from "./mqtt-voice";
import type { MqttOptions, MqttTimings } from "./options";
import { type MqttMessage, PacedSender, type Publication } from "./paced-sender";

export interface MqttPublisherOptions extends MqttOptions {
  readonly send: (messages: MqttMessage[]) => void;
  /** Stores the list of retained topics over a deploy. */
  readonly store: ContextStore<KeptTopics>;
  readonly timings: MqttTimings;
  /** Version of this package. */
  readonly version: string;
}

/** The owner of topics about this Node-RED itself. */
const BRIDGE_OWNER = "";

/**
 * Everything a tuya-in publishes over MQTT: the reports of its devices, and everything again whenever the broker may have
 * missed messages, which cannot be known. Topics of devices that are gone are emptied.
 */
export class MqttPublisher {
  readonly #options: MqttPublisherOptions;
  readonly #voices = new Map<DeviceLink, MqttVoice>();
  readonly #sender: PacedSender;
  readonly #retained = new RetainedTopics();
  readonly #repeat: NodeJS.Timeout;
  #members: readonly MqttMember[] = [];
  #isStarted = false;
  /** Whether no deploy is running. During a deploy some devices are missing that will be back. */
  #isSettled = false;
  /** Whether the broker is connected, by the status of an `mqtt out`; undefined = not known. */
  #isBrokerThere: boolean | undefined;
  #gathering: NodeJS.Timeout | undefined;
  #listing: NodeJS.Timeout | undefined;
  #saving: NodeJS.Timeout | undefined;

  constructor(options: MqttPublisherOptions) {
    this.#options = options;
    this.#sender = new PacedSender(options.timings.pauseMs, (publications) => this.#publish(publications));
    // A slow store may answer after everything was published.
    options.store.load((kept) => this.adopt(kept));
    this.#repeat = setInterval(() => this.#tellEverything(), options.timings.repeatMs);
    this.#repeat.unref();
  }

  /** Shares a device. Returns its voice; pass it to `remove` in the end. */
  add(link: DeviceLink): MqttVoice {
    const { reports, timings } = this.#options;
    const of = (message: MqttMessage): Publication => ({ message, owner: voice.key });
    const voice: MqttVoice = new MqttVoice(link, reports, timings.holdMs, {
      values: (messages) => this.#publish(messages.map(of)),
      offer: (what, make) => {
        if (!this.#isStarted) return;
        this.#sender.offer(`${voice.key} ${what}`, () => {
          const message = make();
          return message && of(message);
        });
      },
      presence: () => this.#listSoon(),
    });
    this.#voices.set(link, voice);
    return voice;
  }

  remove(link: DeviceLink): void {
    this.#voices.get(link)?.close();
    this.#voices.delete(link);
    this.#isSettled = false;
  }

  /** All nodes of the flows exist. */
  flowsStarted(): void {
    const members = mqttMembers();
    const isSame = members === this.#members && this.#isSettled;
    this.#isSettled = true;
    if (isSame && this.#isStarted) return;
    this.#isStarted = true;
    this.#members = members;
    this.#assign();
    this.tellSoon();
  }

  /** These topics are retained at the broker, too: those that are not published here are emptied. */
  adopt(kept: unknown): void {
    this.#retained.restore(kept);
    this.tellSoon();
  }

  /** Publishes everything again, a moment later. */
  tellSoon(): void {
    if (!this.#isStarted) return;
    this.#gathering ??= setTimeout(() => this.#tellEverything(), this.#options.timings.gatherMs);
  }

  /** The status of an `mqtt out` shows that the broker is connected, or is not. */
  brokerChanged(isThere: boolean): void {
    this.#isBrokerThere = isThere;
    if (isThere) this.tellSoon();
  }

  /** A birth message came. So the broker is connected, unless an `mqtt out` shows that it is not. */
  born(): void {
    this.#isBrokerThere ??= true;
    this.tellSoon();
  }

  failed(command: FailedCommand): void {
    const voice = this.#voiceOf(command.key);
    if (!voice?.shared) return;
    const message = failureMessage(command, voice.link, voice.shared.topics);
    this.#publish([{ message, owner: voice.key }]);
  }

  /** The virtual values of a shared device, by its key; empty if it is not shared here. */
  virtual(key: string): readonly VirtualValue[] {
    return this.#voiceOf(key)?.shared?.virtual ?? [];
  }

  close(): void {
    this.#isStarted = false;
    for (const timer of [this.#repeat, this.#gathering, this.#listing, this.#saving]) clearTimeout(timer);
    for (const voice of this.#voices.values()) voice.close();
    this.#sender.close();
    this.#save();
  }

  #voiceOf(wanted: string): MqttVoice | undefined {
    return [...this.#voices.values()].find(({ key, shared }) => shared && key === wanted);
  }

  /** Tells each voice how its device is shared. */
  #assign(): void {
    const members = new Map(this.#members.map((member) => [member.link, member]));
    for (const voice of this.#voices.values()) {
      const member = members.get(voice.link);
      voice.share(member?.key ?? "", member && this.#shared(member.device));
    }
  }

  #shared(device: MqttDevice): SharedDevice {
    const { base, discovery, prefix, bridgeTopic, version, reports } = this.#options;
    return new SharedDevice(device, {
      base,
      chosen: reports.dps,
      configs: (own) =>
        discovery ? discoveryMessages(own, { base, prefix, bridgeTopic, shape: discovery, version }) : [],
    });
  }

  #tellEverything(): void {
    clearTimeout(this.#gathering);
    this.#gathering = undefined;
    if (this.#isStarted) this.#sender.begin(this.#everything());
  }

  /** All retained messages. Each is made when it is sent, because values change meanwhile. */
  *#everything(): Generator<Publication> {
    const { bridgeTopic, base } = this.#options;
    const voices = [...this.#voices.values()].filter(({ shared }) => shared);
    yield ownPublication(bridgeTopic, "online");
    const topics = this.#retained.byOwner();
    const owners = new Set([BRIDGE_OWNER, ...voices.map(({ key }) => key)]);
    for (const [owner, gone] of topics) if (!owners.has(owner)) yield* this.#empty(gone, owner);
    const own = [bridgeTopic, bridgeTopics(base).devices];
    const former = (topics.get(BRIDGE_OWNER) ?? []).filter((topic) => !own.includes(topic));
    yield* this.#empty(former, BRIDGE_OWNER);
    for (const voice of voices) yield* this.#configs(voice, topics.get(voice.key) ?? []);
    for (const voice of voices) yield* ownedBy(voice, voice.presenceMessages());
    for (const voice of voices) yield* ownedBy(voice, voice.valueMessages());
    yield this.#list();
  }

  /** The discovery messages of a device. Its other discovery topics are emptied. */
  *#configs({ shared, link, key }: MqttVoice, topics: readonly string[]): Generator<Publication> {
    if (!shared) return;
    const configs = shared.configs();
    const current = new Set(configs.map(({ topic }) => topic));
    const stale = topics.filter((topic) => !shared.isCurrent(topic, current));
    const values = stale.filter((topic) => topic.startsWith(`${this.#options.base}/`));
    const others = stale.filter((topic) => !values.includes(topic));
    yield* this.#empty(values, key);
    // With another shape of discovery, Home Assistant must keep the entities and their settings: they are migrated.
    const former = configs.length > 0 ? others.filter((topic) => topic.endsWith("/config")) : [];
    for (const topic of former) yield* this.#migrate(topic, key);
    for (const config of configs) yield* this.#config(config, link, key);
    yield* this.#empty(others, key);
  }

  *#config(config: DiscoveryMessage, { profile }: DeviceLink, owner: string): Generator<Publication> {
    const tuya = originOf(profile);
    const before = this.#retained.platforms(config.topic);
    for (const sent of withRetired(config, before)) {
      // A copy, because flows may change messages.
      const payload: unknown = structuredClone(sent.payload);
      const message: MqttMessage = { topic: sent.topic, payload, qos: 1, retain: true, tuya };
      const platforms = platformsOf(sent);
      // If the broker may have missed this message, components that are left out must be removed again later.
      yield {
        message,
        owner,
        platforms: platforms && !this.#isBrokerThere ? { ...before, ...platforms } : platforms,
      };
    }
  }

  *#migrate(topic: string, owner: string): Generator<Publication> {
    if (this.#isSettled)
      yield { message: { topic, payload: MIGRATE, qos: 1, retain: false, tuya: {} }, owner };
  }

  *#empty(topics: readonly string[], owner: string): Generator<Publication> {
    // During a deploy devices are missing that will be back.
    if (!this.#isSettled) return;
    for (const topic of topics) yield { ...ownPublication(topic, ""), owner };
  }

  #listSoon(): void {
    if (!this.#isStarted) return;
    this.#listing ??= setTimeout(() => {
      this.#listing = undefined;
      this.#sender.offer("devices", () => this.#list());
    }, this.#options.timings.listMs);
  }

  #list(): Publication {
    const { base } = this.#options;
    const listed = [...this.#voices.values()].flatMap(({ shared, isOnline }) =>
      shared ? [{ device: shared.device, isOnline }] : [],
    );
    return ownPublication(bridgeTopics(base).devices, deviceList(base, listed));
  }

  #publish(publications: Publication[]): void {
    if (!this.#isStarted || publications.length === 0) return;
    for (const publication of publications) this.#note(publication);
    if (this.#retained.hasChanged) this.#saveSoon();
    this.#options.send(publications.map(({ message }) => message));
  }

  #note({ message: { topic, payload, retain }, owner, platforms }: Publication): void {
    if (!retain) return;
    if (payload === "") {
      // Without a broker the message reached nobody, so it does not count.
      if (this.#isBrokerThere !== false) this.#retained.emptied(topic, this.#isBrokerThere === true);
    } else this.#retained.published(topic, owner, platforms);
  }

  #saveSoon(): void {
    this.#saving ??= setTimeout(() => {
      this.#saving = undefined;
      this.#save();
    }, this.#options.timings.listMs);
  }

  #save(): void {
    if (this.#retained.takeChanged()) this.#options.store.save(this.#retained.kept);
  }
}

function ownPublication(topic: string, payload: unknown): Publication {
  return { message: { topic, payload, qos: 1, retain: true, tuya: {} }, owner: BRIDGE_OWNER };
}

function ownedBy({ key: owner }: MqttVoice, messages: readonly MqttMessage[]): readonly Publication[] {
  return messages.map((message) => ({ message, owner }));
}
