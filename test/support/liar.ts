import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { build55aa, build6699, uint32 } from "./build";

/** A frame as it can be read without any key. */
export interface SeenFrame {
  readonly format: "55AA" | "6699";
  readonly sequence: number;
  readonly command: number;
  /** What stands between header and trailer; of a 6699 frame IV, cipher text and tag. */
  readonly body: Buffer;
  readonly bytes: Buffer;
}

/** What a liar does about a frame: writes something, hangs up, or nothing. */
export type LiarAnswer = readonly Buffer[] | "hang-up";

export interface Habit {
  /** Written as soon as somebody connects. */
  readonly greeting?: () => LiarAnswer;
  readonly answer: (frame: SeenFrame) => LiarAnswer;
  /** Written by itself, over and over. */
  readonly push?: () => readonly Buffer[];
}

/** The value that must never arrive anywhere. */
export const LIE = "a lie";

const OK = uint32(0);
const REFUSED = uint32(1);
const CONTROL = 7;
const STATUS = 8;
const HEART_BEAT = 9;
const QUERY = 10;
const CONTROL_NEW = 13;
const QUERY_NEW = 16;
const PUSH_EVERY_MS = 15;

const isQuery = ({ command }: SeenFrame): boolean => command === QUERY || command === QUERY_NEW;
const isSet = ({ command }: SeenFrame): boolean => command === CONTROL || command === CONTROL_NEW;

function reply({ sequence, command }: SeenFrame, text: string, code = OK): Buffer {
  return build55aa(sequence, command, Buffer.concat([code, Buffer.from(text)]));
}

function clearStatus(id: string): Buffer {
  return build55aa(
    0,
    STATUS,
    Buffer.concat([OK, Buffer.from(JSON.stringify({ devId: id, dps: { "1": LIE } }))]),
  );
}

/** The cipher text in the body of a frame up to 3.3: without the version header, where there is one. */
function cipherText(body: Buffer): Buffer {
  return body.subarray(0, 2).toString("latin1") === "3." ? body.subarray(15) : body;
}

/**
 * What can be made of the cipher text of a command by leaving out blocks, so that it reads as a report: everybody knows how
 * commands are written, and these versions encrypt block by block.
 */
function cuts(text: Buffer, id: string): Buffer[] {
  const made: Buffer[] = [];
  for (const value of ["true", "null"]) {
    const command = `{"devId":"${id}","uid":"${id}","t":"1764500000","dps":{"1":${value}}}`;
    if (Math.floor(command.length / 16) * 16 + 16 !== text.length) continue;
    for (let from = 0; from < text.length; from += 16)
      for (let to = from + 16; to < text.length; to += 16) {
        if (isReport(command.slice(0, from) + command.slice(to)))
          made.push(Buffer.concat([text.subarray(0, from), text.subarray(to)]));
      }
  }
  return made;
}

function isReport(text: string): boolean {
  try {
    const body = JSON.parse(text) as object;
    return "dps" in body && !("uid" in body);
  } catch {
    return false;
  }
}

/** A report made of a command that was sent, with some blocks left out. */
function cutReports({ body }: SeenFrame, id: string): Buffer[] {
  const version = body.toString("latin1", 0, 3);
  if (version !== "3.1")
    return cuts(cipherText(body), id).map((text) =>
      build55aa(0, STATUS, Buffer.concat([OK, Buffer.from(version), Buffer.alloc(12), text])),
    );
  const signature = body.subarray(0, 19);
  return cuts(Buffer.from(body.toString("latin1", 19), "base64"), id).map((text) =>
    build55aa(0, STATUS, Buffer.concat([OK, signature, Buffer.from(text.toString("base64"))])),
  );
}

/** What somebody without the key can do, each with frames that are whole and have the right CRC. */
export const HABITS = {
  "speaks 3.1, in clear": (id) => ({
    answer: (frame) =>
      isQuery(frame)
        ? [reply(frame, JSON.stringify({ devId: id, dps: { "1": LIE } }))]
        : isSet(frame) || frame.command === HEART_BEAT
          ? [reply(frame, "")]
          : [],
  }),
  "speaks 3.1 and pushes values in clear": (id) => ({
    answer: (frame) =>
      isQuery(frame) ? [reply(frame, JSON.stringify({ devId: id, dps: { "1": LIE } }))] : [reply(frame, "")],
    push: () => [clearStatus(id)],
  }),
  "acknowledges what nobody sent": () => ({
    greeting: () => [
      build55aa(1, CONTROL, OK),
      build55aa(0, CONTROL_NEW, OK),
      build55aa(0, CONTROL, Buffer.alloc(0)),
    ],
    answer: (frame) => [reply(frame, "")],
    push: () => [build55aa(0, CONTROL, OK)],
  }),
  "answers with a word": () => ({ answer: (frame) => [reply(frame, "hello")] }),
  "answers heartbeats only": () => ({
    answer: (frame) => (frame.command === HEART_BEAT ? [reply(frame, "")] : []),
  }),
  "answers with nothing in it": () => ({ answer: (frame) => [reply(frame, "")] }),
  "refuses in clear": () => ({ answer: (frame) => [reply(frame, "parse data error", REFUSED)] }),
  "refuses values in clear": () => ({ answer: (frame) => [reply(frame, "json obj data unvalid", REFUSED)] }),
  "sends everything back": () => ({ answer: ({ bytes }) => [bytes] }),
  "sends queries back as values": () => ({
    answer: ({ sequence, body, command }) => [
      build55aa(sequence, command, Buffer.concat([OK, cipherText(body)])),
      build55aa(0, STATUS, Buffer.concat([OK, body])),
      build55aa(0, STATUS, Buffer.concat([OK, Buffer.from("3.3"), Buffer.alloc(12), cipherText(body)])),
    ],
  }),
  "sends the last block of a query back": () => ({
    answer: ({ sequence, command, body }) => [
      build55aa(sequence, command, Buffer.concat([REFUSED, cipherText(body).subarray(-16)])),
    ],
  }),
  "makes reports of what commands are made of": (id) => ({
    answer: (frame) =>
      isSet(frame)
        ? [reply(frame, ""), ...cutReports(frame, id)]
        : isQuery(frame)
          ? [reply(frame, JSON.stringify({ devId: id, dps: { "1": true, "3": LIE } }))]
          : [reply(frame, "")],
  }),
  "has in clear what it was set to": (id) => ({
    answer: (frame) =>
      isQuery(frame)
        ? [reply(frame, JSON.stringify({ devId: id, dps: { "1": true, "3": LIE } }))]
        : [
            reply(frame, ""),
            build55aa(
              0,
              STATUS,
              Buffer.concat([OK, Buffer.from(JSON.stringify({ devId: id, dps: { "1": true } }))]),
            ),
          ],
  }),
  "names 3.1 on what nobody can read": () => ({
    answer: ({ sequence, command }) => [
      build55aa(sequence, command, Buffer.concat([OK, Buffer.from("3.1"), Buffer.alloc(48, 0xa7)])),
    ],
  }),
  "answers negotiations with themselves": () => ({
    answer: (frame) =>
      frame.format === "6699"
        ? [build6699(frame.sequence, 4, frame.body), build6699(frame.sequence, 8, frame.body)]
        : frame.command === 3
          ? [renumbered(frame, 4)]
          : [reply(frame, "")],
  }),
  "hangs up on the first frame": () => ({ answer: () => "hang-up" }),
  "hangs up at once": () => ({ greeting: () => "hang-up", answer: () => "hang-up" }),
  "says nothing": () => ({ answer: () => [] }),
} as const satisfies Readonly<Record<string, (id: string) => Habit>>;

export type HabitName = keyof typeof HABITS;

export const HABIT_NAMES = Object.keys(HABITS) as HabitName[];

/** The same bytes under another command; its HMAC is wrong then. */
function renumbered({ bytes }: SeenFrame, command: number): Buffer {
  const copy = Buffer.from(bytes);
  copy.writeUInt32BE(command, 8);
  return copy;
}

const liars = new Set<Liar>();

/** A program at an address of its own that knows the id of a device and no key, and writes down what it is sent. */
export class Liar {
  readonly host: string;
  /** Everything it was sent, in order. */
  readonly seen: SeenFrame[] = [];
  visits = 0;
  readonly #habit: Habit;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #port = 0;
  #onVisit: (() => void) | undefined;

  private constructor(host: string, habit: Habit) {
    this.host = host;
    this.#habit = habit;
    this.#server = createServer((socket) => this.#accept(socket));
  }

  /** Listens at this address. It is gone after the test. */
  static async start(
    habit: HabitName | Habit,
    { id, host, port = 0 }: { readonly id: string; readonly host: string; readonly port?: number },
  ): Promise<Liar> {
    const liar = new Liar(host, typeof habit === "string" ? HABITS[habit](id) : habit);
    liars.add(liar);
    liar.#server.listen(port, host);
    await once(liar.#server, "listening");
    const address = liar.#server.address();
    liar.#port = typeof address === "object" && address ? address.port : 0;
    return liar;
  }

  get port(): number {
    return this.#port;
  }

  /** Commands it was sent that act on a device, or would if they were sent on to one. */
  get commands(): readonly SeenFrame[] {
    return this.seen.filter(({ command }) => !HARMLESS.includes(command));
  }

  /** Resolves when somebody has connected, at once if somebody has already. */
  async visited(): Promise<void> {
    if (this.visits === 0) await new Promise<void>((resolve) => (this.#onVisit = resolve));
  }

  async close(): Promise<void> {
    liars.delete(this);
    for (const socket of this.#sockets) socket.destroy();
    if (!this.#server.listening) return;
    this.#server.close();
    await once(this.#server, "close");
  }

  #accept(socket: Socket): void {
    this.visits++;
    this.#onVisit?.();
    this.#sockets.add(socket);
    let rest = Buffer.alloc(0);
    const { push } = this.#habit;
    const timer =
      push &&
      setInterval(() => socket.writable && push().forEach((bytes) => socket.write(bytes)), PUSH_EVERY_MS);
    socket.on("error", () => undefined);
    socket.on("close", () => {
      clearInterval(timer);
      this.#sockets.delete(socket);
    });
    socket.on("data", (chunk: Buffer) => {
      rest = Buffer.concat([rest, chunk]);
      for (let frame = firstFrame(rest); frame; frame = firstFrame(rest)) {
        rest = rest.subarray(frame.bytes.length);
        this.seen.push(frame);
        this.#perform(socket, this.#habit.answer(frame));
      }
    });
    this.#perform(socket, this.#habit.greeting?.() ?? []);
  }

  #perform(socket: Socket, answer: LiarAnswer): void {
    if (!socket.writable) return;
    if (answer === "hang-up") socket.destroy();
    else for (const bytes of answer) socket.write(bytes);
  }
}

/** Negotiation, queries and heartbeats: what may go to somebody who has still to prove the key. */
const HARMLESS: readonly number[] = [3, 5, HEART_BEAT, QUERY, QUERY_NEW];

/** The first whole frame, taken apart as far as that takes no key; undefined where there is none yet. */
export function firstFrame(bytes: Buffer): SeenFrame | undefined {
  if (bytes.length < 18) return undefined;
  const is6699 = bytes.readUInt32BE(0) === 0x6699;
  const head = is6699 ? 18 : 16;
  const end = is6699 ? 18 + bytes.readUInt32BE(14) + 4 : 16 + bytes.readUInt32BE(12);
  if (bytes.length < end) return undefined;
  const frame = Buffer.from(bytes.subarray(0, end));
  return {
    format: is6699 ? "6699" : "55AA",
    sequence: frame.readUInt32BE(is6699 ? 6 : 4),
    command: frame.readUInt32BE(is6699 ? 10 : 8),
    body: frame.subarray(head, is6699 ? -4 : -8),
    bytes: frame,
  };
}

afterEach(async () => {
  await Promise.all([...liars].map((liar) => liar.close()));
});
