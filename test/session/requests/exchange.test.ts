import assert from "node:assert/strict";
import { type Answer, Exchange, isInDoubt, type Question } from "../../../src/session/requests/exchange";
import { DEFAULT_TIMINGS } from "../../../src/session/timings";
import { Command } from "../../../src/protocol/command";
import type { Frame } from "../../../src/protocol/frame";
import type { Body, Message } from "../../../src/protocol/message";
import type { Request } from "../../../src/protocol/request";
import { dialectOf, type ProtocolVersion } from "../../../src/protocol/version";
import { useClock } from "../../support/clock";

const REPLY_MS = 100;
const GRACE_MS = 20;
const DEAD_MS = 5 * REPLY_MS;
const EMPTY: Body = { kind: "empty" };

/** An exchange with a device that is played by the test. */
class Conversation {
  readonly exchange: Exchange;
  /** Requests as they went out. */
  readonly sent: Request[] = [];
  /** Names of questions and how they ended, in that order. */
  readonly ends: [string, Answer["kind"] | "in doubt"][] = [];
  unanswered = 0;
  sequence = 0;
  isOver = false;
  /** Counts what is read; undefined where nobody does. */
  turn: number | undefined;
  onSend: () => void = () => {};

  constructor(version: ProtocolVersion) {
    const dialect = dialectOf(version);
    const timings = {
      ...DEFAULT_TIMINGS,
      replyTimeoutMs: REPLY_MS,
      ackGraceMs: GRACE_MS,
      deadAfterMs: DEAD_MS,
    };
    const turn = (): number | undefined => this.turn;
    this.exchange = new Exchange(dialect, timings, {
      send: (request) => {
        if (this.isOver) return undefined;
        this.sent.push(request);
        this.onSend();
        const command = request.kind === "set" ? dialect.control : dialect.query;
        return { sequence: ++this.sequence, command };
      },
      get turn() {
        return turn();
      },
      unanswered: () => this.unanswered++,
    });
  }

  ask(name: string, request: Request, accepts?: Question["accepts"]): Question {
    const question: Question = {
      request: () => request,
      done: (answer) => this.ends.push([name, isInDoubt(answer) ? "in doubt" : answer.kind]),
      ...(accepts ? { accepts } : {}),
    };
    this.exchange.ask(question);
    return question;
  }

  /** Something comes from the device. */
  receive(command: number, { sequence = this.sequence, body = EMPTY } = {}): boolean {
    const message: Message = { sequence, command, payload: Buffer.alloc(0), encrypted: true };
    const frame: Frame = { type: "frame", format: "55AA", sequence, command, bytes: Buffer.alloc(0) };
    return this.exchange.received({ message, body, frame });
  }
}

const REFUSAL: Body = { kind: "text", text: "devid not found" };

function about(cid: string): Body {
  return { kind: "json", value: { dps: {}, cid } };
}

/** Accepts what names this sub-device, or nobody. */
function names(cid: string): (body: Body) => boolean {
  return (body) => body.kind !== "json" || body.value["cid"] === cid;
}

const SET: Request = { kind: "set", dps: { "1": true } };
const QUERY: Request = { kind: "query" };

describe("Exchange", () => {
  const clock = useClock();

  it("asks one question at a time, in order", () => {
    const talk = new Conversation("3.3");
    talk.ask("first", SET);
    talk.ask("second", QUERY);
    talk.ask("third", SET);
    assert.equal(talk.sent.length, 1);
    assert.ok(talk.receive(Command.CONTROL));
    assert.deepEqual(talk.sent, [SET, QUERY]);
    assert.ok(talk.receive(Command.DP_QUERY));
    assert.ok(talk.receive(Command.CONTROL));
    assert.deepEqual(talk.ends, [
      ["first", "answered"],
      ["second", "answered"],
      ["third", "answered"],
    ]);
    assert.equal(clock.pending, 0);
  });

  it("takes no STATUS, no heartbeat and no answer to something else for an answer", () => {
    const talk = new Conversation("3.4");
    talk.ask("set", SET);
    for (const command of [Command.STATUS, Command.HEART_BEAT, Command.DP_QUERY_NEW, Command.UPDATEDPS])
      assert.equal(talk.receive(command), false);
    assert.deepEqual(talk.ends, []);
  });

  it("takes nothing for an answer while nothing was asked", () => {
    const talk = new Conversation("3.4");
    assert.equal(talk.receive(Command.CONTROL_NEW), false);
  });

  for (const [version, sent, answered] of [
    ["3.3", SET, Command.CONTROL_NEW],
    ["3.4", SET, Command.CONTROL],
    ["3.3", QUERY, Command.DP_QUERY_NEW],
    ["3.5", QUERY, Command.DP_QUERY],
  ] as const) {
    it(`${version}: takes the other number of a ${sent.kind} for an answer, as firmware does`, () => {
      const talk = new Conversation(version);
      talk.ask("question", sent);
      assert.ok(talk.receive(answered));
    });
  }

  it("builds a request when its turn comes, so that a waiting one can still change", () => {
    const talk = new Conversation("3.3");
    let dps = { "1": 1 };
    talk.ask("first", SET);
    talk.exchange.ask({ request: () => ({ kind: "set", dps }), done: () => undefined });
    dps = { "1": 2 };
    talk.receive(Command.CONTROL);
    assert.deepEqual(talk.sent[1], { kind: "set", dps: { "1": 2 } });
  });

  it("leaves an answer for another sub-device to others and goes on waiting", () => {
    const talk = new Conversation("3.4");
    talk.ask("child", QUERY, (body) => body.kind === "json" && body.value["cid"] === "a");
    assert.equal(talk.receive(Command.DP_QUERY_NEW, { body: { kind: "json", value: { cid: "b" } } }), false);
    assert.equal(talk.receive(Command.DP_QUERY_NEW, { body: { kind: "json", value: { cid: "a" } } }), true);
  });

  it("withdraws a question that waits, and leaves the one that is asked alone", () => {
    const talk = new Conversation("3.3");
    const asked = talk.ask("asked", SET);
    const waiting = talk.ask("waiting", QUERY);
    talk.exchange.withdraw(waiting);
    talk.exchange.withdraw(asked);
    talk.receive(Command.CONTROL);
    assert.deepEqual(talk.sent, [SET]);
    assert.deepEqual(talk.ends, [["asked", "answered"]]);
  });

  it("gives a question up after the reply time, says so, and asks the next one", async () => {
    const talk = new Conversation("3.4");
    talk.ask("first", SET);
    talk.ask("second", QUERY);
    await clock.pass(REPLY_MS - 1);
    assert.deepEqual(talk.ends, []);
    await clock.pass(1);
    assert.deepEqual(talk.ends, [["first", "timeout"]]);
    assert.equal(talk.unanswered, 1);
    assert.deepEqual(talk.sent, [SET, QUERY]);
  });

  describe("a late answer", () => {
    it("up to 3.3 is known by its sequence number", async () => {
      const talk = new Conversation("3.3");
      talk.ask("first", SET);
      await clock.pass(REPLY_MS);
      talk.ask("second", SET);
      assert.equal(talk.receive(Command.CONTROL, { sequence: 1 }), false);
      assert.equal(talk.receive(Command.CONTROL, { sequence: 2 }), true);
    });

    it("up to 3.3 is not looked for where the device numbers nothing, or on its own", () => {
      for (const sequence of [0, 0xaa55]) {
        const talk = new Conversation("3.3");
        talk.ask("first", SET);
        talk.receive(Command.CONTROL);
        talk.ask("second", SET);
        assert.equal(talk.receive(Command.CONTROL, { sequence }), true);
      }
    });

    it("from 3.4 on is not taken for the next question's, whatever its number", async () => {
      const talk = new Conversation("3.4");
      talk.ask("first", SET);
      await clock.pass(REPLY_MS);
      talk.ask("second", SET);
      assert.equal(talk.receive(Command.CONTROL_NEW, { sequence: 9_999 }), false);
      assert.deepEqual(talk.ends.slice(1), []);
      assert.equal(talk.receive(Command.CONTROL_NEW, { sequence: 10_000 }), true);
      assert.deepEqual(talk.ends.slice(1), [["second", "answered"]]);
    });

    it("is in doubt where no other one follows", async () => {
      const talk = new Conversation("3.4");
      talk.ask("given up", SET);
      await clock.pass(REPLY_MS);
      talk.ask("ignored", SET);
      assert.equal(talk.receive(Command.CONTROL_NEW), false);
      await clock.pass(GRACE_MS);
      assert.deepEqual(talk.ends.at(-1), ["ignored", "in doubt"]);
    });

    it("is in doubt as long as there are others it may be", async () => {
      const talk = new Conversation("3.5");
      for (const name of ["first", "second"]) {
        talk.ask(name, SET);
        await clock.pass(REPLY_MS);
      }
      talk.ask("third", SET);
      for (const isAnswer of [false, false, true]) assert.equal(talk.receive(Command.CONTROL_NEW), isAnswer);
      assert.deepEqual(talk.ends.at(-1), ["third", "answered"]);
      talk.ask("fourth", SET);
      assert.equal(talk.receive(Command.CONTROL_NEW), true, "none is expected any more");
    });

    it("up to 3.3 may come without a number, and then counts only if no other one follows", async () => {
      const talk = new Conversation("3.3");
      talk.ask("first", SET);
      await clock.pass(REPLY_MS);
      talk.ask("second", SET);
      assert.equal(talk.receive(Command.CONTROL, { sequence: 0 }), false);
      assert.equal(talk.receive(Command.CONTROL, { sequence: 2 }), true);
    });

    it("about another sub-device is known by its cid, and not expected any more", async () => {
      const talk = new Conversation("3.4");
      talk.ask("first", QUERY, names("a"));
      await clock.pass(REPLY_MS);
      talk.ask("second", QUERY, names("b"));
      assert.equal(talk.receive(Command.DP_QUERY_NEW, { body: about("a") }), false);
      assert.deepEqual(talk.ends.slice(1), []);
      assert.equal(talk.receive(Command.DP_QUERY_NEW, { body: REFUSAL }), true);
    });

    it("does not cast doubt on one that names the sub-device", async () => {
      const talk = new Conversation("3.5");
      talk.ask("first", QUERY, names("a"));
      await clock.pass(REPLY_MS);
      talk.ask("second", QUERY, names("b"));
      assert.equal(talk.receive(Command.DP_QUERY_NEW, { body: about("b") }), true);
    });

    it("that is a refusal is not taken for the next sub-device's", async () => {
      const talk = new Conversation("3.4");
      talk.ask("first", QUERY, names("a"));
      await clock.pass(REPLY_MS);
      talk.ask("second", QUERY, names("b"));
      assert.equal(talk.receive(Command.DP_QUERY_NEW, { body: REFUSAL }), false);
      assert.equal(talk.receive(Command.DP_QUERY_NEW, { body: about("b") }), true);
    });

    it("is still expected when another one was doubted for it", async () => {
      const talk = new Conversation("3.4");
      talk.ask("first", SET);
      await clock.pass(REPLY_MS);
      talk.ask("second", SET);
      talk.receive(Command.CONTROL_NEW);
      await clock.pass(GRACE_MS);
      talk.ask("third", SET);
      assert.equal(talk.receive(Command.CONTROL_NEW), false);
      assert.equal(talk.receive(Command.CONTROL_NEW), true);
      assert.deepEqual(talk.ends.at(-1), ["third", "answered"]);
    });

    it("that comes while nothing is asked is expected no more", async () => {
      const talk = new Conversation("3.4");
      talk.ask("first", SET);
      await clock.pass(REPLY_MS);
      assert.equal(talk.receive(Command.CONTROL_NEW), false);
      talk.ask("second", SET);
      assert.equal(talk.receive(Command.CONTROL_NEW), true);
    });

    it("from 3.4 on does not matter to a question of another kind", async () => {
      const talk = new Conversation("3.4");
      talk.ask("first", SET);
      await clock.pass(REPLY_MS);
      talk.ask("second", QUERY);
      assert.equal(talk.receive(Command.DP_QUERY_NEW), true);
    });

    it("is expected for as long as a silent device counts as there, and no longer", async () => {
      for (const [ms, isAnswer] of [
        [DEAD_MS - 1, false],
        [DEAD_MS, true],
      ] as const) {
        const talk = new Conversation("3.4");
        talk.ask("first", SET);
        await clock.pass(REPLY_MS + ms);
        talk.ask("second", SET);
        assert.equal(talk.receive(Command.CONTROL_NEW), isAnswer);
      }
    });

    it("does not matter to a question that nobody waits for any more", async () => {
      const talk = new Conversation("3.4");
      talk.ask("first", SET);
      await clock.pass(REPLY_MS);
      const reported = talk.ask("reported", SET);
      talk.ask("next", SET);
      talk.exchange.release(reported);
      assert.equal(talk.receive(Command.CONTROL_NEW), true);
      assert.equal(talk.sent.length, 3);
      assert.equal(talk.receive(Command.CONTROL_NEW), false, "one is still expected");
    });

    it("that was lost does not cost the next question its own", async () => {
      const talk = new Conversation("3.4");
      talk.ask("first", SET);
      await clock.pass(REPLY_MS);
      for (const name of ["second", "third", "fourth"]) {
        talk.ask(name, SET);
        talk.receive(Command.CONTROL_NEW);
        await clock.pass(GRACE_MS);
      }
      assert.deepEqual(talk.ends, [
        ["first", "timeout"],
        ["second", "in doubt"],
        ["third", "in doubt"],
        ["fourth", "in doubt"],
      ]);
      assert.equal(talk.unanswered, 1);
    });
  });

  describe("an answer that comes twice", () => {
    it("with the same number is in doubt for the next question, where no other one follows", async () => {
      const talk = new Conversation("3.4");
      talk.ask("first", SET);
      talk.ask("ignored", SET);
      assert.equal(talk.receive(Command.CONTROL_NEW, { sequence: 7 }), true);
      assert.equal(talk.receive(Command.CONTROL_NEW, { sequence: 7 }), false);
      await clock.pass(GRACE_MS);
      assert.deepEqual(talk.ends, [
        ["first", "answered"],
        ["ignored", "in doubt"],
      ]);
    });

    it("with the same number does not keep the next question from its own", () => {
      const talk = new Conversation("3.4");
      for (const name of ["first", "second", "third"]) talk.ask(name, SET);
      for (const sequence of [7, 7, 8, 8, 9, 9]) talk.receive(Command.CONTROL_NEW, { sequence });
      assert.deepEqual(
        talk.ends.map(([, end]) => end),
        ["answered", "answered", "answered"],
      );
    });

    it("is known by having come before the question was sent, whatever its number", () => {
      for (const version of ["3.3", "3.4"] as const) {
        const talk = new Conversation(version);
        const command = version === "3.3" ? Command.CONTROL : Command.CONTROL_NEW;
        talk.turn = 1;
        talk.ask("first", SET);
        talk.ask("second", SET);
        // Both are read at once, and the second question goes out in between.
        talk.turn = 2;
        assert.equal(talk.receive(command, { sequence: version === "3.3" ? 0 : 7 }), true);
        assert.equal(talk.receive(command, { sequence: version === "3.3" ? 0 : 8 }), false);
        assert.deepEqual(talk.ends, [["first", "answered"]]);
      }
    });

    it("with a number of its own, and after the next question was sent, cannot be told from the answer to that", () => {
      const talk = new Conversation("3.4");
      talk.turn = 1;
      talk.ask("first", SET);
      talk.ask("second", SET);
      for (const sequence of [7, 8]) {
        talk.turn++;
        talk.receive(Command.CONTROL_NEW, { sequence });
      }
      assert.deepEqual(
        talk.ends.map(([, end]) => end),
        ["answered", "answered"],
      );
    });

    it("up to 3.3 is known by its number", () => {
      const talk = new Conversation("3.3");
      talk.ask("first", SET);
      talk.ask("second", SET);
      for (const [sequence, isAnswer] of [
        [1, true],
        [1, false],
        [2, true],
      ] as const)
        assert.equal(talk.receive(Command.CONTROL, { sequence }), isAnswer);
    });

    it("each time with a number of its own is noticed once nobody asked for it", async () => {
      const talk = new Conversation("3.5");
      talk.ask("first", SET);
      for (const sequence of [7, 8]) talk.receive(Command.CONTROL_NEW, { sequence });
      talk.ask("second", SET);
      talk.ask("ignored", SET);
      assert.equal(talk.receive(Command.CONTROL_NEW, { sequence: 9 }), false);
      assert.equal(talk.receive(Command.CONTROL_NEW, { sequence: 10 }), true);
      await clock.pass(REPLY_MS);
      assert.deepEqual(talk.ends, [
        ["first", "answered"],
        ["second", "answered"],
        ["ignored", "timeout"],
      ]);
    });
  });

  describe("reported", () => {
    it("waits for an answer a little longer, and then does without", async () => {
      const talk = new Conversation("3.4");
      const question = talk.ask("reported", QUERY, names("a"));
      talk.exchange.reported(question, 10);
      talk.exchange.reported(question, REPLY_MS);
      await clock.pass(9);
      assert.deepEqual(talk.ends, []);
      await clock.pass(1);
      assert.deepEqual(talk.ends, [["reported", "reported"]]);
      assert.equal(talk.unanswered, 0);
    });

    it("does not keep the answer from being one", async () => {
      const talk = new Conversation("3.4");
      talk.exchange.reported(talk.ask("reported", QUERY, names("a")), 10);
      assert.equal(talk.receive(Command.DP_QUERY_NEW, { body: about("a") }), true);
      assert.deepEqual(talk.ends, [["reported", "answered"]]);
      await clock.pass(REPLY_MS);
      assert.equal(clock.pending, 0);
    });
  });

  describe("release", () => {
    it("waits a moment for an answer that is needed no more", async () => {
      const talk = new Conversation("3.5");
      const released = talk.ask("released", SET);
      talk.ask("next", SET);
      talk.exchange.release(released);
      await clock.pass(GRACE_MS - 1);
      assert.equal(talk.sent.length, 1);
      assert.equal(talk.receive(Command.CONTROL_NEW), true);
      assert.equal(talk.sent.length, 2);
      assert.equal(talk.receive(Command.CONTROL_NEW), true);
    });

    it("goes on without it, and without calling anybody in doubt", async () => {
      const talk = new Conversation("3.5");
      const released = talk.ask("released", SET);
      talk.ask("next", QUERY);
      talk.exchange.release(released);
      await clock.pass(GRACE_MS);
      assert.equal(talk.sent.length, 2);
      assert.equal(talk.unanswered, 0);
    });

    it("of a question that is not the present one changes nothing", async () => {
      const talk = new Conversation("3.5");
      talk.ask("present", SET);
      talk.exchange.release(talk.ask("waiting", QUERY));
      await clock.pass(2 * GRACE_MS);
      assert.equal(talk.sent.length, 1);
    });
  });

  describe("end", () => {
    it("ends what is asked and what waits, once, and leaves no timer behind", async () => {
      const talk = new Conversation("3.4");
      talk.ask("given up", SET);
      await clock.pass(REPLY_MS);
      talk.ask("asked", SET);
      talk.ask("waiting", QUERY);
      talk.exchange.end();
      talk.exchange.end();
      assert.deepEqual(talk.ends.slice(1), [
        ["asked", "ended"],
        ["waiting", "ended"],
      ]);
      assert.equal(clock.pending, 0);
    });

    it("ends at once what is asked later", () => {
      const talk = new Conversation("3.4");
      talk.exchange.end();
      talk.ask("late", SET);
      assert.deepEqual(talk.ends, [["late", "ended"]]);
      assert.deepEqual(talk.sent, []);
    });

    it("may come while a request is being written", () => {
      const talk = new Conversation("3.4");
      talk.onSend = () => talk.exchange.end();
      talk.ask("written", SET);
      assert.deepEqual(talk.ends, [["written", "ended"]]);
      assert.equal(clock.pending, 0);
    });

    it("is what becomes of questions that cannot be written", () => {
      const talk = new Conversation("3.4");
      talk.isOver = true;
      talk.ask("first", SET);
      talk.ask("second", SET);
      assert.deepEqual(talk.ends, [
        ["first", "ended"],
        ["second", "ended"],
      ]);
    });

    it("may come while an answer is being handed over", () => {
      const talk = new Conversation("3.4");
      talk.exchange.ask({ request: () => SET, done: () => talk.exchange.end() });
      talk.ask("waiting", QUERY);
      talk.receive(Command.CONTROL_NEW);
      assert.deepEqual(talk.ends, [["waiting", "ended"]]);
      assert.equal(clock.pending, 0);
    });
  });
});
