import assert from "node:assert/strict";
import { once } from "node:events";
import { diagnose } from "../../src/diagnosis/diagnose";
import { DIAGNOSIS_STEPS, type DiagnosisLine } from "../../src/diagnosis/lines";
import { DIAGNOSIS_TIMINGS, type DiagnosisTimings } from "../../src/diagnosis/timings";
import type { VirtualDevice } from "../../src/virtual/virtual-device";
import { deafPort } from "../support/deaf-port";
import { diagnosed, SHORT } from "../support/diagnosis";
import { assertNothingLeft, resources } from "../support/resources";
import { ticksOf } from "../support/ticks";
import { portsOf, startDiscovery } from "../support/udp";
import { DEVICE_ID, LOCAL_KEY, startDevice } from "../support/virtual";
import type { DiagnosisContext, DiagnosisInput } from "../../src/diagnosis/input";

async function untilDeserted(device: VirtualDevice): Promise<void> {
  while (device.clients > 0) await once(device, "disconnect");
}

function inputFor(device: Pick<VirtualDevice, "host" | "port">): DiagnosisInput {
  return { deviceId: DEVICE_ID, localKey: LOCAL_KEY, ip: device.host, port: device.port, version: "auto" };
}

describe("diagnose, aborted", () => {
  for (const step of DIAGNOSIS_STEPS) {
    it(`says nothing after ${step}, and leaves neither socket nor timer`, async () => {
      const device = await startDevice("3.4");
      const before = await resources();
      const abort = new AbortController();
      const lines: DiagnosisLine[] = [];
      for await (const line of diagnose(inputFor(device), { signal: abort.signal, timings: SHORT })) {
        lines.push(line);
        if ("step" in line && line.step === step) abort.abort();
      }
      const last = lines.at(-1);
      assert.ok(last && "step" in last && last.step === step);
      await untilDeserted(device);
      await assertNothingLeft(before);
    });

    it(`closes everything when the reader leaves after ${step}`, async () => {
      const device = await startDevice("3.4");
      const before = await resources();
      for await (const line of diagnose(inputFor(device), { timings: SHORT })) {
        if ("step" in line && line.step === step) break;
      }
      await untilDeserted(device);
      await assertNothingLeft(before);
    });
  }

  /** Who does not end at once waits for longer than any test may. */
  const ENDLESS: DiagnosisTimings = {
    ...(Object.fromEntries(
      Object.keys(SHORT).map((name) => [name, 3_600_000]),
    ) as unknown as DiagnosisTimings),
    totalMs: 1e9,
    settleMs: 300,
    closeGraceMs: 50,
  };

  /** Aborts in the middle of a wait, when all other lines have been said. */
  async function abortDuring(
    input: DiagnosisInput,
    context: DiagnosisContext,
    moment: (abort: () => void) => void,
  ): Promise<readonly DiagnosisLine[]> {
    const abort = new AbortController();
    const lines: DiagnosisLine[] = [];
    moment(() => abort.abort());
    const options = { ...context, timings: ENDLESS, signal: abort.signal };
    for await (const line of diagnose(input, options)) lines.push(line);
    assert.ok(
      lines.every((line) => !("verdict" in line)),
      "ends without a conclusion",
    );
    return lines;
  }

  it("stops while it listens for announcements", async () => {
    const discovery = await startDiscovery();
    const before = await resources();
    const input = { deviceId: DEVICE_ID, localKey: LOCAL_KEY, ip: "", version: "auto" } as const;
    await abortDuring(input, { discovery }, (abort) => void setTimeout(abort, 20));
    // The discovery itself asks again from time to time.
    await assertNothingLeft(before);
  });

  it("stops while it connects", async () => {
    const { port, close } = await deafPort();
    try {
      const before = await resources();
      await abortDuring(inputFor({ host: "127.0.0.1", port }), {}, (abort) => void setTimeout(abort, 20));
      await assertNothingLeft(before);
    } finally {
      await close();
    }
  });

  it("stops while it watches a new connection", async () => {
    const device = await startDevice("3.4", { faults: { silent: true } });
    const before = await resources();
    await abortDuring(inputFor(device), {}, (abort) => device.once("connect", abort));
    await untilDeserted(device);
    await assertNothingLeft(before);
  });

  it("stops while it waits for the answer to a negotiation", async () => {
    const device = await startDevice("3.4", { faults: { silent: true } });
    const before = await resources();
    const lines = await abortDuring(inputFor(device), {}, (abort) =>
      device.once("connect", () => void setTimeout(abort, ENDLESS.settleMs + 100)),
    );
    assert.equal(lines.length, 3);
    await untilDeserted(device);
    await assertNothingLeft(before);
  });

  it("stops while it waits for data points", async () => {
    const device = await startDevice("3.4", { faults: { ignoreQuery: true } });
    const before = await resources();
    await abortDuring(inputFor(device), {}, (abort) => device.once("request", abort));
    await untilDeserted(device);
    await assertNothingLeft(before);
  });

  it("stops while it pauses before another attempt", async () => {
    const device = await startDevice("3.4", { faults: { busy: true } });
    const before = await resources();
    await abortDuring(inputFor(device), {}, (abort) =>
      device.once("reject", () => void setTimeout(abort, 50)),
    );
    await assertNothingLeft(before);
  });

  it("does not even begin where it is aborted already", async () => {
    const device = await startDevice("3.4");
    device.on("connect", () => assert.fail("a connection was opened"));
    for await (const line of diagnose(inputFor(device), { signal: AbortSignal.abort() })) {
      assert.fail(`said ${line.says}`);
    }
  });
});

describe("the time a diagnosis takes", () => {
  /** The time of all steps, and of closing the last socket. */
  const longestMs = ({ totalMs, closeGraceMs }: DiagnosisTimings): number => totalMs + closeGraceMs;

  it("is less than 15 s in the worst case", () => {
    assert.ok(longestMs(DIAGNOSIS_TIMINGS) < 15_000);
  });

  it("leaves enough of it for the search of the version, however long the other steps take", () => {
    const { totalMs, connectMs, settleMs, silenceMs, negotiationProbeMs, valuesMs, heartbeatMs } =
      DIAGNOSIS_TIMINGS;
    const negotiated = settleMs + silenceMs;
    const old = settleMs + 2 * silenceMs;
    const search = negotiated + negotiated + (settleMs + negotiationProbeMs) + old;
    assert.ok(connectMs + search + valuesMs + heartbeatMs <= totalMs);
  });

  /** The real proportions, so many times as fast. */
  const faster = (times: number): typeof DIAGNOSIS_TIMINGS =>
    Object.fromEntries(
      Object.entries(DIAGNOSIS_TIMINGS).map(([name, ms]) => [name, (ms as number) / times]),
    ) as unknown as typeof DIAGNOSIS_TIMINGS;
  const FAST = faster(40);
  /** For what it computes. */
  const SLACK_MS = 500;

  for (const [title, faults, version] of [
    ["never answers", { silent: true }, "auto"],
    ["never answers, with the rarest version set", { silent: true }, "3.2"],
    ["answers what cannot be read", { corrupt: true }, "auto"],
    ["answers heartbeats only", { ignoreQuery: true }, "auto"],
    ["is slow", { slowMs: 30 }, "auto"],
  ] as const) {
    it(`is kept with a device that ${title}`, async () => {
      const discovery = await startDiscovery();
      for (const speaks of ["3.1", "3.5"] as const) {
        const device = await startDevice(speaks, { faults });
        const ms = await ticksOf(() =>
          diagnosed({ ...inputFor(device), version }, { discovery, timings: FAST }),
        );
        assert.ok(ms < longestMs(FAST) + SLACK_MS, `${ms} ms`);
      }
    });
  }

  it("is kept where nothing answers at an address that took long to be heard", async () => {
    const discovery = await startDiscovery();
    const { port: deaf, close } = await deafPort();
    try {
      const device = await startDevice("3.4");
      const timings = faster(10);
      setTimeout(() => void device.announce({ port: portsOf(discovery)[0] }), timings.listenMs / 2);
      const ms = await ticksOf(async () => {
        const { conclusion } = await diagnosed({ port: deaf }, { discovery, timings });
        assert.equal(conclusion.verdict, "UNREACHABLE");
      });
      assert.ok(ms < longestMs(timings) + SLACK_MS, `${ms} ms`);
    } finally {
      await close();
    }
  });
});
