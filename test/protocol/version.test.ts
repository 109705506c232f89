import assert from "node:assert/strict";
import {
  carriesHeader,
  dialectOf,
  isEncrypted,
  isOlder,
  isProtocolVersion,
  PROTOCOL_VERSIONS,
} from "../../src/protocol/version";
import { tcpVectors } from "../support/vectors";

describe("dialectOf", () => {
  it("has one row a version, in the version's own name", () => {
    assert.deepEqual(
      PROTOCOL_VERSIONS.map((version) => dialectOf(version).version),
      ["3.1", "3.2", "3.3", "3.4", "3.5"],
    );
  });

  it("says which formats, trailers and negotiations there are, and which commands read and set", () => {
    const rows = PROTOCOL_VERSIONS.map((version) => {
      const { format, integrity, negotiates, query, control, bodies } = dialectOf(version);
      return [version, format, integrity, negotiates, query, control, bodies].join(" ");
    });
    assert.deepEqual(rows, [
      "3.1 55AA crc32 false 10 7 flat",
      "3.2 55AA crc32 false 10 7 flat",
      "3.3 55AA crc32 false 10 7 flat",
      "3.4 55AA hmac-sha256 true 16 13 nested",
      "3.5 6699 gcm-tag true 16 13 nested",
    ]);
  });

  it("knows device22 on 3.2, 3.3 and 3.4 only", () => {
    const withNulls = PROTOCOL_VERSIONS.filter(
      (version) => dialectOf(version, { device22: true }).queriesWithNulls,
    );
    assert.deepEqual(withNulls, ["3.2", "3.3", "3.4"]);
    assert.ok(PROTOCOL_VERSIONS.every((version) => !dialectOf(version).queriesWithNulls));
    assert.ok(
      PROTOCOL_VERSIONS.every((version) => !dialectOf(version, { device22: false }).queriesWithNulls),
    );
  });
});

describe("isProtocolVersion", () => {
  it("is true of the five versions as text, and of nothing else", () => {
    assert.ok(PROTOCOL_VERSIONS.every(isProtocolVersion));
    for (const other of ["3.0", "3.6", "3.10", "3.3 ", "auto", "", 3.3, null, undefined, ["3.3"]]) {
      assert.equal(isProtocolVersion(other), false, String(other));
    }
  });
});

describe("isOlder", () => {
  it("goes by the order of the versions", () => {
    for (const [index, version] of PROTOCOL_VERSIONS.entries()) {
      const older = PROTOCOL_VERSIONS.filter((than) => isOlder(than, version));
      assert.deepEqual(older, PROTOCOL_VERSIONS.slice(0, index));
    }
  });
});

describe("isEncrypted", () => {
  it("says of every request of the vectors whether it is encrypted", () => {
    for (const { id, version, cmd, keyRole } of tcpVectors.filter(
      ({ direction }) => direction === "to_device",
    )) {
      assert.equal(isEncrypted(dialectOf(version), cmd ?? -1), keyRole !== "none", id);
    }
  });
});

describe("dialectOf", () => {
  it("says in which versions a reply carries the number of its request", () => {
    assert.deepEqual(
      PROTOCOL_VERSIONS.filter((version) => dialectOf(version).echoesSequence),
      ["3.1", "3.2", "3.3"],
    );
  });
});

describe("dialectOf", () => {
  it("says that 3.2 alone shows by its answer to null that it could read it", () => {
    assert.deepEqual(
      PROTOCOL_VERSIONS.filter((version) => dialectOf(version).nullShowsKey),
      ["3.2"],
    );
  });
});

describe("carriesHeader", () => {
  it("is true of sets and reports, and of nothing else", () => {
    const headed = Array.from({ length: 256 }, (_, command) => command).filter(carriesHeader);
    assert.deepEqual(headed, [7, 8, 13]);
  });
});
