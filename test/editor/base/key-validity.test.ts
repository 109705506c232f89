import assert from "node:assert/strict";
import type { Route } from "playwright-core";
import { AWKWARD_KEY, deviceNode, inNode, TAB } from "../../support/editor-flows";
import { inEditor } from "../../support/in-editor";
import { until } from "../../support/settled";

/** Functions given to `evaluate` run in the page, where this is a global. */
declare const RED: {
  readonly nodes: { import(nodes: readonly object[]): void };
};

const MISSING = "Local key is missing";
const UNUSABLE = "Local key: 16 characters, as Tuya gave it";
const NO_KEY = { credentials: {} };
const key = (localKey: string) => ({ credentials: { localKey } });

describe("a local key that is missing or cannot be one", () => {
  inEditor([TAB], (editor) => {
    const errors = async (id: string) => (await editor().node(id)).validationErrors ?? [];
    const becomes = (id: string, expected: readonly string[]) =>
      until(async () => JSON.stringify(await errors(id)) === JSON.stringify(expected));

    it("makes a deployed device invalid, and what uses it, although the editor sees no key", async () => {
      await editor().replaceFlows([
        TAB,
        deviceNode("good", key(AWKWARD_KEY)),
        deviceNode("variable", key("${KITCHEN_KEY}")),
        deviceNode("none", NO_KEY),
        deviceNode("short", key("0123456789")),
        deviceNode("disabled", { ...NO_KEY, d: true }),
        deviceNode("child", { deviceId: "", ip: "", port: "", gateway: "good", cid: "00a1b2c3" }),
        inNode("in", { device: "none" }),
        inNode("well", { device: "good", y: 140 }),
      ]);
      await becomes("none", [MISSING]);
      await becomes("short", [UNUSABLE]);
      for (const id of ["good", "variable", "child"]) assert.deepEqual(await errors(id), [], id);
      await until(async () => (await editor().node("in")).valid === false);
      assert.equal((await editor().node("well")).valid, true);
      await editor().screenshot("key-missing");
    });

    it("is seen as soon as one is typed, and no longer after a deploy", async () => {
      await editor().replaceFlows([TAB, deviceNode("plug", NO_KEY), inNode("in", { device: "plug" })]);
      await becomes("plug", [MISSING]);
      const field = "#node-config-input-localKey";
      await editor().editConfig("tuya-device", "plug");
      const isMarked = () => editor().page.$eval(field, (input) => input.classList.contains("input-error"));
      assert.equal(await isMarked(), true);
      await editor().fill(field, "0123456789");
      assert.equal(await isMarked(), true);
      await editor().ok();
      assert.deepEqual(await errors("plug"), [UNUSABLE]);
      await editor().editConfig("tuya-device", "plug");
      await editor().fill(field, AWKWARD_KEY);
      assert.equal(await isMarked(), false);
      await editor().ok();
      assert.deepEqual(await errors("plug"), []);
      await until(async () => (await editor().node("in")).valid === true);
      await editor().deploy();
      await editor().editConfig("tuya-device", "plug");
      assert.equal(await isMarked(), false);
      await editor().cancel();
      assert.deepEqual(await errors("plug"), []);
    });

    it("is that of a device which was imported without credentials", async () => {
      await editor().replaceFlows([TAB, deviceNode("plug", key(AWKWARD_KEY))]);
      const { credentials: _credentials, ...pasted } = deviceNode("pasted") as { credentials?: object };
      await editor().page.evaluate((node) => RED.nodes.import([node]), pasted);
      await becomes("pasted", [MISSING]);
      assert.deepEqual(await errors("plug"), []);
    });

    it("is not that of a device an answer could not know, because its flows came after the question", async () => {
      const questions: Route[] = [];
      await editor().page.route("**/tuya/keys*", (route) => void questions.push(route));
      await editor().replaceFlows([TAB, deviceNode("former", key(AWKWARD_KEY))]);
      await until(() => questions.length === 1);
      await editor().replaceFlows([TAB, deviceNode("plug", key(AWKWARD_KEY))]);
      await until(() => questions.length === 2);
      const answered = editor().page.waitForResponse("**/tuya/keys*");
      await questions[0]?.fulfill({ json: { former: "usable" } });
      await (await answered).finished();
      // The page has read the answer before it evaluates anything else.
      assert.deepEqual(await errors("plug"), []);
      await questions[1]?.continue();
      await editor().page.unroute("**/tuya/keys*");
      await becomes("plug", []);
    });

    it("is none of a device behind a gateway, as its form says", async () => {
      await editor().replaceFlows([TAB, deviceNode("plug", key(AWKWARD_KEY))]);
      await editor().editConfig("tuya-device");
      await editor().page.selectOption("#tuya-device-kind", "child");
      await editor().page.selectOption("#node-config-input-gateway", "plug");
      await editor().fill("#node-config-input-cid", "00a1b2c3");
      await editor().ok();
      const flows = await editor().page.evaluate(() => {
        const nodes: { valid?: boolean; cid?: string }[] = [];
        (RED.nodes as unknown as { eachConfig(take: (node: object) => void): void }).eachConfig((node) =>
          nodes.push(node),
        );
        return nodes.map(({ valid, cid }) => ({ valid, cid }));
      });
      assert.deepEqual(
        flows.filter(({ cid }) => cid === "00a1b2c3").map(({ valid }) => valid),
        [true],
      );
    });
  });
});
