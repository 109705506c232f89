import assert from "node:assert/strict";
import { inspect } from "node:util";
import { COVER_CONTROL } from "../../../src/datapoints/conversions/cover-control";
import { dataPointOf } from "../../support/datapoints";

/** Words of covers as they differ, type by type: open, close, stop, continue. */
const TYPES: readonly [number, ...(string | boolean)[]][] = [
  [1, "open", "close", "stop", "continue"],
  [2, true, false],
  [3, "1", "2", "0"],
  [4, "01", "02", "00", "03"],
  [5, "fopen", "fclose"],
  [6, "on", "off", "stop"],
  [7, "up", "down", "stop"],
  [8, "ZZ", "FZ", "STOP"],
];
const COMMANDS = ["open", "close", "stop", "continue"] as const;

for (const [number, ...words] of TYPES) {
  const isBoolean = typeof words[0] === "boolean";
  const configured = dataPointOf({
    code: "control",
    type: isBoolean ? "Boolean" : "Enum",
    values: isBoolean ? [] : words.map(String),
  });
  const unlisted = dataPointOf({ code: "control", type: isBoolean ? undefined : "Enum" });

  describe(`COVER_CONTROL of covers of type ${number} (${words.join(", ")})`, () => {
    for (const [index, command] of COMMANDS.entries()) {
      const word = words[index];
      if (word === undefined) {
        it(`refuses ${command}`, () => {
          assert.ok("expects" in COVER_CONTROL.encode(command, configured, undefined));
          assert.ok("expects" in COVER_CONTROL.encode(command, unlisted, words[0]));
        });
        continue;
      }
      it(`says ${inspect(word)} for ${command}`, () => {
        assert.deepEqual(COVER_CONTROL.encode(command, configured, undefined), { value: word });
        assert.deepEqual(COVER_CONTROL.encode(` ${command.toUpperCase()}`, configured, undefined), {
          value: word,
        });
        assert.deepEqual(COVER_CONTROL.encode(command, unlisted, words[0]), { value: word });
      });
      it(`takes its own word ${inspect(word)}`, () => {
        assert.deepEqual(COVER_CONTROL.encode(word, configured, undefined), { value: word });
      });
      it(`shows ${inspect(word)} as ${isBoolean ? inspect(word) : command}`, () => {
        assert.equal(COVER_CONTROL.decode(word, configured), isBoolean ? word : command);
        assert.equal(COVER_CONTROL.decode(word, unlisted), isBoolean ? word : command);
      });
    }
  });
}

describe("COVER_CONTROL", () => {
  const bare = dataPointOf({ code: "control", type: "Enum" });

  it("takes words for none of a cover where its list can open or close, and not both", () => {
    for (const values of [
      ["ZZ", "STOP"],
      ["FZ", "STOP"],
    ]) {
      const half = dataPointOf({ code: "control", type: "Enum", values });
      assert.ok("expects" in COVER_CONTROL.encode("open", half, undefined));
      assert.equal(COVER_CONTROL.decode("STOP", half), "STOP");
      assert.deepEqual(COVER_CONTROL.encode("STOP", half, undefined), { value: "STOP" });
    }
  });

  it("says open, close, stop and continue where nothing else is known", () => {
    for (const command of COMMANDS) {
      assert.deepEqual(COVER_CONTROL.encode(command, bare, undefined), { value: command });
    }
  });

  it("takes a resting cover that reports stop for one of the commonest type", () => {
    assert.deepEqual(COVER_CONTROL.encode("open", bare, "stop"), { value: "open" });
  });

  it("leaves words alone that are none of a cover's", () => {
    const more = dataPointOf({ code: "control", type: "Enum", values: ["ZZ", "FZ", "STOP", "learn"] });
    assert.equal(COVER_CONTROL.decode("learn", more), "learn");
    assert.deepEqual(COVER_CONTROL.encode("learn", more, undefined), { value: "learn" });
    assert.equal(COVER_CONTROL.decode("study", bare), "study");
    assert.deepEqual(COVER_CONTROL.encode("study", bare, "study"), { value: "study" });
    assert.equal(COVER_CONTROL.decode("on", more), "on");
    const short = dataPointOf({ code: "control", type: "Enum", values: ["ZZ", "FZ"] });
    assert.equal(COVER_CONTROL.decode("STOP", short), "STOP");
    assert.equal(COVER_CONTROL.decode(null, bare), null);
    assert.equal(COVER_CONTROL.decode(5, bare), 5);
    const gate = dataPointOf({ code: "control", type: "Boolean" });
    assert.equal(COVER_CONTROL.decode("on", gate), "on");
  });

  it("takes a number for a word where it is listed as one", () => {
    const counted = dataPointOf({ code: "control", type: "Enum", values: ["1", "2", "0"] });
    assert.deepEqual(
      [1, 2, 0, 3].map((raw) => COVER_CONTROL.decode(raw, counted)),
      ["open", "close", "stop", 3],
    );
    assert.equal(COVER_CONTROL.decode(1, bare), 1);
    assert.deepEqual(COVER_CONTROL.encode("close", counted, 1), { value: 2 });
    assert.deepEqual(COVER_CONTROL.encode("close", bare, 1), { value: 2 });
  });

  it("keeps the spelling of the words that are listed", () => {
    const door = dataPointOf({ code: "door_control_1", type: "Enum", values: ["Open", "CLOSE", "Stop"] });
    assert.deepEqual(COVER_CONTROL.encode("open", door, undefined), { value: "Open" });
    assert.deepEqual(COVER_CONTROL.encode("close", door, undefined), { value: "CLOSE" });
    assert.equal(COVER_CONTROL.decode("Stop", door), "stop");
  });

  it("names the commands and the words there are", () => {
    const old = dataPointOf({ code: "mach_operate", type: "Enum", values: ["FZ", "ZZ", "STOP"] });
    assert.deepEqual(COVER_CONTROL.encode("faster", old, undefined), {
      expects: 'one of "open", "close", "stop", "FZ", "ZZ", "STOP"',
    });
    const gate = dataPointOf({ code: "control", type: "Boolean" });
    assert.deepEqual(COVER_CONTROL.encode("stop", gate, undefined), { expects: 'one of "open", "close"' });
    assert.deepEqual(COVER_CONTROL.encode("on", gate, undefined), { value: true });
    const untyped = dataPointOf({ code: "control" });
    assert.deepEqual(COVER_CONTROL.encode("stop", untyped, false), { expects: 'one of "open", "close"' });
    assert.deepEqual(COVER_CONTROL.encode("off", untyped, true), { value: false });
  });
});
