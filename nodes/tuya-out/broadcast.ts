import { readBoolean } from "../../src/datapoints/notation/on-off";
import { DataPointMap } from "../../src/datapoints/datapoint-map";
import { describeValue, describeWord } from "../../src/datapoints/describe";
import { readFriendly } from "../../src/datapoints/friendly/friendly";
import type { FriendlyEntry, FriendlyValues } from "../../src/datapoints/friendly/context";
import { UndecidedError } from "../../src/datapoints/friendly/change";
import { friendlyMeanings } from "../../src/datapoints/friendly/points";
import { COLOUR_EXPECTS, readColour } from "../../src/datapoints/notation/colour";
import { badInput, TuyaError } from "../../src/errors";
import type { DeviceLink } from "../link/device-link";
import type { CommandResult } from "./carry-out";
import { type Operation, readOperation } from "./operation";
import { presentValue } from "./present-value";
import { isPlainObject, type Properties, textOf } from "../runtime/properties";

export interface BroadcastOptions {
  readonly links: readonly DeviceLink[];
  /** The data point chosen in the node; "" = none. */
  readonly chosen: string;
  /** Carries out a message for one device. */
  readonly run: (msg: Properties, link: DeviceLink) => Promise<CommandResult>;
}

/** A device and the message for it. */
interface Told {
  readonly link: DeviceLink;
  readonly msg: Properties;
}

/**
 * Friendly names that mean the same for all devices. Codes and numbers do not, nor do modes, speeds, and temperatures in
 * degrees.
 */
const WORDS = ["on", "brightness", "colour", "color", "temperature", "kelvin", "position"] as const;

type SetOperation = Extract<Operation, { kind: "set" | "set-one" | "set-many" }>;

/** How many devices an error names. */
const MAX_NAMED = 5;

const NOBODY = { deviceId: "", cid: undefined, dataPoints: DataPointMap.EMPTY };

/**
 * Carries out a message for all devices that have all friendly names in it; an operation for all devices. The message is
 * read for all of them before anything is sent: if it is not clear for one, it is refused. Rejects if it failed for a
 * device, with the code of the first failure, when all others are done.
 */
export async function broadcast(
  msg: Properties,
  { links, chosen, run }: BroadcastOptions,
): Promise<CommandResult> {
  const startedAt = performance.now();
  const told = await readFor(distinct(links), msg, chosen);
  const outcomes = await Promise.allSettled(told.map(({ link, msg: own }) => run(own, link)));
  const failed = told.flatMap(({ link }, index) => {
    const outcome = outcomes[index];
    return outcome?.status === "rejected" ? [{ link, error: outcome.reason as unknown }] : [];
  });
  if (failed[0]) throw failure(failed, told.length);
  const done = outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : []));
  const names = told.map(({ link }) => link.profile.name);
  const values = told.flatMap(({ link: { profile } }, index) => {
    const payload = done[index]?.payload;
    const isUnique = names.indexOf(profile.name) === names.lastIndexOf(profile.name);
    return payload ? [[isUnique ? profile.name : (profile.cid ?? profile.deviceId), payload] as const] : [];
  });
  return {
    ...(values.length > 0 && { payload: Object.fromEntries(values) }),
    tuya: { devices: done.map(({ tuya }) => tuya), ms: Math.round(performance.now() - startedAt) },
  };
}

async function readFor(
  links: readonly DeviceLink[],
  msg: Properties,
  chosen: string,
): Promise<readonly Told[]> {
  const operation = readOperation(msg, NOBODY);
  const hasCid = "cid" in operation && operation.cid !== undefined;
  if (hasCid) throw refusal("payload.cid names one sub-device");
  switch (operation.kind) {
    case "set":
    case "set-one":
    case "set-many":
      return readSets(links, msg, requestOf(msg, operation, chosen));
    case "refresh":
      if (operation.names) throw refusal("it names data points to measure again, and each has its own");
      return awake(links).map((link) => ({ link, msg }));
    case "query":
      return awake(links).map((link) => ({ link, msg }));
    case "connect":
    case "disconnect":
    case "reconnect":
      // A sub-device has no connection of its own.
      return links.filter(({ profile }) => profile.cid === undefined).map((link) => ({ link, msg }));
    case "event-mode":
    case "nothing":
      throw refusal("its action is one for a single device");
  }
}

/**
 * The friendly names in a message, and their values. Throws BAD_INPUT for names that do not mean the same for all
 * devices.
 */
function requestOf(msg: Properties, operation: SetOperation, chosen: string): FriendlyValues {
  const request = namedValues(msg, operation, chosen);
  const names = Object.keys(request);
  const foreign = names.find((name) => !isWord(name));
  if (names.length === 0) throw refusal("it does not say what of them is to be set");
  if (foreign !== undefined) throw refusal(`${describeWord(foreign)} is not the same for all devices`);
  const toggled = names.find((name) => String(request[name]).trim().toLowerCase() === "toggle");
  if (toggled !== undefined) throw refusal('"toggle" would turn each device to its own other side');
  const { on, colour = request["color"] } = request;
  if (on !== undefined && readBoolean(on) === undefined) {
    throw badInput(`on takes true or false, not ${describeValue(on)}; nothing was sent.`);
  }
  if (colour !== undefined && !readColour(colour)) {
    throw badInput(`colour takes ${COLOUR_EXPECTS}, not ${describeValue(colour)}; nothing was sent.`);
  }
  return request;
}

function isWord(name: string): boolean {
  return (WORDS as readonly string[]).includes(name);
}

function namedValues(
  msg: Properties,
  operation: SetOperation,
  chosen: string,
): Readonly<Record<string, unknown>> {
  switch (operation.kind) {
    case "set-many":
      return operation.values;
    case "set-one":
      return { [textOf(operation.name)]: operation.value };
    case "set": {
      const { value } = operation;
      const name = [textOf(chosen), textOf(msg["dp"]), wordIn(msg["topic"])].find((each) => each !== "");
      const isList = isPlainObject(value) && (name === undefined || Object.keys(value).every(isWord));
      if (isList) return value;
      return name === undefined ? {} : { [name]: value };
    }
  }
}

/** The friendly name in a topic. A topic is free text: other words mean nothing. */
function wordIn(topic: unknown): string {
  const end = textOf(topic).split("/").at(-1) ?? "";
  return isWord(end) ? end : "";
}

/** The message for each device that has all these names. */
async function readSets(
  links: readonly DeviceLink[],
  msg: Properties,
  request: FriendlyValues,
): Promise<readonly Told[]> {
  const words = Object.keys(request).map((name) => (name === "color" ? "colour" : name));
  const able = links.filter(({ profile: { dataPoints, cid }, device }) => {
    const has = friendlyMeanings(dataPoints, device?.values(cid) ?? {}).map(({ word }): string => word);
    return words.every((word) => has.includes(word));
  });
  const told = await Promise.all(
    able.map(async (link): Promise<Told> => {
      const entries = await readCertainly(request, link);
      const { profile, state } = link;
      // A message that has to wait is read when the device is connected, unless the device has a code with the spelling
      // of a friendly name.
      const canWait = words.every((word) => profile.dataPoints.numberOf(word) === undefined);
      const dps = state.kind !== "ready" && canWait ? request : Object.fromEntries(entries);
      return { link, msg: { ...msg, payload: { dps } } };
    }),
  );
  if (told.length > 0) return told;
  throw badInput(
    `None of the ${links.length} devices has ${words.join(" and ")}: the message is for nobody, and nothing was sent.`,
  );
}

/**
 * Translates the request for a device. Changes start from its expected values; if these are not certain, it is queried
 * first.
 */
async function readCertainly(
  request: FriendlyValues,
  { profile, device, state }: DeviceLink,
): Promise<readonly FriendlyEntry[]> {
  const { dataPoints, cid } = profile;
  const read = (isRead: boolean): readonly FriendlyEntry[] => {
    const expected = device?.expected(cid);
    return readFriendly(request, {
      dataPoints,
      values: device?.values(cid) ?? {},
      force: false,
      present: (dp) => (expected ? presentValue(dp, expected, dataPoints, isRead) : undefined),
    });
  };
  if (!device || state.kind !== "ready") return read(true);
  try {
    return read(false);
  } catch (error) {
    if (!(error instanceof UndecidedError)) throw error;
    await device.query({ cid }).catch(() => undefined);
    return read(true);
  }
}

/** Several nodes of the same device count once. */
function distinct(links: readonly DeviceLink[]): readonly DeviceLink[] {
  return [
    ...new Map(links.map((link) => [`${link.profile.deviceId}/${link.profile.cid ?? ""}`, link])).values(),
  ];
}

/** Without sleeping devices: that they do not answer is no failure. */
function awake(links: readonly DeviceLink[]): readonly DeviceLink[] {
  return links.filter(({ state }) => state.kind !== "asleep");
}

function refusal(reason: string): TuyaError {
  return badInput(
    `The message is for all devices ("*"), but ${reason}. Such a message takes words that mean the same to every device, such as {on: false} or {brightness: 40}; nothing was sent.`,
  );
}

function failure(
  failed: readonly { readonly link: DeviceLink; readonly error: unknown }[],
  total: number,
): unknown {
  const [first] = failed;
  if (!(first?.error instanceof TuyaError) || total === 1) return first?.error;
  const named = failed
    .slice(0, MAX_NAMED)
    .map(({ link, error }) => `${link.profile.name} (${error instanceof TuyaError ? error.code : "error"})`);
  const rest = failed.length > MAX_NAMED ? ` and ${failed.length - MAX_NAMED} more` : "";
  return new TuyaError(
    first.error.code,
    `${failed.length} of ${total} devices did not do it: ${named.join(", ")}${rest}. ${first.error.message}`,
    { cause: first.error },
  );
}
