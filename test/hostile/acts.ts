import { Command } from "../../src/protocol/command";
import type { Outgoing } from "../../src/protocol/envelope";
import type { Dialect } from "../../src/protocol/version";
import { MUTATIONS, STRANGE_TEXTS } from "../support/mutate";
import type { Random } from "../support/random";
import { vectors } from "../support/vectors";

/** What an act can do: one connection of a hostile device. */
export interface Peer {
  readonly dialect: Dialect;
  /** A number of its own for all it invents, so that nothing it names has been there before. */
  counter: number;
  /** Sends bytes as they are. */
  write(bytes: Buffer): void;
  /** Says something as a device would: in its envelope, with a return code, numbered on. */
  say(command: number, body: string | object, more?: Partial<Outgoing>): void;
  /** The bytes that `say` sends. */
  seal(command: number, body: string | object, more?: Partial<Outgoing>): Buffer;
  /** Reports data points, in the shape of its version. */
  report(dps: object, more?: object): void;
  /** The body of such a report. */
  bodyOf(dps: object, more?: object): object;
  /** Does something after so many milliseconds, unless the connection is over by then. */
  later(ms: number, act: () => void): void;
  hangUp(): void;
  reset(): void;
}

/** Something a device does that means harm. */
export type Act = (peer: Peer, random: Random) => void;

const FAT = "x".repeat(15_000);
const FRAMED = vectors.filter(({ prefix, version }) => prefix !== "none" && version !== undefined);
const COMMANDS = Object.values(Command);

/** Text that would do something in a terminal, a log or a page. */
const NASTY_TEXTS = [
  "\u001b[2J\u001b[31mboo\u0007",
  "line\nINFO forged line\r\n",
  "\u202edetrevni\u2066",
  "<img src=x onerror=alert(1)>",
  "devid not found\n\n\n",
  "data format error\u0000\u0000",
  "n".repeat(9_000),
];

const many = (count: number, entry: (index: number) => readonly [string, unknown]): object =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => entry(index)));

/** In the order of the harm they were once able to do. What is long is a handful of frames: nothing here goes on for ever. */
export const ACTS: Readonly<Record<string, Act>> = {
  "ever new data points, fat": (peer) => {
    for (let i = 0; i < 4; i++) peer.report({ [`x${peer.counter++}`]: FAT });
  },
  "ever new numbers, fat": (peer) => {
    for (let i = 0; i < 4; i++) peer.report({ [String(peer.counter++)]: FAT });
  },
  "all data points, fat in turn": (peer) => {
    for (let i = 0; i < 4; i++) peer.report({ [String(1 + (peer.counter++ % 255))]: FAT });
  },
  "1,150 data points in a frame": (peer, random) => {
    const base = random.below(100_000);
    peer.report(many(1_150, (i) => [String(base + i), i]));
  },
  "255 data points that change": (peer) => {
    const value = peer.counter++;
    peer.report(many(255, (i) => [String(i + 1), value]));
  },
  "values of every kind": (peer, random) => {
    const values = [
      null, [], {}, [[[]]], { a: { b: { c: {} } } }, "", random.text(50), -0, 1e308, -1e308, 5e-324, 2 ** 53, true,
    ]; // prettier-ignore
    peer.report(many(20, () => [String(random.between(1, 255)), random.pick(values)]));
  },
  "increments without end": (peer) => {
    peer.report({ "17": 1e308 });
    peer.report({ "17": 1e308 });
    peer.report({ "17": -1e308 });
  },
  "numbers beyond numbers": (peer) => {
    peer.say(Command.STATUS, '{"dps":{"1":1e999,"2":-1e999,"3":[1e999]},"t":1e999}');
    peer.say(Command.STATUS, '{"data":{"dps":{"1":1e999}},"t":"99999999999999999999999999"}');
  },
  "structures without end": (peer, random) => {
    const depth = random.between(5, 3_000);
    peer.say(Command.STATUS, `{"dps":{"1":${"[".repeat(depth)}${"]".repeat(depth)}}}`);
    peer.say(Command.STATUS, `{"dps":{"1":[${"[],".repeat(4_000)}0]}}`);
  },
  "names that mean something": (peer) => {
    peer.say(Command.STATUS, '{"dps":{"__proto__":{"polluted":1},"constructor":1,"toString":2,"1":1}}');
    peer.say(Command.STATUS, '{"__proto__":{"dps":{"1":1}},"data":{"__proto__":1,"dps":{"2":2}}}');
  },
  "strange texts": (peer, random) => {
    peer.say(random.pick(COMMANDS), random.pick(STRANGE_TEXTS));
  },
  "nasty texts": (peer, random) => {
    peer.say(random.pick([Command.STATUS, Command.DP_QUERY, Command.CONTROL]), random.pick(NASTY_TEXTS), {
      returnCode: 1,
    });
  },
  "everything beside the values": (peer) => {
    peer.report(
      { "1": peer.counter++ },
      many(400, (i) => [`extra${peer.counter}-${i}`, "y".repeat(20)]),
    );
  },
  "sub-devices nobody has": (peer) => {
    for (let i = 0; i < 20; i++) peer.report({ "1": i }, { cid: `cid-${peer.counter++}` });
  },
  "sub-devices with fat values": (peer) => {
    for (let i = 0; i < 4; i++) peer.report({ "1": FAT }, { cid: `cid-${peer.counter++}` });
  },
  "ids without end": (peer) => {
    peer.report({ "1": 1 }, { cid: `${peer.counter++}${"c".repeat(10_000)}` });
    peer.report({ "1": 1 }, { devId: `${peer.counter++}${"d".repeat(10_000)}` });
  },
  "lists of sub-devices": (peer) => {
    const cids = (count: number): string[] => Array.from({ length: count }, () => `c${peer.counter++}`);
    peer.say(Command.LAN_EXT_STREAM, { reqType: "subdev_online_stat_report", data: { online: cids(700) } });
    peer.say(Command.LAN_EXT_STREAM, { data: { offline: cids(300), nearby: cids(300) } });
    peer.say(Command.LAN_EXT_STREAM, { data: { online: ["z".repeat(9_000), null, {}, 5] } });
  },
  "prefixes by the thousand": (peer) => peer.write(Buffer.from("000055aa".repeat(4_000), "hex")),
  "prefixes of both kinds": (peer, random) => {
    for (let i = 0; i < 200; i++)
      peer.write(Buffer.from(random.pick(["000055aa", "00006699", "0000", "00"]), "hex"));
  },
  noise: (peer, random) => peer.write(random.bytes(random.between(1, 20_000))),
  "a byte at a time": (peer, random) => {
    const bytes = peer.seal(Command.STATUS, peer.bodyOf({ "1": peer.counter++ }));
    const size = random.between(1, 3);
    for (let at = 0; at < bytes.length; at += size) peer.write(bytes.subarray(at, at + size));
  },
  "half a frame": (peer, random) => {
    const bytes = peer.seal(Command.STATUS, peer.bodyOf({ "1": 1 }));
    peer.write(bytes.subarray(0, random.below(bytes.length)));
  },
  "a frame of the largest size": (peer, random) => {
    peer.say(Command.STATUS, `{"dps":{"1":"${random.text(7_000).replace(/[\\"\p{Cc}]/gu, "_")}"}}`);
  },
  "a lie about the length": (peer, random) => {
    const bytes = peer.seal(Command.STATUS, peer.bodyOf({ "1": 1 }));
    bytes.writeUInt32BE(
      random.pick([0, 7, 16_384, 16_385, 0xffffffff]),
      peer.dialect.format === "6699" ? 14 : 12,
    );
    peer.write(bytes);
  },
  "mutants of known frames": (peer, random) => {
    for (let i = 0; i < 5; i++) {
      peer.write(random.pick(Object.values(MUTATIONS))(random.pick(FRAMED), random, FRAMED));
    }
  },
  "a frame of another version": (peer, random) =>
    peer.write(Buffer.from(random.pick(FRAMED).frameHex, "hex")),
  "the same frame again": (peer, random) => {
    const bytes = peer.seal(Command.STATUS, peer.bodyOf({ "1": peer.counter++ }));
    for (let i = random.between(2, 50); i > 0; i--) peer.write(bytes);
  },
  "many small frames": (peer) => {
    for (let i = 0; i < 300; i++) peer.say(Command.HEART_BEAT, "");
  },
  "answers nobody asked for": (peer, random) => {
    for (const command of COMMANDS) peer.say(command, random.pick(["", "{}", "x", '{"dps":{}}']));
  },
  "in clear": (peer) => {
    peer.say(Command.STATUS, peer.bodyOf({ "1": true }), { encrypted: false, header: null });
    peer.say(Command.CONTROL, "", { encrypted: false });
    peer.say(Command.DP_QUERY, "hello", { encrypted: false, returnCode: undefined });
  },
  "numbers of frames at random": (peer, random) => {
    for (let i = 0; i < 20; i++) peer.report({ "2": i }, {});
    peer.say(Command.STATUS, peer.bodyOf({ "1": 1 }), { sequence: random.uint32() });
    peer.say(Command.CONTROL, "", { sequence: 0xffffffff });
  },
  "hangs up": (peer, random) => {
    if (random.chance(0.3)) peer.hangUp();
  },
  resets: (peer, random) => {
    if (random.chance(0.3)) peer.reset();
  },
};

/** Acts after which a client hangs up, or has to. What leaves them out can go on for ever. */
const ENDING: readonly string[] = [
  "half a frame",
  "a lie about the length",
  "mutants of known frames",
  "a frame of another version",
  "in clear",
  "hangs up",
  "resets",
];

/** Acts that a client can only bear. */
export const LASTING_ACTS = Object.keys(ACTS).filter((name) => !ENDING.includes(name));

/** Answers to a request that are none. */
export const ANSWERS: Readonly<Record<string, Act>> = {
  "no answer": () => {},
  "two answers": (peer) => {
    for (let i = 0; i < 2; i++) peer.say(peer.dialect.query, peer.bodyOf({ "1": true }));
  },
  "a refusal": (peer, random) => {
    const text = random.pick([
      "data format error",
      "parse data error",
      "json obj data unvalid",
      ...NASTY_TEXTS,
    ]);
    peer.say(random.pick([peer.dialect.query, peer.dialect.control]), text, { returnCode: 1 });
  },
  "a refusal in clear": (peer) => {
    peer.say(peer.dialect.query, "data format error", { encrypted: false, returnCode: 1 });
  },
  "an answer much later": (peer, random) => {
    const bytes = peer.seal(peer.dialect.query, peer.bodyOf({ "1": peer.counter++ }));
    peer.later(random.between(5, 200), () => peer.write(bytes));
  },
  "something else": (peer, random) => ACTS[random.pick(Object.keys(ACTS))]?.(peer, random),
};

/** Negotiations that are none. */
export const NEGOTIATIONS: Readonly<Record<string, Act>> = {
  "no nonce": (peer) => peer.say(Command.SESS_KEY_NEG_RESP, "", { header: null }),
  "a nonce of another length": (peer, random) => {
    const payload = random.bytes(random.below(100));
    peer.say(Command.SESS_KEY_NEG_RESP, "", { payload, header: null });
  },
  "a wrong proof": (peer, random) => {
    peer.say(Command.SESS_KEY_NEG_RESP, "", { payload: random.bytes(48), header: null });
  },
  "values before the key": (peer) => {
    for (let i = 0; i < 20; i++) peer.report({ "1": i });
  },
  "never ending silence": () => {},
};
