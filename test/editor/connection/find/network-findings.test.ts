import assert from "node:assert/strict";
import { networkFindings, readHealth } from "../../../../nodes/editor/connection/find/network-findings";

const port = (number: number, state: string) => ({ port: number, state });
const HEALTH = {
  ports: [port(6666, "open"), port(6667, "open"), port(7000, "open")],
  announcements: 0,
  ignored: {},
  probes: 2,
  since: 1,
};
const says = (answer: unknown): string[] => networkFindings(readHealth(answer)).map((finding) => finding.key);

describe("networkFindings", () => {
  it("tells that nothing arrives although all ports are open", () => {
    assert.deepEqual(networkFindings(readHealth(HEALTH)), [
      { tone: "good", key: "open", parameters: { ports: "6666, 6667, 7000" } },
      { tone: "bad", key: "nothing", parameters: {} },
      { tone: "neutral", key: "asked", parameters: { probes: 2 } },
      { tone: "neutral", key: "elsewhere", parameters: {} },
    ]);
  });

  it("names ports another program holds", () => {
    const ports = [port(6666, "open"), port(6667, "taken"), port(7000, "taken")];
    const [open, taken] = networkFindings(readHealth({ ...HEALTH, ports }));
    assert.deepEqual(open?.parameters, { ports: "6666" });
    assert.deepEqual([taken?.key, taken?.tone, taken?.parameters], ["taken", "bad", { ports: "6667, 7000" }]);
  });

  it("tells ports that cannot be opened for other reasons from those", () => {
    const ports = [{ port: 6667, state: "taken", reason: "EACCES" }, port(7000, "closed")];
    assert.deepEqual(networkFindings(readHealth({ ...HEALTH, ports }))[0], {
      tone: "bad",
      key: "closed",
      parameters: { ports: "6667, 7000" },
    });
  });

  it("tells packets that are no announcements from none at all, and from announcements", () => {
    assert.ok(says({ ...HEALTH, ignored: { flood: 2, too_long: 3 } }).includes("onlyOthers"));
    assert.ok(says({ ...HEALTH, announcements: 5, ignored: { flood: 2 } }).includes("heard"));
  });

  it("tells that nobody was asked, and that it is in a container", () => {
    assert.deepEqual(says({ ...HEALTH, probes: 0, container: true }).slice(-2), ["notAsked", "container"]);
  });

  it("tells where Node-RED is", () => {
    const last = networkFindings(readHealth({ ...HEALTH, addresses: ["192.0.2.5", "198.51.100.5"] })).at(-1);
    assert.deepEqual(last?.parameters, { addresses: "192.0.2.5, 198.51.100.5" });
  });

  it("blames neither container nor network where announcements arrive", () => {
    assert.deepEqual(says({ ...HEALTH, announcements: 5, container: true }), ["open", "heard", "asked"]);
  });

  it("has one thing to say where discovery is off, or the answer is none", () => {
    for (const answer of [{ ...HEALTH, ports: [] }, undefined, null, "<html>"])
      assert.deepEqual(says(answer), ["off"]);
  });
});
