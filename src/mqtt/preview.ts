import { acceptedBy } from "../datapoints/accepts";
import { kindOf } from "../datapoints/conversions/kind";
import { bareDataPoint, type DataPoint, isDpNumber, parseDataPoints } from "../datapoints/datapoint";
import { DataPointMap } from "../datapoints/datapoint-map";
import { friendlyPoints, friendlyWordOf } from "../datapoints/friendly/points";
import type { Dps, DpValue } from "../protocol/dps";
import { discoveryMessages } from "./discovery/index";
import { classNameOf } from "./discovery/names";
import type { ListedEntity, ListedTopic, PreviewSharing, PreviewedSharing } from "./preview-types";
import { valuePayload } from "./payloads";
import { SharedDevice } from "./shared-device";
import { bridgeTopics, DEFAULT_PREFIX } from "./topics";
import type { Json, MqttDevice } from "./types";

// Examples of payloads where the device has reported nothing.
const LIKELY_SUM = 12.5;
const LIKELY_COLOUR = "#0000ff";
const LIKELY_PHASE = { voltage: 230.1, current: 4.39, power: 1010 };

/**
 * The topics a device will have, and the entities in Home Assistant, computed by the functions that publish them. Runs in
 * a browser, too, where bytes stay texts.
 */
export const previewSharing: PreviewSharing = ({ datapoints, ...told }, sharing) => {
  const dataPoints = new DataPointMap(parseDataPoints(datapoints).dataPoints);
  const device: MqttDevice = { ...told, dataPoints };
  const { base, chosen } = sharing;
  const discovery = { base, prefix: DEFAULT_PREFIX, bridgeTopic: bridgeTopics(base).state };
  const configs = (own: MqttDevice) => discoveryMessages(own, { ...discovery, shape: "single" });
  const shared = new SharedDevice(device, { base, chosen, configs });
  return { topics: topicsOf(shared, sharing), entities: entitiesOf(shared) };
};

function topicsOf(shared: SharedDevice, { base, chosen, known, likely }: PreviewedSharing): ListedTopic[] {
  const { device, topics } = shared;
  const { dataPoints } = device;
  const values: Dps = { ...likelyColours(dataPoints), ...likely, ...known };
  const start = `${base}/${device.level}/`;
  const listed = (topic: string, about: Partial<ListedTopic>): ListedTopic => ({
    level: topic.slice(start.length),
    topic,
    payload: "",
    isKnown: false,
    isPublished: true,
    isRetained: true,
    set: undefined,
    ...about,
  });
  const taking = (topic: string, payload: unknown): ListedTopic =>
    listed(topic, { payload: written(payload), isPublished: false, set: topics.set(topic) });

  const ofValue = (name: string): ListedTopic[] => {
    const topic = topics.value(name);
    const point = dataPoints.get(name) ?? bareDataPoint(name);
    const set = isSettable(point) ? topics.set(topic) : undefined;
    const value = values[name] ?? likely[friendlyWordOf(name) ?? ""];
    const payload = written(payloadOf(dataPoints, point, value));
    const own = listed(topic, {
      payload,
      set,
      isKnown: Object.hasOwn(known, name) && kindOf(point) !== "phase",
      isPublished: point.access !== "wr",
      isRetained: !point.event && !point.accumulate,
    });
    if (!point.accumulate) return [own];
    return [own, listed(topics.total(name), { payload: written(LIKELY_SUM) })];
  };
  const virtual = shared.virtual.map((each) => {
    const topic = topics.virtual(each.name);
    const state = each.read(known) ?? each.read(values);
    const isKnown = each.read(known) !== undefined;
    return listed(topic, { payload: written(state), set: topics.set(topic), isKnown });
  });
  const points = friendlyPoints(dataPoints, known);
  const isUnknown = dataPoints.dataPoints.length === 0 && Object.keys(known).length === 0;
  /** Whether the device may have a value of this name: the same names may be chosen for several devices. */
  const mayHave = (name: string): boolean => {
    const word = friendlyWordOf(name);
    return (
      isDpNumber(name) || (word !== undefined && (isUnknown || points.some((each) => each.word === word)))
    );
  };
  const names =
    chosen.length > 0
      ? chosen.map((name) => dataPoints.numberOf(name) ?? name).filter(mayHave)
      : [...dataPoints.dataPoints.map(({ dp }) => dp), ...Object.keys(known)];
  const words = chosen.length > 0 ? [] : points;
  return [
    ...virtual,
    ...[...new Set(names)].flatMap(ofValue),
    ...words.map(({ word }) => taking(topics.value(word), likely[word])),
    listed(topics.availability, { payload: "online" }),
    listed(topics.connection, { payload: "connected" }),
    taking(topics.operationSet.replace(/\/set$/, ""), "refresh"),
  ];
}

function entitiesOf(shared: SharedDevice): ListedEntity[] {
  return shared.configs().map(({ topic, payload }) => {
    const { name = classNameOf(payload["device_class"]) } = payload;
    return {
      platform: topic.slice(DEFAULT_PREFIX.length + 1).split("/", 1)[0] ?? "",
      name: typeof name === "string" ? name : "",
    };
  });
}

/** Whether the topic takes commands. A learned infra-red code is report only, but a command to its topic sends it. */
function isSettable(point: DataPoint): boolean {
  return point.access !== "ro" || acceptedBy(point).kind === "code";
}

/** Bytes are published as the reported text, which is used directly: there is no Buffer in a browser to decode it to. */
function payloadOf(dataPoints: DataPointMap, point: DataPoint, raw: DpValue | undefined): Json | undefined {
  const kind = kindOf(point);
  if (kind === "phase") return LIKELY_PHASE;
  const isBytes = kind === "Raw" || kind === "infrared-learned" || kind === "infrared-send";
  if (isBytes) return typeof raw === "string" ? raw : undefined;
  return valuePayload(dataPoints, point.dp, raw);
}

function likelyColours(dataPoints: DataPointMap): Dps {
  const colours = dataPoints.dataPoints.filter(
    (point) => kindOf(point) === "colour" && point.access !== "ro",
  );
  return Object.fromEntries(colours.map(({ dp }) => [dp, dataPoints.encode(dp, LIKELY_COLOUR)]));
}

/** A payload as the node "mqtt out" writes it. */
function written(payload: unknown): string {
  if (payload === undefined || payload === null) return "";
  return typeof payload === "string" ? payload : JSON.stringify(payload);
}
