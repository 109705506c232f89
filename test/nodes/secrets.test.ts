import assert from "node:assert/strict";
import { once } from "node:events";
import { inspect } from "node:util";
import { PROTOCOL_VERSIONS, type ProtocolVersion } from "../../src/protocol/version";
import type { VirtualDevice } from "../../src/virtual/virtual-device";
import { device, type FlowNode, input, NodeRed, output, probe, tab, watcher } from "../support/flow";
import { LOCAL_KEY, startDevice } from "../support/virtual";

const TRACE = { logging: { console: { level: "trace" } } };

/** The key as it stands, and as it could slip through in another coat. */
const FORMS: readonly string[] = [
  LOCAL_KEY,
  Buffer.from(LOCAL_KEY).toString("base64"),
  Buffer.from(LOCAL_KEY).toString("hex"),
  encodeURIComponent(LOCAL_KEY),
  inspect(Buffer.from(LOCAL_KEY)).slice(8, -1),
  [...Buffer.from(LOCAL_KEY)].join(","),
  LOCAL_KEY.slice(0, 12),
  LOCAL_KEY.slice(4),
];

function flow(virtual: VirtualDevice): FlowNode[] {
  return [
    tab("t"),
    device("device", virtual, { name: "Lamp" }),
    device("twin", virtual, { name: "Copy", version: "auto" }),
    input("in", "t", { output: "each", when: "all", state: true, wires: [["got"], ["got"]] }),
    input("in2", "t", { device: "twin", wires: [["got"]] }),
    input("in3", "t", { output: "compatible", state: true, wires: [["got"], ["got"]] }),
    output("out", "t", { wires: [["got"]] }),
    probe("got", "t"),
    watcher("catch", "catch", "t", "seen"),
    watcher("status", "status", "t", "seen"),
    watcher("complete", "complete", "t", "seen", { scope: ["in", "out", "device"] }),
    probe("seen", "t"),
  ];
}

/** The key with the most difficult characters works, and nothing that leaves a node contains it. */
describe("the local key", () => {
  const red = new NodeRed();

  function assertSecret(): void {
    const everything = red.everything();
    assert.ok(everything.includes("Lamp"), "Nothing was collected.");
    for (const form of FORMS) assert.ok(!everything.includes(form), `${form} was found.`);
  }

  async function useIt(version: ProtocolVersion): Promise<void> {
    const virtual = await startDevice(version);
    await red.load(flow(virtual), undefined, TRACE);
    await red.messages("got").find(({ payload }) => payload === "connected");
    for (const msg of [
      { payload: true, dp: 1 },
      { operation: "query" },
      { operation: "refresh" },
      { payload: "nonsense" },
      { payload: { nonsense: LOCAL_KEY.length } },
      { operation: "reconnect" },
    ]) {
      red.send("out", msg);
    }
    await red.messages("got").find((msg) => msg["operation"] === "reconnect");
    virtual.changeKey("0123456789abcdef");
    const gone = once(virtual, "disconnect");
    await virtual.close();
    await gone;
    await virtual.listen();
    await red
      .messages("seen")
      .find(({ error }) =>
        ["WRONG_KEY", "KEY_OR_VERSION"].includes((error as { code?: string } | undefined)?.code ?? ""),
      );
    red.send("out", { payload: true, dp: 1, last: true });
    await red.messages("seen").find((msg) => msg["last"] === true);
    assertSecret();
    await red.unload();
    assertSecret();
  }

  for (const version of PROTOCOL_VERSIONS.filter((name) => name > "3.2")) {
    it(`${version}: works, is refused, and appears nowhere`, () => useIt(version));
  }

  for (const [what, key] of [
    ["too short", LOCAL_KEY.slice(0, 15)],
    ["too long", `${LOCAL_KEY}x`],
    ["of letters no key has", `${LOCAL_KEY.slice(1)}é`],
  ] as const) {
    it(`appears nowhere when it is ${what}`, async () => {
      const virtual = await startDevice("3.4");
      await red.load(flow(virtual), { device: { localKey: key }, twin: { localKey: key } }, TRACE);
      await red.messages("seen").find(({ error }) => error !== undefined);
      assertSecret();
    });
  }

  it("is not in the node, where a function node or an admin could read it", async () => {
    const virtual = await startDevice("3.4");
    await red.load(flow(virtual));
    const node = red.node("device") as unknown as Record<string, unknown>;
    const { credentials, ...rest } = node;
    assert.deepEqual(credentials, { localKey: LOCAL_KEY });
    delete rest["_flow"];
    for (const form of FORMS) assert.ok(!inspect(rest, { depth: 6, getters: true }).includes(form), form);
  });
});

describe("what the search for secrets can find", () => {
  const red = new NodeRed();

  it("is a key in a message, a status and a log entry", async () => {
    const virtual = await startDevice("3.4");
    await red.load(flow(virtual));
    assert.ok(!red.everything().includes(LOCAL_KEY));
    red.send("got", { payload: { deep: [new Error(LOCAL_KEY)] } });
    await red
      .messages("got")
      .find(({ payload }) => typeof payload === "object" && payload !== null && "deep" in payload);
    assert.ok(red.everything().includes(LOCAL_KEY));
    await red.unload();

    await red.load(flow(virtual));
    red.node("in").status({ fill: "red", shape: "dot", text: LOCAL_KEY });
    assert.ok(red.everything().includes(LOCAL_KEY));
    await red.unload();

    await red.load(flow(virtual));
    red.node("in").warn(LOCAL_KEY);
    assert.ok(red.everything().includes(LOCAL_KEY));
  });
});
