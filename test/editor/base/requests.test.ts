import assert from "node:assert/strict";
import { JsonLines } from "../../../nodes/editor/base/requests";

describe("JsonLines", () => {
  const TEXT = '{"step":"settings","says":"ä\\n✔"}\n{"verdict":"OK"}\n';
  const OBJECTS = [{ step: "settings", says: "ä\n✔" }, { verdict: "OK" }];

  it("tells every line once, wherever the text is divided", () => {
    for (let first = 0; first <= TEXT.length; first++) {
      for (let second = first; second <= TEXT.length; second++) {
        const lines = new JsonLines();
        const told = [first, second, TEXT.length].flatMap((end) => lines.append(TEXT.slice(0, end)));
        assert.deepEqual(told, OBJECTS);
      }
    }
  });

  it("waits for the line break, unless the text is at its end", () => {
    const lines = new JsonLines();
    assert.deepEqual(lines.append('{"a":1}'), []);
    assert.deepEqual(lines.append('{"a":1}', true), [{ a: 1 }]);
    assert.deepEqual(lines.append('{"a":1}', true), []);
  });

  it("passes over what is no object", () => {
    assert.deepEqual(new JsonLines().append('\n<html>\n1\nnull\n"x"\n{"a":\n{"a":1}\r\n'), [{ a: 1 }]);
  });
});
