import assert from "node:assert/strict";
import { LateAnswers } from "../../../src/session/requests/late-answers";
import { useClock } from "../../support/clock";

const EXPECTED_MS = 100;

describe("LateAnswers", () => {
  const clock = useClock();
  const is = (wanted: string) => (question: string) => question === wanted;

  it("absorb one answer to each question that was given up, and none to others", () => {
    const late = new LateAnswers<string>(EXPECTED_MS);
    assert.equal(
      late.absorb(() => true),
      false,
    );
    for (const question of ["a", "b", "b"]) late.expect(question);
    assert.deepEqual(
      ["c", "b", "b", "b", "a", "a"].map((question) => late.absorb(is(question))),
      [false, true, true, false, true, false],
    );
    assert.equal(clock.pending, 0);
  });

  it("take the oldest question that fits first", () => {
    const late = new LateAnswers<string>(EXPECTED_MS);
    for (const question of ["a1", "b1", "b2"]) late.expect(question);
    const fitting: string[] = [];
    for (let i = 0; i < 2; i++)
      late.absorb((question) => {
        if (!question.startsWith("b")) return false;
        fitting.push(question);
        return true;
      });
    assert.deepEqual(fitting, ["b1", "b2"]);
    late.end();
  });

  it("expect each answer for its time only, wherever it stands by then", async () => {
    const late = new LateAnswers<string>(EXPECTED_MS);
    late.expect("a");
    await clock.pass(10);
    late.expect("b");
    await clock.pass(10);
    late.expect("c");
    assert.equal(late.absorb(is("a")), true);
    await clock.pass(EXPECTED_MS - 10);
    assert.deepEqual([late.absorb(is("b")), clock.pending], [false, 1]);
    await clock.pass(9);
    assert.equal(late.absorb(is("c")), true);
    assert.equal(clock.pending, 0);
  });

  it("expect nothing after the end, and leave no timer behind", () => {
    const late = new LateAnswers<string>(EXPECTED_MS);
    for (const question of ["a", "b"]) late.expect(question);
    late.end();
    assert.deepEqual([late.absorb(() => true), clock.pending], [false, 0]);
  });
});
