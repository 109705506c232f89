// What the demo says in the terminal: a line for everything a tuya-in passes on or a Catch node catches.
const COLOURS = { bold: 1, red: 31, green: 32, yellow: 33, blue: 34, magenta: 35, cyan: 36, grey: 90 };
const NAME_COLOURS = ["cyan", "magenta", "yellow", "blue", "green"];
const STATE_COLOURS = { connected: "green", connecting: "yellow", asleep: "blue" };

/** Node-RED's number for errors; warnings have a larger one. */
const LOG_ERROR = 20;

/** Longest value shown; raw data points are longer. */
const MAX_VALUE = 24;

export class Narrator {
  #isColoured;
  #colourOf = new Map();
  /** What was said last of a value. */
  #said = new Map();
  /** Lines that wait for the greeting; undefined afterwards. */
  #held = [];

  constructor() {
    this.#isColoured = process.stdout.isTTY === true && !process.env.NO_COLOR;
  }

  say(text) {
    process.stdout.write(`${text}\n`);
  }

  /** Says what to do now; what the nodes have sent until then follows. */
  greet(text) {
    this.say(text);
    for (const line of this.#held ?? []) this.say(line);
    this.#held = undefined;
  }

  paint(colour, text) {
    return this.#isColoured ? `\u001b[${COLOURS[colour]}m${text}\u001b[0m` : text;
  }

  /**
   * Tells what nodes send. Shaped as Node-RED's hook `onSend`, which sends nothing at all if it throws: what a tuya-in says
   * in the formats of others, MQTT messages for example, is not told.
   */
  onSend = (events) => {
    for (const { msg, source } of events) {
      const { type } = source.node;
      if (type === "catch") this.#tellError(msg);
      if (type !== "tuya-in" || !msg.tuya) continue;
      if (msg.tuya.dps) this.#tellValues(msg);
      else if (source.port > 0) this.#tellConnection(msg);
    }
  };

  /** Tells warnings of nodes, and all errors. Node-RED's own warnings at its start are no news for anybody. */
  onLog = ({ level, msg, id, name, type }) => {
    if (level > LOG_ERROR && id === undefined) return;
    const text =
      msg instanceof Error ? (id === undefined ? msg.stack : msg.message) : String(msg?.message ?? msg);
    this.#line(name || type || "Node-RED", this.paint(level > LOG_ERROR ? "yellow" : "red", text));
  };

  /** `payload` is one value, or an object of them. */
  #tellValues({ payload, tuya }) {
    const values = tuya.dp === undefined ? payload : { [tuya.code ?? tuya.dp]: payload };
    const news = Object.entries(values).filter(([name, value]) => this.#isNews(tuya, name, value));
    if (news.length === 0) return;
    const texts = news.map(([name, value]) => `${this.paint("grey", name)} ${shorten(value)}`);
    this.#line(tuya.name, texts.join("  "));
  }

  /** Several nodes may pass on the same report. */
  #isNews({ name: device, t }, name, value) {
    const key = `${device}/${name}`;
    const said = `${t} ${JSON.stringify(value)}`;
    if (this.#said.get(key) === said) return false;
    this.#said.set(key, said);
    return true;
  }

  #tellConnection({ payload, tuya }) {
    const colour = STATE_COLOURS[payload] ?? "red";
    const where = payload === "connected" ? ` protocol ${tuya.version} at ${tuya.ip}` : "";
    this.#line(tuya.name, `${this.paint(colour, payload)}${where}${tuya.message ? `: ${tuya.message}` : ""}`);
  }

  #tellError({ error: { message, code = "error", source } }) {
    this.#line(source.name || source.type, `${this.paint("red", code)}: ${message}`);
  }

  #line(name, text) {
    const time = new Date().toTimeString().slice(0, 8);
    const colour = this.#colourOf.get(name) ?? NAME_COLOURS[this.#colourOf.size % NAME_COLOURS.length];
    this.#colourOf.set(name, colour);
    const line = `${this.paint("grey", time)}  ${this.paint(colour, name.padEnd(8))}  ${text}`;
    if (this.#held) this.#held.push(line);
    else this.say(line);
  }
}

function shorten(value) {
  const text = textOf(value);
  return text.length > MAX_VALUE ? `${text.slice(0, MAX_VALUE)}…` : text;
}

/** Values as people read them: objects without their punctuation, bytes in hexadecimal. */
function textOf(value) {
  if (Buffer.isBuffer(value)) return value.toString("hex");
  if (Array.isArray(value)) return value.length > 0 ? value.map(textOf).join(",") : "none";
  if (typeof value !== "object" || value === null) return String(value);
  return Object.values(value).map(textOf).join("/");
}
