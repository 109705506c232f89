import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { AWKWARD_KEY, deviceNode, inNode, TAB } from "../../support/editor-flows";
import { inEditor } from "../../support/in-editor";

const FIELD = "#node-config-input-";

const FLOWS = [
  TAB,
  deviceNode("plug", { name: "Kitchen plug", credentials: { localKey: AWKWARD_KEY } }),
  deviceNode("gateway", { name: "Gateway", deviceId: "bf0123456789abcdefghgw", credentials: {} }),
  inNode("plug-in", { device: "plug" }),
  inNode("gateway-in", { device: "gateway", y: 140 }),
];

describe("local key", () => {
  inEditor(FLOWS, (editor, server) => {
    const KEY = `${FIELD}localKey`;
    const count = () => editor().page.textContent(".tuya-key-count");
    const note = async () => (await editor().page.innerText(".tuya-key-note > span")).trim();
    const isMarked = async () =>
      ((await editor().page.getAttribute(KEY, "class")) ?? "").includes("input-error");
    const storedKeys = async () =>
      JSON.parse(await readFile(path.join(server().userDir, "flows_cred.json"), "utf8")) as Record<
        string,
        unknown
      >;
    /** Everything of the page that can be read: its source, its fields, the editor's nodes. */
    const everything = () =>
      editor().page.evaluate(() => {
        const fields = [...document.querySelectorAll("input, textarea, select")].map((element) =>
          "value" in element ? String(element.value) : "",
        );
        const nodes = ["plug", "gateway"].map((id) => {
          const { credentials, ...node } = (RED.nodes.node(id) ?? {}) as {
            credentials?: object;
            name?: string;
          };
          return JSON.stringify({ credentials, name: node.name });
        });
        return [document.documentElement.outerHTML, ...fields, ...nodes].join("\n");
      });

    it("never reaches the browser once it is stored", async () => {
      await editor().editConfig("tuya-device", "plug");
      assert.equal(await editor().value(KEY), "__PWRD__");
      assert.equal(await editor().page.getAttribute(KEY, "type"), "password");
      assert.equal(await count(), "");
      assert.equal(await editor().page.isVisible(".tuya-key-eye"), false);
      assert.match(await note(), /^Stored\./);
      const text = await everything();
      assert.ok(!text.includes(AWKWARD_KEY) && !text.includes("N0z/"));
      assert.deepEqual((await editor().node("plug")).credentials?.["has_localKey"], true);
      await editor().cancel();
    });

    it("is saved as it was typed, as a credential and nowhere else", async () => {
      await editor().editConfig("tuya-device", "gateway");
      assert.match(await note(), /^16 characters\./);
      await editor().page.locator(KEY).pressSequentially(AWKWARD_KEY);
      assert.equal(await count(), "16/16");
      assert.equal(await note(), "The right length.");
      assert.equal(await editor().page.locator(".tuya-key-note button").count(), 0);
      await editor().ok();
      await editor().deploy();
      assert.deepEqual(await storedKeys(), {
        plug: { localKey: AWKWARD_KEY },
        gateway: { localKey: AWKWARD_KEY },
      });
      assert.ok(!(await editor().flowsText()).includes("N0z/"));
      const credentials = await fetch(new URL("credentials/tuya-device/gateway", server().url));
      assert.deepEqual(await credentials.json(), { has_localKey: true });
      await editor().editConfig("tuya-device", "gateway");
      assert.equal(await editor().value(KEY), "__PWRD__");
      assert.ok(!(await everything()).includes("N0z/"));
      await editor().cancel();
      await editor().reload();
      assert.ok(!(await everything()).includes("N0z/"));
      assert.ok(!server().output().includes("N0z/"));
    });

    it("stays stored when something else is changed", async () => {
      await editor().editConfig("tuya-device", "plug");
      await editor().page.focus(KEY);
      await editor().fill(`${FIELD}name`, "Plug in the kitchen");
      await editor().ok();
      await editor().deploy();
      assert.deepEqual((await storedKeys())["plug"], { localKey: AWKWARD_KEY });
    });

    it("is replaced as a whole by what is typed or pasted over it, wherever the cursor stands", async () => {
      for (const cursor of ["Home", "End", "ArrowLeft"]) {
        await editor().editConfig("tuya-device", "plug");
        await editor().page.focus(KEY);
        await editor().page.keyboard.press(cursor);
        await editor().page.keyboard.insertText("0123456789abcdef");
        assert.equal(await editor().value(KEY), "0123456789abcdef");
        assert.equal(await isMarked(), false);
        await editor().cancel();
      }
    });

    it("is marked for as long as it cannot be one, while it is typed", async () => {
      await editor().editConfig("tuya-device", "plug");
      await editor().page.focus(KEY);
      await editor().page.keyboard.type("0123456789abcde");
      assert.equal(await isMarked(), true);
      await editor().page.keyboard.type("f");
      assert.equal(await isMarked(), false);
      await editor().cancel();
    });

    it("can be taken away, which is said and can be undone at a click", async () => {
      await editor().editConfig("tuya-device", "plug");
      await editor().page.focus(KEY);
      await editor().page.keyboard.press("End");
      await editor().page.keyboard.press("Backspace");
      assert.equal(await editor().value(KEY), "");
      assert.equal(await count(), "0/16");
      assert.equal(await note(), "The stored key will be removed.");
      await editor().page.click(".tuya-key-note button");
      assert.equal(await editor().value(KEY), "__PWRD__");
      await editor().ok();
      assert.equal(await editor().isDirty(), false);
    });

    it("that was damaged by copying is repaired at a click, and only then", async () => {
      await editor().editConfig("tuya-device", "plug");
      for (const [pasted, damage] of [
        [`  ${AWKWARD_KEY} `, "blanks"],
        [`"${AWKWARD_KEY}"`, "quotes"],
        [`\u200b${AWKWARD_KEY}`, "invisible characters"],
        ["7{O&lt;&amp;&quot;$M}N0z/&#39;|q", "HTML escapes"],
        ["7{O&amp;lt;&amp;amp;&amp;quot;$M}N0z/&amp;#39;|q", "HTML escapes"],
        [String.raw`"7{O\u003c\u0026\"$M}N0z/'|q"`, "quotes, JSON escapes"],
      ] as const) {
        await editor().page.fill(KEY, "");
        await editor().page.keyboard.insertText(pasted);
        assert.equal(await editor().value(KEY), pasted);
        assert.equal(await count(), `${pasted.length}/16`);
        assert.equal(
          await note(),
          `${pasted.length} characters, but a key has 16. This one has picked up: ${damage}.`,
        );
        await editor().screenshot("device-key-damaged");
        await editor().page.click(".tuya-key-note button");
        assert.equal(await editor().value(KEY), AWKWARD_KEY);
        assert.equal(await count(), "16/16");
        assert.equal(await note(), "The right length.");
      }
      await editor().cancel();
    });

    it("says of an environment variable that it is one", async () => {
      await editor().editConfig("tuya-device", "plug");
      await editor().fill(KEY, "${PLUG_KEY}");
      assert.equal(await count(), "");
      assert.equal(await note(), "Read from the environment variable PLUG_KEY when the flow starts.");
      await editor().cancel();
    });

    it("of a wrong length is kept as it stands, and marked", async () => {
      await editor().editConfig("tuya-device", "gateway");
      await editor().fill(KEY, " tooshort");
      assert.equal(await count(), "9/16");
      assert.equal(await note(), "9 characters, but a key has 16. It is saved as it stands.");
      await editor().ok();
      const { credentials, validationErrors } = await editor().node("gateway");
      assert.equal(credentials?.["localKey"], " tooshort");
      assert.deepEqual(validationErrors, ["Local key: 16 characters, as Tuya gave it"]);
    });

    it("can be seen while it is typed", async () => {
      await editor().editConfig("tuya-device", "plug");
      await editor().fill(KEY, AWKWARD_KEY);
      await editor().page.click(".tuya-key-eye");
      assert.equal(await editor().page.getAttribute(KEY, "type"), "text");
      await editor().screenshot("device-key-shown");
      await editor().page.click(".tuya-key-eye");
      assert.equal(await editor().page.getAttribute(KEY, "type"), "password");
      await editor().cancel();
    });
  });
});

/** In the page. */
declare const RED: { nodes: { node(id: string): object | null } };
