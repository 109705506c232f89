import assert from "node:assert/strict";
import { distinctionOf, idsByName, shortId, withDistinction } from "../../../nodes/editor/base/distinction";

describe("what tells devices of one name apart", () => {
  it("is as much of an id as others do not begin with", () => {
    const ids = ["bf123456789", "bf123456abc", "bf9876543210"];
    assert.deepEqual(
      ids.map((id) => distinctionOf(id, ids)),
      ["bf1234567", "bf123456a", "bf9876"],
    );
    assert.equal(distinctionOf("bf1234567", ["bf1234567", "bf123456789"]), "bf1234567");
  });

  it("is nothing where a name is there once, or twice for one device", () => {
    assert.equal(distinctionOf("bf123456789", ["bf123456789"]), "");
    assert.equal(distinctionOf("bf123456789", ["bf123456789", "bf123456789"]), "");
    assert.equal(withDistinction("Lamp", "bf1", []), "Lamp");
    assert.equal(withDistinction("Lamp", "bf1", ["bf1", "bf2"]), "Lamp (bf1)");
  });

  it("needs the ids by name", () => {
    const devices = [
      { name: "Lamp", id: "bf1" },
      { name: "Plug", id: "bf2" },
      { name: "Lamp", id: "bf3" },
    ];
    assert.deepEqual(
      [...idsByName(devices)],
      [
        ["Lamp", ["bf1", "bf3"]],
        ["Plug", ["bf2"]],
      ],
    );
  });
});

describe("shortId", () => {
  it("keeps both ends of a long id and leaves a short one", () => {
    assert.equal(shortId("bf0123456789abcdefghij"), "bf0123…ghij");
    assert.equal(shortId("a4c13801234567"), "a4c13801234567");
  });
});
