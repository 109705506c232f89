import assert from "node:assert/strict";
import type { NodeMessage } from "node-red";
import { TuyaError } from "../../../src/errors";
import { FakeRegistry, READY, waiting } from "../../support/fake-device";
import {
  type CaughtMessage,
  device,
  discover,
  type FlowNode,
  input,
  keysFor,
  LOG,
  NodeRed,
  output,
  probe,
  raw,
  tab,
  watcher,
} from "../../support/flow";
import { until } from "../../support/settled";

const ID = "fake0000000000000001";
const NO_WAY = "Nobody knows the way.";
const NO_DEVICE = "No device is chosen, or it was deleted or disabled. Open the node and choose one.";

/** What is said of one node, where nobody catches it, and where somebody does. */
interface Case {
  readonly what: string;
  readonly nodes: readonly FlowNode[];
  /** The node that reports. */
  readonly id: string;
  /** What it is told, where it says nothing by itself. */
  readonly msg?: NodeMessage;
  readonly name: string;
  readonly code: string;
  readonly sentence: string;
}

const lamp = (more: object = {}) => device("device", undefined, { name: "Lamp", ...more });

const CASES: readonly Case[] = [
  {
    what: "a device",
    nodes: [lamp(), input("in", "t")],
    id: "device",
    name: "Lamp",
    code: "UNREACHABLE",
    sentence: NO_WAY,
  },
  {
    what: "a device without a name",
    nodes: [lamp({ name: "" }), input("in", "t")],
    id: "device",
    name: ID,
    code: "UNREACHABLE",
    sentence: NO_WAY,
  },
  {
    what: "a tuya-in without a device",
    nodes: [input("in", "t", { device: "" })],
    id: "in",
    name: "tuya-in",
    code: "NOT_CONFIGURED",
    sentence: NO_DEVICE,
  },
  {
    what: "a tuya-out",
    nodes: [lamp(), output("out", "t")],
    id: "out",
    msg: { payload: true },
    name: "Lamp",
    code: "OFFLINE",
    sentence: `Lamp is not connected, so nothing was sent. ${NO_WAY}`,
  },
  {
    what: "a tuya-out with a name of its own",
    nodes: [lamp(), output("out", "t", { name: "The switch" })],
    id: "out",
    msg: { payload: true },
    name: "The switch",
    code: "OFFLINE",
    sentence: `Lamp is not connected, so nothing was sent. ${NO_WAY}`,
  },
  {
    what: "a tuya-out for a device that the message names",
    nodes: [lamp(), output("out", "t", { scope: "message", device: "" })],
    id: "out",
    msg: { payload: true, device: ID },
    name: "Lamp",
    code: "OFFLINE",
    sentence: `Lamp is not connected, so nothing was sent. ${NO_WAY}`,
  },
  {
    what: "a tuya-out that a message names no device to",
    nodes: [lamp(), output("out", "t", { scope: "message", device: "" })],
    id: "out",
    msg: { payload: true },
    name: "tuya-out",
    code: "BAD_INPUT",
    sentence:
      'The message does not say which device is meant. Name it in msg.device, or let msg.topic begin with it, as in "Kitchen lamp/on".',
  },
  {
    what: "a tuya-raw",
    nodes: [lamp(), raw("raw", "t")],
    id: "raw",
    msg: { payload: { command: 10, payload: {} } },
    name: "Lamp",
    code: "OFFLINE",
    sentence: `Lamp is not connected, so nothing was sent. ${NO_WAY}`,
  },
  {
    what: "a tuya-discover",
    nodes: [discover("discover", "t")],
    id: "discover",
    msg: {},
    name: "tuya-discover",
    code: "NOT_CONFIGURED",
    sentence:
      "Discovery is switched off in settings.js. Enter addresses by hand, or remove tuyaDeviceDiscovery: false from settings.js.",
  },
];

describe("what nodes report", () => {
  const registry = new FakeRegistry();
  const red = new NodeRed(registry.acquire);

  beforeEach(() => {
    registry.devices.clear();
    registry.device(ID).state = waiting("UNREACHABLE", NO_WAY);
  });

  for (const { what, nodes, id, msg, name, code, sentence } of CASES) {
    it(`is logged as a sentence under a name: ${what}`, async () => {
      await red.load([tab("t"), ...nodes]);
      const before = red.logs().length;
      if (msg) {
        red.send(id, msg);
        // What is about the message comes after what the nodes say by themselves.
        await until(() =>
          red
            .logs()
            .slice(before)
            .some((entry) => entry.id === id),
        );
      }
      const entries = red.logs().filter((entry) => entry.id === id && entry.level === LOG.error);
      const entry = entries.at(-1) as { readonly msg: unknown; readonly name?: string } | undefined;
      assert.deepEqual([entry?.msg, entry?.name], [sentence, name]);
    });

    it(`comes to a Catch node with its code, and from the node as it is: ${what}`, async () => {
      await red.load([tab("t"), ...nodes, watcher("catch", "catch", "t", "caught"), probe("caught", "t")]);
      if (msg) red.send(id, msg);
      const { error } = await red
        .messages<CaughtMessage>("caught")
        .find(({ error: { source } }) => source.id === id);
      assert.equal(error.message, sentence);
      assert.equal(error.code, code);
      const given = nodes.find((node) => node.id === id);
      assert.deepEqual(error.source, {
        id,
        type: given?.type,
        name: given?.["name"] || undefined,
        count: 1,
      });
      assert.deepEqual(red.logged(id, LOG.error), []);
    });
  }

  it("shows warnings under the name of the device, too", async () => {
    registry.device(ID).state = READY;
    await red.load([tab("t"), lamp(), input("in", "t", { dps: "nonsense" })]);
    const [entry] = red.logs().filter(({ id, level }) => id === "in" && level === LOG.warn);
    assert.deepEqual(
      [entry?.id, (entry as { readonly name?: string } | undefined)?.name, entry?.msg],
      ["in", "Lamp", "Lamp has no data point named nonsense: nothing of that is passed on."],
    );
  });

  it("keeps what is no error of ours, and what has no message, as it is", async () => {
    await red.load([tab("t"), lamp(), output("out", "t")], keysFor([lamp()]));
    const fault = new TypeError("A mistake of ours.");
    red.node("out").error(fault, {});
    red.node("out").error(new TuyaError("BUSY", "All places are taken."));
    const entries = red.logs().filter(({ id, level }) => id === "out" && level === LOG.error);
    assert.equal(entries[0]?.msg, fault);
    assert.equal(entries[1]?.msg, "All places are taken.");
  });
});
