import assert from "node:assert/strict";
import { once } from "node:events";
import { DIAGNOSIS_STEPS } from "../../../../src/diagnosis/lines";
import { deviceNode, inNode, TAB } from "../../../support/editor-flows";
import { discoveryOn, freeUdpPort } from "../../../support/editor-discovery";
import { inEditor } from "../../../support/in-editor";
import { DEVICE_ID, LOCAL_KEY, startDevice } from "../../../support/virtual";

const FIELD = "#node-config-input-";
const TEST = ".tuya-test-start";
const VERDICT = ".tuya-verdict";
const CID = "a4c1380123456789";
const OTHER_KEY = "0123456789abcdef";

/** Flows with one device, deployed and with its key stored. Behind it, a sub-device. */
const flowsFor = (port: number, properties: object = {}) => [
  TAB,
  deviceNode("plug", {
    name: "Kitchen plug",
    deviceId: DEVICE_ID,
    port: String(port),
    credentials: { localKey: LOCAL_KEY },
    ...properties,
  }),
  deviceNode("child", { name: "Door", deviceId: "", ip: "", port: "", gateway: "plug", cid: CID }),
  inNode("plug-in", { device: "plug" }),
  inNode("child-in", { device: "child", y: 140 }),
];

describe("Test in the panel of tuya-device", () => {
  let udpPort = 0;
  inEditor(
    [TAB],
    (editor, server) => {
      const open = (id?: string) => editor().editConfig("tuya-device", id);
      const press = () => editor().page.click(TEST);
      const verdict = async () => {
        await editor().page.locator(`${VERDICT}[data-verdict]`).waitFor();
        return editor().page.getAttribute(VERDICT, "data-verdict");
      };
      const caption = () => editor().page.innerText(`${TEST} span`);
      const steps = () =>
        editor().page.$$eval(".tuya-step", (items) =>
          items.map((item) => `${item.getAttribute("data-step")} ${item.getAttribute("data-state")}`),
        );
      const button = (name: string) => editor().page.getByRole("button", { name, exact: true });
      const dialogTitle = (title: string) => editor().page.locator("#red-ui-editor-stack").getByText(title);
      /** Fills the form of a new device. */
      const enter = async (port: number, localKey: string) => {
        await open();
        await editor().fill(`${FIELD}deviceId`, DEVICE_ID);
        await editor().fill(`${FIELD}localKey`, localKey);
        await editor().fill(`${FIELD}ip`, "127.0.0.1");
        await editor().fill(`${FIELD}port`, String(port));
      };

      it("shows the steps as they finish, in their order, and the verdict", async () => {
        const device = await startDevice("3.4", { faults: { slowMs: 300 } });
        await enter(device.port, LOCAL_KEY);
        await editor().page.evaluate(() => {
          const seen: string[] = [];
          const look = (): void => {
            for (const item of document.querySelectorAll(".tuya-step, .tuya-verdict")) {
              const text = `${item.getAttribute("data-step") ?? "verdict"} ${item.getAttribute("data-state") ?? ""}`;
              if (!seen.includes(text)) seen.push(text);
            }
          };
          const form = document.querySelector(".tuya-test");
          if (form) new MutationObserver(look).observe(form, { childList: true, subtree: true });
          Object.assign(window, { tuyaSeen: seen });
        });
        await press();
        await editor().page.locator('.tuya-step[data-step="tcp"][data-state="passed"]').waitFor();
        assert.equal(await caption(), "Cancel the test");
        await editor().screenshot("test-running");
        assert.equal(await verdict(), "OK");
        await editor().screenshot("test-ok");
        const seen = await editor().page.evaluate(() => Reflect.get(window, "tuyaSeen") as string[]);
        assert.deepEqual(
          seen.filter((text) => /passed|verdict/.test(text)),
          [...DIAGNOSIS_STEPS.map((step) => `${step} passed`), "verdict "],
        );
        // One line after the other, not all at the end: what was under way was seen before it was done.
        assert.ok(seen.indexOf("version running") < seen.indexOf("version passed"));
        assert.ok(seen.indexOf("version running") > seen.indexOf("tcp passed"));
        assert.ok(seen.includes("key waiting"));
        assert.match(
          await editor().page.innerText(VERDICT),
          /works: protocol 3\.4, key accepted, 3 data points\./,
        );
        assert.equal(await caption(), "Test");
        assert.deepEqual(await editor().untranslated(), []);
        await editor().cancel();
      });

      it("takes over version, address and data points", async () => {
        const device = await startDevice("3.4");
        await editor().replaceFlows(
          flowsFor(device.port, { version: "3.3", datapoints: [{ dp: "1", code: "switch_1" }] }),
        );
        await open("plug");
        await press();
        assert.equal(await verdict(), "WRONG_VERSION");
        await editor().screenshot("test-wrong-version");
        await button("Use version 3.4").click();
        assert.equal(await editor().value(`${FIELD}version`), "3.4");
        await button("Add 2 data points").click();
        assert.equal((await editor().page.innerText(".tuya-done >> nth=1")).trim(), "2 data points added");
        assert.equal(
          await editor()
            .page.getByRole("button", { name: /^Use address/ })
            .count(),
          0,
        );
        await editor().screenshot("test-taken-over");
        await editor().ok();
        const saved = await editor().saved("plug");
        assert.equal(saved["version"], "3.4");
        assert.deepEqual(saved["datapoints"], [
          { dp: "1", code: "switch_1" },
          { dp: "2", type: "Integer" },
          { dp: "3", type: "String" },
        ]);
        assert.deepEqual((await editor().node("plug")).validationErrors, []);
      });

      it("finds a device without an address by its announcement, and takes its address over", async () => {
        const device = await startDevice("3.5", { id: "vdev0000000000follow", host: "127.0.0.9" });
        const stop = device.startAnnouncing({ port: udpPort, intervalMs: 200 });
        await enter(device.port, LOCAL_KEY);
        await editor().fill(`${FIELD}deviceId`, device.id);
        await editor().fill(`${FIELD}ip`, "");
        await press();
        assert.equal(await verdict(), "OK");
        stop();
        await button("Use address 127.0.0.9").click();
        assert.equal(await editor().value(`${FIELD}ip`), "127.0.0.9");
        await editor().page.getByText("Address 127.0.0.9 set").waitFor();
        assert.ok(await editor().page.isVisible(VERDICT));
        await editor().cancel();
      });

      it("says nothing any more of a device that works once other settings than those stand in the form", async () => {
        const device = await startDevice("3.4");
        await enter(device.port, LOCAL_KEY);
        for (const [field, tested, other] of [
          ["deviceId", DEVICE_ID, "vdev00000000000other"],
          ["ip", "127.0.0.1", "127.0.0.2"],
          ["port", String(device.port), "6668"],
        ] as const) {
          await editor().fill(`${FIELD}${field}`, tested);
          await press();
          assert.equal(await verdict(), "OK");
          await editor().fill(`${FIELD}name`, `Plug, ${field}`);
          assert.ok(await editor().page.isVisible(VERDICT), "the name is for people only");
          await editor().fill(`${FIELD}${field}`, other);
          assert.ok(!(await editor().page.isVisible(VERDICT)), field);
          await editor().fill(`${FIELD}${field}`, tested);
        }
        await press();
        assert.equal(await verdict(), "OK");
        await editor().page.selectOption(`${FIELD}version`, "3.4");
        assert.ok(await editor().page.isVisible(VERDICT), "what the test has found");
        await editor().page.selectOption(`${FIELD}version`, "3.3");
        assert.ok(!(await editor().page.isVisible(VERDICT)));
        await editor().cancel();
      });

      it("names a wrong key, from what is typed and not saved yet", async () => {
        const device = await startDevice("3.4");
        await enter(device.port, OTHER_KEY);
        await press();
        assert.equal(await verdict(), "WRONG_KEY");
        assert.match(await editor().page.innerText(VERDICT), /rejects the local key: it holds another one/);
        assert.deepEqual((await steps()).at(-1), "key failed");
        await editor().screenshot("test-wrong-key");
        assert.equal(
          await editor()
            .page.getByRole("button", { name: /^Use version/ })
            .count(),
          0,
        );
        // Of a device that is not configured yet there is nothing to compare.
        assert.equal(await button("Compare keys…").count(), 0);
        await button("Import the key…").click();
        await editor().page.locator(".tuya-import").waitFor();
        await editor().cancel();
        // The right one is typed over it, and the next test knows.
        await editor().fill(`${FIELD}localKey`, LOCAL_KEY);
        assert.equal(await editor().page.isVisible(VERDICT), false);
        await press();
        await editor().page.locator(`${VERDICT}[data-verdict="OK"]`).waitFor();
        // Leaving the field changes nothing; another key has not been tested.
        await editor().page.locator(`${FIELD}localKey`).focus();
        await editor().page.locator(`${FIELD}ip`).focus();
        assert.equal(await editor().page.isVisible(VERDICT), true);
        await editor().fill(`${FIELD}localKey`, OTHER_KEY);
        assert.equal(await editor().page.isVisible(VERDICT), false);
        await editor().cancel();
      });

      it("leads from a wrong key to the present one, which the form below takes over", async () => {
        const device = await startDevice("3.4");
        await editor().replaceFlows(
          flowsFor(device.port, { version: "3.3", credentials: { localKey: OTHER_KEY } }),
        );
        await open("plug");
        await editor().fill(`${FIELD}localKey`, "fedcba9876543210");
        await press();
        assert.equal(await verdict(), "WRONG_KEY");
        // It speaks 3.4, but that would not help.
        assert.equal(
          await editor()
            .page.getByRole("button", { name: /^Use version/ })
            .count(),
          0,
        );
        await editor().screenshot("test-leads-to-key");
        await editor().openNested("button:has-text('Compare keys…'):visible");
        await dialogTitle("Compare keys of Tuya devices").waitFor();
        // The help is not on top of a field.
        const help = await editor().page.locator(".tuya-import .tuya-help").boundingBox();
        const field = await editor().page.locator("#tuya-platform-id").boundingBox();
        assert.ok(help && field && help.y + help.height <= field.y);
        await editor().cancel();
        await editor().openNested("button:has-text('Import the key…'):visible");
        await editor().page.fill(
          ".tuya-import-text",
          JSON.stringify([{ id: DEVICE_ID, key: LOCAL_KEY, name: "Kitchen plug" }]),
        );
        await editor().page.locator(".tuya-import-table tbody tr", { hasText: "Kitchen plug" }).click();
        await editor().page.click(".tuya-import-create");
        await editor().page.locator(".tuya-import").waitFor({ state: "detached" });
        assert.equal(await editor().page.isVisible(VERDICT), false);
        await editor().ok();
        assert.equal((await editor().node("plug")).credentials?.["localKey"], LOCAL_KEY);
        await open("plug");
        await press();
        assert.equal(await verdict(), "WRONG_VERSION");
        await button("Use version 3.4").waitFor();
        await editor().cancel();
      });

      it("has links in the help that open what they name", async () => {
        for (const type of ["tuya-device", "tuya-in", "tuya-out", "tuya-raw"]) {
          await editor().showHelp(type);
          await editor().openNested(".red-ui-help a[data-tuya-action='tuya:compare-keys'] >> nth=-1");
          await dialogTitle("Compare keys of Tuya devices").waitFor();
          await editor().cancel();
        }
      });

      it("uses the stored key, which never reaches the browser", async () => {
        const device = await startDevice("3.5");
        await editor().replaceFlows(flowsFor(device.port));
        const sent: (string | null)[] = [];
        const received: Promise<string>[] = [];
        editor().page.on("request", (request) => sent.push(request.postData()));
        editor().page.on("response", (response) => received.push(response.text().catch(() => "")));
        await open("plug");
        await press();
        assert.equal(await verdict(), "OK");
        await button("Copy report…").click();
        const report = await editor().page.inputValue(".tuya-report textarea");
        assert.match(report, /^OK: vdev00…0001 works: protocol 3\.5/m);
        assert.ok(!report.includes("Kitchen plug"));
        assert.match(report, /Node-RED \d+\.\d+/);
        assert.ok(!report.includes(DEVICE_ID) && !report.includes("127.0.0.1"));
        await editor().screenshot("test-report");
        const page = await editor().page.evaluate(() => document.documentElement.outerHTML);
        const body = sent.find((text) => text?.includes(DEVICE_ID)) ?? "";
        assert.equal((JSON.parse(body) as { localKey?: unknown }).localKey, undefined);
        for (const text of [...(await Promise.all(received)), ...sent, page, report, server().output()])
          assert.ok(!text?.includes(LOCAL_KEY) && !text?.includes("N0z/"));
        assert.deepEqual(await editor().untranslated(), []);
        await editor().cancel();
      });

      it("shows a typed key in no report, and copies the report as it is shown", async () => {
        const device = await startDevice("3.4");
        await enter(device.port, LOCAL_KEY);
        await press();
        assert.equal(await verdict(), "OK");
        await button("Copy report…").click();
        const report = await editor().page.inputValue(".tuya-report textarea");
        assert.ok(report.includes("version auto") && !report.includes("N0z/"));
        await editor().page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
        await editor().page.fill(".tuya-report textarea", "as shown, and shortened by hand");
        await button("Copy").click();
        await button("Copied").waitFor();
        assert.equal(
          await editor().page.evaluate(() => navigator.clipboard.readText()),
          "as shown, and shortened by hand",
        );
        await editor().cancel();
      });

      it("tests a device behind a gateway with the gateway's key", async () => {
        const device = await startDevice("3.4", { subDevices: { [CID]: { dps: { "1": true, "101": 20 } } } });
        await editor().replaceFlows(flowsFor(device.port));
        await open("child");
        assert.equal(await editor().page.isVisible(".tuya-find-open"), false);
        await press();
        assert.equal(await verdict(), "OK");
        assert.equal(await editor().page.getByRole("button", { name: /^Use / }).count(), 0);
        await button("Add 2 data points").click();
        await editor().screenshot("test-child");
        await editor().ok();
        assert.deepEqual((await editor().saved("child"))["datapoints"], [
          { dp: "1", type: "Boolean" },
          { dp: "101", type: "Integer" },
        ]);
      });

      it("can be cancelled, by its button and by closing the dialog", async () => {
        const device = await startDevice("3.4", { faults: { silent: true } });
        for (const cancel of [press, () => editor().cancel(), () => editor().ok()]) {
          await enter(device.port, LOCAL_KEY);
          const connected = once(device, "connect");
          await press();
          await connected;
          await editor().page.locator('.tuya-step[data-step="tcp"][data-state="passed"]').waitFor();
          const aborted = editor().page.waitForEvent("requestfailed", (request) =>
            request.url().endsWith("tuya/test"),
          );
          const hungUp = once(device, "disconnect");
          await cancel();
          await aborted;
          await hungUp;
          if (cancel !== press) continue;
          assert.equal(await editor().page.innerText(VERDICT), "The test was cancelled.");
          assert.deepEqual((await steps()).at(-1), "tcp passed");
          assert.equal(await caption(), "Test");
          await editor().screenshot("test-cancelled");
          await editor().cancel();
        }
      });

      it("shows the sentence of a refusal, and what went wrong on the way", async () => {
        await enter(1, LOCAL_KEY);
        await editor().fill(`${FIELD}ip`, "192.0.2.7");
        await press();
        await editor().page.locator(VERDICT).waitFor();
        assert.match(await editor().page.innerText(VERDICT), /private|local/);
        await editor().screenshot("test-refused");
        const answers = [
          [403, "{}", "Your account may not do this here."],
          [404, "<html>Cannot POST</html>", /restart it after an update/],
          [429, '{"message":"Too many tests."}', "Too many tests."],
          [200, '{"step":"settings","ok":true,"ms":1,"says":"Complete."}\n', /ended before the answer did/],
        ] as const;
        for (const [status, body, says] of answers) {
          await editor().page.route("**/tuya/test", (route) => route.fulfill({ status, body }));
          await press();
          await editor().page.locator(VERDICT).getByText(says).waitFor();
          await editor().page.unroute("**/tuya/test");
        }
        assert.deepEqual(
          editor()
            .takeMishaps()
            .map((mishap) => mishap.slice(0, 3)),
          ["400", "403", "404", "429"],
        );
        await editor().cancel();
      });
    },
    async () => {
      udpPort = await freeUdpPort();
      return discoveryOn(udpPort);
    },
  );
});
