import assert from "node:assert/strict";
import { deviceReport } from "../../../nodes/editor/sidebar/device-report";
import { deviceRows, type EditorDevice } from "../../../nodes/editor/sidebar/device-rows";

const DEVICE: EditorDevice = {
  id: "node",
  name: "Anna's lamp (left)",
  deviceId: "bf0123456789abcdefghij",
  cid: "",
  gateway: "",
  ip: "192.0.2.77",
  version: "auto",
  users: 2,
  isChanged: false,
  isDisabled: false,
  problem: "",
};

describe("the report of a device", () => {
  const live = {
    id: "node",
    name: DEVICE.name,
    deviceId: DEVICE.deviceId,
    state: "waiting",
    ip: "192.0.2.77",
    version: "3.4",
    since: Date.UTC(2026, 0, 2, 3, 4, 5),
    users: 2,
    drops: 3,
    error: { code: "BUSY", message: "Anna's lamp (left) accepts connections and closes them at once." },
  };
  const [row] = deviceRows([DEVICE], new Map([["node", live]]), new Map());
  assert.ok(row);
  const text = deviceReport({
    nodeRed: "4.1.15",
    row,
    story: {
      events: [
        {
          time: Date.UTC(2026, 0, 2, 3, 4, 5),
          until: Date.UTC(2026, 0, 2, 4, 0, 0),
          count: 7,
          sentence: "bf0123456789abcdefghij at 192.0.2.77 is Anna's lamp (left), behind Hub.",
        },
      ],
      connects: 4,
      drops: { BUSY: 2, TIMEOUT: 1 },
      roundTripMs: 12.34,
      bytesIn: 1234,
      notAuthentic: 3,
      bytesOut: 567,
    },
    names: [DEVICE.name, "Hub"],
    now: Date.UTC(2026, 0, 2, 4, 0, 1),
  });

  it("tells what somebody who helps needs", () => {
    for (const part of [
      "Node-RED 4.1.15; 2026-01-02 04:00:01 UTC",
      "State: waiting since 2026-01-02 03:04:05 UTC",
      "protocol 3.4",
      "Connected 4 times; lost: 2 × BUSY, 1 × TIMEOUT",
      "Round trip 12.3 ms; 1234 bytes in, 567 bytes out",
      "Dropped as not authentic: 3",
      "BUSY: <name> accepts connections and closes them at once.",
      "(7 times, last 2026-01-02 04:00:00 UTC)",
    ])
      assert.ok(text.includes(part), `${part} in:\n${text}`);
  });

  it("tells no names, no whole ids and no whole addresses", () => {
    for (const part of ["Anna", "Hub", "bf0123456789abcdefghij", "192.0.2.77"])
      assert.ok(!text.includes(part), `${part} in:\n${text}`);
    assert.ok(text.includes("bf0123…ghij at 192.0.2.x is <name>, behind <name>."));
  });
});
