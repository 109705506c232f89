import assert from "node:assert/strict";
import { codeToPulses, pulsesToCode, readInfraredCode } from "../../../src/datapoints/notation/infrared-code";
import { Random } from "../../support/random";

/** 9000 = 0x2328, 4500 = 0x1194, 560 = 0x0230, 1690 = 0x069a: written by hand, low byte first. */
const PULSES = [9000, 4500, 560, 1690];
const CODE = Buffer.from("28239411" + "30029a06", "hex").toString("base64");

describe("pulsesToCode and codeToPulses", () => {
  it("are each other's inverse", () => {
    assert.equal(pulsesToCode(PULSES), CODE);
    assert.deepEqual(codeToPulses(CODE), PULSES);
    assert.deepEqual(codeToPulses(`1${CODE}`), PULSES);
    const random = new Random(4);
    for (let run = 0; run < 300; run++) {
      const pulses = Array.from({ length: random.between(1, 200) }, () => random.between(1, 65_535));
      assert.deepEqual(codeToPulses(pulsesToCode(pulses) ?? ""), pulses);
    }
  });

  it("round, and end where two bytes end", () => {
    assert.deepEqual(codeToPulses(pulsesToCode([560.4, 100_000]) ?? ""), [560, 65_535]);
  });

  it("refuse what is no code", () => {
    for (const code of ["", "A", "AQID", "no base64!", "1"])
      assert.equal(codeToPulses(code), undefined, code);
    for (const pulses of [[], [0], [-5], ["560"], [NaN], [560, null]])
      assert.equal(pulsesToCode(pulses), undefined);
  });
});

/** The frame of NEC as its description draws it: mark and space, four bytes, lowest bit first, and a last mark. */
function necPulses(...bytes: readonly number[]): number[] {
  const bits = bytes.flatMap((byte) => [0, 1, 2, 3, 4, 5, 6, 7].map((bit) => (byte & (1 << bit)) !== 0));
  return [9000, 4500, ...bits.flatMap((bit) => (bit ? [560, 1690] : [560, 560])), 560];
}

/** What a value would be sent as, without the pause at its end. */
function frameOf(value: unknown): number[] | undefined {
  return codeToPulses(readInfraredCode(value) ?? "")?.slice(0, -1);
}

describe("readInfraredCode", () => {
  it("takes codes, padded codes, their bytes and lists of pulses", () => {
    const bytes = Buffer.from(CODE, "base64");
    const fromJson: unknown = JSON.parse(JSON.stringify(bytes));
    for (const value of [CODE, `1${CODE}`, ` ${CODE}\n`, PULSES, bytes, fromJson])
      assert.equal(readInfraredCode(value), CODE);
  });

  it("refuses anything else", () => {
    for (const value of ["", "hello, world", 5, null, undefined, {}, [], ["560"], Buffer.alloc(0)])
      assert.equal(readInfraredCode(value), undefined);
  });
});

describe("readInfraredCode of NEC", () => {
  it("takes address and command, and writes their complements", () => {
    assert.deepEqual(frameOf({ nec: { address: 0x04, command: 0x08 } }), necPulses(0x04, 0xfb, 0x08, 0xf7));
    assert.deepEqual(frameOf({ nec: { address: 0xff, command: 1 } }), necPulses(0xff, 0x00, 0x01, 0xfe));
    assert.deepEqual(frameOf({ nec: { address: 0, command: 255 } }), necPulses(0x00, 0xff, 0xff, 0x00));
  });

  it("takes an address of two bytes as it is, low byte first", () => {
    assert.deepEqual(frameOf({ nec: { address: 0xbf00, command: 0x1f } }), necPulses(0x00, 0xbf, 0x1f, 0xe0));
  });

  it("takes the 32 bits in the order in which they are sent", () => {
    // The power key of a common television, as LIRC lists it: 20 DF is address 04, 10 EF is command 08.
    for (const nec of ["20DF10EF", "0x20df10ef", " 20df10EF "])
      assert.deepEqual(frameOf({ nec }), necPulses(0x04, 0xfb, 0x08, 0xf7), nec);
  });

  it("ends in a pause, so that two codes are two", () => {
    const pulses = codeToPulses(readInfraredCode({ nec: "20DF10EF" }) ?? "") ?? [];
    assert.equal(pulses.length, 68);
    assert.equal(pulses.at(-1), 40_000);
  });

  it("refuses what is no NEC", () => {
    const odd = ["", "20DF10E", "20DF10EFF", "hello", 5, null, undefined, {}, { address: 4 }, { command: 4 }];
    const sizes = [
      { address: -1, command: 1 },
      { address: 65_536, command: 1 },
      { address: 1, command: 256 },
      { address: 1.5, command: 1 },
      { address: "1", command: 1 },
    ];
    for (const nec of [...odd, ...sizes])
      assert.equal(readInfraredCode({ nec }), undefined, JSON.stringify(nec));
  });
});

describe("readInfraredCode of Pronto", () => {
  /** 38 kHz: 109 steps of 0.241246 µs make 26.2958 µs. 342 periods are 8993 µs, 171 are 4497, 21 are 552, 64 are 1683. */
  const ONCE = "0000 006D 0002 0000 0156 00AB 0015 0040";

  it("sends the part that is sent once", () => {
    assert.deepEqual(codeToPulses(readInfraredCode(ONCE) ?? ""), [8993, 4497, 552, 1683]);
    const both = "0000 006D 0001 0001 0156 00AB 0015 0040";
    assert.deepEqual(codeToPulses(readInfraredCode(both) ?? ""), [8993, 4497]);
  });

  it("sends the part that is repeated where there is no other", () => {
    const repeated = ONCE.replace("0002 0000", "0000 0002").toLowerCase().replaceAll(" ", "\n ");
    assert.deepEqual(codeToPulses(readInfraredCode(repeated) ?? ""), [8993, 4497, 552, 1683]);
  });

  it("refuses words that do not add up", () => {
    const wrong = [
      "0000 006D 0003 0000 0156 00AB 0015 0040",
      "0000 0000 0002 0000 0156 00AB 0015 0040",
      "0000 006D 0000 0000",
      "x0000 006D 0002 0000 0156 00AB 0015 0040",
      "0100 006D 0002 0000 0156 00AB 0015 0040",
      "0000 006D 0002 0000 0156 00AB 0015 004",
    ];
    for (const code of wrong) assert.equal(readInfraredCode(code), undefined, code);
  });
});
