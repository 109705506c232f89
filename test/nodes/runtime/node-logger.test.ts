import assert from "node:assert/strict";
import { createNodeLogger, writesLevel } from "../../../nodes/runtime/node-logger";

function logged(logging: unknown): string[] {
  const lines: string[] = [];
  const write = (level: string) => (text: string) => void lines.push(`${level} ${text}`);
  const node = {
    error: write("error"),
    warn: write("warn"),
    log: write("log"),
    debug: write("debug"),
    trace: write("trace"),
  };
  const logger = createNodeLogger(node, logging);
  logger.error("e");
  logger.warn("w");
  logger.info("i");
  logger.debug(() => "d");
  logger.trace(() => "t");
  return lines;
}

describe("createNodeLogger", () => {
  it("writes to the node's own log", () => {
    assert.deepEqual(logged({ console: { level: "trace" } }), [
      "error e",
      "warn w",
      "log i",
      "debug d",
      "trace t",
    ]);
  });

  it("does not even make texts nobody reads", () => {
    const logger = createNodeLogger(console, { console: { level: "info" } });
    logger.debug(() => assert.fail());
    logger.trace(() => assert.fail());
    assert.deepEqual(logged({ console: { level: "info" } }), ["error e", "warn w", "log i"]);
    assert.deepEqual(logged({ console: { level: "debug" } }), ["error e", "warn w", "log i", "debug d"]);
  });
});

describe("writesLevel", () => {
  it("looks at every logger", () => {
    assert.equal(writesLevel({ console: { level: "info" }, file: { level: "debug" } }, "debug"), true);
    assert.equal(writesLevel({ console: { level: "off" } }, "debug"), false);
    assert.equal(writesLevel({ console: { level: "debug" } }, "trace"), false);
  });

  it("takes anything for settings", () => {
    for (const logging of [
      undefined,
      null,
      5,
      "trace",
      {},
      { console: null },
      { console: {} },
      { console: { level: "loud" } },
    ]) {
      assert.equal(writesLevel(logging, "debug"), false, JSON.stringify(logging));
    }
  });
});
