import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import type { NodeAPI } from "node-red";
import { registerAdminRoutes } from "../../../nodes/admin/register";
import { acquireDevice } from "../../../src/device/registry";

describe("registerAdminRoutes", () => {
  it("asks for a permission before each route", () => {
    const guarded: string[] = [];
    const note = (method: string) => (path: string, permission: string) =>
      void guarded.push(`${method} ${path} ${permission}`);
    const RED = {
      httpAdmin: { get: note("GET"), post: note("POST") },
      auth: { needsPermission: (permission: string) => permission },
      settings: {},
      events: new EventEmitter(),
      nodes: {},
      log: {},
    };
    registerAdminRoutes(RED as unknown as NodeAPI, { acquire: acquireDevice, share: () => undefined });
    assert.deepEqual(guarded, [
      "GET /tuya/devices tuya.read",
      "GET /tuya/health tuya.read",
      "POST /tuya/test tuya.write",
      "POST /tuya/children tuya.write",
      "POST /tuya/learn tuya.write",
      "GET /tuya/overview tuya.read",
      "GET /tuya/overview/:id tuya.read",
      "POST /tuya/reconnect tuya.write",
      "POST /tuya/platform/fetch tuya.write",
      "POST /tuya/platform/apply tuya.write",
      "POST /tuya/keys/compare tuya.write",
      "GET /tuya/keys tuya.read",
      "GET /tuya/templates tuya.read",
      "POST /tuya/templates tuya.write",
      "GET /tuya/values/:id tuya.read",
    ]);
  });
});
