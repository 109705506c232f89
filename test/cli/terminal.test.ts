import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { UsageError } from "../../src/cli/arguments";
import { InterruptedError, type Keyboard, obtainLocalKey } from "../../src/cli/local-key";
import { paintFor, plain, Progress, table } from "../../src/cli/terminal";
import { LOCAL_KEY } from "../support/virtual";

/** A terminal, as far as it is written to. */
class Screen {
  readonly isTTY: boolean;
  text = "";

  constructor(isTTY = true) {
    this.isTTY = isTTY;
  }

  write(text: string): void {
    this.text += text;
  }
}

describe("paintFor", () => {
  it("colours on a terminal", () => {
    assert.equal(paintFor(new Screen(), {}).green("ok"), "\u001b[32mok\u001b[0m");
  });

  for (const [title, isTTY, env] of [
    ["where the output is no terminal", false, {}],
    ["where NO_COLOR is set", true, { NO_COLOR: "1" }],
    ["on a dumb terminal", true, { TERM: "dumb" }],
  ] as const) {
    it(`does not colour ${title}`, () => {
      assert.equal(paintFor(new Screen(isTTY), env).red("no"), "no");
    });
  }

  it("takes an empty NO_COLOR for none", () => {
    assert.notEqual(paintFor(new Screen(), { NO_COLOR: "" }).red("no"), "no");
  });
});

describe("Progress", () => {
  it("shows one line on a terminal and takes it away again", () => {
    const screen = new Screen();
    const progress = new Progress(screen);
    progress.show("one");
    progress.show("two");
    progress.clear();
    progress.clear();
    assert.equal(screen.text, "\r\u001b[2Kone\r\u001b[2Ktwo\r\u001b[2K");
  });

  it("writes nothing where there is no terminal", () => {
    const screen = new Screen(false);
    const progress = new Progress(screen);
    progress.show("one");
    progress.clear();
    assert.equal(screen.text, "");
  });
});

describe("table", () => {
  it("aligns columns by characters, and pads nothing at the end", () => {
    assert.deepEqual(
      table([
        ["ID", "NAME", ""],
        ["1", "Küche 💡", "x"],
        ["1000", "a", ""],
      ]),
      ["ID    NAME", "1     Küche 💡  x", "1000  a"],
    );
  });
});

describe("plain", () => {
  it("takes the power out of control characters", () => {
    assert.equal(plain("a\u001b[2Jb\u0007\u202ec\nd\u2028"), "a·[2Jb··c·d·");
  });
});

/** A keyboard somebody types on. */
class TestKeyboard extends EventEmitter implements Keyboard {
  readonly isTTY: boolean = true;
  isRaw = false;
  isPaused = true;

  setRawMode(isRaw: boolean): void {
    this.isRaw = isRaw;
  }

  resume(): this {
    this.isPaused = false;
    return this;
  }

  pause(): this {
    this.isPaused = true;
    return this;
  }

  type(...chunks: readonly string[]): void {
    for (const chunk of chunks) this.emit("data", Buffer.from(chunk));
  }
}

describe("obtainLocalKey", () => {
  it("takes the key from TUYA_LOCAL_KEY and asks nobody", async () => {
    const screen = new Screen();
    assert.equal(await obtainLocalKey({ TUYA_LOCAL_KEY: LOCAL_KEY }, new TestKeyboard(), screen), LOCAL_KEY);
    assert.equal(screen.text, "");
  });

  it("asks where there is none, and shows nothing of what is typed", async () => {
    const [keyboard, screen] = [new TestKeyboard(), new Screen()];
    const key = obtainLocalKey({ TUYA_LOCAL_KEY: "" }, keyboard, screen);
    assert.deepEqual([keyboard.isRaw, keyboard.isPaused], [true, false]);
    keyboard.type(...Array.from(LOCAL_KEY), "\r");
    assert.equal(await key, LOCAL_KEY);
    assert.equal(screen.text, "Local key (16 characters, not shown): \n");
    assert.deepEqual([keyboard.isRaw, keyboard.isPaused, keyboard.listenerCount("data")], [false, true, 0]);
  });

  it("knows the usual keys: backspace, Ctrl-U, Enter, and pasting", async () => {
    const keyboard = new TestKeyboard();
    const key = obtainLocalKey({}, keyboard, new Screen());
    keyboard.type("wrong", "\u0015", "0123x", "\u007f", "\u001b[200~456789abcdef\u001b[201~\n");
    assert.equal(await key, "0123456789abcdef");
  });

  it("takes what was typed at the end of the input", async () => {
    const keyboard = new TestKeyboard();
    const key = obtainLocalKey({}, keyboard, new Screen());
    keyboard.type("abc\u0004");
    assert.equal(await key, "abc");
  });

  it("gives up at Ctrl-C, and gives the keyboard back", async () => {
    const keyboard = new TestKeyboard();
    const key = obtainLocalKey({}, keyboard, new Screen());
    keyboard.type("01\u0003");
    await assert.rejects(key, InterruptedError);
    assert.deepEqual([keyboard.isRaw, keyboard.listenerCount("data")], [false, 0]);
  });

  it("does not wait for a person where there is no terminal", async () => {
    const keyboard = Object.assign(new TestKeyboard(), { isTTY: false });
    await assert.rejects(obtainLocalKey({}, keyboard, new Screen()), UsageError);
  });
});
