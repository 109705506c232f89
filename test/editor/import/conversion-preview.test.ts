import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { EditorNode } from "../../support/editor";
import { AWKWARD_KEY, deviceNode } from "../../support/editor-flows";
import { inEditor } from "../../support/in-editor";

const ROW = ".tuya-import-table tbody tr";
const FLOW = JSON.parse(readFileSync("test/import/fixtures/smart-device-flow.json", "utf8")) as {
  readonly id: string;
  readonly type: string;
}[];
const OTHER_KEY = "kV3tWq8ZrX1nLp5e";

/**
 * Without what stays as it is, and so would keep the flows from starting. Node-RED draws no group without a style.
 * Nothing listens at the address, which is connected to.
 */
const PLAIN_FLOW = FLOW.filter(({ id }) => !["hub1", "func1"].includes(id)).map((node) => ({
  ...node,
  ...(node.type === "group" && { style: { label: true } }),
  ...(node.type === "tuya-smart-device" && { deviceIp: "127.0.0.1" }),
}));

/** Within a subflow: wires begin and end at its ports. */
const SUBFLOW = [
  {
    id: "sub",
    type: "subflow",
    name: "Lamp with a port",
    in: [{ x: 60, y: 80, wires: [{ id: "inner" }] }],
    out: [
      { x: 400, y: 60, wires: [{ id: "inner", port: 0 }] },
      { x: 400, y: 100, wires: [{ id: "inner", port: 1 }] },
    ],
  },
  {
    id: "inner",
    type: "tuya-smart-device",
    z: "sub",
    deviceName: "Inner",
    deviceId: "bfinner0000000000001",
    deviceKey: OTHER_KEY,
    x: 220,
    y: 80,
    wires: [[], []],
  },
];

interface DrawnNode {
  readonly id: string;
  readonly z: string;
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

type Json = Readonly<Record<string, unknown>> & { readonly id: string; readonly type: string };

/** Functions given to `evaluate` run in the page, where this is a global. */
declare const RED: {
  readonly actions: { invoke(name: string): void };
  readonly nodes: {
    createCompleteNodeSet(options: { readonly credentials: boolean }): object[];
    eachNode(take: (node: EditorNode) => boolean): void;
    group(id: string): { readonly nodes: readonly { readonly id: string }[] };
  };
  readonly history: { depth(): number };
};

describe("import dialog: conversion of the workspace", () => {
  const all = [...PLAIN_FLOW, ...SUBFLOW];
  inEditor(all, (editor, server) => {
    const open = async () => {
      await editor().whileTraysChange(1, () =>
        editor().page.evaluate(() => RED.actions.invoke("tuya:import-devices")),
      );
      const tab = editor().page.locator(".tuya-import-tabs a", { hasText: "This workspace" });
      await editor().showTab(".tuya-import-tabs", ((await tab.getAttribute("href")) ?? "").slice(1));
      await editor().page.locator(ROW).first().waitFor();
    };
    /** Node-RED says that types are missing, on top of the dialog's buttons. */
    const closeNotification = async () => {
      const close = editor().page.locator(".red-ui-notification button", { hasText: "Close" });
      await close.click();
      await close.waitFor({ state: "hidden" });
    };
    before("closes what Node-RED says of missing types", () => closeNotification());
    const flows = async () =>
      JSON.parse(
        await editor().page.evaluate(() =>
          JSON.stringify(RED.nodes.createCompleteNodeSet({ credentials: false })),
        ),
      ) as Json[];
    const byId = (nodes: readonly Json[]) => [...nodes].sort((a, b) => (a.id < b.id ? -1 : 1));
    const depth = () => editor().page.evaluate(() => RED.history.depth());

    it("shows what each node becomes, what changes, and what has to stay as it is", async () => {
      await open();
      const rows = await editor().page.locator(ROW).allInnerTexts();
      assert.deepEqual(
        rows.map((row) =>
          row
            .split(/[\n\t]+/)
            .filter(Boolean)
            .slice(0, 4),
        ),
        [
          ["Inner", "Lamp with a port", "tuya-out + tuya-in", "with a new device"],
          ["Kitchen plug", "House", "tuya-out + tuya-in", "with a new device"],
          ["Kitchen plug again", "House", "tuya-out + tuya-in", "with a new device"],
        ],
      );
      assert.match(rows[1] ?? "", /It shares one connection with the other nodes of its device/);
      await editor().screenshot("import-conversion");
      const sentences = await editor().page.locator(".tuya-import-sentences li").allInnerTexts();
      assert.deepEqual(sentences, [
        "Hall lamp is left as it is: its device id is missing, or in a credential, which an export does not contain.",
        "Secret lamp is left as it is: its device id is missing, or in a credential, which an export does not contain.",
        "2 keys were in plain text in the flow. Re-pair the devices if the flow was published.",
      ]);
      const html = await editor().page.content();
      for (const key of [AWKWARD_KEY.slice(0, 6), OTHER_KEY]) assert.ok(!html.includes(key));
      assert.deepEqual(await editor().untranslated(), []);
      await editor().cancel();
    });

    for (const isRemoving of [false, true]) {
      it(`converts in one step, and one step restores everything (${isRemoving ? "old nodes deleted" : "old nodes disabled"})`, async () => {
        const before = await flows();
        const steps = await depth();
        await open();
        await editor().page.setChecked("#tuya-import-remove", isRemoving);
        await editor().ok();
        await editor()
          .page.getByText(/nodes are converted\. Deploy to connect the new ones\./)
          .first()
          .waitFor();
        assert.equal(await depth(), steps + 1);
        const after = await flows();
        const text = JSON.stringify(after);
        assert.ok(!text.includes(OTHER_KEY) && !text.includes(JSON.stringify(AWKWARD_KEY).slice(1, -1)));
        const node = (id: unknown): Json =>
          after.find((candidate) => candidate.id === id) ?? assert.fail(`no node ${String(id)}`);
        const made = (type: string, z: string) =>
          after.find((candidate) => candidate.type === type && candidate["z"] === z) ?? assert.fail(type);

        const out = made("tuya-out", "tab1");
        const input = made("tuya-in", "tab1");
        assert.deepEqual(node("inject1")["wires"], isRemoving ? [[out.id]] : [["old1", out.id]]);
        assert.deepEqual(input["wires"], [["debug1"], ["debug2"]]);
        assert.equal(input["output"], "compatible");
        assert.equal(input["device"], out["device"]);
        assert.equal(node(out["device"])["deviceId"], "bfplug00000000000001");
        const members = await editor().page.evaluate(() =>
          RED.nodes.group("group1").nodes.map(({ id }) => id),
        );
        assert.deepEqual(new Set(members), new Set([...(isRemoving ? [] : ["old1"]), out.id, input.id]));
        const scope = node("catch1")["scope"] as string[];
        assert.ok(scope.includes(out.id) && scope.includes(input.id));
        const inner = { out: made("tuya-out", "sub").id, in: made("tuya-in", "sub").id };
        const sub = node("sub") as unknown as {
          in: { wires: { id: string }[] }[];
          out: { wires: { id: string; port: number }[] }[];
        };
        assert.ok(sub.in[0]?.wires.some(({ id }) => id === inner.out));
        assert.ok(sub.out[1]?.wires.some(({ id, port }) => id === inner.in && port === 1));
        for (const id of ["old1", "old3", "inner"]) {
          const old = after.find((candidate) => candidate.id === id);
          if (isRemoving) assert.equal(old, undefined);
          else assert.deepEqual([old?.["d"], old?.["deviceKey"]], [true, ""]);
        }
        await editor().screenshot(`import-converted-${isRemoving ? "deleted" : "disabled"}`);

        await editor().undo();
        assert.deepEqual(byId(await flows()), byId(before));
        assert.equal(await editor().isDirty(), false);
      });
    }

    it("calls an existing device so, misses no key it has, and covers nothing", async () => {
      const mine = deviceNode("mine", {
        name: "Plug of mine",
        deviceId: "bfplug00000000000001",
        credentials: { localKey: OTHER_KEY },
      });
      const others = all.filter(({ id }) => id !== "old2" && id !== "old4");
      const keyless = others.map((node) => ({ ...node, ...("deviceKey" in node && { deviceKey: "" }) }));
      await editor().replaceFlows([...keyless, mine]);
      await closeNotification();
      await open();
      const rows = await editor().page.locator(ROW).allInnerTexts();
      assert.match(rows[0] ?? "", /with a new device/);
      assert.match(rows[1] ?? "", /with the existing device Plug of mine/);
      const sentences = await editor().page.locator(".tuya-import-sentences li").allInnerTexts();
      assert.deepEqual(sentences, ["Inner: It has no local key."]);
      await editor().screenshot("import-conversion-existing");
      await editor().page.setChecked("#tuya-import-remove", false);
      await editor().ok();
      const covered = await editor().page.evaluate(() => {
        const nodes: DrawnNode[] = [];
        RED.nodes.eachNode((node) => {
          const { id, z, x, y, w, h } = node as unknown as DrawnNode;
          if (z === "tab1") nodes.push({ id, z, x, y, w, h });
          return true;
        });
        const isCovered = (a: DrawnNode, b: DrawnNode) =>
          Math.abs(a.x - b.x) < (a.w + b.w) / 2 && Math.abs(a.y - b.y) < (a.h + b.h) / 2;
        return nodes.flatMap((a, at) =>
          nodes
            .slice(at + 1)
            .filter((b) => isCovered(a, b))
            .map((b) => `${a.id} and ${b.id}`),
        );
      });
      assert.deepEqual(covered, []);
      await editor().screenshot("import-converted-existing");
      await editor().undo();
    });

    it("starts the flows although the other package is gone", async () => {
      await editor().replaceFlows(all.filter(({ id }) => !["old2", "old4", "inject1"].includes(id)));
      await closeNotification();
      await open();
      await editor().ok();
      await editor().page.waitForSelector(".red-ui-tray", { state: "detached" });
      const said = server().output().length;
      await editor().deploy();
      while (!/Started flows|missing/i.test(server().output().slice(said)))
        await editor().page.waitForTimeout(50);
      assert.doesNotMatch(server().output().slice(said), /missing/i);
      const deployed = await editor().flowsText();
      assert.ok(!deployed.includes(OTHER_KEY) && !deployed.includes(AWKWARD_KEY.slice(0, 6)));
    });
  });
});

describe("import dialog: a pasted flow of the other package", () => {
  inEditor([{ id: "tab1", type: "tab", label: "Flow" }], (editor) => {
    const paste = async () => {
      await editor().whileTraysChange(1, () =>
        editor().page.evaluate(() => RED.actions.invoke("tuya:import-devices")),
      );
      await editor().page.fill(".tuya-import-text", JSON.stringify(PLAIN_FLOW));
      await editor().page.locator(ROW).first().waitFor();
    };
    const nodes = async (type: string) =>
      (
        JSON.parse(
          await editor().page.evaluate(() =>
            JSON.stringify(RED.nodes.createCompleteNodeSet({ credentials: false })),
          ),
        ) as Json[]
      ).filter((node) => node.type === type);

    it("is taken for a list of its devices", async () => {
      await paste();
      assert.equal(await editor().page.innerText("#node-dialog-ok"), "Create 2 devices");
      await editor().screenshot("import-foreign-flow");
      const sentences = await editor().page.locator(".tuya-import-sentences li").allInnerTexts();
      assert.ok(
        sentences.includes(
          "A key was in plain text in the flow. Re-pair the device if the flow was published.",
        ),
      );
      await editor().ok();
      assert.deepEqual(
        (await nodes("tuya-device")).map(({ name }) => name),
        ["Kitchen plug", "Hall lamp"],
      );
      await editor().undo();
    });

    it("can be imported as a flow, its nodes converted", async () => {
      await paste();
      await editor().page.click(".tuya-import-offer button");
      assert.equal(await editor().page.innerText("#node-dialog-ok"), "Import with 3 nodes converted");
      await editor().screenshot("import-foreign-converted");
      await editor().ok();
      // The imported nodes hang on the mouse.
      await editor().page.mouse.move(500, 400);
      await editor().page.mouse.click(520, 420);
      assert.equal((await nodes("tuya-smart-device")).length, 1);
      const [plug, lamp] = await nodes("tuya-device");
      assert.deepEqual([plug?.["name"], lamp?.["name"]], ["Kitchen plug", "Hall lamp"]);
      const outs = await nodes("tuya-out");
      assert.equal(outs.length, 2);
      assert.ok(outs.every(({ device }) => device === plug?.id || device === lamp?.id));
      const [inject] = await nodes("inject");
      assert.deepEqual(inject?.["wires"], [[outs.find(({ name }) => name === "Kitchen plug")?.id]]);
      assert.equal((await editor().node(plug?.id ?? "")).credentials?.["localKey"], AWKWARD_KEY);
      await editor().undo();
      assert.equal((await nodes("tuya-device")).length, 0);
    });
  });
});
