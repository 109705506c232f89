import assert from "node:assert/strict";
import type { Announcements } from "../../../src/diagnosis/address/announcements";
import { locate, type Located } from "../../../src/diagnosis/address/locate";
import type { Deadline } from "../../../src/diagnosis/deadline";
import { DIAGNOSIS_TIMINGS } from "../../../src/diagnosis/timings";

/** Where a device is looked for that announces this address in a packet from that one. */
function locateHeard(ip: string, sender: string): Promise<Located> {
  const heard = { id: "lamp", ip, sender, version: "3.4" };
  const announcements = {
    listenFor: () => Promise.resolve(heard),
    others: () => 2,
  } as unknown as Announcements;
  const deadline = {} as Deadline;
  return locate({ deviceId: "lamp", entered: "", announcements, deadline, timings: DIAGNOSIS_TIMINGS });
}

async function placesOf(ip: string, sender: string): Promise<readonly string[]> {
  const located = await locateHeard(ip, sender);
  return "ips" in located ? located.ips : [];
}

describe("where a test looks for a device that announces itself", () => {
  it("is the address it names, then the one its packets come from", async () => {
    assert.deepEqual(await placesOf("192.0.2.7", "192.0.2.7"), ["192.0.2.7"]);
    assert.deepEqual(await placesOf("192.0.2.7", "192.0.2.9"), ["192.0.2.7", "192.0.2.9"]);
  });

  it("is no link-local address", async () => {
    assert.deepEqual(await placesOf("169.254.169.254", "192.0.2.9"), ["192.0.2.9"]);
    assert.deepEqual(await placesOf("192.0.2.7", "169.254.1.1"), ["192.0.2.7"]);
    const nowhere = await locateHeard("169.254.169.254", "169.254.169.254");
    assert.deepEqual(nowhere, { cause: { cause: "self-assigned", ip: "169.254.169.254" } });
  });
});
