import type { IncomingMessage } from "node:http";
import { Inbox } from "./inbox";
import type { NodeRed } from "./flow";
import type { LearnLine } from "../../nodes/contract/learn";

type StateLine = Extract<LearnLine, { readonly state: string }>;
type ValuesLine = Extract<LearnLine, { readonly dps: object }>;

/** A browser that learns: an answer of `POST tuya/learn` that goes on until it is stopped. */
export class Learning {
  readonly status: number;
  /** Every line but the signs of life, as it arrives. */
  readonly lines = new Inbox<LearnLine>();
  readonly pings = new Inbox<LearnLine>();
  /** Resolves when the server has ended the answer, or it was stopped. */
  readonly ended: Promise<void>;
  /** All that has arrived. */
  text = "";
  readonly #abort: () => void;
  #rest = "";

  private constructor(answer: IncomingMessage, abort: () => void) {
    this.status = answer.statusCode ?? 0;
    this.#abort = abort;
    answer.setEncoding("utf8").on("data", (text: string) => this.#take(text));
    this.ended = new Promise((resolve) => answer.once("close", resolve));
  }

  static start(red: NodeRed, body: object): Promise<Learning> {
    const request = red.request().post("/tuya/learn").send(body).buffer(true);
    return new Promise((resolve, reject) => {
      request.parse((answer, done) => {
        const message = answer as unknown as IncomingMessage;
        message.once("end", () => done(null, ""));
        resolve(new Learning(message, () => void request.abort()));
      });
      request.end((error: unknown) => {
        if (error instanceof Error) reject(error);
      });
    });
  }

  /** Hangs up, as a browser does when the dialog is closed. */
  async stop(): Promise<void> {
    this.#abort();
    await this.ended;
  }

  /** The next line about the connection. */
  async state(state: StateLine["state"]): Promise<StateLine> {
    return (await this.lines.find((line) => "state" in line && line.state === state)) as StateLine;
  }

  /** The next values in which a data point is. */
  async values(dp: string): Promise<ValuesLine> {
    return (await this.lines.find((line) => "dps" in line && dp in line.dps)) as ValuesLine;
  }

  #take(text: string): void {
    this.text += text;
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines.filter((candidate) => candidate !== "")) {
      const parsed = JSON.parse(line) as LearnLine;
      ("ping" in parsed ? this.pings : this.lines).push(parsed);
    }
  }
}
