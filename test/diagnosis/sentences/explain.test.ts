import assert from "node:assert/strict";
import { type Cause, causeOfEnd } from "../../../src/diagnosis/sentences/cause";
import { explain } from "../../../src/diagnosis/sentences/explain";
import { conclude } from "../../../src/diagnosis/sentences/writing";
import { VERDICTS } from "../../../src/diagnosis/lines";

const PORTS = { ports: [6666, 6667, 7000], taken: [] };

/** Every cause there is, with each of the variants that has words of its own. The compiler sees to it that none is missing. */
const CAUSES: { readonly [C in Cause["cause"]]: readonly Extract<Cause, { cause: C }>[] | readonly Cause[] } =
  {
    "no-id": [{ cause: "no-id" }],
    "no-key": [{ cause: "no-key" }],
    "key-characters": [{ cause: "key-characters" }],
    swapped: [{ cause: "swapped" }],
    "bad-port": [{ cause: "bad-port" }],
    "bad-version": [{ cause: "bad-version" }],
    variable: [{ cause: "variable", field: "local key", variable: "LAMP_KEY" }],
    "key-damaged": [{ cause: "key-damaged", damage: ["html"], length: 20 }],
    "key-length": [
      { cause: "key-length", length: 12 },
      { cause: "key-length", length: 20 },
    ],
    "not-heard": [{ cause: "not-heard", others: 3, seconds: 6 }],
    "self-assigned": [{ cause: "self-assigned", ip: "169.254.1.1" }],
    "child-unknown": [
      { cause: "child-unknown", cid: "00a1", known: [] },
      { cause: "child-unknown", cid: "00a2", known: ["00b1"] },
    ],
    deaf: [
      { cause: "deaf", deafness: { why: "switched-off" } },
      { cause: "deaf", deafness: { why: "ports-taken", ports: [6667] } },
      { cause: "deaf", deafness: { why: "container", ...PORTS } },
      { cause: "deaf", deafness: { why: "network", ...PORTS } },
    ],
    "host-unknown": [{ cause: "host-unknown" }],
    "no-answer": [{ cause: "no-answer" }],
    "no-route": [{ cause: "no-route", detail: "EHOSTUNREACH" }],
    refused: [{ cause: "refused" }],
    busy: [{ cause: "busy", hasNode: false }],
    "other-version": [{ cause: "other-version", speaks: "3.4", set: "3.3", announced: undefined }],
    "key-rejected": [{ cause: "key-rejected" }],
    "negotiation-ignored": [{ cause: "negotiation-ignored" }],
    "other-key-in-use": [{ cause: "other-key-in-use" }],
    unreadable: [{ cause: "unreadable", speaks: undefined, announced: undefined }],
    silent: [{ cause: "silent", tried: ["3.4", "3.5"], announced: undefined }],
    "breaks-off": [{ cause: "breaks-off" }],
    fault: [{ cause: "fault" }],
    stranger: [
      { cause: "stranger", stranger: "Kitchen plug", by: "itself" },
      { cause: "stranger", stranger: "Kitchen plug", by: "announcement" },
    ],
    moved: [{ cause: "moved", to: "192.0.2.9" }],
    "no-tuya": [{ cause: "no-tuya" }],
    "values-refused": [
      {
        cause: "values-refused",
        refusal: "json obj data unvalid",
        version: "3.3",
        isDevice22: false,
        isVersionMeasured: true,
      },
      {
        cause: "values-refused",
        refusal: "json obj data unvalid",
        version: "3.3",
        isDevice22: true,
        isVersionMeasured: true,
      },
    ],
    "gateway-works": [{ cause: "gateway-works", children: 2, version: "3.4" }],
    "no-values": [{ cause: "no-values" }],
    mute: [{ cause: "mute" }],
    lost: [{ cause: "lost" }],
    "child-silent": [{ cause: "child-silent" }],
    "child-offline": [{ cause: "child-offline" }],
    "child-works": [
      { cause: "child-works", isSure: true, dps: 3, version: "3.4" },
      { cause: "child-works", isSure: false, dps: 3, version: "3.3" },
    ],
    works: [{ cause: "works", dps: 3, version: "3.4" }],
    "key-not-proven": [
      { cause: "key-not-proven", dps: 3, version: "3.1", isPinned: true },
      { cause: "key-not-proven", dps: 3, version: "3.1 or 3.2", isPinned: false },
    ],
  };

const SUBJECT = { name: "Lamp", child: "Window sensor", ip: "192.0.2.7", port: 6668, heardAt: undefined };
const all = Object.values(CAUSES).flat();

describe("explain", () => {
  it("has a sentence of its own for each cause", () => {
    const said = new Map<string, string>();
    for (const [name, causes] of Object.entries(CAUSES)) {
      for (const cause of causes) {
        const { says } = explain(cause, SUBJECT);
        assert.ok(!said.has(says) || said.get(says) === name, `${name} says the same as ${said.get(says)}`);
        said.set(says, name);
      }
    }
    assert.ok(said.size >= Object.keys(CAUSES).length);
  });

  it("has an advice of its own for each cause, but where there is nothing to do", () => {
    const advised = new Map<string, string>();
    for (const [name, causes] of Object.entries(CAUSES)) {
      for (const cause of causes) {
        const { hint, verdict } = explain(cause, SUBJECT);
        if (verdict === "OK" && hint === "There is nothing to mend.") continue;
        assert.ok(
          !advised.has(hint) || advised.get(hint) === name,
          `${name} advises the same as ${advised.get(hint)}`,
        );
        advised.set(hint, name);
      }
    }
  });

  it("says what happened in one sentence, and what to do in a few", () => {
    for (const cause of all) {
      const { says, hint } = explain(cause, SUBJECT);
      assert.match(says, /^[A-Z0-9"].*\.$/, says);
      assert.doesNotMatch(says.replaceAll(/\d+(\.\d+)+/g, "1"), /[.!?] \S/, says);
      assert.match(hint, /^[A-Z].*\.$/, hint);
      assert.ok(says.length <= 160 && hint.length <= 330, says);
    }
  });

  it("names the sub-device a test is of", () => {
    for (const name of ["child-unknown", "child-silent", "child-offline", "child-works"] as const) {
      for (const cause of CAUSES[name]) {
        const { says } = explain(cause, SUBJECT);
        assert.match(says, /Window sensor.*Lamp/, says);
      }
    }
  });

  it("comes to every verdict", () => {
    const verdicts = new Set(all.map((cause) => explain(cause, SUBJECT).verdict));
    assert.deepEqual([...verdicts].sort(), [...VERDICTS].sort());
  });

  it("counts in the singular, too", () => {
    assert.match(
      explain({ cause: "not-heard", others: 1, seconds: 6 }, SUBJECT).says,
      /: 1 other Tuya device has/,
    );
    assert.match(explain({ cause: "works", dps: 1, version: "3.4" }, SUBJECT).says, /1 data point\.$/);
  });

  it("names the ports that are taken besides", () => {
    const deafness = { why: "network", ports: [6666, 6667, 7000], taken: [6667] } as const;
    assert.match(
      explain({ cause: "deaf", deafness }, SUBJECT).hint,
      /UDP port 6667 is held by another program/,
    );
  });

  it("tells where the device is now, wherever an address did not lead to it", () => {
    for (const cause of [
      { cause: "host-unknown" },
      { cause: "no-answer" },
      { cause: "no-route", detail: "ENETUNREACH" },
      { cause: "refused" },
      { cause: "stranger", stranger: "Kitchen plug", by: "itself" },
      { cause: "moved", to: "192.0.2.9" },
      { cause: "no-tuya" },
    ] as const) {
      const { hint } = explain(cause, { ...SUBJECT, heardAt: "192.0.2.9" });
      assert.match(hint, /192\.0\.2\.9/, cause.cause);
    }
  });

  it("advises to use no address that a device gave itself", () => {
    const own = "169.254.3.4";
    for (const cause of [{ cause: "refused" }, { cause: "moved", to: own }, { cause: "no-tuya" }] as const) {
      const { hint } = explain(cause, { ...SUBJECT, heardAt: own });
      assert.match(hint, /^Lamp got no address from the router, and is at 169\.254\.3\.4/, cause.cause);
      assert.doesNotMatch(hint, /[Uu]se that address|Use the address|leave the address empty/, cause.cause);
    }
    const concluded = (heardAt: string, ip: string): string | undefined =>
      conclude({ cause: "refused" }, { ...SUBJECT, heardAt }, { ip }).ip;
    assert.equal(concluded(own, own), undefined);
    assert.equal(concluded("192.0.2.9", own), own);
    assert.equal(concluded("192.0.2.9", "192.0.2.9"), "192.0.2.9");
  });

  it("says of a wrong version what is announced, if that helps", () => {
    const says = (announced: string | undefined): string =>
      explain({ cause: "other-version", speaks: "3.4", set: "3.3", announced }, SUBJECT).says;
    assert.equal(says(undefined), "Lamp speaks protocol 3.4, but 3.3 is set.");
    assert.equal(says("3.4"), "Lamp speaks protocol 3.4, but 3.3 is set (as it announces).");
    assert.equal(says("3.5"), "Lamp speaks protocol 3.4, but 3.3 is set (though it announces 3.5).");
  });

  it("mentions a node of this Node-RED that may take a place", () => {
    assert.match(explain({ cause: "busy", hasNode: true }, SUBJECT).hint, /A node of this Node-RED/);
  });
});

describe("causeOfEnd", () => {
  it("tells an address nobody answers at from one there is no way to", () => {
    assert.deepEqual(causeOfEnd({ reason: "unreachable", detail: "no answer" }, false), {
      cause: "no-answer",
    });
    assert.deepEqual(causeOfEnd({ reason: "unreachable", detail: "ETIMEDOUT" }, false), {
      cause: "no-answer",
    });
    assert.deepEqual(causeOfEnd({ reason: "unreachable", detail: "EHOSTUNREACH" }, false), {
      cause: "no-route",
      detail: "EHOSTUNREACH",
    });
  });

  it("says of a busy device whether this process has a node for it", () => {
    assert.deepEqual(causeOfEnd({ reason: "busy" }, true), { cause: "busy", hasNode: true });
  });

  it("calls only a fault a fault", () => {
    assert.deepEqual(causeOfEnd({ reason: "fault" }, false), { cause: "fault" });
    assert.deepEqual(causeOfEnd({ reason: "refused" }, false), { cause: "refused" });
    assert.deepEqual(causeOfEnd({ reason: "unknown-host" }, false), { cause: "host-unknown" });
    assert.deepEqual(causeOfEnd({ reason: "closed", answered: true }, false), { cause: "breaks-off" });
  });
});
