import type { FrameEvent } from "../../session/connection/frame-event";
import { Session, type SessionOwner } from "../../session/session";
import { DEFAULT_TIMINGS, type Timings } from "../../session/timings";
import { TuyaError } from "../../errors";
import type { Logger } from "../../logger";
import { Command } from "../../protocol/command";
import { readRefusal } from "../../protocol/refusal";
import type { Report } from "../../protocol/report";
import { dialectOf, type ProtocolVersion } from "../../protocol/version";
import type { Answering, ShownValues } from "./answering";
import { Once } from "../once";
import { FrameClues } from "./frame-clues";
import type { Deadline } from "../deadline";
import { type DiagnosisTimings, reserveMs } from "../timings";
import type { ConnectionEnd } from "../../session/connection/connection-end";
import { MAX_CHILDREN } from "../../device/children";
import { KnownValues } from "../../device/values";
import type { ReportReason } from "../../session/report-reason";
import type { Trust } from "../../session/proof/proof";

/** The device that a connection goes to. */
export interface TestSubject {
  readonly deviceId: string;
  readonly name: string;
  readonly port: number;
  /** 16 bytes. */
  readonly localKey: Buffer;
  /** Data points to ask for with nulls; empty = the device is not marked as device22. */
  readonly device22Dps: readonly string[];
}

/** What all connections of a diagnosis share. */
export interface TestConnectionContext {
  readonly subject: TestSubject;
  readonly timings: DiagnosisTimings;
  readonly deadline: Deadline;
  readonly logger: Logger;
  /** How far the other end is trusted in a version before it has proved the key. */
  readonly trustIn: (version: ProtocolVersion) => Trust;
  /** The oldest version to speak; undefined = any. */
  readonly oldest: ProtocolVersion | undefined;
}

/** Where to connect, and how. */
export interface TestApproach {
  readonly ip: string;
  readonly version: ProtocolVersion;
  /** Whether answered heartbeats are enough if the query is ignored. */
  readonly acceptsMuteness: boolean;
}

/** One connection in one version, and what is learnt from it about the device. */
export class TestConnection implements Answering {
  readonly ip: string;
  readonly version: ProtocolVersion;
  readonly children = new Map<string, boolean>();
  readonly #context: TestConnectionContext;
  readonly #session: Session;
  readonly #values = new KnownValues();
  readonly #clues = new FrameClues();
  readonly #opened = new Once<"opened">();
  readonly #answered = new Once<"answered">();
  readonly #ended = new Once<ConnectionEnd>();
  readonly #firstValues = new Once<void>();
  /** The sub-device that is queried. `#known` is done when it is known whether it is online. */
  #asked: string | undefined;
  readonly #known = new Once<void>();
  #heartbeat = new Once<true>();
  #keyProven = false;

  constructor({ ip, version, acceptsMuteness }: TestApproach, context: TestConnectionContext) {
    const { subject, timings, logger, trustIn } = context;
    this.ip = ip;
    this.version = version;
    this.#context = context;
    const { settleMs } = timings;
    const frames = { active: true, frame: (frame: FrameEvent) => this.#noteFrame(frame) };
    const trust = trustIn(version);
    const options = { ...subject, host: ip, version, trust, acceptsMuteness, settleMs, logger, frames };
    this.#session = new Session({ ...options, timings: sessionTimings(context) }, this.#owner());
  }

  get keyProven(): boolean {
    return this.#keyProven;
  }

  get namedIds(): ReadonlySet<string> {
    return this.#clues.namedIds;
  }

  /** Whether the other end speaks something else than Tuya's protocol. */
  get isForeign(): boolean {
    return this.#clues.isNoise;
  }

  /** Whether the other end sent frames that could not be decrypted. */
  get hasUnreadable(): boolean {
    return this.#clues.hasUnreadable;
  }

  /** "reached" when TCP is open and the device has not closed it at once; otherwise why not. */
  async reached(): Promise<"reached" | ConnectionEnd> {
    const { deadline, timings } = this.#context;
    const opened = Promise.race([this.#opened.promise, this.#ended.promise]);
    const first = await deadline.wait(opened, timings.totalMs);
    if (first === undefined) return { reason: "unreachable", detail: "no answer" };
    if (first !== "opened") return first;
    // Any other end came after the first frame: `outcome` returns it.
    const end = await deadline.wait(this.#ended.promise, timings.settleMs);
    return end?.reason === "busy" ? end : "reached";
  }

  /** "answered", or why not; reason "silent" if the time is over. */
  async outcome(): Promise<"answered" | ConnectionEnd> {
    const { deadline, timings } = this.#context;
    const outcome = await deadline.wait(
      Promise.race([this.#answered.promise, this.#ended.promise]),
      longestTrialMs(timings),
      reserveMs(timings),
    );
    if (outcome === undefined) return { reason: "silent" };
    // A device that wants queries encrypted refuses one in clear. Its refusal is an answer, but it does not speak this
    // version.
    const isClearQuery = dialectOf(this.version).encrypts !== "all";
    const isRefused = isClearQuery && readRefusal(this.#clues.refusal ?? "") === "unreadable";
    return outcome === "answered" && isRefused ? { reason: "refused-in-clear" } : outcome;
  }

  async showValues(cid: string | undefined): Promise<ShownValues> {
    const { deadline, timings, subject } = this.#context;
    const { valuesMs, heartbeatMs } = timings;
    const orEnd = (promise: Promise<unknown>): Promise<unknown> =>
      deadline.wait(Promise.race([promise, this.#ended.promise]), valuesMs, heartbeatMs);
    if (cid !== undefined) {
      this.#asked = cid;
      await orEnd(Promise.all([this.#session.requests.listChildren(), this.#ask(cid)]));
      // The gateway answers with values from its memory. Whether the sub-device is online comes later, in the list or
      // with its own report.
      if (this.#values.cids().includes(cid)) await orEnd(this.#known.promise);
    } else {
      await orEnd(this.#firstValues.promise);
      // A device22 reports its data points one after the other.
      if (subject.device22Dps.length > 0) await orEnd(this.#ask(undefined));
      // A gateway may have no data points of its own. Then its sub-devices show that it is one.
      if (Object.keys(this.#values.of(undefined)).length === 0)
        await orEnd(this.#session.requests.listChildren());
    }
    const { refusal } = this.#clues;
    return { dps: this.#values.of(cid), refusal, isLost: this.#ended.isDone };
  }

  async beat(): Promise<boolean> {
    const { deadline, timings } = this.#context;
    this.#heartbeat = new Once();
    this.#session.probe();
    const answer = Promise.race([this.#heartbeat.promise, this.#ended.promise.then(() => false)]);
    return (await deadline.wait(answer, timings.heartbeatMs)) ?? false;
  }

  /** Resolves when the socket is gone. */
  close(): Promise<void> {
    this.#session.end({ reason: "asked" });
    return this.#session.closed;
  }

  #owner(): SessionOwner {
    return {
      opened: () => this.#opened.done("opened"),
      answered: (keyProven) => {
        this.#keyProven = keyProven;
        this.#answered.done("answered");
      },
      // There is no time to wait for a report.
      listening: () => this.#answered.done("answered"),
      report: (report, reason) => {
        this.#noteReport(report, reason);
        const { cid, type } = report;
        if (cid !== undefined && (reason === "push" || type === "query")) this.#noteChildren([cid], []);
      },
      children: ({ online, offline }) => this.#noteChildren(online, offline),
      // A refusal is read from the frames.
      refused: () => undefined,
      childOnline: (cid) => this.children.get(cid),
      childAnswered: () => undefined,
      ended: (end) => this.#ended.done(end),
      lossError: () => new TuyaError("OFFLINE", "The connection of the test ended."),
    };
  }

  #noteFrame(frame: FrameEvent): void {
    this.#clues.note(frame);
    if (frame.direction === "in" && frame.command === Command.HEART_BEAT) this.#heartbeat.done(true);
  }

  /** A report that the device sends by itself seldom has all data points, so only an answer ends the wait for values. */
  #noteReport(report: Report, reason: ReportReason): void {
    const { cid, dps } = report;
    this.#values.merge(report, reason);
    if (cid === undefined && reason !== "push" && Object.keys(dps).length > 0) this.#firstValues.done();
  }

  #noteChildren(online: readonly string[], offline: readonly string[]): void {
    for (const cid of online) this.#noteChild(cid, true);
    for (const cid of offline) this.#noteChild(cid, false);
    if (this.#asked !== undefined && this.children.has(this.#asked)) this.#known.done();
  }

  #noteChild(cid: string, isOnline: boolean): void {
    if (this.children.size < MAX_CHILDREN || this.children.has(cid) || cid === this.#asked)
      this.children.set(cid, isOnline);
  }

  /** A refusal is read from the frames. */
  #ask(cid: string | undefined): Promise<void> {
    return this.#session.requests.query(cid, "reply").catch(() => undefined);
  }
}

/** Time for two requests, a query and a heartbeat. More time would help only devices whose frames cannot be decrypted. */
function longestTrialMs({ settleMs, silenceMs }: DiagnosisTimings): number {
  return settleMs + 2 * silenceMs + settleMs;
}

function sessionTimings({ timings, deadline }: TestConnectionContext): Timings {
  const { connectMs, silenceMs, settleMs, queryRetryMs, heartbeatMs, closeGraceMs } = timings;
  return {
    ...DEFAULT_TIMINGS,
    connectTimeoutMs: deadline.atMost(connectMs),
    negotiationTimeoutMs: silenceMs,
    replyTimeoutMs: silenceMs,
    stalledFrameMs: silenceMs,
    settleMs,
    queryRetryMs,
    // A device22 reports its data points one by one and is asked again for each.
    reportTimeoutMs: queryRetryMs,
    probeTimeoutMs: heartbeatMs,
    closeGraceMs,
  };
}
