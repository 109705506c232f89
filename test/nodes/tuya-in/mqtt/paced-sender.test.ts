import assert from "node:assert/strict";
import { PacedSender, type Publication } from "../../../../nodes/tuya-in/mqtt/paced-sender";
import { useClock } from "../../../support/clock";

function publication(topic: string, qos: 0 | 1 = 1): Publication {
  return { owner: "", message: { topic, qos, retain: true, payload: "x" } };
}

function series(count: number, qos: 0 | 1): Publication[] {
  return Array.from({ length: count }, (_none, index) => publication(`s${index}`, qos));
}

describe("PacedSender", () => {
  const clock = useClock();
  let sent: string[][] = [];
  let sender: PacedSender;
  beforeEach(() => {
    sent = [];
    sender = new PacedSender(100, (group) => sent.push(group.map(({ message }) => message.topic)));
  });
  const sizes = () => sent.map(({ length }) => length);

  it("sends at once what comes alone", () => {
    sender.offer("a", () => publication("a"));
    assert.deepEqual(sent, [["a"]]);
  });

  it("sends twenty that are to be acknowledged every tenth of a second", async () => {
    sender.begin(series(50, 1).values());
    assert.deepEqual(sizes(), [20]);
    await clock.pass(99);
    assert.deepEqual(sizes(), [20]);
    await clock.pass(101);
    assert.deepEqual(sizes(), [20, 20, 10]);
    await clock.pass(1_000);
    assert.equal(clock.pending, 0);
  });

  it("sends more of those that are not, and not all of them at once", async () => {
    sender.begin(series(500, 0).values());
    await clock.pass(1_000);
    assert.deepEqual(sizes(), [200, 200, 100]);
  });

  it("tells news first, the newest of each, made when its turn comes", async () => {
    sender.begin(series(45, 1).values());
    let value = "old";
    sender.offer("a", () => publication("never"));
    sender.offer("a", () => publication(value));
    sender.offer("b", () => undefined);
    value = "new";
    await clock.pass(100);
    assert.equal(sent[1]?.[0], "new");
    assert.equal(sent[1]?.[1], "s20");
    await clock.pass(1_000);
    assert.equal(sent.flat().length, 46);
  });

  it("begins a new series in place of what is left of the old one", async () => {
    sender.begin(series(45, 1).values());
    sender.begin([publication("new")].values());
    await clock.pass(1_000);
    assert.deepEqual(sent.flat().slice(20), ["new"]);
  });

  it("leaves no timer behind", () => {
    sender.begin(series(45, 1).values());
    sender.close();
    assert.equal(clock.pending, 0);
  });
});
