import assert from "node:assert/strict";
import { usersPerTab } from "../../../nodes/tuya-device/device-news";

const USERS = { a: { z: "t1" }, b: { z: "t1" }, c: { z: "t2" }, d: {} };

function reporters(...catchNodes: { z: string; scope?: unknown }[]): string[] {
  return Object.keys(usersPerTab(USERS, catchNodes));
}

describe("usersPerTab", () => {
  it("is one user per tab where Catch nodes hear all nodes alike", () => {
    assert.deepEqual(reporters({ z: "t1", scope: null }, { z: "t2" }), ["a", "c", "d"]);
    assert.deepEqual(reporters(), ["a", "c", "d"]);
  });

  it("is all users of a tab with a Catch node that hears some nodes only", () => {
    assert.deepEqual(reporters({ z: "t1", scope: null }, { z: "t1", scope: ["b"] }), ["a", "b", "c", "d"]);
    assert.deepEqual(reporters({ z: "t1", scope: "group" }), ["a", "b", "c", "d"]);
    assert.deepEqual(reporters({ z: "t2", scope: ["c"] }), ["a", "c", "d"]);
  });

  it("leaves the users as they are", () => {
    const all = { ...USERS };
    reporters();
    assert.deepEqual(USERS, all);
  });
});
