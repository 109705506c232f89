import assert from "node:assert/strict";
import { shortId } from "../../../nodes/editor/base/short-id";

describe("shortId", () => {
  it("keeps both ends of a long id and leaves a short one", () => {
    assert.equal(shortId("bf0123456789abcdefghij"), "bf0123…ghij");
    assert.equal(shortId("a4c13801234567"), "a4c13801234567");
  });
});
