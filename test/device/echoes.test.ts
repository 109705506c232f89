import assert from "node:assert/strict";
import { Echoes } from "../../src/device/echoes";

const BASE64 = "fwYAAQF/EgACAQ==";
const HEX = "7f060001017f12000201";

describe("Echoes", () => {
  it("take what a device says for its own where it was told nothing", () => {
    const echoes = new Echoes();
    assert.equal(echoes.own("3", BASE64), BASE64);
    assert.equal(echoes.own("3", undefined), undefined);
    echoes.noteReport({ "3": BASE64 });
    assert.equal(echoes.own("3", BASE64), BASE64);
  });

  it("go back to what it said before where it only repeats what it was sent", () => {
    const echoes = new Echoes();
    echoes.noteSent({ "3": HEX, "4": 5 }, { "3": BASE64, "4": 1 });
    assert.equal(echoes.own("3", BASE64), BASE64, "it has not said so yet");
    echoes.noteReport({ "3": HEX, "4": 5 });
    assert.equal(echoes.own("3", HEX), BASE64);
    assert.equal(echoes.own("4", 5), 5);
    // The same again, as a query reads it.
    echoes.noteReport({ "3": HEX });
    assert.equal(echoes.own("3", HEX), BASE64);
  });

  it("know nothing of the form of a device that has said nothing by itself", () => {
    const echoes = new Echoes();
    echoes.noteSent({ "3": HEX }, {});
    echoes.noteReport({ "3": HEX });
    assert.equal(echoes.own("3", HEX), undefined);
  });

  it("follow several commands whose reports come late", () => {
    const echoes = new Echoes();
    echoes.noteSent({ "3": "aa" }, { "3": BASE64 });
    echoes.noteSent({ "3": "bb" }, { "3": BASE64 });
    echoes.noteReport({ "3": "aa" });
    assert.equal(echoes.own("3", "aa"), BASE64);
    echoes.noteSent({ "3": "cc" }, { "3": "aa" });
    echoes.noteReport({ "3": "bb" });
    echoes.noteReport({ "3": "cc" });
    assert.equal(echoes.own("3", "cc"), BASE64);
  });

  it("learn from what it was not told", () => {
    const echoes = new Echoes();
    echoes.noteSent({ "3": BASE64 }, {});
    echoes.noteReport({ "3": BASE64 });
    echoes.noteReport({ "3": "7f06000101" });
    assert.equal(echoes.own("3", "7f06000101"), "7f06000101");
  });

  it("forget what was sent once the device has written a text of its own", () => {
    const echoes = new Echoes();
    echoes.noteSent({ "3": HEX }, { "3": BASE64 });
    assert.equal(echoes.own("3", "AQID"), "AQID");
    echoes.noteReport({ "3": "AQID" });
    echoes.noteReport({ "3": HEX });
    assert.equal(echoes.own("3", HEX), HEX);
  });

  it("learn nothing from what it had said before, nor from what is no text", () => {
    const echoes = new Echoes();
    echoes.noteSent({ "3": HEX }, { "3": BASE64 });
    for (const value of [BASE64, 5, null]) echoes.noteReport({ "3": value, "4": "x" });
    assert.equal(echoes.own("3", HEX), BASE64);
  });

  it("wait for the reports of the last four commands", () => {
    const echoes = new Echoes();
    for (const text of ["aa", "bb", "cc", "dd", "ee"]) echoes.noteSent({ "3": text }, { "3": BASE64 });
    assert.deepEqual(
      ["aa", "bb", "ee"].map((text) => echoes.own("3", text)),
      ["aa", BASE64, BASE64],
    );
  });

  it("keep sub-devices apart", () => {
    const echoes = new Echoes();
    echoes.noteSent({ "3": HEX }, { "3": BASE64 }, "a1");
    assert.equal(echoes.own("3", HEX, "a1"), BASE64);
    assert.equal(echoes.own("3", HEX, "b2"), HEX);
    assert.equal(echoes.own("3", HEX), HEX);
  });

  it("forget the oldest rather than grow", () => {
    const echoes = new Echoes();
    const text = "00".repeat(500);
    for (let dp = 1; dp <= 255; dp++) echoes.noteSent({ [dp]: text }, {});
    assert.equal(echoes.own("255", text), undefined);
    assert.equal(echoes.own("1", text), text);
    // What it said before counts as well.
    const others = new Echoes();
    for (let dp = 1; dp <= 100; dp++) others.noteSent({ [dp]: "aa" }, { [dp]: text });
    assert.equal(others.own("100", "aa"), text);
    assert.equal(others.own("1", "aa"), "aa");
  });
});
