import assert from "node:assert/strict";
import { device, NodeRed, tab } from "../../../support/flow";
import { LOCAL_KEY } from "../../../support/virtual";

describe("GET tuya/keys", () => {
  const red = new NodeRed();

  it("says of each device that needs one whether its key can be one, and never which it is", async () => {
    await red.load(
      [
        tab("t"),
        device("good", undefined),
        device("variable", undefined),
        device("none", undefined),
        device("short", undefined),
        device("accents", undefined),
        device("disabled", undefined, { d: true }),
        device("child", undefined, { gateway: "good", cid: "00a1" }),
      ],
      {
        good: { localKey: LOCAL_KEY },
        variable: { localKey: "${KITCHEN_KEY}" },
        short: { localKey: "0123456789" },
        accents: { localKey: "é123456789abcdef" },
        disabled: { localKey: LOCAL_KEY },
      },
    );
    const { body, text, headers } = await red.request().get("/tuya/keys").expect(200);
    assert.deepEqual(body, {
      good: "usable",
      variable: "usable",
      none: "missing",
      short: "unusable",
      accents: "unusable",
      disabled: "usable",
    });
    assert.equal(headers["cache-control"], "no-store");
    assert.ok(!text.includes(LOCAL_KEY) && !text.includes("0123456789"));
  });
});
