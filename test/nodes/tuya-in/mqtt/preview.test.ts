import assert from "node:assert/strict";
import type { NodeMessage } from "node-red";
import { previewSharing } from "../../../../src/mqtt/preview";
import type { Dps } from "../../../../src/protocol/dps";
import { FakeRegistry, READY } from "../../../support/fake-device";
import { device, input, NodeRed, probe, tab } from "../../../support/flow";
import { product, profile } from "../../../support/kind";

const ID = "vdevice0000000000001";

/** Products, the templates that fit them, and what is chosen of their values. */
const SHARED = [
  ["plug", "plug-metering", ""],
  ["lamp", "lamp-colour", ""],
  ["lamp", "lamp-colour", "brightness, color, bright_value"],
  ["lamp", "lamp-colour", "color, 20, 21, 22, 24"],
  ["dimmer", "dimmer", ""],
  ["cover", "cover", ""],
  ["thermostat", "thermostat", ""],
  ["breaker", "breaker", ""],
  ["scene-switch", "scene-switch", ""],
] as const;

/** A lamp that shows a colour. */
const COLOURED: Dps = { "21": "colour", "24": "007803e803e8" };

describe("the topics a panel lists", () => {
  let registry: FakeRegistry;
  const red = new NodeRed((...args) => registry.acquire(...args));
  beforeEach(() => {
    registry = new FakeRegistry();
    registry.device(ID).state = READY;
  });

  for (const [kind, template, chosen] of SHARED) {
    it(`are those a ${kind} is shared under${chosen && `, with ${chosen}`}`, async () => {
      const known: Dps = { ...product(kind).dps, ...(kind === "lamp" && COLOURED) };
      registry.device(ID).known.set("", known);
      const datapoints = profile(template);
      await red.load([
        tab("t"),
        device("device", undefined, { name: "Name", deviceId: ID, datapoints }),
        input("in", "t", { scope: "all", output: "mqtt", base: "house", dps: chosen, wires: [["got"]] }),
        probe("got", "t"),
      ]);
      const got = red.messages<NodeMessage & { readonly topic: string }>("got");
      await got.find(({ topic }) => topic === "house/bridge/devices");
      const published = new Map(
        got.all.map(({ topic, payload }) => [
          topic,
          typeof payload === "string" ? payload : JSON.stringify(payload),
        ]),
      );
      const own = [...published.keys()].filter((topic) => topic.startsWith("house/Name/"));

      const looked = { base: "house", chosen: chosen ? chosen.split(", ") : [], known, likely: {} };
      const { topics } = previewSharing({ id: ID, name: "Name", level: "Name", datapoints }, looked);
      const listed = new Map(
        topics.filter(({ isPublished }) => isPublished).map((each) => [each.topic, each]),
      );
      assert.deepEqual(
        own.filter((topic) => !listed.has(topic)),
        [],
      );
      const said = topics.filter(({ isKnown }) => isKnown);
      assert.ok(said.length > 0);
      // What happens for a moment is told only when it does.
      for (const { topic, payload, isRetained } of said) {
        if (isRetained) assert.equal(payload, published.get(topic), topic);
      }
    });
  }
});
