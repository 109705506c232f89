import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { NodeAPI } from "node-red";
import { registerTemplatesRoute } from "../../../../nodes/admin/templates/templates-route";
import { NodeRed, tab } from "../../../support/flow";

const TEMPLATE = { name: "My plug", categories: ["cz"], datapoints: [{ dp: "1", code: "switch_1" }] };

describe("registerTemplatesRoute", () => {
  const red = new NodeRed();
  let userDir: string;

  before(async () => {
    userDir = await mkdtemp(path.join(tmpdir(), "templates-route-"));
  });
  after(() => rm(userDir, { recursive: true }));

  it("asks for a permission before each route", () => {
    const guarded: string[] = [];
    const note = (method: string) => (url: string, permission: string) =>
      void guarded.push(`${method} ${url} ${permission}`);
    const RED = {
      httpAdmin: { get: note("GET"), post: note("POST") },
      auth: { needsPermission: (permission: string) => permission },
      settings: {},
    };
    registerTemplatesRoute(RED as unknown as NodeAPI);
    assert.deepEqual(guarded, ["GET /tuya/templates tuya.read", "POST /tuya/templates tuya.write"]);
  });

  it("saves a template, refuses to overwrite it unasked, and lists it", async () => {
    await red.load([tab("t")], {}, { userDir });
    const saved = await red.request().post("/tuya/templates").send(TEMPLATE).expect(200);
    const file = path.join(userDir, "tuya-templates", "my-plug.json");
    assert.deepEqual(saved.body, { id: "my-plug", file });
    const again = await red.request().post("/tuya/templates").send(TEMPLATE).expect(409);
    assert.deepEqual(again.body, { message: "There is a template of this name already: my-plug.json." });
    await red
      .request()
      .post("/tuya/templates")
      .send({ ...TEMPLATE, replace: true })
      .expect(200);
    const { body } = (await red.request().get("/tuya/templates").expect(200)) as {
      readonly body: { readonly folder: string; readonly templates: readonly object[] };
    };
    assert.equal(body.folder, path.join(userDir, "tuya-templates"));
    assert.deepEqual(body.templates[0], { id: "my-plug", own: true, ...TEMPLATE });
    assert.ok(body.templates.length > 20);
  });

  it("refuses what is no template", async () => {
    await red.load([tab("t")], {}, { userDir });
    for (const body of [[], {}, { name: "x" }, { ...TEMPLATE, name: 5 }]) {
      const { status, body: answer } = await red.request().post("/tuya/templates").send(body);
      assert.equal(status, 400);
      assert.match(String((answer as { readonly message?: unknown }).message), /\.$/);
    }
  });
});
