import assert from "node:assert/strict";
import { Shared } from "./shared";

/** A shared thing, what happens to it, and how often in a row it will fail to start or to be renewed. */
function create(): {
  shared: Shared<string, string>;
  log: string[];
  failing: { start: number; renew: number };
} {
  const log: string[] = [];
  const failing = { start: 0, renew: 0 };
  let started = 0;
  const attempt = (what: "start" | "renew", text: string): Promise<void> => {
    const fails = failing[what]-- > 0;
    log.push(`${what} ${text}${fails ? " in vain" : ""}`);
    return fails ? Promise.reject(new Error(`no ${what}`)) : Promise.resolve();
  };
  const shared = new Shared<string, string>({
    start: async (use) => {
      await attempt("start", use);
      return `thing ${++started}`;
    },
    renew: (thing, use) => attempt("renew", `${thing} ${use}`),
    stop: (thing) => Promise.resolve(void log.push(`stop ${thing}`)),
  });
  return { shared, log, failing };
}

describe("Shared", () => {
  let said: unknown[] = [];
  const say = console.error;
  beforeEach(() => {
    said = [];
    console.error = (text) => void said.push(text);
  });
  afterEach(() => void (console.error = say));

  it("is started once, and renewed for everybody after the first one", async () => {
    const { shared, log } = create();
    assert.deepEqual([await shared.get("a"), await shared.get("b")], ["thing 1", "thing 1"]);
    assert.deepEqual(log, ["start a", "renew thing 1 b"]);
    assert.deepEqual(said, []);
  });

  it("is tried once more where it does not start, and says so", async () => {
    const { shared, log, failing } = create();
    failing.start = 1;
    assert.equal(await shared.get("a"), "thing 1");
    assert.deepEqual(log, ["start a in vain", "start a"]);
    assert.deepEqual(said, ["Tried once more to start: Error: no start"]);
  });

  it("forgets that it did not start: the next one to ask has it tried again", async () => {
    const { shared, log, failing } = create();
    failing.start = 2;
    await assert.rejects(shared.get("a"), /^Error: no start$/);
    assert.equal(await shared.get("b"), "thing 1");
    assert.deepEqual(log, ["start a in vain", "start a in vain", "start b"]);
  });

  it("is stopped and started anew where it cannot be renewed", async () => {
    const { shared, log, failing } = create();
    await shared.get("a");
    failing.renew = 1;
    assert.equal(await shared.get("b"), "thing 2");
    assert.deepEqual(log, ["start a", "renew thing 1 b in vain", "stop thing 1", "start b"]);
    assert.deepEqual(said, ["Started anew: Error: no renew"]);
  });

  it("is stopped once", async () => {
    const { shared, log } = create();
    await shared.stop();
    await shared.get("a");
    await shared.stop();
    await shared.stop();
    assert.equal(await shared.get("b"), "thing 2");
    assert.deepEqual(log, ["start a", "stop thing 1", "start b"]);
  });
});
