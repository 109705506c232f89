import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { NodeRed, tab } from "../../support/flow";

const NODES = "nodes";

const sources = (): string[] =>
  readdirSync(NODES, { recursive: true, encoding: "utf8" }).filter(
    (file) => file.endsWith(".ts") && !file.startsWith("editor"),
  );

/** Every `POST` route there is, as the sources register it. */
function postRoutes(): string[] {
  return sources().flatMap((file) =>
    [...readFileSync(path.join(NODES, file), "utf8").matchAll(/\bpost\(\s*RED,\s*"([^"]+)"/g)].map(
      ([, url = ""]) => url,
    ),
  );
}

describe("the routes of the editor", () => {
  const red = new NodeRed();
  const template = { name: "From a page", datapoints: [{ dp: "1", code: "switch_1" }] };

  it("are registered in one place, which asks for the permission and the type", () => {
    const others = sources().filter(
      (file) =>
        /httpAdmin/.test(readFileSync(path.join(NODES, file), "utf8")) && path.basename(file) !== "route.ts",
    );
    assert.deepEqual(others, []);
    const routes = postRoutes();
    for (const name of [
      "test",
      "learn",
      "children",
      "templates",
      "platform/fetch",
      "platform/apply",
      "keys/compare",
    ])
      assert.ok(routes.includes(`/tuya/${name}`), `${name} of ${routes.join(", ")}`);
  });

  it("take nothing that a web page can have a browser post to them", async () => {
    const userDir = await mkdtemp(path.join(tmpdir(), "route-"));
    try {
      await red.load([tab("t")], {}, { userDir });
      const json = JSON.stringify(template);
      const forms: readonly (readonly [string, string])[] = [
        [
          "application/x-www-form-urlencoded",
          "name=From+a+page&datapoints[0][dp]=1&datapoints[0][code]=switch_1",
        ],
        ["application/x-www-form-urlencoded", json],
        ["text/plain", json],
        ["text/plain; charset=application/json", json],
        ["multipart/form-data; boundary=x", json],
        ["application/jsonp", json],
      ];
      for (const url of postRoutes()) {
        for (const [type, body] of forms) {
          const answer = await red.request().post(url).set("Content-Type", type).send(body);
          assert.equal(answer.status, 415, `${url} ${type}`);
        }
        assert.equal((await red.request().post(url)).status, 415, `${url} without a body`);
      }
      assert.ok(!existsSync(path.join(userDir, "tuya-templates")), "a template was written");
      await red.request().post("/tuya/templates").send(template).expect(200);
      const charset = "application/json; charset=utf-8";
      await red.request().post("/tuya/templates").set("Content-Type", charset).send(json).expect(409);
    } finally {
      await rm(userDir, { recursive: true });
    }
  });
});
