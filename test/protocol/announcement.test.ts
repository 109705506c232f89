import assert from "node:assert/strict";
import {
  decodeAnnouncement,
  decodeDiscoveryRequest,
  encodeAnnouncement,
  encodeDiscoveryRequest,
  type AnnouncementPacking,
  openDatagram,
  UDP_AP_KEY,
  UDP_KEY,
} from "../../src/protocol/announcement";
import { Command } from "../../src/protocol/command";
import { build55aa, build6699Gcm, encryptEcb } from "../support/build";
import { hex } from "../support/hex";
import { constants, frameOf, tcpVectors, udpVectors, type Vector, vectorNamed } from "../support/vectors";

const IV = hex("0102030405060708090a0b0c");

/** JSON of a vector; NUL bytes behind it are for `decodeAnnouncement` to remove. */
function jsonOf(vector: Vector): Record<string, unknown> {
  const text = Buffer.from(vector.appPayloadHex, "hex").toString("utf8").replace(/\0+$/, "");
  return JSON.parse(text) as Record<string, unknown>;
}

describe("decodeAnnouncement", () => {
  for (const vector of udpVectors.filter(({ id }) => id !== "udp7000-25-req")) {
    it(vector.id, () => {
      const json = jsonOf(vector);
      assert.deepEqual(decodeAnnouncement(frameOf(vector)), {
        ok: true,
        command: vector.cmd ?? undefined,
        announcement: {
          id: json["gwId"] ?? json["uuid"],
          ip: json["ip"],
          version: json["version"],
          productKey: json["productKey"],
          encrypted: json["encrypt"],
          active: json["active"],
        },
      });
    });
  }

  it("tells a request of an app, which every listener on port 7000 hears, from an announcement", () => {
    const request = decodeAnnouncement(frameOf(vectorNamed("udp7000-25-req")));
    assert.deepEqual(request, { ok: false, reason: "request" });
  });

  const clear = (text: string) => build55aa(0, 0, Buffer.concat([Buffer.alloc(4), Buffer.from(text)]));
  const bodies: readonly [string, Buffer, string][] = [
    ["nothing", Buffer.alloc(0), "not_tuya"],
    ["text", Buffer.from("M-SEARCH * HTTP/1.1\r\n"), "not_tuya"],
    ["bytes of the length of cipher text", Buffer.alloc(32, 7), "not_tuya"],
    ["a frame cut off", frameOf(vectorNamed("udp6667-13")).subarray(0, -1), "not_tuya"],
    [
      "a frame with bytes behind it",
      Buffer.concat([frameOf(vectorNamed("udp6667-13")), hex("00")]),
      "not_tuya",
    ],
    [
      "a wrong CRC",
      Buffer.concat([frameOf(vectorNamed("udp6667-13")).subarray(0, -8), hex("00000000 0000aa55")]),
      "bad_crc",
    ],
    ["another key (6699)", build6699Gcm(Buffer.alloc(16), IV, 0, 19, Buffer.from("{}")), "bad_tag"],
    [
      "another key (55AA)",
      build55aa(0, 19, encryptEcb(Buffer.alloc(16), Buffer.from('{"gwId":"a","ip":"b"}'))),
      "bad_body",
    ],
    [
      "the key of paired devices in pairing mode",
      build6699Gcm(UDP_KEY, IV, 0, 17, Buffer.from("{}")),
      "bad_tag",
    ],
    ["no JSON", clear("hello"), "bad_body"],
    ["an empty body", clear(""), "bad_body"],
    ["no id", clear('{"ip":"192.0.2.1"}'), "bad_body"],
    ["an empty id", clear('{"gwId":"","ip":"192.0.2.1"}'), "bad_body"],
    ["an id that is no text", clear('{"gwId":7,"uuid":"u","ip":"192.0.2.1"}'), "bad_body"],
    ["no address", clear('{"gwId":"a"}'), "bad_body"],
    ["an address that is no text", clear('{"gwId":"a","ip":1}'), "bad_body"],
    ["a request in a 55AA frame", clear('{"from":"app","gwId":"a","ip":"192.0.2.1"}'), "request"],
  ];
  for (const [name, datagram, reason] of bodies) {
    it(`gives ${reason} for ${name}`, () => {
      assert.deepEqual(decodeAnnouncement(datagram), { ok: false, reason });
    });
  }

  it("leaves out fields of another type than they should have", () => {
    const odd = clear(
      '{"gwId":"a","ip":"192.0.2.1","version":3.3,"productKey":null,"encrypt":1,"active":"2"}',
    );
    const decoded = decodeAnnouncement(odd);
    assert.ok(decoded.ok);
    assert.deepEqual(decoded.announcement, {
      id: "a",
      ip: "192.0.2.1",
      version: undefined,
      productKey: undefined,
      encrypted: undefined,
      active: undefined,
    });
  });

  it("keeps no longer texts than there can be", () => {
    const read = (fields: object) => {
      const decoded = decodeAnnouncement(clear(JSON.stringify({ gwId: "a", ip: "192.0.2.1", ...fields })));
      return decoded.ok ? decoded.announcement : undefined;
    };
    const longest = "x".repeat(64);
    assert.equal(read({ ip: `${longest}x` })?.ip, longest);
    for (const name of ["version", "productKey"] as const) {
      assert.equal(read({ [name]: longest })?.[name], longest);
      assert.equal(read({ [name]: `${longest}x` })?.[name], undefined);
      assert.equal(read({ [name]: "" })?.[name], "");
    }
  });

  it("takes no frame of a TCP connection for an announcement", () => {
    for (const vector of tcpVectors) assert.equal(decodeAnnouncement(frameOf(vector)).ok, false, vector.id);
  });
});

describe("encodeAnnouncement", () => {
  const packings: Readonly<Record<string, AnnouncementPacking>> = {
    "udp6666-plain": { format: "clear", command: Command.UDP },
    "udp6667-13": { format: "ecb", command: Command.UDP_NEW },
    "udp6667-23": { format: "ecb", command: Command.BOARDCAST_LPV34 },
    "udp6667-13-6699": gcm("udp6667-13-6699"),
    "udp7000-13-resp": gcm("udp7000-13-resp"),
    "udp7000-13-resp-unpaired": gcm("udp7000-13-resp-unpaired"),
  };
  for (const [id, packing] of Object.entries(packings)) {
    it(id, () => {
      const vector = vectorNamed(id);
      assert.equal(encodeAnnouncement(jsonOf(vector), packing).toString("hex"), vector.frameHex);
    });
  }
});

function gcm(id: string): AnnouncementPacking {
  return { format: "gcm", command: Command.UDP_NEW, iv: hex(vectorNamed(id).ivHex ?? "") };
}

describe("encodeDiscoveryRequest and decodeDiscoveryRequest", () => {
  const vector = vectorNamed("udp7000-25-req");
  const request = (text: string, command = 0x25) => build6699Gcm(UDP_KEY, IV, 0, command, Buffer.from(text));

  it("agree with the vector", () => {
    assert.equal(
      encodeDiscoveryRequest("192.0.2.20", hex(vector.ivHex ?? "")).toString("hex"),
      vector.frameHex,
    );
    assert.deepEqual(decodeDiscoveryRequest(frameOf(vector)), { ip: "192.0.2.20" });
  });

  const ignored: readonly [string, Buffer][] = [
    ["one without an address", request('{"from":"app"}')],
    ["one whose address is no text", request('{"from":"app","ip":1}')],
    ["one without a sender", request('{"ip":"192.0.2.20"}')],
    ["one with a return code", request('\0\0\0\0{"from":"app","ip":"192.0.2.20"}')],
    ["one under another command", request('{"from":"app","ip":"192.0.2.20"}', 0x13)],
    ["one in a 55AA frame", build55aa(0, 0x25, Buffer.from('{"from":"app","ip":"192.0.2.20"}'))],
    [
      "one under another key",
      build6699Gcm(UDP_AP_KEY, IV, 0, 0x25, Buffer.from('{"from":"app","ip":"192.0.2.20"}')),
    ],
    ["an announcement", frameOf(vectorNamed("udp7000-13-resp"))],
    ["nothing", Buffer.alloc(0)],
  ];
  for (const [name, datagram] of ignored) {
    it(`ignore ${name}, as devices do`, () => assert.equal(decodeDiscoveryRequest(datagram), undefined));
  }
});

describe("UDP_KEY and UDP_AP_KEY", () => {
  it("are those of the vectors", () => {
    assert.equal(UDP_KEY.toString("hex"), constants.udpKeyHex);
    assert.equal(UDP_AP_KEY.toString("hex"), constants.udpApKeyHex);
  });
});

describe("openDatagram", () => {
  it("takes four zero bytes at the start for a return code, also where nothing follows", () => {
    for (const [bytes, returnCode, rest] of [
      ["00000000", 0, ""],
      ["0000000041", 0, "41"],
      ["000000", undefined, "000000"],
      ["00000001", undefined, "00000001"],
    ] as const) {
      const opened = openDatagram(build6699Gcm(UDP_KEY, IV, 0, Command.BOARDCAST_LPV34, hex(bytes)));
      assert.ok(opened.ok);
      assert.deepEqual([opened.returnCode, opened.payload.toString("hex")], [returnCode, rest]);
    }
  });
});
