import type { Logger } from "../logger";
import { dialectOf, isProtocolVersion, type ProtocolVersion } from "../protocol/version";
import type { Answering } from "./version/answering";
import { type Cause, causeOfEnd, type SpokenVersion } from "./sentences/cause";
import type { CauseSubject } from "./sentences/explain";
import { Announcements } from "./address/announcements";
import { judgeIdentity } from "./address/identity";
import type { DiagnosisConclusion, DiagnosisLine, DiagnosisStepName } from "./lines";
import { locate, resolveHost } from "./address/locate";
import { Deadline } from "./deadline";
import { readyState, RunningAnswering, untilSettled } from "./version/running";
import { type Finding, Search } from "./version/search";
import { areSwapped, judgeSettings } from "./settings";
import type { DiagnosisTimings } from "./timings";
import { keySentence, lackOfValues, listed, REMEMBERED, successOf } from "./sentences/values";
import { conclude, StepWriter } from "./sentences/writing";
import { DEFAULT_PORT } from "../limits";
import { oldestSpoken } from "../device/attempts/version-finder";
import type { Trust } from "../session/proof/proof";
import type { ConnectionEnd } from "../session/connection/connection-end";
import type { DiagnosisContext, DiagnosisInput } from "./input";

/** Lines of one or more steps. If the diagnosis ends with them, the last one is the conclusion. */
type Lines = AsyncGenerator<DiagnosisLine, void, void>;

/** One diagnosis: takes the steps in their order, and stops at the first failure that makes the others pointless. */
export class Examination {
  readonly #input: DiagnosisInput;
  readonly #context: DiagnosisContext;
  readonly #timings: DiagnosisTimings;
  readonly #logger: Logger;
  readonly #deadline: Deadline;
  readonly #announcements: Announcements;
  readonly #steps = new StepWriter();
  readonly #name: string;
  readonly #port: number;
  /** The address that was reached, or tried. */
  #ip: string;
  /** The running device's connection, if it serves for the test. */
  #inUse: RunningAnswering | undefined;
  #search: Search | undefined;

  constructor(input: DiagnosisInput, context: DiagnosisContext, timings: DiagnosisTimings, logger: Logger) {
    this.#input = input;
    this.#context = context;
    this.#timings = timings;
    this.#logger = logger;
    this.#deadline = new Deadline(timings.totalMs, context.signal);
    this.#announcements = new Announcements(context.discovery, timings, this.#deadline);
    this.#name = input.name || (areSwapped(input) ? "" : input.deviceId) || "The device";
    this.#port = input.port ?? DEFAULT_PORT;
    this.#ip = input.ip;
  }

  /**
   * The steps as they end, then the conclusion.
   * @throws AbortedError if the signal is aborted
   */
  async *run(): Lines {
    for await (const line of this.#runSteps()) {
      this.#deadline.check();
      yield line;
    }
  }

  /** The conclusion if a fault of this package ends the diagnosis. */
  brokenOff(): DiagnosisConclusion {
    const subject = { name: this.#name, ip: this.#ip, port: this.#port, heardAt: undefined };
    return conclude({ cause: "fault" }, subject);
  }

  /** Closes what is open. Resolves when the sockets are gone. */
  async close(): Promise<void> {
    this.#announcements.close();
    await this.#search?.close();
  }

  async *#runSteps(): Lines {
    const settings = judgeSettings(this.#input);
    if ("cause" in settings) {
      yield* this.#stop("settings", settings.cause);
      return;
    }
    yield this.#steps.passed("settings", "The settings are complete.", settings.hint);

    this.#announcements.open();
    const { running } = this.#context;
    await untilSettled(running, this.#deadline, this.#timings);
    const target = { ...this.#input, port: this.#port };
    const ready = await readyState(running, target, (host) => this.#resolve(host));
    if (running && ready) {
      this.#ip = ready.ip;
      yield this.#steps.passed("address", `It is connected at ${ready.ip}.`);
      yield this.#steps.passed("tcp", "The connection in use serves for the test: no other one is opened.");
      this.#inUse = new RunningAnswering(running, ready, this.#deadline, this.#timings);
      const isSameKey = running.settings.localKey === this.#input.localKey;
      yield* this.#examine(this.#inUse, isSameKey || !ready.keyProven);
    } else {
      yield* this.#connect(settings.localKey);
    }
  }

  #resolve(host: string): Promise<string | undefined> {
    const { resolve } = this.#context;
    return resolveHost(host, { resolve, deadline: this.#deadline, timings: this.#timings });
  }

  async *#connect(localKey: Buffer): Lines {
    const { deviceId, ip: entered, version, device22Dps = [] } = this.#input;
    const { resolve } = this.#context;
    const [announcements, deadline, timings] = [this.#announcements, this.#deadline, this.#timings];
    const located = await locate({ deviceId, entered, announcements, deadline, timings, resolve });
    if ("cause" in located) {
      yield* this.#stop("address", located.cause);
      return;
    }
    yield this.#steps.passed("address", located.says, located.hint);

    const subject = { deviceId, name: this.#name, port: this.#port, localKey, device22Dps };
    let failure: ConnectionEnd | undefined;
    for (const ip of located.ips) {
      const search = new Search(ip, this.#likelyVersions(ip), {
        subject,
        timings,
        deadline,
        logger: this.#logger,
        trustIn: (spoken) => this.#trustIn(spoken),
        oldest: oldestSpoken(version, this.#context.known?.recall(deviceId)?.version),
      });
      this.#search = search;
      this.#ip = ip;
      const reached = await search.reach();
      if (reached === "reached") {
        yield this.#steps.passed("tcp", `Port ${this.#port} of ${ip} is open.`);
        yield* this.#judge(await search.run());
        return;
      }
      await search.close();
      failure ??= reached;
    }
    this.#ip = located.ips[0];
    yield* this.#stop("tcp", causeOfEnd(failure ?? { reason: "fault" }, this.#hasNode));
  }

  /**
   * At an address that was only announced, nothing is encrypted with the key except what proves it. Queries in clear are
   * allowed: they contain no secret, and a person waits for the result.
   */
  #trustIn(version: ProtocolVersion): Trust {
    const { ip, version: set } = this.#input;
    if (ip === "") return dialectOf(version).encrypts === "all" ? "heard" : "configured";
    return version === set ? "pinned" : "configured";
  }

  /** The announced version, then the configured one: the announced one is wrong less often. */
  #likelyVersions(ip: string): readonly ProtocolVersion[] {
    const { deviceId, version } = this.#input;
    const announced = (this.#announcements.at(ip, deviceId) ?? this.#announcements.of(deviceId))?.version;
    return [...new Set([announced, version])].filter((likely) => isProtocolVersion(likely));
  }

  async *#judge(finding: Finding): Lines {
    const announced = this.#announced;
    switch (finding.found) {
      case "answer":
        yield* this.#examine(finding.connection, true);
        return;
      case "rejection":
        yield* this.#versionStep(finding.speaks, "It hangs up, as 3.4 and 3.5 devices do on a wrong key.");
        yield* this.#stop("key", { cause: "key-rejected" }, finding.speaks);
        return;
      case "ignored-negotiation":
        yield* this.#versionStep("3.5", "");
        yield* this.#stop("key", { cause: "negotiation-ignored" }, "3.5");
        return;
      case "unreadable": {
        const { speaks } = finding;
        yield* this.#versionStep(speaks, "It answers, but in which version cannot be told.");
        yield* this.#stop("key", { cause: "unreadable", speaks, announced }, speaks);
        return;
      }
      case "silence":
        yield* this.#stop("version", { cause: "silent", tried: finding.tried, announced });
        return;
      case "foreigner":
        yield* this.#stop("version", { cause: "no-tuya" });
        return;
      case "end":
        yield* this.#stop("version", causeOfEnd(finding.end, this.#hasNode));
    }
  }

  /**
   * The device answers.
   * @param isKeyRight false if it is known to answer with another key than the one to test
   */
  async *#examine(answering: Answering, isKeyRight: boolean): Lines {
    const { ip } = answering;
    const { cid, deviceId } = this.#input;
    const speaks = this.#versionOf(answering);
    const version = isProtocolVersion(speaks) ? speaks : undefined;
    yield* this.#versionStep(speaks, "");
    if (!isKeyRight) {
      yield* this.#stop("key", { cause: "other-key-in-use" }, version);
      return;
    }
    const isProven = answering.keyProven;
    yield isProven
      ? this.#steps.passed("key", keySentence(answering))
      : this.#steps.failed("key", keySentence(answering));

    const values = await answering.showValues(cid || undefined);
    const isIdSent = dialectOf(answering.version).bodies === "flat";
    // Up to 3.3 commands contain the id. With another id they are acknowledged, but have no effect.
    if (isIdSent && answering.namedIds.size === 0) await this.#announcements.catchUp(ip, deviceId);
    const { keyProven, namedIds } = answering;
    const identity = this.#identify(namedIds, keyProven);
    if ("cause" in identity) {
      yield* this.#stop("identity", identity.cause, version);
      return;
    }
    yield this.#steps.passed("identity", identity.says);

    const { dps } = values;
    const isDevice22 = (this.#input.device22Dps?.length ?? 0) > 0;
    const lack = lackOfValues(values, answering, { cid: cid || undefined, isDevice22 });
    if (!lack) yield this.#steps.passed("datapoints", listed(dps, answering));
    else if (Object.keys(dps).length === 0) yield this.#steps.failedBy("datapoints", lack, this.#subject);
    else yield this.#steps.failed("datapoints", listed(dps, answering), REMEMBERED);
    if (!values.isLost) yield* this.#beat(answering);

    // If it is 3.1 or 3.2, the more common one is given.
    const facts = { version: version ?? answering.version, ip, dps };
    const isPinned = this.#input.ip !== "" && this.#input.version === answering.version;
    const success = successOf(answering, {
      cid: cid || undefined,
      dps: Object.keys(dps).length,
      version: speaks,
      isPinned,
    });
    yield conclude(this.#versionTrouble(speaks) ?? lack ?? success, this.#subject, facts);
  }

  async *#beat(answering: Answering): Lines {
    const isAnswered = await answering.beat();
    if (isAnswered === false) {
      yield this.#steps.failed(
        "heartbeat",
        "A heartbeat stays unanswered.",
        "That does no harm, except that a dead connection is noticed later.",
      );
    } else {
      yield this.#steps.passed(
        "heartbeat",
        isAnswered ? "Heartbeats are answered." : "The connection in use is kept up by heartbeats.",
      );
    }
  }

  /** @param otherwise the sentence if the version is not known */
  *#versionStep(speaks: SpokenVersion | undefined, otherwise: string): Generator<DiagnosisLine> {
    const trouble = speaks && this.#versionTrouble(speaks);
    if (trouble) yield this.#steps.failedBy("version", trouble, this.#subject);
    else if (speaks === undefined) yield this.#steps.passed("version", otherwise);
    else {
      const announced = this.#announced;
      const differs = announced !== undefined && announced !== speaks;
      yield this.#steps.passed(
        "version",
        `It speaks protocol ${speaks}.`,
        differs ? `It announces ${announced}, though.` : undefined,
      );
    }
  }

  /** The configured or announced version is believed if the answers fit both 3.1 and 3.2. */
  #versionOf({ version, keyProven }: Answering): SpokenVersion {
    const isInClear = dialectOf(version).encrypts !== "all";
    const isConfirmed = version === this.#announced || version === this.#input.version;
    return isInClear && !keyProven && !isConfirmed ? "3.1 or 3.2" : version;
  }

  #versionTrouble(speaks: SpokenVersion): Cause | undefined {
    const { version: set } = this.#input;
    if (set === "auto" || set === speaks) return undefined;
    return { cause: "other-version", speaks, set, announced: this.#announced };
  }

  #identify(namedIds: ReadonlySet<string>, keyProven: boolean): ReturnType<typeof judgeIdentity> {
    const { knownNames } = this.#context;
    const nameOf = (id: string): string => {
      const name = knownNames?.get(id);
      return name ? `${name} (${id})` : id;
    };
    const { deviceId } = this.#input;
    return judgeIdentity({
      deviceId,
      ip: this.#ip,
      namedIds,
      keyProven,
      announcements: this.#announcements,
      nameOf,
    });
  }

  /**
   * A step failed, and no other step can be taken. If another device may have been reached, that is the cause, whatever
   * `cause` says.
   */
  async *#stop(step: DiagnosisStepName, cause: Cause, version?: ProtocolVersion): Lines {
    yield this.#steps.failedBy(step, cause, this.#subject);
    const wasTried = step !== "settings" && step !== "address";
    const wasReached = wasTried && step !== "tcp";
    const isSure = cause.cause === "busy" || cause.cause === "other-key-in-use";
    if (wasTried && !isSure) await this.#announcements.catchUp(this.#ip, this.#input.deviceId);
    const isDoubtful = wasReached && step !== "identity" && !isSure;
    const identity = isDoubtful ? this.#identify(new Set(), false) : undefined;
    const stranger = identity && "cause" in identity ? identity.cause : undefined;
    if (stranger) yield this.#steps.failedBy("identity", stranger, this.#subject);
    const ip = this.#subject.heardAt ?? (wasReached ? this.#ip : undefined);
    yield conclude(stranger ?? cause, this.#subject, { version, ip });
  }

  get #hasNode(): boolean {
    return this.#context.running !== undefined;
  }

  get #announced(): string | undefined {
    return this.#announcements.of(this.#input.deviceId)?.version;
  }

  get #subject(): CauseSubject {
    const { cid, childName } = this.#input;
    const child = cid ? childName || `The sub-device ${cid}` : undefined;
    return { name: this.#name, child, ip: this.#ip, port: this.#port, heardAt: this.#elsewhere() };
  }

  /**
   * Another address that the device has now: where it is connected, otherwise where it was heard lately. Undefined if
   * none is known.
   */
  #elsewhere(): string | undefined {
    const { state } = this.#context.running ?? {};
    if (!this.#inUse && state?.kind === "ready") return state.ip === this.#ip ? undefined : state.ip;
    // A key that fits proves more than an announcement everybody can forge.
    if (this.#inUse?.keyProven) return undefined;
    const heard = this.#announcements.lately(this.#input.deviceId);
    return heard?.sender === this.#ip || heard?.ip === this.#ip ? undefined : heard?.ip;
  }
}
