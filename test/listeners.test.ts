import assert from "node:assert/strict";
import { setImmediate as turn } from "node:timers/promises";
import { Listeners } from "../src/listeners";
import { SILENT } from "../src/logger";
import { Logs } from "./support/logs";

interface TestEvents {
  said: (text: string) => void;
  error: (text: string) => void;
  hasOwn: () => void;
}

describe("Listeners", () => {
  it("tells every listener of an event, in the order of their registration, and nobody else", () => {
    const listeners = new Listeners<TestEvents>(SILENT);
    const heard: string[] = [];
    listeners.on("said", (text) => heard.push(`first ${text}`));
    listeners.on("said", (text) => heard.push(`second ${text}`));
    listeners.on("error", (text) => heard.push(`error ${text}`));
    listeners.emit("said", "hello");
    assert.deepEqual(heard, ["first hello", "second hello"]);
  });

  it("emits to nobody without complaint, whatever the event is called", () => {
    const listeners = new Listeners<TestEvents>(SILENT);
    listeners.emit("error", "nobody listens");
    listeners.emit("hasOwn");
    assert.equal(listeners.has("hasOwn"), false);
    // @ts-expect-error every object has a method of this name
    assert.ok(new Listeners<{ toString: () => void }>(SILENT));
  });

  it("calls the methods of an object for the events of their names, also inherited ones, until it is removed", () => {
    class Hearer {
      readonly heard: string[] = [];
      said(text: string): void {
        this.heard.push(text);
      }
    }
    class Listener extends Hearer {
      error(text: string): void {
        this.heard.push(`error ${text}`);
      }
    }
    const logs = new Logs();
    const listeners = new Listeners<TestEvents>(logs);
    const [first, second] = [new Listener(), new Hearer()];
    listeners.add(first);
    listeners.add(second);
    listeners.emit("said", "one");
    listeners.emit("error", "two");
    listeners.emit("hasOwn");
    listeners.remove(first);
    listeners.remove(first);
    listeners.emit("said", "three");
    assert.deepEqual(
      [first.heard, second.heard],
      [
        ["one", "error two"],
        ["one", "three"],
      ],
    );
    assert.deepEqual([listeners.has("said"), listeners.has("error")], [true, false]);
    assert.deepEqual(logs.lines, []);
  });

  it("looks for listeners of an event once, until one is added", () => {
    let looks = 0;
    class Listener {
      get said(): undefined {
        looks++;
        return undefined;
      }
    }
    const listeners = new Listeners<TestEvents>(SILENT);
    listeners.add(new Listener());
    assert.deepEqual([listeners.has("said"), listeners.has("said")], [false, false]);
    assert.equal(looks, 1);
    const remove = listeners.on("said", () => undefined);
    assert.equal(listeners.has("said"), true);
    remove();
    assert.equal(listeners.has("said"), false);
  });

  it("calls an object once for an event, however often it was added", () => {
    const listeners = new Listeners<TestEvents>(SILENT);
    const heard: string[] = [];
    const listener = { said: (text: string) => heard.push(text) };
    listeners.add(listener);
    listeners.add(listener);
    listeners.emit("said", "once");
    listeners.remove(listener);
    listeners.emit("said", "never");
    assert.deepEqual(heard, ["once"]);
  });

  it("removes exactly the registration that is given back, once", () => {
    const listeners = new Listeners<TestEvents>(SILENT);
    let calls = 0;
    const count = (): void => void calls++;
    const remove = listeners.on("said", count);
    listeners.on("said", count);
    remove();
    remove();
    listeners.emit("said", "");
    assert.equal(calls, 1);
    assert.equal(listeners.has("said"), true);
  });

  it("logs a listener that throws and tells the others all the same", () => {
    const logs = new Logs();
    const listeners = new Listeners<TestEvents>(logs);
    const heard: string[] = [];
    listeners.on("said", () => {
      throw Object.assign(new Error("first is broken"), { cause: { inner: { detail: "hidden" } } });
    });
    listeners.on("said", (text) => heard.push(text));
    listeners.emit("said", "hello");
    assert.deepEqual(heard, ["hello"]);
    assert.match(logs.of("error").join(), /"said" failed: Error: first is broken/);
    assert.doesNotMatch(logs.of("error").join(), /hidden/);
  });

  it("survives whatever a listener throws", () => {
    const logs = new Logs();
    const listeners = new Listeners<TestEvents>(logs);
    const things: unknown[] = [undefined, null, "text", 7, Symbol("s"), Object.create(null), {}];
    for (const thing of things)
      listeners.on("said", () => {
        throw thing;
      });
    listeners.emit("said", "");
    assert.equal(logs.of("error").length, things.length);
  });

  it("logs a listener that rejects, so that no rejection stays unhandled", async () => {
    const logs = new Logs();
    const listeners = new Listeners<TestEvents>(logs);
    listeners.on("said", (async () => {
      await turn();
      throw new Error("too late");
    }) as () => void);
    listeners.emit("said", "");
    await turn();
    await turn();
    assert.match(logs.of("error").join(), /too late/);
  });

  it("calls the others, but not a listener that was removed by one before it", () => {
    const listeners = new Listeners<TestEvents>(SILENT);
    const heard: string[] = [];
    listeners.on("said", () => remove());
    const remove = listeners.on("said", () => heard.push("removed"));
    listeners.on("said", (text) => heard.push(text));
    listeners.emit("said", "hello");
    assert.deepEqual(heard, ["hello"]);
  });

  it("calls a listener that is added meanwhile from the next event on", () => {
    const listeners = new Listeners<TestEvents>(SILENT);
    const heard: string[] = [];
    const removeFirst = listeners.on("said", () => {
      removeFirst();
      listeners.on("said", (text) => heard.push(text));
    });
    listeners.emit("said", "one");
    listeners.emit("said", "two");
    assert.deepEqual(heard, ["two"]);
  });

  it("tells everybody what a listener causes after what caused it", () => {
    const listeners = new Listeners<TestEvents>(SILENT);
    const heard: string[] = [];
    listeners.on("said", (text) => {
      if (text === "cause") listeners.emit("said", "effect");
    });
    listeners.on("said", (text) => heard.push(text));
    listeners.emit("said", "cause");
    assert.deepEqual(heard, ["cause", "effect"]);
  });

  it("tells what came before a clear, and nothing after it", () => {
    const listeners = new Listeners<TestEvents>(SILENT);
    const heard: string[] = [];
    listeners.on("said", (text) => {
      if (text !== "cause") return;
      listeners.emit("said", "last words");
      listeners.clear();
      listeners.emit("said", "too late");
    });
    listeners.on("said", (text) => heard.push(text));
    listeners.emit("said", "cause");
    listeners.emit("said", "much too late");
    assert.deepEqual(heard, ["cause", "last words"]);
    assert.equal(listeners.has("said"), false);
  });

  it("removes harmlessly after a clear", () => {
    const listeners = new Listeners<TestEvents>(SILENT);
    const remove = listeners.on("said", () => undefined);
    listeners.clear();
    remove();
    listeners.on("said", () => undefined);
    assert.equal(listeners.has("said"), true);
  });
});
