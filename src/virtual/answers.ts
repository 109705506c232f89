import { Command, isNegotiation, isQuery } from "../protocol/command";
import { isJsonObject, type JsonObject, type Message, parseBody } from "../protocol/message";
import { VERSION_HEADER_LENGTH } from "../protocol/version";
import { type RefusalText, Refusal } from "./behaviours";
import { childrenBody, queryReplyBody, type Report, type Speaker } from "./bodies";
import type { DataModel } from "./data-model";
import type { Faults, FaultState } from "./faults";
import type { Dps, DpValue } from "../protocol/dps";

/** A sub-device behind a gateway. */
export interface Child {
  readonly model: DataModel;
  online: boolean;
}

/** The parts of a device that answering needs. */
export interface Answerer extends Speaker {
  readonly model: DataModel;
  /** Undefined if the device is no gateway. */
  readonly children: ReadonlyMap<string, Child> | undefined;
  readonly faultState: FaultState;
  /** Whether any client has sent a CONTROL since the device started. */
  readonly wasControlled: boolean;
  /** Whether the number of a command from a source is higher than those before. */
  noteSource(source: number, number: number): boolean;
}

/** A frame that answers a request. */
export interface Reply {
  readonly returnCode: number;
  /** Empty for an acknowledgement. */
  readonly text: string;
  /** Whether `text` says why the request was refused. */
  readonly refused?: boolean;
}

/** What a device does about a request. */
export interface Outcome {
  /** Replies to the client that asked, with the command of the request. */
  readonly replies: readonly Reply[];
  /** Reports to all clients. */
  readonly reports: readonly Report[];
  /** The sub-device, if the request was for one. */
  readonly cid?: string | undefined;
  /** Data points a client set: as they were sent, and those whose value is now another. */
  readonly set?: { readonly cid: string | undefined; readonly dps: Dps; readonly changed: Dps } | undefined;
}

const NOTHING: Outcome = { replies: [], reports: [] };
const PARSE_ERROR: Outcome = refuse(Refusal.parse);

/** What the device answers to a request it could read, and what it reports as its consequence. Changes the data model. */
export function answer(device: Answerer, message: Message): Outcome {
  switch (message.command) {
    case Command.DP_QUERY:
    case Command.DP_QUERY_NEW:
      return answerQuery(device, message);
    case Command.CONTROL:
    case Command.CONTROL_NEW:
      return answerControl(device, message);
    case Command.UPDATEDPS:
      return answerRefresh(device, message);
    case Command.HEART_BEAT:
      return answerHeartbeat(device, message);
    case Command.LAN_EXT_STREAM:
      return answerChildList(device, message);
  }
  return device.behaviour.refusedCommands.includes(message.command) ? refuse(Refusal.format) : NOTHING;
}

/**
 * What a device answers to a body it cannot decrypt, if it answers. In versions with queries in clear an encrypted query
 * is malformed. A 3.1 device does not answer a CONTROL encrypted with another key.
 */
export function answerUnreadable({ dialect, behaviour }: Answerer, command: number): Outcome {
  if (isNegotiation(command) && behaviour.onNegotiation === "ignore") return NOTHING;
  if (isQuery(command) && dialect.encrypts !== "all") return refuse(behaviour.malformedQuery);
  return dialect.encrypts === "headed" ? NOTHING : PARSE_ERROR;
}

function answerHeartbeat({ behaviour, faultState: faults }: Answerer, message: Message): Outcome {
  if (faults.strikes("noHeartbeat")) return NOTHING;
  const isEmptyCipher = message.encrypted && message.payload.length === 0;
  return behaviour.heartbeatBody === "decrypted" && isEmptyCipher ? PARSE_ERROR : reply("");
}

function answerQuery(device: Answerer, message: Message): Outcome {
  const { behaviour, dialect, faultState: faults } = device;
  if (faults.strikes("ignoreQuery")) return NOTHING;
  if (faults.current.queryAfterControl && !device.wasControlled) return NOTHING;
  if (faults.strikes("emptyQuery")) return reply("");
  if (faults.strikes("refuseQuery") || knowsNulls(device))
    return refuse(faults.current.refusal ?? Refusal.noData);

  // 3.3 and later decrypt whatever they get, so they refuse a query in clear like a damaged one. 3.2 refuses an encrypted
  // one.
  const inClear = !message.encrypted && message.payload.length > 0;
  if (dialect.encrypts === "all" && inClear) return PARSE_ERROR;
  if (dialect.encrypts === "all-but-query" && message.encrypted) return refuse(Refusal.format);
  if (message.header && behaviour.headedQuery !== "read") return refuse(behaviour.headedQuery);
  if (message.payload.length === 0) return refuse(behaviour.emptyQuery);
  if (!isJson(message.payload)) return refuse(behaviour.malformedQuery);

  const body = parseBody(message.payload);
  const cid = body.kind === "json" ? textOf(body.value, "cid") : undefined;
  const target = targetOf(device, cid);
  if ("refusal" in target) return { ...refuse(target.refusal), cid };
  const dps = target.model.report();
  if (isEmpty(dps) && behaviour.emptyReport !== "answered") return refuse(behaviour.emptyReport);
  const fromMemory = reply(queryReplyBody(device, { dps, cid: target.cid }));
  return target.child
    ? answerForChild(fromMemory, target, { dps, cid: target.cid }, faults.current)
    : fromMemory;
}

/** How a gateway answers for a sub-device: from memory, from what the sub-device says, or both. */
function answerForChild(
  { replies }: Outcome,
  { child, cid }: Target,
  report: Report,
  { fetchesChildren, reportsQueried }: Faults,
): Outcome {
  const isThere = child?.online === true;
  if (reportsQueried) return { replies: [], reports: isThere ? [report] : [], cid };
  const reports = fetchesChildren && isThere ? [{ ...report, marked: true }] : [];
  return { replies: fetchesChildren === "alone" ? [] : replies, reports, cid };
}

function answerControl(device: Answerer, message: Message): Outcome {
  if (device.behaviour.repeatedControl === "ignored" && isRepeated(device, message)) return NOTHING;
  const order = readControl(device, message);
  if (order.kind === "refused") return refuse(order.text);
  if (order.kind === "unanswered") return NOTHING;

  const { faultState: faults } = device;
  if (faults.strikes("ignoreSet")) return NOTHING;
  if (faults.strikes("refuseSet")) return refuse(faults.current.refusal ?? Refusal.format);
  const ack: Reply = { returnCode: device.behaviour.ackCode, text: "" };
  const times = faults.current.repeatAcks ? 2 : 1;
  const replies = faults.strikes("noAck") ? [] : Array.from({ length: times }, () => ack);
  if (order.kind === "without-effect" || faults.strikes("forgetSet")) return { replies, reports: [] };

  const target = targetOf(device, order.cid);
  if ("refusal" in target) return { ...refuse(target.refusal), cid: order.cid };
  const { cid, model } = target;
  // A gateway acknowledges for its sub-devices: only the missing report shows that one is offline.
  if (target.child?.online === false)
    return { replies, reports: [], cid, set: { cid, dps: order.dps, changed: {} } };

  const device22 = knowsNulls(device);
  const nulls = Object.keys(order.dps).filter((dp) => order.dps[dp] === null);
  const isAsked = device22 ? !device22.nullsActuate : device.behaviour.nulls === "ask";
  const dps = isAsked ? without(order.dps, nulls) : order.dps;
  const { changed, same } = model.apply(dps, device.behaviour.wrongType, faults.current.poorTexts);
  const reports = faults.strikes("noReport") ? [] : reportsOfSet(device, cid, changed, same);
  if ((device22 || isAsked) && nulls.length > 0) {
    const known = nulls.filter((dp) => model.has(dp));
    const asked = model.read(device22?.oneByOne ? known.slice(0, 1) : known);
    if (!isEmpty(asked)) reports.push({ dps: asked, cid });
  }
  return { replies, reports, cid, set: { cid, dps: order.dps, changed } };
}

/** Whether the header of a CONTROL has a number that its source has used before. */
function isRepeated(device: Answerer, { header }: Message): boolean {
  if (!header || header.source === 0) return false;
  return !device.noteSource(header.source, header.number);
}

function reportsOfSet(device: Answerer, cid: string | undefined, changed: Dps, same: Dps): Report[] {
  const all = { ...same, ...changed };
  if (isEmpty(all)) return [];
  if (isEmpty(same) || device.behaviour.sameValue === "one-push") return [{ dps: all, cid }];
  return [
    { dps: same, cid, marked: true },
    { dps: all, cid },
  ];
}

function answerRefresh(device: Answerer, message: Message): Outcome {
  const { refresh, headedRefresh } = device.behaviour;
  if (refresh === "silence") return NOTHING;
  if (message.header && headedRefresh !== "read") return refuse(headedRefresh);
  const body = parseBody(message.payload);
  const wanted = body.kind === "json" ? body.value["dpId"] : undefined;
  if (!Array.isArray(wanted)) return refuse(Refusal.refresh);
  // Gateways do not pass UPDATEDPS on to their sub-devices.
  const dps = device.model.reportUnreported(wanted.map(String));
  return { ...reply(""), reports: isEmpty(dps) ? [] : [{ dps }] };
}

/** The question for the sub-devices. Only gateways from 3.4 on know it. */
function answerChildList(device: Answerer, message: Message): Outcome {
  const { foreignChildList } = device.behaviour;
  if (!device.children) return foreignChildList === "silence" ? NOTHING : refuse(foreignChildList);
  if (device.dialect.bodies === "flat" || device.faultState.current.noChildList) return NOTHING;
  return answerChildren(device, message);
}

function answerChildren(device: Answerer, message: Message): Outcome {
  const body = parseBody(message.payload);
  if (body.kind !== "json" || body.value["reqType"] !== "subdev_online_stat_query")
    return refuse(Refusal.format);
  const children = [...(device.children ?? [])];
  const size = Math.max(1, device.faultState.current.childrenPerFrame ?? children.length);
  const replies: Reply[] = [];
  for (let start = 0; start === 0 || start < children.length; start += size) {
    const part = children.slice(start, start + size);
    const cids = (online: boolean): string[] =>
      part.filter(([, child]) => child.online === online).map(([cid]) => cid);
    replies.push({ returnCode: 0, text: childrenBody(cids(true), cids(false)) });
  }
  return { replies, reports: [] };
}

/** The content of a CONTROL, as this generation reads it. */
type Order =
  | { readonly kind: "set"; readonly dps: Dps; readonly cid: string | undefined }
  /** Acknowledged and forgotten. */
  | { readonly kind: "without-effect" }
  | { readonly kind: "unanswered" }
  | { readonly kind: "refused"; readonly text: string };

function readControl(device: Answerer, message: Message): Order {
  const { dialect, behaviour } = device;
  const nested = dialect.bodies === "nested";
  if (!nested && !message.header) return refusedOrder(behaviour.headlessControl);

  // From 3.4 on the first 15 bytes are dropped, whatever they are.
  const payload =
    nested && !message.header ? message.payload.subarray(VERSION_HEADER_LENGTH) : message.payload;
  const body = parseBody(payload);
  if (body.kind !== "json") return refusedOrder(nested ? behaviour.headlessControl : Refusal.parse);

  const { value } = body;
  const data = isJsonObject(value["data"]) ? value["data"] : undefined;
  const isForeign = nested ? !data : data !== undefined;
  if (isForeign) {
    if (behaviour.foreignControl === "ack") return { kind: "without-effect" };
    if (behaviour.foreignControl === "silence") return { kind: "unanswered" };
    return refusedOrder(behaviour.foreignControl);
  }
  const content = data ?? value;
  const dps = content["dps"];
  if (!isJsonObject(dps)) return refusedOrder(Refusal.format);

  const cid = textOf(content, "cid") ?? textOf(value, "cid");
  const named = textOf(content, "devId");
  if (named !== undefined && named !== device.id && cid === undefined)
    return device.children ? refusedOrder(Refusal.noSuchDevice) : { kind: "without-effect" };
  return { kind: "set", dps: dps as Dps, cid };
}

function refusedOrder(text: RefusalText): Order {
  return { kind: "refused", text };
}

interface Target {
  readonly model: DataModel;
  readonly cid: string | undefined;
  readonly child: Child | undefined;
}

/** The data points a `cid` stands for, or why it stands for none. */
function targetOf(device: Answerer, cid: string | undefined): Target | { readonly refusal: RefusalText } {
  const { foreignChild } = device.behaviour;
  const isOwn = cid === undefined || (!device.children && foreignChild === "read");
  if (isOwn) return { model: device.model, cid: undefined, child: undefined };
  const child = device.children?.get(cid);
  if (child) return { model: child.model, cid, child };
  return { refusal: device.children || foreignChild === "read" ? Refusal.noSuchDevice : foreignChild };
}

/** How a device22 device behaves; undefined for one that is none, and on versions that do not know the dialect. */
function knowsNulls({ faultState, dialect }: Answerer): FaultState["device22"] {
  return dialect.version === "3.1" || dialect.version === "3.5" ? undefined : faultState.device22;
}

function reply(text: string): Outcome {
  return { replies: [{ returnCode: 0, text }], reports: [] };
}

function refuse(text: string): Outcome {
  return { replies: [{ returnCode: 1, text, refused: true }], reports: [] };
}

function isJson(payload: Buffer): boolean {
  try {
    JSON.parse(payload.toString("utf8"));
    return true;
  } catch {
    return false;
  }
}

function textOf(value: JsonObject, name: string): string | undefined {
  const text = value[name];
  return typeof text === "string" && text !== "" ? text : undefined;
}

function without(dps: Dps, names: readonly string[]): Dps {
  return Object.fromEntries(Object.entries(dps).filter(([dp]: [string, DpValue]) => !names.includes(dp)));
}

function isEmpty(dps: Dps): boolean {
  for (const _ in dps) return false;
  return true;
}
