import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import type { Node, NodeAPI } from "node-red";
import { ChildLink } from "../../../nodes/link/child-link";
import { DeviceUser } from "../../../nodes/link/device-user";
import { DataPointMap } from "../../../src/datapoints/datapoint-map";
import { SILENT } from "../../../src/logger";

const PROFILE = { name: "Door", deviceId: "door", cid: "00a1", dataPoints: DataPointMap.EMPTY };

/** A runtime with a sub-device "d" whose gateway was deleted. */
function runtime() {
  const events = new EventEmitter();
  const link = new ChildLink(PROFILE, () => undefined, SILENT);
  const nodes = new Map([["d", { type: "tuya-device", link }]]);
  const RED = { events, nodes: { getNode: (id: string) => nodes.get(id) } } as unknown as NodeAPI;
  return { RED, events, link, node: { id: "n" } as Node };
}

describe("DeviceUser", () => {
  it("tells with a state the link it is of, while it is built already", () => {
    const { RED, node, link, events } = runtime();
    const told: unknown[] = [];
    const user = new DeviceUser({
      RED,
      node,
      deviceNodeId: "d",
      state: ({ kind }, of) => told.push(kind, of === link),
      started: (isNew, { kind }, of) => told.push(isNew, kind, of === link),
    });
    events.emit("flows:started");
    events.emit("flows:started");
    const started = (isNew: boolean) => [isNew, "notConfigured", true];
    assert.deepEqual(told, ["notConfigured", true, ...started(true), ...started(false)]);
    user.close();
    assert.deepEqual([events.listenerCount("flows:started"), link.hasUsers], [0, false]);
  });

  for (const deviceNodeId of ["d", ""]) {
    it(`leaves nothing behind when it cannot be built with ${deviceNodeId || "no device"}`, () => {
      const { RED, node, link, events } = runtime();
      link.register({ id: "other" });
      const state = (): never => {
        throw new Error("no status today");
      };
      assert.throws(() => new DeviceUser({ RED, node, deviceNodeId, state }), /no status today/);
      assert.equal(events.listenerCount("flows:started"), 0);
      assert.deepEqual(link.users, [{ id: "other" }]);
    });
  }
});
